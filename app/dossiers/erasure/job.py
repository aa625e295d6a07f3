"""Erasing, every night, what was closed longer ago than is kept; and the oldest of the audit log."""

from datetime import timedelta

from app.domain.dates import dutch_day
from app.dossiers.audit.service import purge as purge_audit_log
from app.dossiers.erasure.service import purge
from app.kit.clock import Clock
from app.kit.database.jobs import Job
from app.kit.database.sessions import WriteSession


def erasing(clock: Clock, months: int) -> tuple[Job, Job]:
    """The jobs that erase dossiers that were closed so many months ago, and what the audit log need not keep."""

    async def erase(session: WriteSession) -> None:
        await purge(session, dutch_day(clock()) - timedelta(days=round(months * 30.4375)))

    async def forget(session: WriteSession) -> None:
        await purge_audit_log(session, clock())

    return Job("erase-old-dossiers", "*/10 0-4 * * *", erase), Job("prune-audit-log", "43 2 * * *", forget)
