"""Secrets: signed as the reference implementation verifies, and unreadable in the database."""

import base64
from uuid import UUID, uuid4

import pytest
from pydantic import SecretStr
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from app.kit.clock import system_clock
from app.notifying.webhooks.secrets import (
    SealError,
    Vault,
    WebhookKeyError,
    new_secret,
    sign,
    vault_of,
)
from app.settings import Settings

ONE, TWO = b"1" * 32, b"2" * 32
OWNER = UUID(int=1)


def headers(secret: str, body: bytes, message_id: str = "msg_1") -> dict[str, str]:
    now = system_clock()
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": sign(secret, message_id, now, body),
    }


def test_the_reference_implementation_takes_our_signature() -> None:
    secret, body = new_secret(), '{"naïef": "ë"}'.encode()
    assert Webhook(secret).verify(body, headers(secret, body)) == {"naïef": "ë"}


@pytest.mark.parametrize("change", [{"webhook-id": "msg_2"}, {"webhook-timestamp": "0"}])
def test_what_was_changed_on_the_way_is_refused(change: dict[str, str]) -> None:
    secret = new_secret()
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(b"{}", headers(secret, b"{}") | change)
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(b"[]", headers(secret, b"{}"))
    with pytest.raises(WebhookVerificationError):
        Webhook(new_secret()).verify(b"{}", headers(secret, b"{}"))


def test_a_secret_has_as_many_bytes_as_the_standard_asks() -> None:
    secrets = {new_secret() for _ in range(10)}
    assert len(secrets) == 10
    for secret in secrets:
        assert secret.startswith("whsec_")
        assert 24 <= len(base64.b64decode(secret.removeprefix("whsec_"))) <= 64


def test_a_sealed_secret_opens_for_its_own_webhook_only() -> None:
    vault, secret = Vault([ONE]), new_secret()
    sealed = vault.seal(secret, OWNER)
    assert secret.encode() not in sealed
    assert base64.b64decode(secret.removeprefix("whsec_")) not in sealed
    assert vault.open(sealed, OWNER) == secret
    assert vault.seal(secret, OWNER) != sealed
    for wrong, owner in ((sealed, uuid4()), (sealed[:-1] + bytes([sealed[-1] ^ 1]), OWNER)):
        with pytest.raises(SealError):
            vault.open(wrong, owner)


def test_a_key_can_be_replaced() -> None:
    secret = new_secret()
    sealed = Vault([ONE]).seal(secret, OWNER)
    both = Vault([TWO, ONE])
    assert both.open(sealed, OWNER) == secret
    again = both.seal(secret, OWNER)
    assert Vault([TWO]).open(again, OWNER) == secret
    with pytest.raises(SealError):
        Vault([TWO]).open(sealed, OWNER)


def made_with(keys: str | None, *, demo: bool = False) -> Vault:
    signing = None if demo else SecretStr("x")
    secret = None if keys is None else SecretStr(keys)
    url = SecretStr("postgresql+asyncpg://x")
    return vault_of(Settings(database_url=url, demo=demo, signing_key=signing, webhook_keys=secret))


def test_keys_come_from_the_environment() -> None:
    one, two = base64.b64encode(ONE).decode(), base64.b64encode(TWO).decode()
    sealed = made_with(one).seal("whsec_a", OWNER)
    assert made_with(f"{two}, {one}").open(sealed, OWNER) == "whsec_a"
    assert not made_with(None).can_seal
    assert not made_with("").can_seal
    assert made_with(None, demo=True).can_seal


@pytest.mark.parametrize("keys", ["geen base64!", base64.b64encode(b"kort").decode(), ","])
def test_a_key_that_is_none_stops_the_start(keys: str) -> None:
    with pytest.raises(WebhookKeyError):
        made_with(keys)
