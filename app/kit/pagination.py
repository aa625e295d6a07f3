"""Keyset pages: an opaque cursor says after which item the next page starts, whatever changes in between."""

import base64
import binascii
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode
from uuid import UUID

import orjson
from fastapi import Request
from pydantic import Field
from sqlalchemy import ColumnElement, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from app.domain.language import Text
from app.kit.errors import InputError, InvalidInputError
from app.kit.respond import to_json
from app.kit.schemas import Schema, described

Item = TypeVar("Item")
_READ: dict[type, Any] = {UUID: UUID, date: date.fromisoformat, datetime: datetime.fromisoformat}


class PageQuery(Schema):
    """The query keys of every list."""

    limit: int = Field(default=50, ge=1, le=200, description="Items on a page.", examples=[50])
    cursor: str | None = Field(
        default=None, max_length=1000, description="Where the page starts: taken from `next`.", examples=["WyJhIl0"]
    )


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


def encode_cursor(key: Sequence[Any]) -> str:
    """An opaque text for the sort key of the last item on a page."""
    return base64.urlsafe_b64encode(to_json(list(key))).rstrip(b"=").decode()


def decode_cursor(cursor: str | None, kinds: Sequence[type]) -> list[Any] | None:
    """The sort key in a cursor, checked against the kinds of its parts; 400 when it is none of ours."""
    if cursor is None:
        return None
    try:
        key = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError) as error:
        raise invalid_cursor() from error
    if not isinstance(key, list) or len(key) != len(kinds):
        raise invalid_cursor()
    return [_part(part, kind) for part, kind in zip(key, kinds, strict=True)]


def _part(part: object, kind: type) -> Any:
    try:
        if kind in _READ and isinstance(part, str):
            return _READ[kind](part)
    except ValueError as error:
        raise invalid_cursor() from error
    if type(part) is not kind or (isinstance(part, str) and "\x00" in part):
        raise invalid_cursor()
    return part


def invalid_cursor() -> InvalidInputError:
    """The error for a cursor that does not belong to this list."""
    text = Text(
        nl="Deze cursor hoort niet bij deze lijst; begin opnieuw zonder cursor.",
        en="This cursor does not belong to this list; start again without one.",
    )
    return InvalidInputError(InputError("#/query/cursor", "invalid-cursor", text))


def after(columns: Sequence[InstrumentedAttribute[Any]], key: Sequence[Any]) -> ColumnElement[bool]:
    """The condition that a row comes after the one with this key, in the order of the columns."""
    return tuple_(*columns) > tuple_(*key)


def page(
    request: Request, items: Sequence[Any], next_key: Sequence[Any] | None
) -> tuple[dict[str, Any], dict[str, str]]:
    """The content of a page and its headers; `next_key` is the last item's, or None on the last page."""
    query = [(key, value) for key, value in request.query_params.multi_items() if key != "cursor"]
    path = request.url.path
    here = f"{path}?{request.url.query}" if request.url.query else path
    links: dict[str, Any] = {"self": {"href": here}}
    headers: dict[str, str] = {}
    if next_key is not None:
        following = f"{path}?{urlencode([*query, ('cursor', encode_cursor(next_key))])}"
        links["next"] = {"href": following}
        headers["Link"] = f'<{following}>; rel="next"'
    return {"items": items, "_links": links}, headers


class Page(Schema, Generic[Item]):
    """One page of a list."""

    items: list[Item] = Field(description="The items, in the order of the list.")
    links: PageLinks = Field(alias="_links", description="Where this page and the next are.")
