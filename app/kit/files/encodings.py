"""How a text file is encoded that does not say so: one of those in which Excel saves, by the words that come out.

Windows-1252 is what Excel saves as CSV and as text, code page 850 as "CSV (MS-DOS)", Mac Roman as "CSV (Macintosh)".
Each has a small e with an acute accent at another place, and something else where another has it:

| byte | Windows-1252 | code page 850 | Mac Roman |
| --- | --- | --- | --- |
| 82 | low quote | é | Ç |
| 8E | Ž | Ä | é |
| E9 | é | Ú | È |

So `caf` and 82 is a Dutch word in code page 850 alone: one with a low quote after it is none, nor is one with a capital
after a small letter.
"""

import codecs
import re
from collections import Counter
from collections.abc import Iterable
from typing import BinaryIO, Final

_BOMS: Final = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_CHUNK: Final = 65_536
_UTF8_LETTER: Final = re.compile(rb"[\xc3-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
CANDIDATES: Final = ("cp1252", "cp850", "mac_roman")
"""In the order in which they are taken where nothing tells them apart."""
_ENOUGH: Final = 10_000
"""Words that are looked at."""
_TOKEN: Final = re.compile(rb"[A-Za-z\x80-\xff]{2,}")
_PLAIN: Final = re.compile(rb"[A-Za-z]")
"""Without one of these signs may look like a word in capitals."""
_SMALL: Final = "a-zàáâäçèéêëíîïñóôöúûü"
_CAPITAL: Final = "A-ZÀÁÂÄÇÈÉÊËÍÎÏÑÓÔÖÚÛÜ"
_BEFORE: Final = "\u2018\u2019\u201c\u201e\u20ac\u2022\u2013\u2014\xa0"
"""Opening quotes, an apostrophe, the euro sign, a bullet, dashes and the no-break space."""
_WITHIN: Final = "\u2019\u2013\u2014\xa0"
_AFTER: Final = "\u2019\u201d\u2026\u2013\u2014\xa0"
_DUTCH: Final = re.compile(
    rf"[{_BEFORE}]*(?:[{_CAPITAL}]?[{_SMALL}]+|[{_CAPITAL}]+)(?:[{_WITHIN}][{_CAPITAL}{_SMALL}]+)*[{_AFTER}]*"
)


def encoding_of(file: BinaryIO) -> str:
    """How the file is encoded, as Python calls it; one line that is wrong does not make UTF-8 another."""
    start = file.read(3)
    file.seek(0)
    for bom, name in _BOMS.items():
        if start.startswith(bom):
            return name
    if 0 in start[:2]:  # letters of the heading in two bytes, without a mark
        return "utf-16-be" if start[0] == 0 else "utf-16-le"
    return "utf-8" if _is_utf8(file) else _likeliest(file)


def _is_utf8(file: BinaryIO) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    is_valid, has_letters = True, False
    more = True
    while more:
        chunk = file.read(_CHUNK)
        has_letters = has_letters or _UTF8_LETTER.search(chunk) is not None
        try:
            is_valid = is_valid and decoder.decode(chunk, final=not chunk) is not None
        except UnicodeDecodeError:
            is_valid = False
        more = bool(chunk)
    file.seek(0)
    return is_valid or has_letters


def _likeliest(file: BinaryIO) -> str:
    """That by which most words with letters that are not ASCII are Dutch ones; the first of those that do as well."""
    words, looked_at = Counter[str](), 0
    while looked_at < _ENOUGH and (chunk := file.read(_CHUNK)):
        tokens = [token for token in _TOKEN.findall(chunk) if not token.isascii() and _PLAIN.search(token)]
        words.update(_dutch_by(tokens))
        looked_at += len(tokens)
    file.seek(0)
    return max(CANDIDATES, key=lambda name: words[name])


def _dutch_by(tokens: Iterable[bytes]) -> Iterable[str]:
    """Each encoding for each of these that is a Dutch word by it."""
    for token in tokens:
        yield from (name for name in CANDIDATES if _DUTCH.fullmatch(token.decode(name, "replace")))
