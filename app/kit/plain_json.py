"""JSON read in one pass into structs, where it is plainly good; whoever has to say what is wrong reads it otherwise.

What msgspec takes is what the schemas take, or less. It lets by a name that an object has twice, of which it takes the
last: such a body has more colons than names.
"""

from typing import TypeVar

from msgspec import UNSET, DecodeError, Struct
from msgspec.json import Decoder
from msgspec.structs import astuple


class Plain(Struct, rename="camel", forbid_unknown_fields=True, frozen=True, gc=False):
    """Base of what is read so: a field that may be left out is UNSET then."""


Body = TypeVar("Body", bound=Plain)


def read_plain(decoder: Decoder[Body], raw: bytes) -> Body | None:
    """The value; None where it is not of that kind, or where a name may stand twice in an object."""
    try:
        value = decoder.decode(raw)
    except (DecodeError, UnicodeDecodeError):  # of bytes that are no UTF-8
        return None
    return value if raw.count(b":") == _names(value) else None


def _names(value: object) -> int:
    """How many names stand in the text of a value: {"a": 1, "b": [{"c": 2}]} has three."""
    if isinstance(value, Struct):
        return sum([1 + _names(each) for each in astuple(value) if each is not UNSET])
    if isinstance(value, list):
        return sum([_names(each) for each in value])
    return 0
