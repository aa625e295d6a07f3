"""Sealing the audit log, every minute."""

from app.dossiers.audit.service import seal
from app.kit.clock import Clock
from app.kit.database.jobs import Job
from app.kit.database.sessions import WriteSession


def sealing(clock: Clock) -> Job:
    """The job that seals what was recorded since its last turn."""

    async def run(session: WriteSession) -> None:
        while await seal(session, clock()):
            pass

    return Job("seal-audit-log", "* * * * *", run)
