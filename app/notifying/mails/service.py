"""Queueing mail: in the transaction of what it tells of, so that there is no mail of what did not happen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.language import Language, Text
from app.kit.database.sessions import WriteSession
from app.notifying.mails import repository


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail to send.

    `key` says what it tells of and to whom, such as `reminder/<provider>/2/2026-11-22`; the same key is never sent
    twice. `useful_for` is how long it may be late: after that it is not sent any more.
    """

    key: str
    to: str
    subject: Text
    body: Text
    language: Language = "nl"
    useful_for: timedelta = timedelta(days=3)


async def queue(session: WriteSession, mails: Sequence[Mail], now: datetime) -> set[str]:
    """Queues those whose key is new, to go out once this transaction is committed; their keys.

    Without a mail server (setting SMTP_URL) they are kept all the same, and expire.
    """
    if not mails:
        return set()
    rows = [
        {
            "key": mail.key,
            "recipient": mail.to,
            "subject": mail.subject.in_(mail.language),
            "body": mail.body.in_(mail.language),
            "language": mail.language,
            "queued_at": now,
            "useful_until": now + mail.useful_for,
            "next_attempt_at": now,
        }
        for mail in mails
    ]
    return await repository.add_mails(session, rows)
