"""Which explanations a line adds, as a table: what was said before, at which hour, and what is said now."""

from datetime import UTC, datetime

import pytest

from app.dossiers.deliveries.plan import unsaid
from app.dossiers.deliveries.schemas import WaitingChildIn
from app.dossiers.requests.tables import ExplanationRow

CAUSES = {"A": "waiting-list", "B": "no-contract", "C": "budget-ceiling"}


def _row(said: str) -> ExplanationRow:
    cause, hour = said[0], said[1:]
    at = datetime(2026, 11, 22, int(hour), tzinfo=UTC)
    return ExplanationRow(clock="help", cause=CAUSES[cause], text="Geen plek.", at=at)


@pytest.mark.parametrize(
    ("before", "now", "adds"),
    [
        ("", "A", "A"),
        ("A1", "A", ""),
        ("A1", "AB", "AB"),
        ("A1 B1", "AB", ""),
        ("A1 B1", "BA", ""),  # in whatever order
        ("A1 B2", "AB", ""),  # one by one, by hand
        ("A1 B1", "B", "B"),  # A holds no more
        ("A1 B1 B2", "B", ""),
        ("A1 B1 B2", "AB", "AB"),  # A holds again
        ("A1 B2", "A", "A"),
        ("C1 A2 B2", "AB", ""),
        ("C2 A2 B2", "AB", "AB"),
    ],
)
def test_what_a_line_adds(before: str, now: str, adds: str) -> None:
    child = WaitingChildIn.model_validate(
        {"childReference": "K-1", "causes": [CAUSES[each] for each in now], "explanation": "Geen plek."}
    )
    found = unsaid(child, [_row(each) for each in before.split()])
    assert [each.cause for each in found] == [CAUSES[each] for each in adds]


def test_a_line_without_causes_adds_nothing() -> None:
    assert unsaid(WaitingChildIn.model_validate({"childReference": "K-1"}), []) == []
