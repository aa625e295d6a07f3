"""Reminding institutions of a month that they have not delivered: once, from the fifth working day of the next on."""

from datetime import date, datetime, timedelta
from typing import Final

from app.domain.dates import YearMonth, dutch_day, dutch_midnight
from app.dossiers.deliveries import repository
from app.kit.database.sessions import WriteSession
from app.kit.working_days import add_working_days
from app.notifying.outbox.service import NewEvent, write_events

WORKING_DAY: Final = 5
"""The working day of a month on which the month before is asked for."""
_CAUGHT_UP: Final = 5
"""Working days in which a service that was away on that day still asks."""


def due_month(today: date) -> date | None:
    """The last day of the month that is asked for today; None where none is.

    >>> due_month(date(2026, 12, 7))
    datetime.date(2026, 11, 30)
    >>> due_month(date(2026, 12, 4)) is None
    True
    """
    last = today.replace(day=1) - timedelta(days=1)
    begins = add_working_days(last, WORKING_DAY)
    return last if begins <= today <= add_working_days(begins, _CAUGHT_UP) else None


async def remind(session: WriteSession, now: datetime) -> int:
    """Reminds every institution that kept a waiting child at the end of last month and has not accounted for it.

    How many. Each gets an event (delivery.due), of which its webhooks are told, and its mails where it asked for them.
    """
    last = due_month(dutch_day(now))
    if last is None:
        return 0
    month = str(YearMonth.of(last))
    before = dutch_midnight(last + timedelta(days=1))
    due = await repository.add_reminders(session, month, last, before, now)
    await write_events(
        session,
        *(
            NewEvent(
                type="delivery.due",
                subject=str(organisation_id),
                organisation_id=organisation_id,
                time=now,
                data={"month": month},
            )
            for organisation_id in due
        ),
    )
    return len(due)
