"""The provider's own offers as rows of a table, in which each figure is a field."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby
from typing import Any, Final, NamedTuple

from app.domain.dates import dutch_day
from app.kit.entity_tags import etag_of
from app.reference.lists import reference
from app.supply.capacity.tables import Standing
from app.supply.offers.repository import FullOffer
from app.supply.reminders.repository import Reminded
from app.web.shell.forms import Errors
from app.web.shell.words import Age, age_of_figure, count, number


class Column(NamedTuple):
    """A figure: its name in the API, what people call it, and how it is filled in."""

    name: str
    label: str
    kind: str = "number"
    steps: bool = False
    """Whether a phone has a minus and a plus for it."""


COLUMNS: Final = (
    Column("placesFree", "Vrij", steps=True),
    Column("placesTotal", "Totaal", steps=True),
    Column("placesOccupied", "Bezet", steps=True),
    Column("waitingCount", "Wachtenden", steps=True),
    Column("waitDaysIntake", "Dagen tot intake"),
    Column("waitDaysTreatment", "Dagen tot hulp"),
    Column("acceptsReferrals", "Neemt aan", "yes-no"),
    Column("nextFreeOn", "Plek vrij op", "day"),
)
"""Of intake to the first real help; those who wait before it are counted from the referral."""

_FIGURES: Final = {
    "placesFree": "places_free",
    "placesTotal": "places_total",
    "placesOccupied": "places_occupied",
    "waitingCount": "waiting_count",
    "waitDaysIntake": "wait_days_intake",
    "waitDaysTreatment": "wait_days_treatment",
    "acceptsReferrals": "accepts_referrals",
    "nextFreeOn": "next_free_on",
}
NEVER_REPORTED: Final[Mapping[str, str]] = {column.name: "" for column in COLUMNS} | {"acceptsReferrals": "ja"}


class Month(NamedTuple):
    """How often an offer was shown this month to who refers, and how often it was asked."""

    shown: int
    asked: int


@dataclass(frozen=True, slots=True)
class Row:
    """An offer; `texts` are its fields as they stand in the form, `version` what they are based on."""

    id: str
    name: str
    care_type: str
    unit: str
    location: str | None
    location_key: str | None
    texts: Mapping[str, str]
    version: str
    age: Age
    month: Month
    prompt: str | None = None
    errors: Errors = field(default_factory=dict)
    trouble: str | None = None

    @property
    def is_wrong(self) -> bool:
        """Whether what it says was not saved."""
        return bool(self.errors) or self.trouble is not None

    def refused(self, texts: Mapping[str, str], version: str, errors: Errors) -> "Row":
        """The row with what was filled in and what that was based on, and what is wrong with it."""
        whole = {each: text for each, text in errors.items() if each.removeprefix("/") not in self.texts}
        at_fields = {each: text for each, text in errors.items() if each not in whole}
        trouble = " ".join(whole.values()) or None
        return replace(self, texts={**self.texts, **texts}, version=version, errors=at_fields, trouble=trouble)

    def overtaken(self, texts: Mapping[str, str]) -> "Row":
        """The row with what was filled in, where somebody else changed it meanwhile; what differs is told."""
        errors = {
            f"/{name}": f"Er staat nu {text or 'niets'}."
            for name, text in self.texts.items()
            if texts.get(name) != text
        }
        trouble = "Intussen is dit aanbod gewijzigd. Kijk na wat er nu staat, en bewaar opnieuw."
        return replace(self, texts={**self.texts, **texts}, errors=errors, trouble=trouble)


@dataclass(frozen=True, slots=True)
class Group:
    """The rows of one location; None for help without one."""

    location: str | None
    key: str | None
    rows: list[Row]


def prompt_of(reminded: Reminded) -> str | None:
    """Why somebody thinks that the figures may be wrong; that they are old, their age says."""
    if reminded.stale.reason == "doubted-by-referrers":
        return f"{count(reminded.stale.doubts, 'verwijzer betwijfelt', 'verwijzers betwijfelen')} deze cijfers."
    if reminded.stale.reason == "refused-for-want-of-room":
        return "U wees een kind af omdat er geen ruimte was. Kloppen deze cijfers nog?"
    return None


_UNITS: Final = {"places": "", "trajectories": "trajecten", "hours-per-week": "uren per week"}


def row_of(full: FullOffer, standing: Standing | None, month: Month, reminded: Reminded | None, today: date) -> Row:
    """An offer with what stands of it, how often it was shown and asked, and what its provider was last reminded of."""
    offer, location = full.offer, full.location
    return Row(
        id=str(offer.id),
        name=offer.name,
        care_type=reference().care_types[offer.care_type].name.nl,
        unit=_UNITS[offer.unit],
        location=location.name if location else None,
        location_key=location.key if location else None,
        texts=NEVER_REPORTED if standing is None else texts_of(standing),
        version="" if standing is None else etag_of(standing.report_id),
        age=age_of_figure(None if standing is None else (today - dutch_day(standing.observed_at)).days),
        month=month,
        prompt=None if reminded is None else prompt_of(reminded),
    )


def texts_of(standing: Standing) -> dict[str, str]:
    """What stands, as it is written in fields."""
    return {name: written(getattr(standing, figure)) for name, figure in _FIGURES.items()}


def written(value: Any) -> str:
    """A figure as it is written in a field: "2,5", "ja", "2026-12-14"; nothing where it is not known."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nee"
    return value.isoformat() if isinstance(value, date) else number(value)


def groups_of(rows: Iterable[Row]) -> list[Group]:
    """The rows by location, those without one last; within a location in their own order."""
    ordered = sorted(rows, key=lambda row: (row.location is None, row.location or "", row.location_key or ""))
    found: Sequence[tuple[tuple[str | None, str | None], list[Row]]] = [
        (key, list(group)) for key, group in groupby(ordered, key=lambda row: (row.location, row.location_key))
    ]
    return [Group(location, key, theirs) for (location, key), theirs in found]
