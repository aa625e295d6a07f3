"""The job that reminds."""

from app.dossiers.deliveries.reminding import remind
from app.kit.clock import Clock
from app.kit.database.jobs import Job
from app.kit.database.sessions import WriteSession


def reminding(clock: Clock) -> Job:
    """Hourly in the working day: the first run of the fifth working day finds all, the others what it missed."""

    async def run(session: WriteSession) -> None:
        await remind(session, clock())

    return Job("remind-institutions", "37 5-16 * * *", run)
