"""Sending the mails that wait.

Each is claimed for one attempt, then sent, then marked, so no two processes send one at once, and no transaction is
open while a mail server thinks. What is left is a process that dies, or loses the database, between the server's 250
and the mark: nobody knows then whether the mail went. It is sent again, some minutes later, under the same Message-ID:
better twice, recognisably, than not at all.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from app.kit.clock import Clock, system_clock
from app.kit.database.jobs import Job
from app.kit.database.sessions import Database, WriteSession
from app.kit.monitoring import metrics
from app.kit.monitoring.log_events import MAIL_DONE, MAIL_SERVER_LOST, log
from app.notifying.mails import repository
from app.notifying.mails.mailer import (
    Connection,
    Letter,
    MailDelayedError,
    Mailer,
    MailRefusedError,
    MailServerLostError,
)
from app.notifying.mails.tables import MailRow

KEPT: Final = timedelta(days=30)
"""How long a mail is kept after it was sent or given up: its address may be a person's."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Sends what waits; without a mailer it only gives up what is too late."""

    database: Database
    mailer: Mailer | None
    clock: Clock

    async def send_due(self) -> None:
        """Sends every mail that is due, until the server is lost: then what is left waits for another time."""
        async with self.database.write() as session:
            now = self.clock()
            expired = await repository.expire(session, now)
            due = await repository.any_due(session, now)
        if expired:
            metrics.MAILS.labels("expired").inc(expired)
        if self.mailer is None or not due:
            return
        try:
            async with self.mailer.connected() as connection:
                while await self._send_next(connection):
                    pass
        except MailServerLostError as error:
            metrics.MAILS.labels("lost").inc()
            log(MAIL_SERVER_LOST, error=str(error))

    async def _send_next(self, connection: Connection) -> bool:
        async with self.database.write() as session:
            mail = await repository.claim(session, self.clock())
        if mail is None:
            return False
        outcome, reply = await _attempt(connection, mail)
        async with self.database.write() as session:
            if outcome == "delayed":
                await repository.delay(session, mail.id, reply or "")
            else:
                await repository.finish(session, mail.id, outcome, reply, self.clock())
        metrics.MAILS.labels(outcome).inc()
        log(MAIL_DONE, mail=mail.id, outcome=outcome, attempts=mail.attempts)
        return True

    def job(self) -> Job:
        """The job that sends, every half minute; its transactions are its own."""

        async def run(_: WriteSession) -> None:
            await self.send_due()

        return Job("send-mails", "* * * * * */30", run)


async def _attempt(connection: Connection, mail: MailRow) -> tuple[repository.Outcome, str | None]:
    letter = Letter(mail.key, mail.recipient, mail.subject, mail.body, mail.language, mail.queued_at)
    try:
        await connection.send(letter)
    except MailRefusedError as error:
        return "refused", str(error)
    except MailDelayedError as error:
        return "delayed", str(error)
    return "sent", None


async def _prune(session: WriteSession) -> None:
    await repository.prune(session, system_clock() - KEPT)


PRUNING = Job("prune-mails", "29 3 * * *", _prune)
