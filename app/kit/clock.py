"""The time of the question: read once a request, so that one answer has one now, and tests set it."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Request

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """Now, in UTC; a day of the service is a Dutch day (`dutch_day`)."""
    return datetime.now(UTC)  # noqa: TID251 - the one place that asks it


async def _now(request: Request) -> datetime:
    clock: Clock = request.app.state.clock
    return clock()


Now = Annotated[datetime, Depends(_now)]
"""The moment of this request, with time zone UTC."""
