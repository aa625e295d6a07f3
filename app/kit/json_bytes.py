"""JSON as the service writes it: the bytes of an answer, of an event, of what is kept."""

from typing import Any
from uuid import UUID

import orjson
from pydantic import BaseModel


def to_json(content: Any) -> bytes:
    """The bytes of a schema, or of plain dicts and lists with dates, times and UUIDs in them."""
    if isinstance(content, BaseModel):
        return content.model_dump_json().encode()
    return orjson.dumps(content, default=_plain, option=orjson.OPT_UTC_Z)


def in_json(text: str) -> bytes:
    """The text as it stands between the quotes of JSON."""
    return orjson.dumps(text)[1:-1]


def _plain(value: object) -> str:
    """The driver's own kind of UUID, which orjson does not know."""
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"{type(value)} does not go into JSON")
