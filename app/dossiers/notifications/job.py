"""The job that queues the mails of what happened."""

from app.dossiers.notifications.mails import queue_mails
from app.kit.clock import Clock
from app.kit.database.jobs import Job
from app.kit.database.sessions import WriteSession
from app.settings import Settings


def mailing(settings: Settings, clock: Clock) -> Job:
    """Every quarter of a minute; an event is taken by one process, and one that fails is left for the next turn."""

    async def run(session: WriteSession) -> None:
        await queue_mails(session, clock(), base=settings.public_url, language=settings.mail_language)

    return Job("mail-events", "* * * * * */15", run)
