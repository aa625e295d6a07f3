"""Lines of a file, whatever its format: what each says or what is wrong with it, and where it stood."""

import re
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final, Generic, NamedTuple, TypeVar

from pydantic import BaseModel, ValidationError

from app.domain.language import Text
from app.kit.errors import InputError, InvalidInputError
from app.kit.validation import input_errors, pointer

Content = TypeVar("Content")
Model = TypeVar("Model", bound=BaseModel)

_TOTALS: Final = re.compile(r"(?:(?:sub|eind)?tota(?:a)?l(?:en|s)?|grand total|som|sum)\b.*", re.IGNORECASE | re.DOTALL)
_NO_NAMES: Mapping[str, str] = MappingProxyType({})
_NOTHING_WRONG: Mapping[str, InputError] = MappingProxyType({})
TOTALS_ROW: Final = "totals-row"
"""The code of what is wrong with a row of totals."""


def says_totals(cell: str) -> bool:
    """Whether it is what people call a row of totals by; a thing may have such a key all the same."""
    return _TOTALS.fullmatch(cell) is not None


class LinePosition(NamedTuple):
    """Where a line stands in what was sent, and what its columns are called there, if not as in JSON."""

    number: int
    path: tuple[str | int, ...]
    names: Mapping[str, str]

    def pointer(self, name: str | None = None) -> str:
        """The pointer to a column of the line; to the line itself where none is named."""
        return pointer(("body", *self.path, *([] if name is None else [self.names.get(name, name)])))


def in_list(index: int) -> LinePosition:
    """The position of an item of a JSON list."""
    return LinePosition(index + 1, (index,), _NO_NAMES)


def in_file(number: int, names: Mapping[str, str] = _NO_NAMES) -> LinePosition:
    """The position of a line of a file, counted from 1."""
    return LinePosition(number, ("line", number), names)


class Line(NamedTuple, Generic[Content]):
    """A line: what it says, or why it says nothing.

    `blank` are the fields that it has an empty cell for though they cannot be emptied, by their names in JSON. `key` is
    what it is about, as far as it says so, though the rest may be wrong.
    """

    position: LinePosition
    content: Content | InvalidInputError
    blank: frozenset[str] = frozenset()
    key: str = ""


def told_fields(error: Any) -> set[Any]:
    """The fields that an error of pydantic is about, by their names outside."""
    return {error["loc"][0] if error["loc"] else None, error.get("ctx", {}).get("field")}


def _is_about(error: Any, fields: Iterable[str]) -> bool:
    return not told_fields(error).isdisjoint(fields)


def check(
    model: type[Model],
    position: LinePosition,
    value: object,
    wrong: Mapping[str, InputError] = _NOTHING_WRONG,
    blank: frozenset[str] = frozenset(),
    *,
    is_about: Callable[[Any, Iterable[str]], bool] = _is_about,
) -> Line[Model]:
    """The line with this content, held against the rules of `model`.

    `wrong` is what was wrong with fields that it therefore has not; of those nothing else is said. `is_about` tells
    whether an error of pydantic is about one of these fields.
    """
    errors = list(wrong.values())
    try:
        content = model.model_validate(value)
    except ValidationError as error:
        others = [each for each in error.errors(include_url=False) if not is_about(each, wrong)]
        errors += input_errors(_located(position, others))
    else:
        if not errors:
            return Line(position, content, blank)
    return Line(position, InvalidInputError(*errors))


def refuse(position: LinePosition, code: str, text: Text) -> Line[Any]:
    """A line that cannot be read."""
    return Line(position, InvalidInputError(InputError(position.pointer(), code, text)))


def _located(position: LinePosition, errors: Iterable[Any]) -> Iterable[dict[str, Any]]:
    for error in errors:
        location = tuple(position.names.get(part, part) for part in error["loc"])
        context = dict(error.get("ctx", {}))
        if "field" in context:
            context["field"] = position.names.get(context["field"], context["field"])
        yield {**error, "loc": ("body", *position.path, *location), "ctx": context}
