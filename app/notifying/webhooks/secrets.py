"""Secrets of webhooks: made, sealed while they are kept, and signed with (Standard Webhooks 1.0, symmetric `v1`).

A secret has to sign, so a hash of it would not do. It is kept encrypted (AES-256-GCM) with a key that comes from the
environment and never stands in the database, so that a copy of the database signs nothing; it is tied to its webhook,
so that it cannot be put in another's place.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.settings import Settings

PREFIX: Final = "whsec_"
SECRET_BYTES: Final = 32
_KEY_BYTES: Final = 32
_NONCE_BYTES: Final = 12


class WebhookKeyError(ValueError):
    """WEBHOOK_KEYS is not a list of base64 texts of 32 bytes each."""


class SealError(Exception):
    """What was sealed cannot be opened with the keys that there are."""


class Vault:
    """Seals and opens secrets; the first of its keys seals, each of them opens, so that a key can be replaced."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._keys = [AESGCM(key) for key in keys]

    @property
    def can_seal(self) -> bool:
        """Whether there is a key."""
        return bool(self._keys)

    def seal(self, secret: str, webhook_id: UUID) -> bytes:
        """What is kept of a webhook's secret."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._keys[0].encrypt(nonce, secret.encode(), webhook_id.bytes)

    def open(self, sealed: bytes, webhook_id: UUID) -> str:
        """The secret of a webhook; `SealError` where it was sealed with another key or for another webhook."""
        nonce, content = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        for key in self._keys:
            try:
                return key.decrypt(nonce, content, webhook_id.bytes).decode()
            except (InvalidTag, ValueError):
                continue
        raise SealError


def vault_of(settings: Settings) -> Vault:
    """The vault with the keys of WEBHOOK_KEYS; in demo mode, where there are none, with the published demo key."""
    if not settings.webhook_keys:
        demo_key = hashlib.sha256(b"beschikbaarheidswijzer demo mode webhooks").digest()
        return Vault([demo_key] if settings.demo else [])
    return Vault([_key(text.strip()) for text in settings.webhook_keys.get_secret_value().split(",")])


def _key(text: str) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise WebhookKeyError("WEBHOOK_KEYS holds something that is not base64") from error
    if len(key) != _KEY_BYTES:
        raise WebhookKeyError(
            f"each key of WEBHOOK_KEYS has {_KEY_BYTES} bytes; make one with: openssl rand -base64 32"
        )
    return key


def new_secret() -> str:
    """A secret as its owner gets to see it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def sign(secret: str, message_id: str, at: datetime, body: bytes) -> str:
    """The signature of a message under one secret, as it stands in `webhook-signature`."""
    signed = b".".join([message_id.encode(), str(int(at.timestamp())).encode(), body])
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
