"""Mail by SMTP (RFC 5321): plain text, to one address at a time, over one connection for all that is to go.

What is sent is known again by its Message-ID (RFC 5322, 3.6.4), which follows from the mail's own key: a mail that had
to go a second time, because nobody knew whether it went the first, is the same mail to whoever receives it.
"""

import asyncio
import hashlib
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import parseaddr
from typing import Final
from urllib.parse import unquote, urlsplit

import aiosmtplib
from aiosmtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused

from app.domain.language import Language
from app.settings import MAIL_ADDRESS, Settings

PATIENCE: Final = 20.0
"""Seconds that the server may take to answer a command."""
LONGEST: Final = 60.0
"""Seconds that one mail may take in all."""
_PORTS: Final = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}


class MailServerLostError(Exception):
    """The server is not there, or takes no mail of ours at all. Whether a mail went when this came up is not known."""


class MailDelayedError(Exception):
    """The server does not take this mail now (a 4xx reply)."""


class MailRefusedError(Exception):
    """This mail is never taken: what the server said of it (a 5xx reply), or that it has no address."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail; of two with the same `key` the receiver can tell that they are one."""

    key: str
    to: str
    subject: str
    body: str
    language: Language
    written_at: datetime


def in_one_line(text: str) -> str:
    """The text without new lines or other control characters: it can end no header, and begin no line of a mail."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())


def message_id(key: str, domain: str) -> str:
    """The Message-ID of the mail with this key."""
    return f"<{hashlib.blake2b(key.encode(), digest_size=20).hexdigest()}@{domain}>"


def compose(letter: Letter, sender: str) -> EmailMessage:
    """The message, as from `sender`; `MailRefusedError` where the letter's address is none that mail can go to."""
    if not MAIL_ADDRESS.fullmatch(letter.to):
        raise MailRefusedError("no address that mail can go to")
    name, address = parseaddr(sender)
    message = EmailMessage(policy=SMTP_POLICY)
    message["From"] = Address(in_one_line(name), addr_spec=address)
    message["To"] = Address(addr_spec=letter.to)
    message["Subject"] = in_one_line(letter.subject)
    message["Date"] = letter.written_at
    message["Message-ID"] = message_id(letter.key, address.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers to it
    message.set_content(letter.body, charset="utf-8", cte="quoted-printable")
    message["Content-Language"] = letter.language
    return message


class Connection:
    """A connection to the mail server; good for as many mails as one likes."""

    def __init__(self, client: aiosmtplib.SMTP, sender: str) -> None:
        self._client = client
        self._sender = sender

    async def send(self, letter: Letter) -> None:
        """Sends it: the server has it when this returns.

        `MailRefusedError` where it never will, `MailDelayedError` where it may later, and `MailServerLostError` where
        the connection is of no more use.
        """
        message = compose(letter, self._sender).as_bytes()
        try:
            async with asyncio.timeout(LONGEST):
                await self._client.sendmail(parseaddr(self._sender)[1], letter.to, message)
        except SMTPRecipientsRefused as error:
            _refuse(error.recipients[0].code, error.recipients[0].message, error)
        except SMTPDataError as error:
            _refuse(error.code, error.message, error)
        except (SMTPException, OSError, TimeoutError) as error:
            raise MailServerLostError(type(error).__qualname__) from error


def _refuse(code: int, reply: str, error: Exception) -> None:
    said = in_one_line(f"{code} {reply}")[:500]
    raise (MailRefusedError if code >= 500 else MailDelayedError)(said) from error


class Mailer:
    """The way to the mail server of the settings."""

    def __init__(self, url: str, sender: str) -> None:
        self._url = urlsplit(url)
        self._sender = sender

    @classmethod
    def of(cls, settings: Settings) -> "Mailer | None":
        """The mailer of these settings; None where they name no server."""
        if settings.smtp_dsn is None or not settings.mail_from:
            return None
        return cls(settings.smtp_dsn, settings.mail_from)

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[Connection]:
        """A connection for as long as the block lasts; `MailServerLostError` where there is none to be had."""
        client = self._client()
        try:
            async with asyncio.timeout(LONGEST):
                await client.connect()
        except (SMTPException, OSError, TimeoutError, ValueError) as error:
            client.close()
            raise MailServerLostError(type(error).__qualname__) from error
        try:
            yield Connection(client, self._sender)
        finally:
            with suppress(SMTPException, OSError, TimeoutError):
                await client.quit(timeout=1)
            client.close()

    def _client(self) -> aiosmtplib.SMTP:
        url = self._url
        return aiosmtplib.SMTP(
            hostname=url.hostname or "localhost",
            port=url.port or _PORTS[url.scheme],
            username=unquote(url.username) if url.username else None,
            password=unquote(url.password) if url.password else None,
            use_tls=url.scheme == "smtps",
            start_tls=url.scheme == "smtp+starttls",
            tls_context=None if url.scheme == "smtp" else ssl.create_default_context(),
            timeout=PATIENCE,
        )
