"""What a key of somebody's own making may not hold: a date, or what is written as a name.

A key (a child's reference, a request id) goes where nothing about a child may be: in logs, or to be kept. Its form has
no place for free text; this looks for what could be put in it all the same.
"""

import re
from typing import Final, Literal

_YEAR, _MONTH, _DAY = "(?:19|20)[0-9]{2}", "(?:0[1-9]|1[0-2])", "(?:0[1-9]|[12][0-9]|3[01])"
_SHORT_MONTH, _SHORT_DAY = "(?:0?[1-9]|1[0-2])", "(?:0?[1-9]|[12][0-9]|3[01])"
_MONTH_NAME: Final = (
    "jan|januari|january|feb|februari|february|mrt|maart|march|apr|april|mei|may|jun|juni|june|jul|juli|july"
    "|aug|augustus|august|sep|sept|september|okt|oct|oktober|october|nov|november|dec|december"
)
_JOINT: Final = "[._~/:-]"
_DATE: Final = re.compile(
    f"(?<![0-9])(?:{_YEAR}{_MONTH}{_DAY}|{_DAY}{_MONTH}{_YEAR}"
    f"|{_YEAR}{_JOINT}{_SHORT_MONTH}{_JOINT}{_SHORT_DAY}|{_SHORT_DAY}{_JOINT}{_SHORT_MONTH}{_JOINT}(?:{_YEAR}|[0-9]{{2}})"
    f"|(?i:(?<![a-z])(?:{_SHORT_DAY}{_JOINT}?)?(?:{_MONTH_NAME}){_JOINT}?(?:{_YEAR}|[0-9]{{2}}))"
    ")(?![0-9])"
)
"""20140512, 12052014, 2014-05-12, 12-5-14, mei2014; not 2026-0147 and 2026-10, which are a year with a number."""
_NAME: Final = re.compile("(?<![A-Za-z])[A-Z][a-z]{2,}")
_WORDS: Final = re.compile("[A-Za-z]{3,}")
_RANDOM: Final = re.compile(
    "(?<![0-9A-Za-z])(?:(?i:[0-9a-f]{16,}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})|[0-9A-HJKMNP-TV-Z]{26})"
    "(?![0-9A-Za-z])"
)
"""Ids that machines draw: hexadecimal numbers, UUIDs, ULIDs."""

Held = Literal["date", "name"]


def find_in_key(key: str) -> Held | None:
    """What a key holds that it may not: a date, or a name (a word with a capital, or several words); None for nothing.

    "kind-2026-31" and UUIDs hold nothing; "20140512" a date; "Jansen-1" and "piet-jansen-1" a name. One word in small
    letters may be any word, so "jansen-1" is not known from "gezin-1".
    """
    plain = _RANDOM.sub("0", key)
    if _DATE.search(plain):
        return "date"
    if _NAME.search(plain) or len(_WORDS.findall(plain)) > 1:
        return "name"
    return None
