"""What an institution calls a child, a worker or siblings: never a name, nor a BSN in disguise."""

import re
from typing import Annotated, Final

from pydantic import AfterValidator, BeforeValidator, Field

from app.domain.language import Text
from app.domain.own_keys import find_in_key
from app.kit.schemas import NoBsn, check_bsn, invalid

_REFERENCE: Final = r"^[A-Za-z0-9._/-]*[0-9][A-Za-z0-9._/-]*$"


def _no_hidden_bsn(reference: str) -> str:
    """Letters and marks between the digits of a BSN make it no reference."""
    check_bsn("".join(filter(str.isdigit, reference)))
    return reference


def _is_no_name(value: object) -> object:
    """Says what a reference is, in place of a pattern that only programmers read."""
    if isinstance(value, str) and not re.fullmatch(_REFERENCE, value):
        text = Text(
            nl="Een kenmerk heeft ten minste een cijfer, en verder letters, cijfers en . _ / - zonder spaties.",
            en="A reference has a digit at least, and beside it letters, digits and . _ / - without spaces.",
        )
        raise invalid("pattern", text)
    if isinstance(value, str) and (held := find_in_key(value)) is not None:
        raise invalid(f"holds-{held}", _HELD[held])
    return value


_HELD: Final = {
    "date": Text(
        nl="Een kenmerk houdt geen datum in; gebruik het nummer van uw eigen dossier, zoals kind-2026-31.",
        en="A reference holds no date; use the number of your own file, such as kind-2026-31.",
    ),
    "name": Text(
        nl="Een kenmerk houdt geen naam in: geen woord met een hoofdletter, en hooguit een woord in kleine letters.",
        en="A reference holds no name: no word with a capital, and one word in small letters at most.",
    ),
}

Reference = Annotated[
    str,
    Field(max_length=64, pattern=_REFERENCE, examples=["K-2026-0147"]),
    BeforeValidator(_is_no_name),
    NoBsn,
    AfterValidator(_no_hidden_bsn),
]
"""A reference of the caller's own making; it has a digit, which a name has not, and holds no date."""
