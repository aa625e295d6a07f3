"""The search parameters that each type has, and how their values are read (http://hl7.org/fhir/R4/search.html)."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final, Literal, NamedTuple
from uuid import UUID

from app.domain.dates import AMSTERDAM, add_months, dutch_midnight
from app.domain.language import Text
from app.kit.errors import InputError, InvalidInputError
from app.kit.schemas import OFFSET

Type = Literal["HealthcareService", "Location", "Organization"]
Kind = Literal["id", "date", "string", "token", "reference"]
TYPES: Final[tuple[Type, ...]] = ("HealthcareService", "Location", "Organization")

_DEFINITION: Final = "http://hl7.org/fhir/SearchParameter"
_COMMON: Final[dict[str, Kind]] = {"_id": "id", "_lastUpdated": "date", "identifier": "token", "name": "string"}
PARAMETERS: Final[dict[Type, dict[str, Kind]]] = {
    "HealthcareService": _COMMON
    | {
        "active": "token",
        "characteristic": "token",
        "location": "reference",
        "organization": "reference",
        "service-type": "token",
    },
    "Location": _COMMON
    | {
        "address-city": "string",
        "address-postalcode": "string",
        "address-state": "string",
        "organization": "reference",
        "status": "token",
    },
    "Organization": _COMMON | {"active": "token"},
}
INCLUDES: Final[dict[Type, dict[str, Type]]] = {
    "HealthcareService": {
        "HealthcareService:location": "Location",
        "HealthcareService:organization": "Organization",
    },
    "Location": {"Location:organization": "Organization"},
    "Organization": {},
}
"""What can be included with the resources of a type, and the type of that."""
_TARGETS: Final[dict[str, Type]] = {"location": "Location", "organization": "Organization"}
_MODIFIERS: Final[dict[Kind, tuple[str, ...]]] = {"string": ("exact", "contains")}

_DATE: Final = re.compile(
    r"(?P<prefix>eq|ne|gt|lt|ge|le|sa|eb)?(?P<year>\d{4})(-(?P<month>\d\d)(-(?P<day>\d\d)"
    r"(T(?P<hour>\d\d):(?P<minute>\d\d)(:(?P<second>\d\d)(\.(?P<fraction>\d{1,9}))?)?"
    rf"(?P<zone>{OFFSET})?)?)?)?",
    re.ASCII,
)


class Token(NamedTuple):
    """A code or identifier; the system is None where any will do, and "" where there is to be none."""

    system: str | None
    code: str | None


class Span(NamedTuple):
    """A date or time of some precision: from `start` up to `end`, and how what is found relates to it."""

    prefix: str
    start: datetime
    end: datetime


Value = str | Token | Span | UUID | None
"""A value of a parameter; None is one that nothing can have."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One of the values has to hold; `modifier` is that of the parameter, without its colon."""

    name: str
    kind: Kind
    modifier: str
    values: tuple[Value, ...]


def definition(type_: Type, name: str) -> str:
    """The canonical URL of a parameter's definition in R4."""
    known = {"_id": "Resource-id", "_lastUpdated": "Resource-lastUpdated"}
    return f"{_DEFINITION}/{known.get(name, f'{type_}-{name}')}"


def invalid(name: str, code: str, text: Text) -> InvalidInputError:
    """The error for a parameter that cannot be."""
    return InvalidInputError(InputError(f"#/query/{name}", code, text))


def read(type_: Type, name: str, given: str, base: str) -> Condition | None:
    """The condition of a parameter with its value; None where the type has no such parameter.

    `base` is the address of this FHIR interface: a reference to another has nothing here.
    """
    bare, _, modifier = name.partition(":")
    kind = PARAMETERS[type_].get(bare)
    if kind is None:
        return None
    allowed = (_TARGETS[bare],) if kind == "reference" else _MODIFIERS.get(kind, ())
    if modifier and modifier not in allowed:
        text = Text(nl=f"De modifier :{modifier} is er hier niet.", en=f"There is no modifier :{modifier} here.")
        raise invalid(name, "unknown-query-key", text)
    return Condition(bare, kind, modifier, tuple(_read(bare, kind, part, base) for part in _split(given, ",") if part))


def _split(given: str, separator: str) -> list[str]:
    r"""The parts between separators, of which one with a backslash before it is none (`\,`)."""
    return re.split(rf"(?<!\\){re.escape(separator)}", given)


def _plain(part: str) -> str:
    return re.sub(r"\\([\\,$|])", r"\1", part)


def _read(name: str, kind: Kind, part: str, base: str) -> Value:
    if "\x00" in part:
        return None
    if kind == "date":
        return _span(name, part)
    if kind == "token":
        return _token(part)
    if kind == "reference":
        return _target(_TARGETS[name], _plain(part).removeprefix(f"{base}/"))
    return _uuid(_plain(part)) if kind == "id" else _plain(part)


def _token(part: str) -> Token:
    system, *rest = map(_plain, _split(part, "|"))
    return Token(system, "|".join(rest) or None) if rest else Token(None, system)


def _uuid(given: str) -> UUID | None:
    """The id as we write it, in no other spelling."""
    try:
        found = UUID(given)
    except ValueError:
        return None
    return found if str(found) == given else None


def _target(type_: Type, given: str) -> UUID | None:
    """The id in a reference: bare, or after its type; what stands before these leads to another server."""
    return _uuid(given.removeprefix(f"{type_}/"))


def _span(name: str, part: str) -> Span:
    found = _DATE.fullmatch(part)
    text = Text(
        nl="Hier hoort een datum of tijdstip, zoals ge2026-11-22T09:00:00Z.",
        en="This should be a date or time, such as ge2026-11-22T09:00:00Z.",
    )
    if found is None:
        raise invalid(name, "format", text)
    try:
        return Span(found["prefix"] or "eq", *_bounds(found.groupdict()))
    except (ValueError, OverflowError) as error:
        raise invalid(name, "format", text) from error


def _bounds(parts: dict[str, str | None]) -> tuple[datetime, datetime]:
    """When it starts, and when what is no more part of it does.

    A day is a Dutch day; a time without an offset is in UTC.
    """
    year, month, day, hour, minute, second = (
        int(parts[name] or first)
        for name, first in (("year", 0), ("month", 1), ("day", 1), ("hour", 0), ("minute", 0), ("second", 0))
    )
    fraction = (parts["fraction"] or "")[:6]
    zone = AMSTERDAM if parts["hour"] is None else datetime.strptime(parts["zone"] or "Z", "%z").tzinfo
    start = datetime(year, month, day, hour, minute, second, int(fraction.ljust(6, "0")), zone).astimezone(UTC)
    if parts["day"] is None:
        return start, dutch_midnight(add_months(date(year, month, day), 1 if parts["month"] else 12))
    if parts["hour"] is None:
        return start, dutch_midnight(date(year, month, day) + timedelta(days=1))
    if parts["second"] is None:
        return start, start + timedelta(minutes=1)
    return start, start + timedelta(microseconds=10 ** (6 - len(fraction)))
