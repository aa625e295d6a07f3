"""What follows from an attempt to deliver: done, again later, or never again. Pure.

Attempts go on for three days after the first, each about twice as long after the one before; the last one is at the
very end of them.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final, Literal

from app.notifying.webhooks.tables import DeliveryError

GIVE_UP_AFTER: Final = timedelta(days=3)
FIRST_PAUSE: Final = timedelta(seconds=10)
LONGEST_PAUSE: Final = timedelta(hours=6)
JITTER: Final = 0.2
"""By how much of itself a pause is longer at most, so that what failed together does not return together."""

_GONE: Final = 410
_BUSY: Final = (429, 503)


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of an attempt: the status that the target answered with, or why there is none."""

    status: int | None = None
    error: DeliveryError | None = None
    retry_after: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of a delivery; `due_at` where it is tried again, `gone` where the webhook ends with it."""

    state: Literal["pending", "delivered", "dead"]
    error: DeliveryError | None = None
    due_at: datetime | None = None
    gone: bool = False


def error_of(status: int) -> DeliveryError | None:
    """What is wrong with an answer of this status; None where it says that the message was taken (2xx)."""
    if 200 <= status < 300:
        return None
    if status == _GONE:
        return "gone"
    return "redirect" if 300 <= status < 400 else "status"


def decide(attempt: Attempt, number: int, first_at: datetime, now: datetime, chance: float) -> Outcome:
    """What becomes of a delivery after attempt `number` (from 1); `chance` is between 0 and 1."""
    error = attempt.error if attempt.status is None else error_of(attempt.status)
    if error is None:
        return Outcome("delivered")
    if error == "gone":
        return Outcome("dead", error, gone=True)
    last = first_at + GIVE_UP_AFTER
    if now >= last:
        return Outcome("dead", error)
    again = now + pause(number, chance)
    if attempt.status in _BUSY and attempt.retry_after is not None:
        retry_at = read_retry_after(attempt.retry_after, now)
        again = max(again, retry_at) if retry_at is not None else again
    return Outcome("pending", error, min(again, last))


def pause(number: int, chance: float) -> timedelta:
    """How long to wait after attempt `number` (from 1)."""
    doubled: timedelta = FIRST_PAUSE * int(2 ** min(number - 1, 20))
    return min(doubled, LONGEST_PAUSE) * (1 + JITTER * chance)


def read_retry_after(text: str, now: datetime) -> datetime | None:
    """When a target wants to be tried again (RFC 9110, 10.2.3): seconds or a date; None where it is neither."""
    if text.isascii() and text.isdigit():
        return now + min(timedelta(seconds=int(text[:9])), GIVE_UP_AFTER)
    try:
        return parsedate_to_datetime(text).astimezone(UTC)
    except (ValueError, TypeError, OverflowError):
        return None
