"""The providers of a data set, each a function of its number alone: a small data set is the start of a large one."""

import random
from dataclasses import dataclass
from typing import Final

from app.demo.plan import nearest_regions
from app.demo.rows import dice
from app.ranking.model import ContractKind
from app.reference.lists import PostcodeArea, reference
from scripts.benchmark.grounds import STEADY_OFFERS, Area, Ground, area
from scripts.benchmark.rows import Rows, row_id

OFFERS_EACH: Final = 10
LOCATIONS_EACH: Final = 2
CONTRACTS_EACH: Final = 25

_KINDS: Final[tuple[ContractKind, ...]] = ("regional", "supraregional", "national", "light")
_SHARES: Final = (80, 5, 1, 14)
_TITLES: Final = ("Jeugdhulp", "Gezinshuizen", "Pleegzorg", "Jeugd en Gezin", "Zorggroep", "Wonen en Opgroeien")


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider to be: `served` are the regions that bought its help, the first one its home."""

    number: int
    ground: Ground
    kind: ContractKind
    served: tuple[str, ...]
    care_types: tuple[str, ...]
    rng: random.Random

    @property
    def area(self) -> Area:
        """Where it works."""
        return area(self.ground)


def provider(number: int) -> Provider:
    """The provider with this number, from 0; the first ones are those of the steady ground."""
    rng = dice("benchmark", number)
    ground: Ground = "steady" if number * OFFERS_EACH < STEADY_OFFERS else "growing"
    kind = rng.choices(_KINDS, _SHARES)[0]
    own = area(ground)
    home = own.regions[number % len(own.regions)]
    types = rng.sample(tuple(reference().care_types), rng.randint(3, OFFERS_EACH))
    return Provider(number, ground, kind, _served(rng, own, home, kind), tuple(types), rng)


def _served(rng: random.Random, own: Area, home: str, kind: ContractKind) -> tuple[str, ...]:
    """Its home and the nearest regions of the same ground: none or two, six, or all."""
    if kind == "national":
        return (home, *(code for code in own.regions if code != home))
    also = {"regional": rng.choice((0, 0, 0, 0, 1, 2)), "supraregional": 5, "light": 0}[kind]
    return (home, *[code for code in nearest_regions(home) if code in own.postcodes][:also])


def add_provider(rows: Rows, plan: Provider) -> None:
    """Its own row and its two locations, both in its home region."""
    number, rng = plan.number, plan.rng
    title = _TITLES[number % len(_TITLES)]
    mail = f"aanmelding-{number}@example.org"
    rows.add(
        "providers",
        row_id("provider", number),
        f"Verzonnen {title} {number}",
        f"{10_000_000 + number:08d}",
        "Aanmeldpunt",
        f"088-{number % 10_000_000:07d}",
        mail,
        f"https://aanbieder-{number}.example.org",
    )
    for index, place in enumerate(places(plan)):
        rows.add(
            "locations",
            row_id("location", number * LOCATIONS_EACH + index),
            row_id("provider", number),
            f"locatie-{index}",
            f"{title} {place.city}",
            "Dorpsstraat",
            str(rng.randint(1, 250)),
            f"{place.pc4}AB",
            place.city,
            place.municipality,
            place.point.latitude,
            place.point.longitude,
        )


def places(plan: Provider) -> list[PostcodeArea]:
    """Where its locations are."""
    rng = dice("benchmark place", plan.number)
    return [rng.choice(plan.area.postcodes[plan.served[0]]) for _ in range(LOCATIONS_EACH)]
