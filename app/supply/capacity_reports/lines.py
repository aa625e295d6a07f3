"""Lines of a bulk push, whatever the format: a valid report or what is wrong with it, and where it stood."""

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from pydantic import ValidationError

from app.domain.language import Text
from app.kit.errors import InputError, InvalidInputError
from app.kit.validation import input_errors, pointer
from app.supply.capacity_reports.schemas import CapacityReportIn

_TOTALS: Final = re.compile(r"(?:(?:sub|eind)?tota(?:a)?l(?:en|s)?|grand total|som|sum)\b.*", re.IGNORECASE | re.DOTALL)
TOTALS_ROW: Final = (
    "totals-row",
    Text(
        nl="Dit is een totaalregel, en geen melding over een aanbod; hij is niet gelezen. Haal hem weg.",
        en="This is a row of totals, and no report of an offer; it was not read. Take it out.",
    ),
)
"""What is wrong with a row of totals: a code, and in words."""
_NO_NAMES: Mapping[str, str] = MappingProxyType({})
_NOTHING_WRONG: Mapping[str, InputError] = MappingProxyType({})


def says_totals(cell: str) -> bool:
    """Whether it is what people call a row of totals by; an offer may have such a key all the same."""
    return _TOTALS.fullmatch(cell) is not None


class Place(NamedTuple):
    """Where a line stands in what was sent, and what its columns are called there, if not as in JSON."""

    number: int
    path: tuple[str | int, ...]
    names: Mapping[str, str]

    def pointer(self, name: str | None = None) -> str:
        """The pointer to a column of the line; to the line itself where none is named."""
        return pointer(("body", *self.path, *([] if name is None else [self.names.get(name, name)])))


def in_list(index: int) -> Place:
    """The place of an item of a JSON list."""
    return Place(index + 1, (index,), _NO_NAMES)


def in_file(number: int, names: Mapping[str, str] = _NO_NAMES) -> Place:
    """The place of a line of a file, counted from 1."""
    return Place(number, ("line", number), names)


class Line(NamedTuple):
    """A line: what it reports, or why it is no report.

    `blank` are the figures that it has an empty cell for though they cannot be emptied, by their names in JSON: of an
    offer that was never reported they say nothing, of another they are wrong.
    """

    place: Place
    content: CapacityReportIn | InvalidInputError
    blank: frozenset[str] = frozenset()


_KEYS: Final = frozenset({"offerId", "providerId", "offerKey"})


def check(
    place: Place,
    value: object,
    wrong: Mapping[str, InputError] = _NOTHING_WRONG,
    blank: frozenset[str] = frozenset(),
) -> Line:
    """The line with this content, held against the rules of a report.

    `wrong` is what was wrong with fields that it therefore has not; of those nothing else is said.
    """
    errors = list(wrong.values())
    try:
        report = CapacityReportIn.model_validate(value)
    except ValidationError as error:
        others = [each for each in error.errors(include_url=False) if not _is_of(each, wrong)]
        errors += input_errors(_placed(place, others))
    else:
        if not errors:
            return Line(place, report, blank)
    return Line(place, InvalidInputError(*errors))


def _is_of(error: Any, fields: Iterable[str]) -> bool:
    """Whether it is about one of the fields; that an offer is not named is about all that would name it."""
    told = {error["loc"][0] if error["loc"] else None, error.get("ctx", {}).get("field")}
    return not told.isdisjoint(fields) or not (told.isdisjoint(_KEYS) or _KEYS.isdisjoint(fields))


def refuse(place: Place, code: str, text: Text) -> Line:
    """A line that cannot be read."""
    return Line(place, InvalidInputError(InputError(place.pointer(), code, text)))


def _placed(place: Place, errors: Iterable[Any]) -> Iterable[dict[str, Any]]:
    for error in errors:
        location = tuple(place.names.get(part, part) for part in error["loc"])
        context = dict(error.get("ctx", {}))
        if "field" in context:
            context["field"] = place.names.get(context["field"], context["field"])
        yield {**error, "loc": ("body", *place.path, *location), "ctx": context}
