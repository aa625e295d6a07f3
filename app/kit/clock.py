"""The one clock of the service; tests bring their own."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """Now, in UTC; its date is `domain.dates.dutch_day` of it."""
    return datetime.now(UTC)  # noqa: TID251 - the one place that asks it
