"""A real mail server for tests: it speaks SMTP on a port of this machine, and keeps what it is given."""

import asyncio
import ssl
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from app.notifying.mails.mailer import Mailer

SENDER = "Beschikbaarheidswijzer <niet-antwoorden@wijzer.example>"


@dataclass
class Post:
    """The server: `replies` are what it answers instead of taking a mail, by command or address."""

    replies: dict[str, str] = field(default_factory=dict)
    received: list[tuple[list[str], EmailMessage]] = field(default_factory=list)
    connections: int = 0
    login: tuple[str, str] | None = None
    port: int = 0
    tls: ssl.SSLContext | None = None
    """With this it takes mail over TLS only: from the start, or after STARTTLS."""
    from_the_start: bool = False
    cut_after: int | None = None
    """After so many mails it takes one more, and goes away without a word."""
    _server: asyncio.Server | None = None

    async def start(self) -> None:
        """Listens, on the port that it had before if any."""
        loop = asyncio.get_running_loop()
        at_once = self.tls if self.from_the_start else None
        self._server = await loop.create_server(self._protocol, "127.0.0.1", self.port, ssl=at_once)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Goes away: nobody listens any more."""
        if self._server is not None:
            self._server.close()
            self._server = None

    @property
    def url(self) -> str:
        user = f"{self.login[0]}:{self.login[1]}@" if self.login else ""
        return f"smtp://{user}127.0.0.1:{self.port}"

    @property
    def mailer(self) -> Mailer:
        return Mailer(self.url, SENDER)

    def to(self, address: str) -> list[EmailMessage]:
        """What was received for an address."""
        return [message for recipients, message in self.received if recipients == [address]]

    def _protocol(self) -> SMTP:
        self.connections += 1
        authentication: dict[str, Any] = (
            {"authenticator": self._authenticate, "auth_required": True, "auth_require_tls": False}
            if self.login
            else {}
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns of a password without TLS
            later = None if self.from_the_start else self.tls
            return SMTP(
                self, enable_SMTPUTF8=False, tls_context=later, require_starttls=later is not None, **authentication
            )

    def _authenticate(self, _: SMTP, __: Session, ___: Envelope, ____: str, given: Any) -> AuthResult:
        assert isinstance(given, LoginPassword)
        return AuthResult(success=self.login == (given.login.decode(), given.password.decode()), handled=False)

    async def handle_MAIL(  # noqa: N802 - aiosmtpd calls it by this name
        self, _: SMTP, __: Session, envelope: Envelope, address: str, ___: list[str]
    ) -> str:
        if "MAIL" in self.replies:
            return self.replies["MAIL"]
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 - as above
        self, _: SMTP, __: Session, envelope: Envelope, address: str, ___: list[str]
    ) -> str:
        if address in self.replies:
            return self.replies[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _: Session, envelope: Envelope) -> str:  # noqa: N802 - as above
        if "DATA" in self.replies:
            return self.replies["DATA"]
        assert isinstance(envelope.content, bytes)
        message = message_from_bytes(envelope.content, policy=default)
        assert isinstance(message, EmailMessage)
        self.received.append((envelope.rcpt_tos, message))
        if self.cut_after is not None and len(self.received) > self.cut_after:
            self.cut_after = None
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        return "250 Taken"


def words(message: EmailMessage) -> str:
    """What a mail says."""
    content: str = message.get_content()
    return content.replace("\r\n", "\n")


@asynccontextmanager
async def open_post(**fields: Any) -> AsyncIterator[Post]:
    """A server for as long as the block lasts."""
    post = Post(**fields)
    await post.start()
    try:
        yield post
    finally:
        await post.stop()
