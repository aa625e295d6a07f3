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
from app.kit.pages import decode_cursor, encode_cursor
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
_OF_PAGE: Final = frozenset({CURSOR, "_count", "_include", "_summary", "_total"})
"""Parameters of the answer, and not of what is asked."""
_ONCE: Final = _OF_PAGE - {"_include"}
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
            pairs = [*kept, (CURSOR, encode_cursor(_question(self.type, kept), [after]))]
        query = urlencode(pairs, quote_via=quote, safe="/:,|")
        return f"{base}/{self.type}?{query}" if query else f"{base}/{self.type}"


def _question(type_: Type, used: Iterable[tuple[str, str]]) -> str:
    """What is asked, whichever page: a cursor belongs to it. Conditions hold all at once, in any order."""
    return f"{BASE}/{type_} {sorted({each for each in used if each[0] not in _OF_PAGE})}"


class _Reader:
    """Reads one parameter after another."""

    def __init__(self, type_: Type, base: str) -> None:
        self.type = type_
        self._base = base
        self.conditions: list[Condition] = []
        self.includes: set[Type] = set()
        self.count = DEFAULT_COUNT
        self.counts_only = False
        self.cursor: str | None = None
        self.after: UUID | None = None
        self.used: list[tuple[str, str]] = []

    def take(self, name: str, value: str) -> bool:
        """Whether the parameter is known; `InvalidInputError` where its value cannot be."""
        if name in _ONCE and any(name == each for each, _ in self.used):
            raise invalid(name, "repeated", Text(nl=f"{name} mag maar een keer.", en=f"{name} may be there only once."))
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
            self.cursor = value
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

    def place(self) -> None:
        """Finds what the page comes after, once all that is asked is known; `InvalidInputError` where the cursor is of
        another question."""
        if self.cursor is not None:
            self.after = decode_cursor(self.cursor, _question(self.type, self.used), [UUID], key=CURSOR)[0]

    def made(self) -> Search:
        """The search that was read."""
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
    try:
        reader.place()
    except InvalidInputError as error:
        errors += error.errors
    if errors:
        raise InvalidInputError(*errors)
    return reader.made()


def _read_count(value: str) -> int:
    if not (value.isascii() and value.isdigit()):
        raise invalid("_count", "type", Text(nl="Hier hoort een aantal, vanaf 0.", en="A number, from 0."))
    return min(int(value[:9]), MOST)
