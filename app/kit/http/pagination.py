"""Keyset pages: an opaque cursor says after which item the next page starts, whatever changes in between."""

import base64
import binascii
import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode
from uuid import UUID

import orjson
from fastapi import Request, Response
from pydantic import Field
from sqlalchemy import ColumnElement, SQLColumnExpression, tuple_

from app.domain.language import Text
from app.kit.errors import InputError, InvalidInputError
from app.kit.http.respond import respond, to_json
from app.kit.schemas import Schema, described

Item = TypeVar("Item")
Row = TypeVar("Row")
_READ: dict[type, Any] = {
    UUID: UUID,
    date: date.fromisoformat,
    datetime: lambda text: datetime.fromisoformat(text).astimezone(UTC),
}


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

    def key(self, request: Request, *kinds: type) -> list[Any] | None:
        """The sort key after which the page starts, of these kinds; 400 when it is of no such list."""
        return None if self.cursor is None else decode_cursor(self.cursor, request.url.path, kinds)


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


def encode_cursor(path: str, key: Sequence[Any]) -> str:
    """An opaque text for the sort key of the last item on a page of the list at `path`."""
    return base64.urlsafe_b64encode(to_json([_list_name(path), *key])).rstrip(b"=").decode()


def decode_cursor(cursor: str, path: str, kinds: Sequence[type]) -> list[Any]:
    """The sort key in a cursor, checked against its list and the kinds of its parts; 400 when it is none of that."""
    try:
        content = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError) as error:
        raise invalid_cursor() from error
    if not isinstance(content, list) or len(content) != len(kinds) + 1 or content[0] != _list_name(path):
        raise invalid_cursor()
    return [_part(part, kind) for part, kind in zip(content[1:], kinds, strict=True)]


def _list_name(path: str) -> str:
    return hashlib.blake2b(path.encode(), digest_size=4).hexdigest()


def _part(part: object, kind: type) -> Any:
    try:
        if kind in _READ and isinstance(part, str):
            return _READ[kind](part)
    except (ValueError, OverflowError) as error:
        raise invalid_cursor() from error
    too_large = isinstance(part, int) and not -(2**63) <= part < 2**63
    if type(part) is not kind or too_large or (isinstance(part, str) and "\x00" in part):
        raise invalid_cursor()
    return part


def invalid_cursor() -> InvalidInputError:
    """The error for a cursor that does not belong to this list."""
    text = Text(
        nl="Deze cursor hoort niet bij deze lijst; begin opnieuw zonder cursor.",
        en="This cursor does not belong to this list; start again without one.",
    )
    return InvalidInputError(InputError("#/query/cursor", "invalid-cursor", text))


def after(columns: Sequence[SQLColumnExpression[Any]], key: Sequence[Any]) -> ColumnElement[bool]:
    """The condition that a row comes after the one with this key, in the order of the columns."""
    return tuple_(*columns) > tuple_(*key)


def listed(
    request: Request,
    query: PageQuery,
    rows: Sequence[Row],
    *,
    key: Callable[[Row], Sequence[Any]],
    show: Callable[[Row], Any],
    **options: Any,
) -> Response:
    """The answer with a page: `rows` are what `query.window` asked for, one more than is shown where more follow.

    `key` is a row's sort key, `show` writes it, `options` are those of `respond`.
    """
    shown = rows[: query.limit]
    next_key = key(shown[-1]) if len(rows) > len(shown) else None
    return answer_page(request, [show(row) for row in shown], next_key, **options)


def answer_page(
    request: Request,
    items: Sequence[Any],
    next_key: Sequence[Any] | None,
    *,
    headers: Mapping[str, str] | None = None,
    **options: Any,
) -> Response:
    """The answer with these items; `next_key` is the sort key of the last, or None on the last page."""
    query = [(name, value) for name, value in request.query_params.multi_items() if name != "cursor"]
    path = request.url.path
    here = f"{path}?{request.url.query}" if request.url.query else path
    links: dict[str, Any] = {"self": {"href": here}}
    headers = dict(headers or {})
    if next_key is not None:
        following = f"{path}?{urlencode([*query, ('cursor', encode_cursor(path, next_key))])}"
        links["next"] = {"href": following}
        headers["Link"] = f'<{following}>; rel="next"'
    written = [item.model_dump() if isinstance(item, Schema) else item for item in items]
    return respond(request, {"items": written, "_links": links}, headers=headers, **options)


class Page(Schema, Generic[Item]):
    """One page of a list."""

    items: list[Item] = Field(description="The items, in the order of the list.")
    links: PageLinks = Field(alias="_links", description="Where this page and the next are.")
