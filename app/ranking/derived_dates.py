"""What follows from a request and today's date: the norm, and which refusals stand."""

from datetime import date, timedelta
from typing import Final, NamedTuple, Self

from app.domain.dates import add_months
from app.ranking.model import Decline, Request

NORM_MONTHS: Final = 3
"""A child with a child-protection measure has the help it needs within three months of that measure."""
AT_ONCE: Final = timedelta(days=7)
"""What still counts as timely where the deadline has passed."""
DECLINE_STANDS_DAYS: Final = 28
"""For so many days after a refusal the same offer need not be asked again for the same child."""
FOR_WANT_OF_ROOM: Final = frozenset({"no-place", "staff-shortage"})
"""Reasons (decline-reasons) of a refusal that stands only until the provider reports on a later day."""


class Norm(NamedTuple):
    """By when help is due. `limit` is later than `deadline` only where help "at once" is all that is left."""

    today: date
    deadline: date
    limit: date

    @classmethod
    def of(cls, request: Request, today: date) -> Self:
        """The norm for a request on that day."""
        deadline = _deadline(request, today)
        return cls(today, deadline, max(deadline, today + AT_ONCE))


def _deadline(request: Request, today: date) -> date:
    """The earlier of the day that is asked for and that of the norm: wanting help later does not move the norm."""
    measure = request.child.binding_measure
    by_norm = None if measure is None else add_months(measure.imposed_on, NORM_MONTHS)
    due = [day for day in (request.needed_by, by_norm) if day is not None]
    return min(due) if due else add_months(today, NORM_MONTHS)


def stands(decline: Decline, today: date, report_age: int) -> bool:
    """Whether a refusal stands on that day by an offer whose report is so many days old, UNKNOWN where there is none.

    One for want of room stands until a report of a later day, which tells of new room.
    """
    days_ago = (today - decline.declined_on).days
    return days_ago < DECLINE_STANDS_DAYS and (decline.reason not in FOR_WANT_OF_ROOM or report_age >= days_ago)
