"""One mail over SMTP: how it looks, what a hostile text cannot do, and what the server's answers come to."""

import socket
import ssl
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from app.kit.clock import system_clock
from app.notifying.mails.mailer import (
    Letter,
    MailDelayedError,
    Mailer,
    MailRefusedError,
    MailServerLostError,
    compose,
    in_one_line,
    message_id,
)
from app.settings import Settings
from tests.notifying.mails.post import SENDER, open_post, words

TO = "aanmelden@vuurtoren.example"


def letter(**fields: str) -> Letter:
    given = {"to": TO, "subject": "Cijfers van één week oud", "body": "Beste aanbieder,\n\nGroet.\n", **fields}
    return Letter(
        given.get("key", "reminder/1"),
        given["to"],
        given["subject"],
        given["body"],
        "nl",
        datetime(2026, 11, 22, tzinfo=UTC),
    )


async def test_a_mail_arrives_as_it_was_written() -> None:
    async with open_post() as post:
        async with post.mailer.connected() as connection:
            await connection.send(letter())
        ((recipients, message),) = post.received
    assert recipients == [TO]
    assert message["From"] == SENDER
    assert message["To"] == TO
    assert message["Subject"] == "Cijfers van één week oud"
    assert message["Date"] == "Sun, 22 Nov 2026 00:00:00 +0000"
    assert message["Message-ID"] == message_id("reminder/1", "wijzer.example")
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "nl"
    assert message.get_content_type() == "text/plain"
    assert words(message) == "Beste aanbieder,\n\nGroet.\n"


async def test_one_connection_takes_many_also_after_a_refusal() -> None:
    async with open_post(replies={"weg@vuurtoren.example": "550 5.1.1 no such mailbox"}) as post:
        async with post.mailer.connected() as connection:
            await connection.send(letter(key="1"))
            with pytest.raises(MailRefusedError, match=r"550 5\.1\.1 no such mailbox"):
                await connection.send(letter(key="2", to="weg@vuurtoren.example"))
            await connection.send(letter(key="3"))
        assert post.connections == 1
        assert len({message["Message-ID"] for message in post.to(TO)}) == 2


HOSTILE = "Gezinshuis\r\nBcc: other@example.org\r\n\r\nKlik hier\x00\u2028\x1b[2J"


async def test_a_hostile_text_adds_no_header_and_no_recipient() -> None:
    async with open_post() as post:
        async with post.mailer.connected() as connection:
            await connection.send(letter(subject=HOSTILE, body=".\r\nMAIL FROM:<x@example.org>\r\n.\r\nslot"))
        ((recipients, message),) = post.received
    assert recipients == [TO]
    assert message["Bcc"] is None
    assert message["Subject"] == "Gezinshuis Bcc: other@example.org Klik hier [2J"
    assert words(message) == ".\nMAIL FROM:<x@example.org>\n.\nslot\n"


@given(st.text(), st.text())
def test_no_subject_or_body_makes_another_header(subject: str, body: str) -> None:
    subject, body = (text.encode("utf-8", "ignore").decode() for text in (subject, body))
    written = compose(letter(subject=subject, body=body), SENDER).as_bytes()
    assert written.partition(b"\r\n\r\n")[0].lower().count(b"\r\nto:") == 1
    assert b"\r\nbcc:" not in written.partition(b"\r\n\r\n")[0].lower()


@given(st.text())
def test_one_line_is_one_line(text: str) -> None:
    assert len(in_one_line(text).splitlines()) <= 1


@pytest.mark.parametrize(
    "address",
    [
        *("", "x", "a@b@c.nl", "a,b@c.nl", "a b@c.nl", "<a@c.nl>", "a@c.nl\r\nRCPT TO:<b@c.nl>", '"a b"@c.nl'),
        *("a@[127.0.0.1]", "jörg@c.nl", "a@c.nl ", "A <a@c.nl>", "a@" + "c" * 300 + ".nl"),
    ],
)
async def test_no_mail_goes_to_what_is_no_address(address: str) -> None:
    async with open_post() as post:
        async with post.mailer.connected() as connection:
            with pytest.raises(MailRefusedError):
                await connection.send(letter(to=address))
        assert post.received == []


@pytest.mark.parametrize(
    ("where", "reply", "error"),
    [
        (TO, "550 no such mailbox", MailRefusedError),
        (TO, "451 try again later", MailDelayedError),
        ("DATA", "554 looks like spam", MailRefusedError),
        ("DATA", "452 no room", MailDelayedError),
        ("MAIL", "550 you may not send", MailServerLostError),  # nothing is wrong with this mail
        ("MAIL", "421 closing", MailServerLostError),
    ],
)
async def test_what_a_reply_comes_to(where: str, reply: str, error: type[Exception]) -> None:
    async with open_post(replies={where: reply}) as post, post.mailer.connected() as connection:
        with pytest.raises(error):
            await connection.send(letter())


async def test_a_server_that_is_away_is_lost() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        mailer = Mailer(f"smtp://127.0.0.1:{free.getsockname()[1]}", SENDER)
        with pytest.raises(MailServerLostError):
            async with mailer.connected():
                pass


async def test_a_server_that_goes_away_in_the_middle_is_lost() -> None:
    async with open_post(cut_after=0) as post:
        async with post.mailer.connected() as connection:
            with pytest.raises(MailServerLostError):
                await connection.send(letter())
        assert len(post.received) == 1, "it had it all the same: nobody can know"


async def test_a_password_is_given_and_a_wrong_one_loses_the_server() -> None:
    async with open_post(login=("wijzer", "geheim")) as post:
        async with post.mailer.connected() as connection:
            await connection.send(letter())
        assert len(post.received) == 1
        wrong = Mailer(post.url.replace("geheim", "anders"), SENDER)
        with pytest.raises(MailServerLostError):
            async with wrong.connected():
                pass


async def test_a_server_without_tls_gets_nothing_where_tls_was_asked() -> None:
    async with open_post() as post:
        for scheme in ("smtps", "smtp+starttls"):
            with pytest.raises(MailServerLostError):
                async with Mailer(post.url.replace("smtp", scheme), SENDER).connected():
                    pass
        assert post.received == []


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of 127.0.0.1 with its key, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = system_clock()
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(secret + made.public_bytes(Encoding.PEM))
    return path


@pytest.mark.parametrize(("scheme", "from_the_start"), [("smtps", True), ("smtp+starttls", False)])
async def test_mail_goes_over_tls_to_a_server_that_is_trusted_and_to_no_other(
    certificate: Path, monkeypatch: pytest.MonkeyPatch, scheme: str, from_the_start: bool
) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    async with open_post(tls=tls, from_the_start=from_the_start) as post:
        mailer = Mailer(post.url.replace("smtp", scheme), SENDER)
        with pytest.raises(MailServerLostError):
            async with mailer.connected():
                pass
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        async with mailer.connected() as connection:
            await connection.send(letter())
        assert len(post.received) == 1


def test_a_message_id_follows_from_the_key() -> None:
    assert message_id("a", "x.nl") == message_id("a", "x.nl") != message_id("b", "x.nl")
    assert compose(letter(), "w@x.nl")["Message-ID"] == message_id("reminder/1", "x.nl")


def test_settings_without_a_server_have_no_mailer(settings: Settings) -> None:
    assert Mailer.of(settings) is None


def test_a_message_is_plain_text() -> None:
    message = compose(letter(body="<b>vet</b>"), SENDER)
    assert isinstance(message, EmailMessage)
    assert not message.is_multipart()
    assert message.get_content() == "<b>vet</b>\n"
