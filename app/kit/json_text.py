"""Reading JSON as it comes in (RFC 8259): what is ambiguous is refused, and an error says where it stands."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple, NoReturn

from app.domain.language import Text
from app.kit.errors import InputError, InvalidInputError
from app.kit.validation import pointer

UNREADABLE: Final = Text(
    nl="De inhoud is niet te lezen: bijvoorbeeld geen UTF-8, geen hele gzip, te diep genest of met een te groot getal.",
    en="The body cannot be read: for example not UTF-8, no whole gzip, nested too deep, or with too large a number.",
)
_REPEATED: Final = Text(
    nl="Dit veld staat er meer dan eens in (regel {line}); noem het een keer.",
    en="This field is there more than once (line {line}); say it once.",
)
_INVALID: Final = Text(
    nl="Dit is geen geldige JSON (regel {line}, teken {column}): {what}.",
    en="Not valid JSON (line {line}, character {column}): {what}.",
)
_NOT_A_NUMBER: Final = Text(nl="Dit is geen geldige JSON: {what}.", en="Not valid JSON: {what}.")


def read_json(raw: bytes, *place: str | int, line: int = 1) -> Any:
    """The value of a JSON text; a byte order mark before it is let by.

    `InvalidInputError`: `invalid-json` with line and character, `duplicate-field` for each name that an object has
    twice, with the line of its second time, `unreadable`. Its pointers lead into the value, which stands at `place` in
    what was sent, and begins on its line `line`.
    """
    whole = pointer(("body", *place))
    try:
        text = raw.decode("utf-8-sig")
        return _decoded(text)
    except json.JSONDecodeError as error:
        what = _INVALID.format(line=error.lineno + line - 1, column=error.colno, what=error.msg)
        raise InvalidInputError(InputError(whole, "invalid-json", what)) from error
    except _ConstantError as error:
        raise InvalidInputError(InputError(whole, "invalid-json", _NOT_A_NUMBER.format(what=str(error)))) from error
    except _RepeatedError as error:
        raise InvalidInputError(
            *(
                InputError(
                    pointer(("body", *place, *each.path)),
                    "duplicate-field",
                    _REPEATED.format(line=each.line + line - 1),
                )
                for each in _repeats(text)
            )
        ) from error
    except (ValueError, RecursionError) as error:
        raise InvalidInputError(InputError(whole, "unreadable", UNREADABLE)) from error


def _decoded(text: str) -> Any:
    """The value; what is no JSON at all is told before what stands in it twice."""
    try:
        return _STRICT.decode(text)
    except _RepeatedError:
        _ANY.decode(text)
        raise


class _RepeatedError(Exception):
    """An object has a name twice."""


class _ConstantError(Exception):
    """A word that JavaScript has for a number and JSON has not."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise _RepeatedError
    return made


def _refuse_constant(name: str) -> NoReturn:
    raise _ConstantError(f"{name} is no number")


_STRICT: Final = json.JSONDecoder(object_pairs_hook=_once, parse_constant=_refuse_constant)
_ANY: Final = json.JSONDecoder(parse_constant=_refuse_constant)
_TOKEN: Final = re.compile(r'"((?:[^"\\]++|\\.)*+)"(\s*:)?|[{}\[\],\n]')


class _Repeat(NamedTuple):
    """A field that an object has already: the way to it, and the line of its text on which it is there again."""

    path: tuple[str | int, ...]
    line: int


@dataclass(slots=True)
class _Open:
    """An object or a list that has begun: the name or the index of what comes, and how often it has had each name."""

    at: str | int
    names: Counter[str] = field(default_factory=Counter)


def _repeats(text: str) -> Iterator[_Repeat]:
    """Every field that an object has more than once, of a JSON text that is valid."""
    opened, line = list[_Open](), 1
    for token in _TOKEN.finditer(text):
        match token[0][0]:
            case "\n":
                line += 1
            case "{" | "[" as start:
                opened.append(_Open("" if start == "{" else 0))
            case "}" | "]":
                opened.pop()
            case ",":
                at = opened[-1].at
                opened[-1].at = at + 1 if isinstance(at, int) else at
            case _ if token[2] is not None:
                inside, name = opened[-1], json.loads(f'"{token[1]}"')
                inside.at = name
                inside.names[name] += 1
                if inside.names[name] == 2:
                    yield _Repeat(tuple(each.at for each in opened), line)
                line += token[2].count("\n")
