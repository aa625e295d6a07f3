"""The job that keeps the figures of dossiers up to date."""

from app.insight.history.service import bring_up_to_date
from app.kit.clock import Clock
from app.kit.database.jobs import Job
from app.kit.database.sessions import WriteSession


def bringing_up_to_date(clock: Clock) -> Job:
    """Every minute: what a jeugdbeschermer records shows in the figures while she looks at them."""

    async def run(session: WriteSession) -> None:
        await bring_up_to_date(session, clock())

    return Job("bring-insight-up-to-date", "* * * * *", run)
