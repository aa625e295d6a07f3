"""Dates, ages, children and roles as pages say them, in Dutch."""

from datetime import date, datetime
from typing import Final, NamedTuple

from app.allocation.model import Method
from app.domain.dates import AMSTERDAM
from app.domain.language import date_in_words, day_in_words, decimal_in_words
from app.kit.security.callers import Role

ROLES: Final = {
    Role.PROVIDER: "aanbieder",
    Role.REFERRER: "verwijzer",
    Role.GI: "gecertificeerde instelling",
    Role.LOCAL_TEAM: "lokaal team",
    Role.REGION: "jeugdregio",
    Role.SUPRAREGION: "bovenregio",
    Role.NATIONAL: "landelijke tafel",
    Role.INSPECTORATE: "inspectie",
    Role.ADMIN: "beheer",
}
"""What each role is called."""

METHODS: Final[dict[Method, str]] = {
    "stable": "wie voorgaat, gaat voor",
    "least-lateness": "samen zo min mogelijk te laat",
}
"""How a proposal shares places."""

NOTHING: Final = "–"  # noqa: RUF001 - a dash, as Dutch tables have it
"""What stands where there is no figure."""

FRESH_DAYS: Final = 7
STALE_DAYS: Final = 30
"""After a week a figure is worth asking about; after thirty days it counts as unknown (finding.catalogue)."""


class Age(NamedTuple):
    """How old a figure is: in words, with a sign, so that colour alone says nothing, and a name for its style."""

    words: str
    sign: str
    kind: str


def age_of_figure(days: int | None) -> Age:
    """How old a figure of so many days ago is; None for one that was never reported."""
    if days is None:
        return Age("nooit gemeld", "?", "never")
    words = {0: "vandaag", 1: "gisteren"}.get(days, f"{days} dagen oud")
    if days <= FRESH_DAYS:
        return Age(words, "✓", "fresh")
    return Age(words, "◷", "old") if days <= STALE_DAYS else Age(words, "!", "stale")


def day(value: date | str | None) -> str:
    """A date in words, "12 januari 2027"; of a date as JSON has it too; a dash where there is none."""
    if value is None:
        return NOTHING
    return date_in_words(date.fromisoformat(value) if isinstance(value, str) else value).nl


def short_day(value: date | str | None) -> str:
    """As `day`, without the year."""
    if value is None:
        return NOTHING
    return day_in_words(date.fromisoformat(value) if isinstance(value, str) else value).nl


def clock_time(moment: datetime) -> str:
    """The time of day in the Netherlands, "14:02"."""
    return moment.astimezone(AMSTERDAM).strftime("%H:%M")


def until(due: datetime, today: date) -> str:
    """A moment as a term: "vandaag tot 14:00", "tot en met 27 november"; a term in days ends with its last day."""
    local = due.astimezone(AMSTERDAM)
    if (local.hour, local.minute) == (0, 0):
        last = date.fromordinal(local.date().toordinal() - 1)
        return "vandaag" if last == today else f"tot en met {short_day(last)}"
    when = "vandaag" if local.date() == today else short_day(local.date())
    return f"{when} tot {clock_time(due)}"


def number(value: float | None) -> str:
    """A number with a decimal comma, at most one digit after it; a dash where there is none."""
    return NOTHING if value is None else decimal_in_words(value).nl


def count(value: int, one: str, more: str) -> str:
    """So many of something: "1 plek", "3 plekken"."""
    return f"{value} {one if value == 1 else more}"


def child_of(gender: str) -> str:
    """What a child is called, as far as that is known: "meisje", "jongen", "kind"."""
    return {"female": "meisje", "male": "jongen"}.get(gender, "kind")


def child_in_words(gender: str, age: int | str) -> str:
    """A child and its age in whole years: "meisje, 12 jaar"."""
    return f"{child_of(gender)}, {age} jaar"


def dialled(phone: str | None) -> str | None:
    """A telephone number as `tel:` has it."""
    return None if phone is None else "tel:" + "".join(each for each in phone if each.isdigit() or each == "+")


def sentence(text: str) -> str:
    """The text with its first letter as a capital, and the rest as it is: "Meisje uit Den Helder"."""
    return text[:1].upper() + text[1:]
