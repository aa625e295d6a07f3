"""Clients' secrets: kept as salted scrypt hashes (RFC 7914), so that a copy of the database opens nothing."""

import hashlib
import hmac

SALT_BYTES = 16


def hash_secret(secret: str, salt: bytes) -> bytes:
    """The 32 bytes that are kept of a secret; takes about 50 ms on purpose."""
    return hashlib.scrypt(secret.encode(), salt=salt, n=2**14, r=8, p=1, dklen=32)


def is_secret(secret: str, salt: bytes, kept: bytes) -> bool:
    """Whether this is the secret of which `kept` was kept; takes the same time either way."""
    return hmac.compare_digest(hash_secret(secret, salt), kept)
