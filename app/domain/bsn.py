"""Finding a citizen service number (BSN) in free text, so that it can be refused.

Only a BSN's form can be seen: nine digits that pass the elfproef (Wet algemene bepalingen
burgerservicenummer; the test is that of the Logisch ontwerp BSN). One in eleven numbers passes by chance, so
what is plainly something else is left alone: telephone numbers, dates, times and UUIDs. In doubt it counts
as a BSN.
"""

import re
import unicodedata
from itertools import accumulate
from typing import Final, NamedTuple

LENGTH: Final = 9
_WEIGHTS: Final = (9, 8, 7, 6, 5, 4, 3, 2, -1)

_HIDDEN: Final = "~"
"""Stands for what has no width of its own: a zero-width space, a soft hyphen, a keycap around a digit."""
_DASHES: Final = frozenset("\u2212\u2043\u02d7")
_DOTS: Final = frozenset(".\u00b7\u2022\u2024\u2027\u2219\u22c5\u3002\u30fb\uff0e\uff61")

_UUID: Final = re.compile("(?<![0-9a-z])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9a-z])", re.IGNORECASE)
_YEAR, _MONTH, _DAY = "(?:19|20)[0-9]{2}", "(?:0?[1-9]|1[0-2])", "(?:0?[1-9]|[12][0-9]|3[01])"
_DATE: Final = re.compile(
    f"(?<![0-9])(?<![0-9][-.])(?:{_YEAR}([-.]){_MONTH}\\1{_DAY}|{_DAY}([-.]){_MONTH}\\2{_YEAR})(?![-.]?[0-9])"
)
_TIME: Final = re.compile("(?<![0-9])[0-2]?[0-9](?::[0-5][0-9]){1,2}(?![0-9])")
_TRUNK_ZERO: Final = re.compile(r"((?:\+|\b00)[1-9][0-9]{0,2}) ?\(0\) ?")
_CHAIN: Final = re.compile(r"[0-9]+(?:(?: ?- ?|\.|  ?|~)[0-9]+)*")

_SHAPES: Final = ((3, 3, 3), (4, 2, 3))
"""How a BSN is commonly grouped."""


class _Chain(NamedTuple):
    """Groups of digits, and the separators between them: always one fewer."""

    groups: list[str]
    joints: list[str]

    def after(self, count: int) -> "_Chain":
        return _Chain(self.groups[count:], self.joints[count:])


def find_bsn(text: str) -> str | None:
    """The first number in the text that may be a BSN, as nine plain digits; None where there is none.

    The digits may be of any script and have one dot, space or dash, or something invisible, between them.
    They may not be part of a longer number: 0612345678 is none, and neither is 06 12345678.
    """
    if sum(map(str.isdecimal, text)) < LENGTH:
        return None
    for match in _CHAIN.finditer(_plain(text)):
        chain = _Chain(re.findall("[0-9]+", match[0]), re.findall("[^0-9]+", match[0]))
        found = _in_chain(chain, has_plus=match.string[match.start() - 1 : match.start()] == "+")
        if found is not None:
            return found
    return None


def _plain(text: str) -> str:
    """The text with its digits and separators in ASCII, and without dates, times and UUIDs."""
    plain = "".join([_plain_character(character) for character in _UUID.sub("x", text)])
    plain = re.sub("~?([-. ])~?", r"\1", re.sub("~+", _HIDDEN, plain))
    return _TRUNK_ZERO.sub(r"\1 ", _TIME.sub("x", _DATE.sub("x", plain)))


def _plain_character(character: str) -> str:
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    category = unicodedata.category(character)
    if category == "Zs" or character == "\t":
        return " "
    if category == "Pd" or character in _DASHES:
        return "-"
    if category in {"Cf", "Mn", "Me"}:
        return _HIDDEN
    if character in _DOTS:
        return "."
    return "x" if character == _HIDDEN else character


def _in_chain(chain: _Chain, *, has_plus: bool) -> str | None:
    chain = chain.after(_international_groups(chain, has_plus=has_plus))
    for group in chain.groups:
        if _passes(group):
            return group
    while national := _national_groups(chain):
        chain = chain.after(national)
    return _spread(chain)


def _international_groups(chain: _Chain, *, has_plus: bool) -> int:
    """How many groups at the front are a telephone number with its country code, such as +31 6 12345678."""
    if has_plus:
        most = 11
    elif re.match("00[1-9]", chain.groups[0]):
        most = 13
    else:
        return 0
    totals = [total for total in accumulate(map(len, chain.groups)) if total <= most]
    return len(totals) if totals and totals[-1] > LENGTH else 0


def _national_groups(chain: _Chain) -> int:
    """How many groups at the front are a Dutch telephone number of ten digits, such as 06 12345678."""
    totals = list(accumulate(map(len, chain.groups[:10])))
    if 10 not in totals or LENGTH in totals or re.match("0[1-9]", chain.groups[0]) is None:
        return 0
    return totals.index(10) + 1


def _spread(chain: _Chain) -> str | None:
    """A BSN spread over groups: all of the chain, or a part of it that stands out."""
    count = len(chain.groups)
    for first in range(count):
        for end in range(first + 2, count + 1):
            digits = "".join(chain.groups[first:end])
            if len(digits) >= LENGTH:
                if _passes(digits) and _stands_out(chain, first, end):
                    return digits
                break
    return None


def _stands_out(chain: _Chain, first: int, end: int) -> bool:
    """Whether the groups are joined in one way, as a BSN commonly is or unlike what is around them."""
    if first == 0 and end == len(chain.groups):
        return True
    inner = set(chain.joints[first : end - 1])
    outer = {*chain.joints[max(first - 1, 0) : first], *chain.joints[end - 1 : end]}
    shape = tuple(map(len, chain.groups[first:end]))
    return len(inner) == 1 and (shape in _SHAPES or inner.isdisjoint(outer))


def _passes(digits: str) -> bool:
    return (
        len(digits) == LENGTH
        and sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits, strict=True)) % 11 == 0
    )
