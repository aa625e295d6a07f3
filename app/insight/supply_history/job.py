"""The job that keeps the figures of supply up to date."""

from app.insight.supply_history.service import bring_up_to_date
from app.kit.clock import Clock
from app.kit.database.jobs import Job
from app.kit.database.sessions import WriteSession


def keeping_supply(clock: Clock) -> Job:
    """Every ten minutes: a day is written soon after it is over, and the figures of today follow the reports."""

    async def run(session: WriteSession) -> None:
        await bring_up_to_date(session, clock())

    return Job("keep-supply-history", "*/10 * * * *", run)
