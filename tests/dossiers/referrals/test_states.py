"""Which decision can be taken when, by whom, and how the places move along: every pair, written out."""

from itertools import product

import pytest

from app.dossiers.referrals.states import (
    DECISIONS,
    OPEN,
    STATUSES,
    UNANSWERED,
    DecisionCode,
    Status,
    next_status,
    possible,
)

TABLE = {
    # status: see, accept, waitlist, decline, delay, left, withdraw, start, end
    "sent": ("seen", "accepted", "waitlisted", "declined", None, None, "withdrawn", None, None),
    "seen": (None, "accepted", "waitlisted", "declined", None, None, "withdrawn", None, None),
    "waitlisted": (None, "accepted", "waitlisted", "declined", None, None, "withdrawn", None, None),
    "accepted": (None, None, None, "declined", "accepted", None, "withdrawn", "started", None),
    "declined": (None, None, None, None, None, None, None, None, None),
    "withdrawn": (None, None, None, None, None, None, None, None, None),
    "started": (None, None, None, None, None, "started", None, None, "ended"),
    "ended": (None, None, None, None, None, None, None, None, None),
}
BY_PROVIDER = {"see", "accept", "waitlist", "decline", "delay", "left"}
PAIRS = list(product(STATUSES, DECISIONS))


def test_the_table_is_whole() -> None:
    assert tuple(TABLE) == ("sent", "seen", "waitlisted", "accepted", "declined", "withdrawn", "started", "ended")
    assert set(TABLE) == set(STATUSES)


@pytest.mark.parametrize(("status", "decision"), PAIRS)
def test_every_decision_in_every_status(status: Status, decision: DecisionCode) -> None:
    expected = TABLE[status][DECISIONS.index(decision)]
    assert next_status(status, decision) == expected
    in_time = expected is not None
    assert (decision in possible(status, "provider")) == (in_time and decision in BY_PROVIDER)
    assert (decision in possible(status, "institution")) == (in_time and decision not in BY_PROVIDER)
    assert (decision in possible(status, "institution", has_provider=False)) == in_time


def test_open_is_where_help_may_still_start_and_unanswered_where_the_provider_is_asked() -> None:
    reachable = {status for status in STATUSES if "started" in _reached(status) - {status}}
    assert set(OPEN) == reachable
    assert set(UNANSWERED) == {status for status in STATUSES if next_status(status, "waitlist")} - {"waitlisted"}


def _reached(status: str) -> set[str]:
    found, to_do = {status}, [status]
    while to_do:
        following = {each for each in TABLE[to_do.pop()] if each} - found
        found |= following
        to_do += following
    return found
