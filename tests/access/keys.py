"""Keys and hand-made tokens: those of ours, and those of others."""

import base64
import json
from datetime import timedelta
from functools import cache
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from app.kit.clock import system_clock
from app.settings import Settings

ORGANISATION = UUID("9c1c6d0a-7a55-5a0f-8f2b-1a4c0d9e7b33")
FAR_AWAY = 4_102_444_800
"""The first of January 2100, in seconds since 1970."""


Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@cache
def private_key(name: str = "a") -> ec.EllipticCurvePrivateKey:  # noqa: ARG001 - the name tells the keys apart
    """An EC P-256 key: one for each name."""
    return ec.generate_private_key(ec.SECP256R1())


@cache
def rsa_key() -> rsa.RSAPrivateKey:
    """An RSA key."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def pem(key: Key) -> str:
    """A private key as SIGNING_KEY has it, without a password."""
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


def jwk(kid: str, key: Key) -> dict[str, Any]:
    """A public key as a JWK (RFC 7517)."""
    if isinstance(key, rsa.RSAPrivateKey):
        return {**RSAAlgorithm.to_jwk(key.public_key(), as_dict=True), "kid": kid, "use": "sig", "alg": "RS256"}
    return {**ECAlgorithm.to_jwk(key.public_key(), as_dict=True), "kid": kid, "use": "sig", "alg": "ES256"}


def claims(settings: Settings, **changes: Any) -> dict[str, Any]:
    """The claims of a good token of a GI of ours; None takes one out."""
    now = system_clock()
    good = {
        "iss": settings.token_issuer,
        "aud": settings.token_audience,
        "iat": now,
        "exp": now + timedelta(minutes=5),
        "sub": "test-gi",
        "organisation": str(ORGANISATION),
        "role": "gi",
    }
    return {name: value for name, value in {**good, **changes}.items() if value is not None}


def part(content: Any) -> str:
    """One of the three parts of a token."""
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


def unsigned(content: dict[str, Any], **header: str) -> str:
    """A token that says that it needs no signature."""
    return f"{part({'alg': 'none', 'typ': 'JWT', **header})}.{part(content)}."
