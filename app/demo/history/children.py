"""The children of the past: who they are, when help was asked for them, and by whom. Pure, the same every time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from random import Random
from typing import Final
from uuid import UUID

from app.demo.history.institutions import INSTITUTIONS, Institution
from app.demo.history.kinds import KINDS, Kind
from app.demo.rows import demo_id, dice
from app.domain.dates import YearMonth, add_months, birthday
from app.reference.lists import reference

_ASKED: Final = {
    "JZ03": 124,
    "JZ06": 90,
    "JZ05": 80,
    "JZ09": 30,
    "JZ13": 28,
    "JZ10": 22,
    "JZ11": 22,
    "JZ15": 15,
    "JZ16": 15,
}
"""How many children of each region there are."""

_HOME: Final = "JZ03"
_OF_THE_DEMO: Final = 120
"""In so many last days every other child of the demo region is one of the demo dossiers."""

SPAN_DAYS: Final = 850
"""So long ago the first of them were asked for: two years, and those who waited when these began."""

PAST_DAYS: Final = 250
"""So long ago at least, where the dossier has to be closed by now."""

_SEED: Final = "oost"
"""Of some words that were tried the one whose throws show best what is meant: another gives other children."""

_BIG: Final = ("GM0400", "GM0441", "GM1911", "GM0361", "GM1980", "GM0405", "GM0420", "GM0363", "GM0479", "GM0392")
"""The larger municipalities, which have most children."""

_CHARACTERISTICS: Final = ("agressie-ernstig", "weglopen", "brandstichting", "verslaving-actief", "iq-onder-70")
_NEEDS: Final = ("trauma", "hechting", "lvb", "ass", "agressie")


@dataclass(frozen=True, slots=True)
class Child:
    """A child as it was when help was asked for it; `key` says which of the data set it is, `number` which of its
    region."""

    key: str
    number: int
    institution: Institution
    kind: Kind
    region: str
    municipality: str
    birth_month: YearMonth
    gender: str
    asked_on: date
    measure: str | None
    imposed_on: date | None
    needs: tuple[str, ...]
    characteristics: tuple[str, ...]

    @property
    def request_id(self) -> UUID:
        """The id of its request."""
        return demo_id("request", self.key)

    @property
    def adult_on(self) -> date:
        """When it counts as eighteen."""
        return birthday(self.birth_month, 18)

    def dice(self, what: str) -> Random:
        """The dice of one part of its life."""
        return dice(_SEED, "history", self.key, what)


def children(today: date) -> Iterator[Child]:
    """All of them, region by region, the first that was asked for first."""
    for region, count in _ASKED.items():
        for number in range(count):
            rng = dice(_SEED, "child", region, number)
            days_ago = SPAN_DAYS - int((number + rng.random()) * (SPAN_DAYS - 1) / count)
            if region == _HOME and days_ago < _OF_THE_DEMO and number % 2:
                continue
            yield _child(region, number, today - timedelta(days=days_ago), days_ago, rng)


def _child(region: str, number: int, asked_on: date, days_ago: int, rng: Random) -> Child:
    institution = _institution(region, days_ago, rng)
    kind = _kind(number, institution)
    months = rng.randint(12 * kind.ages[0], 12 * kind.ages[1] + 11)
    born = add_months(asked_on.replace(day=1), -months)
    measure = _measure(institution, kind, rng)
    return Child(
        key=f"{region}-{number:03}",
        number=number,
        institution=institution,
        kind=kind,
        region=region,
        municipality=_municipality(region, rng),
        birth_month=YearMonth(born.year, born.month),
        gender=rng.choices(("female", "male", "other"), (48, 50, 2))[0],
        asked_on=asked_on,
        measure=measure,
        imposed_on=asked_on - timedelta(days=rng.choice((0, 1, 2, 3, 5, 8, 14, 21))) if measure else None,
        needs=tuple(sorted(rng.sample(_NEEDS, rng.choice((0, 0, 0, 1, 1, 2))))),
        characteristics=tuple(sorted(rng.sample(_CHARACTERISTICS, rng.choice((0, 0, 0, 1, 2))))),
    )


def _kind(number: int, institution: Institution) -> Kind:
    """The kinds in turn, each as often as its share, so that every region has them all; a team has no secure care."""
    place = 37 * number % 100
    for kind, until in zip(KINDS, accumulate(each.share for each in KINDS), strict=True):
        if place < until and not (institution.is_team and kind.is_secure):
            return kind
    return KINDS[-1]


def _institution(region: str, days_ago: int, rng: Random) -> Institution:
    here = [each for each in INSTITUTIONS if region in each.regions and not (each.only_past and days_ago < PAST_DAYS)]
    return rng.choices(here, [each.regions[region] for each in here])[0]


def _measure(institution: Institution, kind: Kind, rng: Random) -> str | None:
    if institution.is_team:
        return "31" if rng.random() < 0.15 else None
    return rng.choice(kind.measures)


def _municipality(region: str, rng: Random) -> str:
    codes = reference().municipalities_of(region)
    return rng.choices(codes, [4 if code in _BIG else 1 for code in codes])[0]
