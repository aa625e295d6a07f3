"""What follows from an attempt: a table, and the whole course of three days."""

from datetime import UTC, datetime, timedelta

import pytest

from app.notifying.webhooks.attempt_outcomes import (
    GIVE_UP_AFTER,
    LONGEST_PAUSE,
    Attempt,
    Outcome,
    decide,
    pause,
    read_retry_after,
)

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("attempt", "state", "error", "after"),
    [
        (Attempt(200), "delivered", None, None),
        (Attempt(204), "delivered", None, None),
        (Attempt(299), "delivered", None, None),
        (Attempt(301), "pending", "redirect", 10),  # never followed
        (Attempt(304), "pending", "redirect", 10),
        (Attempt(400), "pending", "status", 10),  # its receiver may be mended
        (Attempt(404), "pending", "status", 10),
        (Attempt(500), "pending", "status", 10),
        (Attempt(error="timeout"), "pending", "timeout", 10),
        (Attempt(error="private-address"), "pending", "private-address", 10),
        (Attempt(429, retry_after="120"), "pending", "status", 120),
        (Attempt(503, retry_after="120"), "pending", "status", 120),
        (Attempt(503, retry_after="1"), "pending", "status", 10),  # never sooner than our own pause
        (Attempt(503, retry_after="Sun, 22 Nov 2026 10:05:00 GMT"), "pending", "status", 300),
        (Attempt(503, retry_after="soon"), "pending", "status", 10),
        (Attempt(500, retry_after="120"), "pending", "status", 10),  # it has no meaning there
        (Attempt(503, retry_after="999999999999999999999"), "pending", "status", 3 * 24 * 3600),
    ],
)
def test_a_first_attempt(attempt: Attempt, state: str, error: str | None, after: int | None) -> None:
    due = None if after is None else NOW + after * SECOND
    assert decide(attempt, 1, NOW, NOW, 0) == Outcome(state, error, due)  # type: ignore[arg-type]  # of the table


def test_who_is_gone_is_never_tried_again() -> None:
    assert decide(Attempt(410), 1, NOW, NOW, 0) == Outcome("dead", "gone", gone=True)


def test_pauses_double_up_to_six_hours_and_are_never_alike() -> None:
    assert [pause(number, 0).total_seconds() for number in range(1, 6)] == [10, 20, 40, 80, 160]
    assert [pause(number, 0) for number in (12, 13, 100)] == [
        timedelta(seconds=20_480),
        LONGEST_PAUSE,
        LONGEST_PAUSE,
    ]
    assert pause(1, 1) == timedelta(seconds=12)
    assert pause(100, 1) == LONGEST_PAUSE * 1.2


@pytest.mark.parametrize("chance", [0.0, 0.5, 1.0])
def test_the_last_attempt_is_at_the_end_of_three_days(chance: float) -> None:
    at, times = NOW, []
    while True:
        times.append(at)
        outcome = decide(Attempt(500), len(times), NOW, at, chance)
        if outcome.due_at is None:
            break
        at = outcome.due_at
    assert (outcome.state, outcome.error) == ("dead", "status")
    assert times[-1] == NOW + GIVE_UP_AFTER
    assert 18 <= len(times) <= 26
    assert times == sorted(times)


def test_an_answer_after_three_days_still_counts() -> None:
    late = NOW + GIVE_UP_AFTER + timedelta(hours=1)
    assert decide(Attempt(200), 9, NOW, late, 0).state == "delivered"
    assert decide(Attempt(500), 9, NOW, late, 0).state == "dead"


@pytest.mark.parametrize("text", ["", "-1", "1.5", "١٢", "Sun, 99 Nov 2026 10:05:00 GMT", "x" * 5000])
def test_what_is_no_time_to_come_back(text: str) -> None:
    assert read_retry_after(text, NOW) is None
