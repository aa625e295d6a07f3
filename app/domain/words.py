"""Texts as they are searched: however they are written, the same words are the same."""

import re
import unicodedata
from typing import Final

_MARKS: Final = re.compile("[\u0300-\u036f]")
_LETTERS: Final = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "Ø": "o", "Ł": "l", "Đ": "d"}
)
_RULES: Final = (
    (re.compile(r"([^\W_])[-/\u2010\u2011\u2013\u2014](?=[^\W_])"), r"\1 "),
    (re.compile(r"([^\W_])['\u2019]s\b"), r"\1"),
    (re.compile(r"zen\b"), "sen"),
    (re.compile(r"ven\b"), "fen"),
    (re.compile(r"ieen\b"), "ie"),
    (re.compile(r"([^\W_]{3}e)s\b"), r"\1"),
)
_SHORTEST: Final = 4


def search_text(text: str) -> str:
    """The text without accents, case and hyphens, plurals in a form whose stem is the singular's.

    The database has the same function, for what it keeps (migration 0013).
    """
    found = _MARKS.sub("", unicodedata.normalize("NFKD", text)).lower().translate(_LETTERS)
    for pattern, replacement in _RULES:
        found = pattern.sub(replacement, found)
    return found


def singular(word: str) -> str:
    """What a word of a search text begins with in the singular too."""
    for ending in ("en", "s"):
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= _SHORTEST:
            undoubled = len(stem) > _SHORTEST and stem[-1] == stem[-2]
            return stem[:-1] if undoubled else stem
    return word
