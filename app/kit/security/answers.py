"""Sealing answers that are kept to be given again: only the request that got one opens it.

An answer may hold a whole dossier. It is encrypted (AES-256-GCM) with a key that is made of the request itself: its
client, its Idempotency-Key, and all of what it sent. None of these is kept, only hashes from which they do not follow,
so a copy of the database opens no answer, and there is no key of ours to keep or to lose. Who repeats the request
brings all of it, and gets the answer to the byte.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE_BYTES: Final = 12


def _hash(purpose: bytes, *parts: bytes) -> bytes:
    digest = hashlib.blake2b(digest_size=32, person=purpose)
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.digest()


@dataclass(frozen=True, slots=True)
class Sealer:
    """What is kept of one request, by what it was: `sent` is a digest of its method, path and content."""

    client_id: str
    key: str
    sent: bytes

    @property
    def kept_key(self) -> str:
        """What stands for its Idempotency-Key among those of the client."""
        return _hash(b"answer key", self.client_id.encode(), self.key.encode()).hex()

    @property
    def fingerprint(self) -> bytes:
        """Tells whether another request with the key is the same."""
        return self._made(b"answer print")

    def seal(self, headers: Mapping[str, str], body: bytes) -> bytes:
        """What is kept of an answer."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        plain = json.dumps(dict(headers)).encode() + b"\n" + body
        return nonce + AESGCM(self._made(b"answer seal")).encrypt(nonce, plain, None)

    def open(self, sealed: bytes) -> tuple[dict[str, str], bytes]:
        """The headers and the body of an answer that this request got; `InvalidTag` for any other."""
        plain = AESGCM(self._made(b"answer seal")).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], None)
        headers, _, body = plain.partition(b"\n")
        return json.loads(headers), body

    def _made(self, purpose: bytes) -> bytes:
        return _hash(purpose, self.client_id.encode(), self.key.encode(), self.sent)
