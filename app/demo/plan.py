"""Who the demo providers are: which help each gives, where, and how it is bought."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from app.demo.names import NOUNS
from app.demo.rows import dice
from app.domain.geo import Point, distance_km
from app.reference.lists import reference

RARE: Final = (
    "klinische-jeugdpsychiatrie",
    "jeugdzorgplus",
    "jeugdzorgplus-alternatief",
    "driemilieuvoorziening",
    "observatie",
    "gezinsopname",
    "ouder-kindvoorziening",
    "forensische-jeugdhulp",
    "verslavingszorg",
    "ouderschapsbeoordeling",
    "crisis-gezinshuis",
)
"""What no region buys alone."""

BUYING_SUPRAREGIONS: Final = ("noord-holland", "zuid-holland")
"""Of each part of the country the one with the most regions: the others lie within it, for purposes of their own."""
_SUPRAREGIONAL_KINDS: Final = ("Specialistische Jeugdhulp", "Intensieve Jeugdzorg", "Bovenregionale Hulp")
_NATIONAL_KINDS: Final = (
    "Landelijke Jeugdzorg",
    "Hoogspecialistische Hulp",
    "Expertisecentrum",
    "Klinische Zorg",
)
_LIGHT_KINDS: Final = ("Gezinshuis", "Zorgboerderij")


@dataclass(frozen=True, slots=True)
class Plan:
    """A provider to be: `served` are the regions that bought its help; `light_municipality` did so alone."""

    key: str
    number: int
    title: str
    noun: str
    kind: str
    home: str
    served: tuple[str, ...]
    care_types: tuple[str, ...]
    light_municipality: str | None = None
    own: bool = False
    """Of a demo client: plain offers with fresh reports, so that what a visitor does is easy to follow."""

    @property
    def name(self) -> str:
        """The provider's name."""
        return f"Demo {self.title} {self.noun}"


_OWN: Final = (
    Plan(
        key="demo-provider",
        number=1,
        title="Jeugdhulp",
        noun=NOUNS[0],
        kind="regional",
        home="JZ03",
        served=("JZ03", "JZ06"),
        care_types=(
            "gezinshuis",
            "kleinschalige-woonvorm",
            "intensieve-ambulante-gezinsbehandeling",
            "verblijf-behandelgroep",
            "crisisopvang",
            "begeleid-wonen-16plus",
            "ambulante-begeleiding",
            "gezinshuis",
            "dagbehandeling",
            "traumabehandeling",
        ),
        own=True,
    ),
    Plan(
        key="demo-provider-2",
        number=2,
        title="Pleegzorg",
        noun="Noordkop",
        kind="regional",
        home="JZ06",
        served=("JZ06", "JZ03"),
        care_types=(
            "pleegzorg-voltijd",
            "pleegzorg-deeltijd",
            "pleegzorg-behandeling",
            "crisispleegzorg",
            "gezinshuis",
            "logeren",
            "kleinschalige-woonvorm",
            "intensieve-ambulante-gezinsbehandeling",
        ),
        own=True,
    ),
)


@cache
def _middles() -> dict[str, Point]:
    """The mean of the postcodes of each region."""
    lists = reference()
    points: dict[str, list[Point]] = {code: [] for code in lists.regions}
    for area in lists.postcodes.values():
        points[lists.municipalities[area.municipality].region].append(area.point)
    return {
        code: Point(sum(p.latitude for p in each) / len(each), sum(p.longitude for p in each) / len(each))
        for code, each in points.items()
    }


@cache
def _common(*, residential: bool) -> tuple[str, ...]:
    """The care types that every region buys itself."""
    types = reference().care_types.values()
    return tuple(each.code for each in types if each.residential is residential and each.code not in RARE)


def nearest_regions(region: str) -> list[str]:
    """The other regions, the nearest first."""
    middles = _middles()
    others = [code for code in middles if code != region]
    return sorted(others, key=lambda code: distance_km(middles[region], middles[code]))


def _regional(number: int) -> Iterator[Plan]:
    """Two providers in each region: one of help without a stay, and one of foster care, homes and groups."""
    for index, region in enumerate(reference().regions):
        for kinds, types, extra in (
            (("Jeugdhulp", "Jeugd en Gezin"), _common(residential=False), 3),
            (("Pleegzorg", "Gezinshuizen", "Wonen en Opgroeien"), _common(residential=True), 4),
        ):
            rng = dice("regional", region, types[0])
            also = nearest_regions(region)[: rng.choice((0, 0, 1, 2))]
            yield Plan(
                key=f"regional-{region}-{types[0]}",
                number=number,
                title=kinds[index % len(kinds)],
                noun=NOUNS[index + 1],
                kind="regional",
                home=region,
                served=(region, *also),
                care_types=(*types, *rng.sample(types, extra)),
            )
            number += 1


def _supraregional(number: int) -> Iterator[Plan]:
    """Six providers in each supraregion that buys care, with the rare types."""
    for supraregion in BUYING_SUPRAREGIONS:
        regions = reference().supraregions[supraregion].regions
        for index in range(6):
            kind = _SUPRAREGIONAL_KINDS[index % 3]
            yield Plan(
                key=f"supraregional-{supraregion}-{index}",
                number=number,
                title=kind,
                noun=NOUNS[(number * 7) % len(NOUNS)],
                kind="supraregional",
                home=regions[index % len(regions)],
                served=regions,
                care_types=(*_turn(RARE, index * 4, 5), *_turn(_common(residential=True), index * 3, 2)),
            )
            number += 1


def _national(number: int) -> Iterator[Plan]:
    """Twelve providers for the whole country, with each rare type several times."""
    regions = tuple(reference().regions)
    for index in range(12):
        yield Plan(
            key=f"national-{index}",
            number=number,
            title=_NATIONAL_KINDS[index % 4],
            noun=NOUNS[(number * 7) % len(NOUNS)],
            kind="national",
            home=regions[(index * 17 + 5) % len(regions)],
            served=regions,
            care_types=tuple(_turn(RARE, index * 5, 5)),
        )
        number += 1


def _light(number: int) -> Iterator[Plan]:
    """Ten small ones that one municipality bought for its own children."""
    lists = reference()
    regions = tuple(lists.regions)
    for index in range(10):
        region = regions[(index * 13 + 2) % len(regions)]
        municipality = dice("light", index).choice(lists.municipalities_of(region))
        yield Plan(
            key=f"light-{index}",
            number=number,
            title=_LIGHT_KINDS[index % 2],
            noun=NOUNS[(number * 7) % len(NOUNS)],
            kind="light",
            home=region,
            served=(),
            care_types=("gezinshuis", "logeren") if index % 2 == 0 else ("dagbesteding", "kleinschalige-woonvorm"),
            light_municipality=municipality,
        )
        number += 1


def _turn(types: Sequence[str], start: int, count: int) -> list[str]:
    return [types[(start + step) % len(types)] for step in range(count)]


@cache
def plans() -> tuple[Plan, ...]:
    """All providers; the two of the demo clients come first."""
    made: list[Plan] = [*_OWN]
    for make in (_regional, _supraregional, _national, _light):
        made.extend(make(len(made) + 1))
    return tuple(made)
