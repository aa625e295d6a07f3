"""Statements on mails. A mail is claimed by one process for one attempt, in a transaction that ends before it goes."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from sqlalchemy import Interval, delete, exists, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert

from app.kit.database.sessions import ReadSession, WriteSession
from app.notifying.mails.tables import MailRow

RETRY: Final = timedelta(minutes=5)
"""The time from one attempt to the next; twice as long after each. No attempt takes that long (kit.mail.LONGEST)."""
LONGEST_RETRY: Final = timedelta(hours=6)

Outcome = Literal["sent", "refused", "delayed"]
"""What came of an attempt."""


async def add_mails(session: WriteSession, rows: Sequence[Mapping[str, Any]]) -> set[str]:
    """Adds those whose key is new; the keys of those."""
    statement = insert(MailRow).values(list(rows)).on_conflict_do_nothing(index_elements=[MailRow.key])
    return set((await session.scalars(statement.returning(MailRow.key))).all())


async def expire(session: WriteSession, now: datetime) -> int:
    """Gives up the mails that have been of use; how many."""
    overdue = update(MailRow).where(MailRow.status == "waiting", MailRow.useful_until <= now)
    statement = overdue.values(status="expired", done_at=now).returning(MailRow.id)
    return len((await session.scalars(statement)).all())


async def any_due(session: ReadSession | WriteSession, now: datetime) -> bool:
    """Whether there is a mail to send."""
    return bool(await session.scalar(select(exists().where(*_due(now)))))


async def claim(session: WriteSession, now: datetime) -> MailRow | None:
    """The mail that has waited longest, which no other process gets until its next attempt is due."""
    first = select(MailRow.id).where(*_due(now)).order_by(MailRow.next_attempt_at, MailRow.id).limit(1)
    seconds = func.least(
        RETRY.total_seconds() * func.power(2, func.least(MailRow.attempts, 10)), LONGEST_RETRY.total_seconds()
    )
    pause = func.make_interval(0, 0, 0, 0, 0, 0, seconds, type_=Interval)
    statement = (
        update(MailRow)
        .where(MailRow.id == first.with_for_update(skip_locked=True).scalar_subquery())
        .values(attempts=MailRow.attempts + 1, next_attempt_at=literal(now) + pause)
        .returning(MailRow)
        .execution_options(populate_existing=True)
    )
    return await session.scalar(statement)


def _due(now: datetime) -> Sequence[Any]:
    return MailRow.status == "waiting", MailRow.next_attempt_at <= now, MailRow.useful_until > now


async def finish(
    session: WriteSession, mail_id: int, status: Literal["sent", "refused"], reply: str | None, now: datetime
) -> None:
    """Says what became of a mail; that it was sent holds, whatever was thought before."""
    known = MailRow.status != "sent" if status == "sent" else MailRow.status == "waiting"
    statement = update(MailRow).where(MailRow.id == mail_id, known)
    await session.execute(statement.values(status=status, done_at=now, reply=reply))


async def delay(session: WriteSession, mail_id: int, reply: str) -> None:
    """Notes why an attempt came to nothing."""
    await session.execute(update(MailRow).where(MailRow.id == mail_id, MailRow.status == "waiting").values(reply=reply))


async def prune(session: WriteSession, before: datetime) -> None:
    """Forgets the mails that were done before then."""
    await session.execute(delete(MailRow).where(MailRow.done_at < before))
