"""Reading JSON as it comes in (RFC 8259): what is ambiguous is refused, and an error says where it stands."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final, NoReturn

from app.domain.language import Text
from app.kit.errors import InputError, InvalidInputError
from app.kit.validation import pointer

UNREADABLE: Final = Text(
    nl="De inhoud is niet te lezen: bijvoorbeeld geen UTF-8, geen hele gzip, te diep genest of met een te groot getal.",
    en="The body cannot be read: for example not UTF-8, no whole gzip, nested too deep, or with too large a number.",
)
_REPEATED: Final = Text(
    nl="Dit veld staat er meer dan eens in; noem het een keer.", en="This field is there more than once; say it once."
)
_INVALID: Final = Text(
    nl="Dit is geen geldige JSON (regel {line}, teken {column}): {what}.",
    en="Not valid JSON (line {line}, character {column}): {what}.",
)
_NOT_A_NUMBER: Final = Text(nl="Dit is geen geldige JSON: {what}.", en="Not valid JSON: {what}.")


def read_json(raw: bytes, *place: str | int) -> Any:
    """The value of a JSON text; a byte order mark before it is let by.

    `InvalidInputError`: `invalid-json` with line and character, `duplicate-field` for each name that an object has
    twice, `unreadable`. Its pointers lead into the value, which stands at `place` in what was sent.
    """
    whole = pointer(("body", *place))
    try:
        text = raw.decode("utf-8-sig")
        return _STRICT.decode(text)
    except json.JSONDecodeError as error:
        what = _INVALID.format(line=error.lineno, column=error.colno, what=error.msg)
        raise InvalidInputError(InputError(whole, "invalid-json", what)) from error
    except _ConstantError as error:
        raise InvalidInputError(InputError(whole, "invalid-json", _NOT_A_NUMBER.format(what=str(error)))) from error
    except _RepeatedError as error:
        found = [InputError(pointer(("body", *place, *path)), "duplicate-field", _REPEATED) for path in _repeats(text)]
        raise InvalidInputError(*found) from error
    except (ValueError, RecursionError) as error:
        raise InvalidInputError(InputError(whole, "unreadable", UNREADABLE)) from error


class _RepeatedError(Exception):
    """An object has a name twice."""


class _ConstantError(Exception):
    """A word that JavaScript has for a number and JSON has not."""


class _Object(dict[str, Any]):
    """An object, with the names that it has more than once."""

    repeated: tuple[str, ...] = ()


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise _RepeatedError
    return made


def _marked(pairs: list[tuple[str, Any]]) -> _Object:
    made = _Object(pairs)
    counts = Counter(name for name, _ in pairs)
    made.repeated = tuple(name for name in made if counts[name] > 1)
    return made


def _refuse_constant(name: str) -> NoReturn:
    raise _ConstantError(f"{name} is no number")


_STRICT: Final = json.JSONDecoder(object_pairs_hook=_once, parse_constant=_refuse_constant)
_MARKING: Final = json.JSONDecoder(object_pairs_hook=_marked)


def _repeats(text: str) -> Iterator[tuple[str | int, ...]]:
    """The way to every field that an object has more than once."""
    waiting: list[tuple[tuple[str | int, ...], Any]] = [((), _MARKING.decode(text))]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, _Object):
            yield from ((*path, name) for name in value.repeated)
            waiting += [((*path, name), each) for name, each in value.items()]
        elif isinstance(value, list):
            waiting += [((*path, index), each) for index, each in enumerate(value)]
