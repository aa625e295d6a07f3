"""The one clock of the service; tests bring their own."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """Now, in UTC; the service's dates are UTC dates, as the report's observed date is."""
    return datetime.now(UTC)  # noqa: TID251 - the one place that asks it
