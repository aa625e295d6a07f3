"""The one clock of the service; tests bring their own."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """Now, in UTC; its date is `domain.dates.dutch_day` of it."""
    return datetime.now(UTC)  # noqa: TID251 - the one place that asks it


class DatabaseClock:
    """The database's time, so that all machines tell one time, whatever their own clocks say.

    It is this machine's clock (`own`) with what it was found to differ. Each question to the database that brings its
    time says something of that: asked at 10:00:00.000 and answered at 10:00:00.004 by our clock, with 10:02:00.003 in
    the answer, we run behind by between 119.999 and 120.003 seconds. What was found before stays where that allows it.
    """

    def __init__(self, own: Clock = system_clock) -> None:
        self.own = own
        self._differs = timedelta()

    def __call__(self) -> datetime:
        """Now, in UTC, by the database."""
        return self.own() + self._differs

    def hear(self, told: datetime, asked: datetime) -> None:
        """Takes in the time that the database told just now, when it was asked at `asked` by `own`."""
        least, most = told - self.own(), told - asked
        self._differs = max(least, min(self._differs, most))
