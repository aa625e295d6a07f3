"""Keyset pages: an opaque cursor says after which item the next page starts, whatever changes in between."""

import base64
import binascii
import hashlib
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any, Final, Generic, TypeVar
from uuid import UUID

import orjson
from pydantic import Field

from app.domain.language import Text
from app.kit.errors import InputError, InvalidInputError
from app.kit.json_bytes import to_json
from app.kit.schemas import Schema, described

Item = TypeVar("Item")
Row = TypeVar("Row")
_READ: dict[type, Any] = {
    UUID: UUID,
    date: date.fromisoformat,
    datetime: lambda text: datetime.fromisoformat(text).astimezone(UTC),
}


PAGE_KEYS: Final = {"limit", "cursor", "facets"}
"""The query keys that say how much of an answer is wanted, and not what is asked."""


class PageQuery(Schema):
    """The query keys of every list."""

    limit: int = Field(default=50, ge=1, le=200, description="Items on a page.", examples=[50])
    cursor: str | None = Field(
        default=None, max_length=1000, description="Where the page starts: taken from `next`.", examples=["WyJhIl0"]
    )

    @property
    def window(self) -> int:
        """How many rows to read: one more than a page, which tells whether another page follows."""
        return self.limit + 1

    def key(self, path: str, *kinds: type) -> list[Any] | None:
        """The sort key after which the page starts, of these kinds; 400 when it is of another list or question."""
        return None if self.cursor is None else decode_cursor(self.cursor, self.question(path), kinds)

    def question(self, path: str) -> str:
        """What is asked of the list at `path`, whichever page: filters and order, however they were written."""
        filters = self.model_dump(mode="json", exclude=PAGE_KEYS)
        sets = {name: sorted(set(value)) if isinstance(value, list) else value for name, value in filters.items()}
        return f"{path} {orjson.dumps(sets).decode()}"


def split_page(
    query: PageQuery, rows: Sequence[Row], key: Callable[[Row], Sequence[Any]]
) -> tuple[Sequence[Row], Sequence[Any] | None]:
    """The rows of a page, and the sort key of its last where more follow; `rows` are what `query.window` asked for."""
    shown = rows[: query.limit]
    return shown, key(shown[-1]) if len(rows) > len(shown) else None


class Link(Schema):
    """A link."""

    href: str = described("Where it leads, relative to the host.", "/v1/providers?limit=50")


class PageLinks(Schema):
    """The links of a page."""

    self: Link = described("This page.", {"href": "/v1/providers?limit=50"})
    next: Link | None = Field(
        default=None,
        description="The next page; absent on the last.",
        examples=[{"href": "/v1/providers?limit=50&cursor=WyJhIl0"}],
    )


def encode_cursor(question: str, key: Sequence[Any]) -> str:
    """An opaque text for the sort key of the last item on a page of what was asked."""
    return base64.urlsafe_b64encode(to_json([_fingerprint(question), *key])).rstrip(b"=").decode()


def decode_cursor(cursor: str, question: str, kinds: Sequence[type], *, key: str = "cursor") -> list[Any]:
    """The sort key in a cursor, checked against its question and its parts' kinds; 400 when it is none of that.

    `key` is the query key that it came in.
    """
    try:
        content = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(content, list) or len(content) != len(kinds) + 1 or content[0] != _fingerprint(question):
            raise invalid_cursor(key)
        return [_part(part, kind) for part, kind in zip(content[1:], kinds, strict=True)]
    except (binascii.Error, ValueError, OverflowError) as error:
        raise invalid_cursor(key) from error


def _fingerprint(question: str) -> str:
    return hashlib.blake2b(question.encode(), digest_size=8).hexdigest()


def _part(part: object, kind: type) -> Any:
    """A part of a sort key; ValueError or OverflowError where it is not of this kind."""
    if kind in _READ and isinstance(part, str):
        return _READ[kind](part)
    too_large = isinstance(part, int) and not -(2**63) <= part < 2**63
    if type(part) is not kind or too_large or (isinstance(part, str) and "\x00" in part):
        raise ValueError("a part of another kind")
    return part


def invalid_cursor(key: str = "cursor") -> InvalidInputError:
    """The error for a cursor, in that query key, that does not belong to this question."""
    text = Text(
        nl="Deze cursor hoort niet bij deze vraag: een ander filter of een andere volgorde; begin opnieuw zonder.",
        en="This cursor does not belong to this question: another filter or order; start again without one.",
    )
    return InvalidInputError(InputError(f"#/query/{key}", "invalid-cursor", text))


class Page(Schema, Generic[Item]):
    """One page of a list."""

    items: list[Item] = Field(description="The items, in the order of the list.")
    links: PageLinks = Field(alias="_links", description="Where this page and the next are.")
