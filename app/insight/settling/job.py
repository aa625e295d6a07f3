"""The job that settles what may be told of small counts."""

from app.insight.settling.service import settle
from app.kit.clock import Clock
from app.kit.database.jobs import Job
from app.kit.database.sessions import WriteSession


def settling(clock: Clock) -> Job:
    """Every hour, some time into it: the first after midnight does it, when all of the day before is taken in."""

    async def run(session: WriteSession) -> None:
        await settle(session, clock())

    return Job("settle-small-counts", "20 * * * *", run)
