"""Finding a citizen service number (BSN) in free text, so that it can be refused.

Only a BSN's form can be seen: nine digits that pass the elfproef (Wet algemene bepalingen
burgerservicenummer; the test is that of the Logisch ontwerp BSN). One in eleven numbers passes by chance, so
what is plainly something else is left alone: telephone numbers, dates, times and UUIDs. In doubt it counts
as a BSN.
"""

import re
import unicodedata
from collections.abc import Iterator
from itertools import groupby
from operator import mul
from typing import Final

LENGTH: Final = 9
_WEIGHTS: Final = (9, 8, 7, 6, 5, 4, 3, 2, -1)

_HIDDEN: Final = "~"
"""Stands for what has no width of its own: a zero-width space, a soft hyphen, a keycap around a digit."""
_DASHES: Final = frozenset("\u2212\u2043\u02d7")
_DOTS: Final = frozenset(".\u00b7\u2022\u2024\u2027\u2219\u22c5\u3002\u30fb\uff0e\uff61")

_UUID: Final = re.compile(
    "(?<![0-9a-z])(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?=(?:[0-9]*[a-f]){4})[0-9a-f]{32})(?![0-9a-z])",
    re.IGNORECASE,
)
"""A UUID, or 32 hexadecimal digits without dashes, such as a trace id: four letters or more tell it from a number."""
_YEAR, _MONTH, _DAY = "(?:19|20)[0-9]{2}", "(?:0?[1-9]|1[0-2])", "(?:0?[1-9]|[12][0-9]|3[01])"
_DATE: Final = re.compile(
    f"(?<![0-9])(?<![0-9][-.])(?:{_YEAR}([-.]){_MONTH}\\1{_DAY}|{_DAY}([-.]){_MONTH}\\2{_YEAR})(?![-.]?[0-9])"
)
_TIME: Final = re.compile("(?<![0-9])[0-2]?[0-9](?::[0-5][0-9]){1,2}(?![0-9])")
_TRUNK_ZERO: Final = re.compile(r"((?:\+|\b00)[1-9][0-9]{0,2}) ?\(0\) ?")
_JOINT: Final = r"(?: ?- ?|\.|  ?|~)"
"""What may stand between the digits of one number."""
_CHAIN: Final = re.compile(f"[0-9]+(?:{_JOINT}[0-9]+)*")
_JOINTS: Final = re.compile("[^0-9]+")
_GROUPS: Final = re.compile("[0-9]+")
_WITH_PLUS: Final = re.compile(f"(?:[0-9]{_JOINT}?){{9,10}}[0-9](?![0-9]){_JOINT}?")
_WITH_ZEROS: Final = re.compile(f"00[1-9](?:{_JOINT}?[0-9]){{7,10}}(?![0-9]){_JOINT}?")
"""A telephone number with its country code, such as +31 6 12345678: of ten digits, and of 11 or 13 at most."""
_NATIONAL: Final = re.compile(f"(?:0[1-9](?:{_JOINT}?[0-9]){{7}}[0-9](?![0-9]){_JOINT}?)*")
"""Dutch telephone numbers of ten digits, such as 06 12345678; one that has a group's end after nine is none."""
_UNBROKEN: Final = re.compile("(?<![0-9])[0-9]{9}(?![0-9])")
_ANY: Final = r"[\W_]{1,3}"
"""What else may be put between the digits of one number, where these are grouped as a BSN commonly is: whatever is no
letter and no digit, in any script."""
_WIDE: Final = re.compile(
    f"(?<![0-9])(?<![0-9][-. ~])(?=("
    f"[0-9]{{3}}{_ANY}[0-9]{{3}}{_ANY}[0-9]{{3}}|[0-9]{{4}}{_ANY}[0-9]{{2}}{_ANY}[0-9]{{3}}|(?:[0-9]{_ANY}){{8}}[0-9]"
    f"|[0-9]{{2}}({_ANY})[0-9]{{2}}(?:\\2[0-9]{{2}}){{2}}\\2[0-9])(?![0-9])(?![-. ~]?[0-9]))"
)
_EIGHT: Final = re.compile(
    r"(?<![0-9A-Za-z/_+-])(?<![0-9][-. ~])"
    r"(?=([0-9]{8}|[0-9]{2}([. -])[0-9]{3}\2[0-9]{3})(?![0-9A-Za-z/_-]|[. ,~][0-9]))"
)
_EIGHT_DATE: Final = re.compile(
    "(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])|(?:0[1-9]|[12][0-9]|3[01])(?:0[1-9]|1[0-2])(?:19|20)[0-9]{2}"
)
_NAMED: Final = re.compile(
    r"(?:k\.?v\.?k|koophandel|handelsregister|agb|vektis|vestiging|factuur|order|bestel|offerte|polis|iban|€|eur)"
    r"[^0-9\n]{0,24}$",
    re.IGNORECASE,
)
"""What says, right before eight digits, that these are another number: KvK and AGB codes have eight too."""
_SHAPED: Final = re.compile(
    f"(?<![0-9])(?=([0-9]{{3}})({_JOINT})([0-9]{{3}})\\2([0-9]{{3}})(?![0-9])"
    f"|([0-9]{{4}})({_JOINT})([0-9]{{2}})\\6([0-9]{{3}})(?![0-9]))"
)
"""Groups of three, or of four, two and three: how a BSN is commonly written."""


def find_bsn(text: str, *, eight: bool = False) -> str | None:
    """The first number in the text that may be a BSN, as nine plain digits; None where there is none.

    The digits may be of any script and have one dot, space or dash, or something invisible, between them.
    They may not be part of a longer number: 0612345678 is none, and neither is 06 12345678. Grouped as a BSN commonly
    is, they may have other marks between them, brackets and new lines too. `eight`: eight digits that pass with a 0 in
    front count as well, in a text where codes of others are not expected by themselves. The work grows with the text
    and no faster, whatever stands in it.
    """
    least = LENGTH - 1 if eight else LENGTH
    if text.isascii() and sum(map(str.isdecimal, text)) < least:
        return None
    plain = _plain(text)
    if sum(map(str.isdecimal, plain)) < least:
        return None
    for match in _CHAIN.finditer(plain):
        has_plus = match.string[match.start() - 1 : match.start()] == "+"
        for digits in _candidates(match[0], has_plus=has_plus):
            if _passes(digits):
                return digits
    return next(filter(_passes, _written_otherwise(plain)), None) or (_find_eight(plain) if eight else None)


def _written_otherwise(plain: str) -> Iterator[str]:
    """Those that are grouped as a BSN, with anything between the groups: "123/456/782", "(123)(456)(782)"."""
    for match in _WIDE.finditer(plain):
        if not _CHAIN.fullmatch(match[1]):  # that is looked at with what stands beside it
            yield "".join(filter(str.isdecimal, match[1]))


def _find_eight(plain: str) -> str | None:
    """Eight digits that are a BSN with the 0 in front that was left out, and are not said to be another number."""
    for match in _EIGHT.finditer(plain):
        digits = "0" + "".join(filter(str.isdecimal, match[1]))
        is_named = _NAMED.search(plain, max(match.start() - 60, 0), match.start()) is not None
        if _passes(digits) and not is_named and not _EIGHT_DATE.fullmatch(match[1]):
            return digits
    return None


def _plain(text: str) -> str:
    """The text with its digits and separators in ASCII, and without dates, times and UUIDs."""
    plain = _UUID.sub("x", text).translate(_PLAIN)
    if _HIDDEN in plain:
        plain = re.sub("~?([-. ])~?", r"\1", re.sub("~+", _HIDDEN, plain))
    return _TRUNK_ZERO.sub(r"\1 ", _TIME.sub("x", _DATE.sub("x", plain)))


def _plain_character(character: str) -> str:  # noqa: PLR0911 - a table, in the order in which it is looked up
    digit = unicodedata.digit(character, None)
    if digit is not None:
        return str(digit)
    if character.isnumeric() and (other := unicodedata.normalize("NFKC", character)).isdecimal():
        return other
    number = unicodedata.numeric(character, None)
    if number is not None and number in range(10):
        return str(int(number))
    category = unicodedata.category(character)
    if category == "Zs" or character == "\t":
        return " "
    if category == "Pd" or character in _DASHES:
        return "-"
    if category in {"Cf", "Mn", "Me"}:
        return _HIDDEN
    if character in _DOTS:
        return "."
    return "*" if character == _HIDDEN else character


class _Plain(dict[int, str]):
    """What each character becomes, for `str.translate`; those that are not kept here are looked at each time."""

    def __missing__(self, code: int) -> str:
        return _plain_character(chr(code))


_PLAIN: Final = _Plain({code: _plain_character(chr(code)) for code in range(0x250)})
"""With the characters of the Latin script kept, of which almost all text is; all of Unicode would be 100 MB."""


def _candidates(chain: str, *, has_plus: bool) -> Iterator[str]:
    """The numbers of nine digits that a chain of groups may hold, telephone numbers at its front left out."""
    abroad = (_WITH_PLUS if has_plus else _WITH_ZEROS).match(chain)
    chain = chain[abroad.end() :] if abroad else chain
    yield from _UNBROKEN.findall(chain)
    national = _NATIONAL.match(chain)
    chain = chain[national.end() :] if national else chain
    yield from _spread(chain)


def _spread(chain: str) -> Iterator[str]:
    """Those that are spread over groups: all of the chain, or a part of it that stands out.

    A part stands out where it is written as a BSN commonly is, or where its groups are joined in one way and those
    around it in another: in "2026 12.34.56.78.2" the dots set the last five apart.
    """
    groups, joints = _GROUPS.findall(chain), _JOINTS.findall(chain)
    yield from _joined(groups[: LENGTH + 1])
    for match in _SHAPED.finditer(chain):
        yield "".join(filter(str.isdigit, filter(None, match.groups())))
    first = 0
    for _, same in groupby(joints):
        count = sum(1 for _ in same)
        if count < LENGTH:
            yield from _joined(groups[first : first + count + 1])
        first += count


def _joined(groups: list[str]) -> Iterator[str]:
    """The digits of several groups, where they are as many as a BSN has."""
    digits = "".join(groups)
    if len(digits) == LENGTH and len(groups) > 1:
        yield digits


def _passes(digits: str) -> bool:
    weighed: int = sum(map(mul, _WEIGHTS, map(int, digits)))
    return weighed % 11 == 0
