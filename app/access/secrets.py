"""Clients' secrets: kept as salted Argon2id hashes (RFC 9106), so that a copy of the database opens nothing.

The cost is what OWASP recommends (Password Storage Cheat Sheet, 2025): 19 MiB, two passes, one lane. Hashes of before
(scrypt, RFC 7914) go on working, and are replaced when their client asks for a token again.
"""

import hashlib
import hmac
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SALT_BYTES: Final = 16
_HASHER: Final = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1, salt_len=SALT_BYTES)
_SCRYPT_BYTES: Final = 32


def hash_secret(secret: str, salt: bytes) -> bytes:
    """What is kept of a secret, with its salt and cost in it; takes some 30 ms on purpose."""
    return _HASHER.hash(secret, salt=salt).encode()


def is_secret(secret: str, salt: bytes, kept: bytes) -> bool:
    """Whether this is the secret of which `kept` was kept; where nothing was (b""), False after the same time."""
    if not kept:
        hash_secret(secret, salt)
        return False
    if len(kept) == _SCRYPT_BYTES:
        return hmac.compare_digest(_scrypt(secret, salt), kept)
    try:
        return _HASHER.verify(kept, secret)
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(kept: bytes) -> bool:
    """Whether this was made at another cost, or in another way, than `hash_secret` does now."""
    return len(kept) == _SCRYPT_BYTES or _HASHER.check_needs_rehash(kept.decode())


def _scrypt(secret: str, salt: bytes) -> bytes:
    return hashlib.scrypt(secret.encode(), salt=salt, n=2**14, r=8, p=1, dklen=_SCRYPT_BYTES)
