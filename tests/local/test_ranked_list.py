"""The answer of a match as the terminal shows it, narrow and wide."""

import io
from typing import Any

import pytest
from rich.console import Console

from scripts.local.ranked_list import print_answer

WHY = "Boven nr. 2: is de eerste keus; nr. 2 is de derde keus [sic]."
ANSWER: dict[str, Any] = {
    "results": [
        {
            "rank": 1,
            "offer": {"name": "Gezinshuis De Vuurtoren Den Helder"},
            "provider": {"name": "Demo Jeugdhulp De Vuurtoren"},
            "choice": 1,
            "expectedStart": "2026-11-22",
            "withinNorm": True,
            "distanceKm": 12.4,
            "contract": {"kind": "supraregional"},
            "explanation": WHY,
            "warnings": [{"code": "figures-old", "detail": "De cijfers zijn 9 dagen oud."}],
        }
    ],
    "alternatives": [
        {
            "offer": {"name": "Gezinshuis De Linde Graft"},
            "provider": {"name": "Demo Wonen De Linde"},
            "choice": 2,
            "expectedStart": None,
            "distanceKm": None,
            "needs": "light-contract",
            "explanation": "Regel een licht contract met gemeente Den Helder.",
        }
    ],
    "excluded": {"total": 2, "byReason": [{"reason": "age", "count": 2, "detail": "Leeftijd past niet"}]},
}


def _printed(width: int, answer: dict[str, Any]) -> str:
    written = io.StringIO()
    print_answer(Console(file=written, width=width, markup=False), answer)
    return written.getvalue()


def _words(printed: str) -> str:
    """The words of the cells, row after row, without the lines of the table."""
    return " ".join("".join(" " if sign in "│┃━─┏┓┗┛├┤┼┡┩╇┳┴└┘" else sign for sign in printed).split())


@pytest.mark.parametrize("width", [80, 100, 140, 200])
def test_fits_and_says_all(width: int) -> None:
    printed = _printed(width, ANSWER)
    assert max(map(len, printed.splitlines())) <= width
    words = _words(printed)
    for word in ("22-11-2026", "op tijd", "12", "bovenregionaal", "onbekend", "?", "licht contract", "1e", "2e"):
        assert word in words
    assert "2 Leeftijd past niet" in words
    for sentence in (WHY, "De cijfers zijn 9 dagen oud.", "Regel een licht contract met gemeente Den Helder."):
        assert [word for word in sentence.split() if word not in words] == []


def test_says_that_there_is_nothing() -> None:
    assert "Geen enkel aanbod past" in _printed(100, {"results": [], "alternatives": [], "excluded": {"total": 0}})
