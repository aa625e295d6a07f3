"""Texts as they are searched: however they are written, the same words are the same."""

import re
import unicodedata
from typing import Final

_MARKS: Final = re.compile("[\u0300-\u036f]")
_LETTERS: Final = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "Ø": "o", "Ł": "l", "Đ": "d"}
    | dict.fromkeys("\u2018\u2019\u201a\u201b\u2032", "'")
    | dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb", '"')
    | dict.fromkeys("\u2010\u2012\u2013\u2014\u2015\u2022\u00b7", " ")
)
_RULES: Final = (
    (re.compile(r"([^\W_])[-/](?=[^\W_])"), r"\1 "),
    (re.compile(r"[-/](?![^\W_])"), " "),
    (re.compile(r"([^\W_])'s\b"), r"\1"),
    (re.compile(r"zen\b"), "sen"),
    (re.compile(r"ven\b"), "fen"),
    (re.compile(r"ieen\b"), "ie"),
    (re.compile(r"([^\W_]{3}e)s\b"), r"\1"),
)
_SHORTEST: Final = 4


def search_text(text: str) -> str:
    """The text without accents, case, hyphens and curly quotes, plurals in a form whose stem is that of the singular.

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
