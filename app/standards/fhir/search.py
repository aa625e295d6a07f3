"""A search as it was asked: what has to hold, and what of it is wanted (http://hl7.org/fhir/R4/search.html).

What the server does not know is left aside, as the standard asks, and a link to itself says what was used; with
`Prefer: handling=strict` it is refused.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlencode
from uuid import UUID

from app.domain.language import Text
from app.kit.errors import InputError, InvalidInputError
from app.kit.http.pagination import decode_cursor, encode_cursor
from app.standards.fhir.parameters import (
    INCLUDES,
    Condition,
    Type,
    invalid,
    read,
)
from app.standards.fhir.vocabulary import BASE

DEFAULT_COUNT: Final = 50
MOST: Final = 200
CURSOR: Final = "_cursor"
"""Our own parameter, in links to the next page."""
_OF_FORM: Final = frozenset({"_format", "_pretty"})


@dataclass(frozen=True, slots=True)
class Search:
    """What is asked of a type: `used` are the parameters that count, as they were given."""

    type: Type
    conditions: tuple[Condition, ...]
    includes: frozenset[Type]
    count: int
    after: UUID | None
    used: tuple[tuple[str, str], ...]

    @property
    def counts_only(self) -> bool:
        """Whether only the number of resources is asked."""
        return self.count == 0

    def link(self, base: str, *, after: UUID | None = None) -> str:
        """The absolute URL of the page; of the one that comes after the resource with this id, where it is given."""
        pairs = list(self.used)
        if after is not None:
            kept = [(name, value) for name, value in pairs if name != CURSOR]
            pairs = [*kept, (CURSOR, encode_cursor(_path(self.type), [after]))]
        query = urlencode(pairs, quote_via=quote, safe="/:,|")
        return f"{base}/{self.type}?{query}" if query else f"{base}/{self.type}"


def _path(type_: Type) -> str:
    return f"{BASE}/{type_}"


class _Reader:
    """Reads one parameter after another."""

    def __init__(self, type_: Type, base: str) -> None:
        self.type = type_
        self._base = base
        self.conditions: list[Condition] = []
        self.includes: set[Type] = set()
        self.count = DEFAULT_COUNT
        self.counts_only = False
        self.after: UUID | None = None
        self.used: list[tuple[str, str]] = []

    def take(self, name: str, value: str) -> bool:
        """Whether the parameter is known; `InvalidInputError` where its value cannot be."""
        known = self._take_result(name, value)
        if known is None:
            condition = read(self.type, name, value, self._base)
            known = condition is not None
            if condition is not None:
                self.conditions.append(condition)
        if known:
            self.used.append((name, value))
        return known

    def _take_result(self, name: str, value: str) -> bool | None:
        """Whether it is a known value of a parameter about the result; None where it is no such parameter."""
        if name == "_count":
            self.count = _read_count(value)
            return True
        if name == CURSOR:
            self.after = decode_cursor(value, _path(self.type), [UUID])[0]
            return True
        if name == "_include":
            return self._include(value)
        if name == "_summary":
            self.counts_only |= value == "count"
            return value in {"count", "false"}
        if name == "_total":
            return value in {"none", "estimate", "accurate"}
        return None

    def _include(self, value: str) -> bool:
        source, _, target = value.rpartition(":")
        known = INCLUDES[self.type]
        name = source if known.get(source) == target else value
        if name in known:
            self.includes.add(known[name])
        return name in known

    def made(self) -> Search:
        return Search(
            self.type,
            tuple(self.conditions),
            frozenset(self.includes),
            0 if self.counts_only else self.count,
            self.after,
            tuple(self.used),
        )


def read_search(type_: Type, given: Iterable[tuple[str, str]], *, base: str, strict: bool) -> Search:
    """The search that these parameters ask at `base`; `InvalidInputError` with all that is wrong with them at once."""
    reader, errors = _Reader(type_, base), list[InputError]()
    for name, value in given:
        if name in _OF_FORM or not value:
            continue
        try:
            if not reader.take(name, value) and strict:
                text = Text(nl=f"{name}={value} is er hier niet.", en=f"There is no {name}={value} here.")
                errors.append(InputError(f"#/query/{name}", "unknown-query-key", text))
        except InvalidInputError as error:
            errors += error.errors
    if errors:
        raise InvalidInputError(*errors)
    return reader.made()


def _read_count(value: str) -> int:
    if not (value.isascii() and value.isdigit()):
        raise invalid("_count", "type", Text(nl="Hier hoort een aantal, vanaf 0.", en="A number, from 0."))
    return min(int(value[:9]), MOST)
