"""TLS asks for the certificate of the name, although the connection is made to the address that was checked."""

import ssl
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from app.kit.clock import system_clock
from app.notifying.webhooks.attempt_outcomes import Attempt
from app.notifying.webhooks.sender import Sender
from app.notifying.webhooks.targets import Targets
from tests.notifying.webhooks.receiver import receiving

HOST = "hook.example.nl"


async def to_loopback(_: str, __: int) -> Sequence[str]:
    return ["127.0.0.1"]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for HOST that signed itself, and its key, in one file."""
    key, now = ec.generate_private_key(ec.SECP256R1()), system_clock()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    path.write_bytes(private + builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    return path


async def sent(certificate: Path, host: str, *, trusted: bool = True) -> tuple[Attempt, int]:
    """What comes of sending to this name, and how many messages arrive."""
    serving = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    serving.load_cert_chain(certificate)
    context = ssl.create_default_context(cafile=certificate if trusted else None)
    async with receiving(serving) as receiver:
        target = await Targets([host], to_loopback).check(f"https://{host}:{receiver.port}/")
        sender = Sender(context, patience=10)
        async with sender.client() as client:
            attempt = await sender.send(client, target, {}, b"{}")
        return attempt, len(receiver.messages)


async def test_the_certificate_of_the_name_is_taken(certificate: Path) -> None:
    assert await sent(certificate, HOST) == (Attempt(204), 1)


async def test_the_certificate_of_another_name_is_not(certificate: Path) -> None:
    assert await sent(certificate, "ander.example.nl") == (Attempt(error="tls"), 0)
    assert await sent(certificate, "127.0.0.1") == (Attempt(error="tls"), 0)


async def test_nor_is_one_that_nobody_vouches_for(certificate: Path) -> None:
    assert await sent(certificate, HOST, trusted=False) == (Attempt(error="tls"), 0)


async def test_nothing_in_the_environment_leads_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy, no certificates of another, no password for a host."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    async with receiving() as receiver, Sender().client() as client:
        assert isinstance(client, httpx.AsyncClient)
        target = await Targets(["127.0.0.1"], to_loopback).check(receiver.url)
        assert await Sender().send(client, target, {}, b"{}") == Attempt(204)
