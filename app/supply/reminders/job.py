"""The job that reminds."""

from app.kit.clock import Clock
from app.kit.database.jobs import Job
from app.kit.database.sessions import WriteSession
from app.settings import Settings
from app.supply.reminders.service import remind


def reminding(settings: Settings, clock: Clock) -> Job:
    """Hourly in the working day. Figures grow old by the date: the first run finds all, the others what it missed."""

    async def run(session: WriteSession) -> None:
        await remind(session, clock(), base=settings.public_url, language=settings.mail_language)

    return Job("remind-providers", "7 5-16 * * *", run)
