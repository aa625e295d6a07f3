"""Tokens: JWTs signed with ES256 (RFC 7518), ours and those of one external OpenID Connect issuer."""

import hashlib
import json
import time
from base64 import urlsafe_b64encode
from datetime import datetime, timedelta
from typing import Any

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from jwt.algorithms import ECAlgorithm

from app.domain.language import Text
from app.kit.errors import UnavailableError
from app.settings import Settings

_OURS = "ES256"
_EXTERNAL = ["ES256", "RS256", "PS256", "EdDSA"]
_JWKS_LIFETIME_SECONDS = 300
_REQUIRED = ["exp", "iss", "aud", "sub"]


class SigningKeyError(ValueError):
    """SIGNING_KEY is not the PEM of an EC P-256 private key."""


def signing_key(settings: Settings) -> ec.EllipticCurvePrivateKey:
    """The key of SIGNING_KEY; in demo mode, where there is none, the published demo key."""
    if not settings.signing_key:
        seed = hashlib.sha256(b"beschikbaarheidswijzer demo mode").digest()
        return ec.derive_private_key(int.from_bytes(seed), ec.SECP256R1())
    pem = settings.signing_key.get_secret_value().replace("\\n", "\n").encode()
    try:
        key = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError) as error:
        raise SigningKeyError("SIGNING_KEY is not a PEM private key without a password") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise SigningKeyError("SIGNING_KEY must be an EC key on the curve P-256 (prime256v1)")
    return key


def _jwk(key: ec.EllipticCurvePublicKey) -> dict[str, str]:
    """A public key as a JSON Web Key (RFC 7517); its id is its thumbprint (RFC 7638)."""
    jwk = ECAlgorithm.to_jwk(key, as_dict=True)
    members = {name: jwk[name] for name in ("crv", "kty", "x", "y")}
    thumbprint = hashlib.sha256(json.dumps(members, separators=(",", ":")).encode()).digest()
    return {**members, "use": "sig", "alg": _OURS, "kid": urlsafe_b64encode(thumbprint).rstrip(b"=").decode()}


class Tokens:
    """Issues tokens and verifies them; `renewals` counts how often the external issuer's keys were fetched."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._private = signing_key(settings)
        self._public = self._private.public_key()
        self.issuer = settings.token_issuer
        self.public_key = _jwk(self._public)
        self._external_keys: dict[str, jwt.PyJWK] = {}
        self._external_fetched = 0.0
        self.renewals = 0

    def issue(self, claims: dict[str, Any], now: datetime, lifetime: timedelta | None = None) -> str:
        """A signed token with `claims`, valid from now for the lifetime of the settings unless said."""
        settings = self._settings
        span = lifetime or timedelta(seconds=settings.token_lifetime_seconds)
        frame = {"iss": settings.token_issuer, "aud": settings.token_audience, "iat": now, "exp": now + span}
        headers = {"kid": self.public_key["kid"]}
        return jwt.encode({**claims, **frame}, self._private, algorithm=_OURS, headers=headers)

    async def verify(self, token: str) -> dict[str, Any] | None:
        """The claims of a token that is whole, ours or the external issuer's, for us, and not expired; else None."""
        settings = self._settings
        try:
            issuer = jwt.decode_complete(token, options={"verify_signature": False})["payload"].get("iss")
            if settings.oidc_issuer and issuer == settings.oidc_issuer:
                return await self._verify_external(token)
            return jwt.decode(
                token,
                self._public,
                algorithms=[_OURS],
                audience=settings.token_audience,
                issuer=settings.token_issuer,
                options={"require": _REQUIRED},
            )
        except jwt.PyJWTError:
            return None

    async def _verify_external(self, token: str) -> dict[str, Any]:
        header = jwt.get_unverified_header(token)
        key = await self._external_key(str(header.get("kid", "")))
        return jwt.decode(
            token,
            key,
            algorithms=_EXTERNAL,
            audience=self._settings.oidc_audience,
            issuer=self._settings.oidc_issuer,
            options={"require": _REQUIRED},
        )

    async def _external_key(self, kid: str) -> jwt.PyJWK:
        """The issuer's public key with this id; asks for the keys again when it is new or they are old."""
        age = time.monotonic() - self._external_fetched
        if kid not in self._external_keys or age > _JWKS_LIFETIME_SECONDS:
            if self._external_keys and age < 5:
                raise jwt.InvalidKeyError("unknown key")
            await self._renew_keys(kid)
        if kid not in self._external_keys:
            raise jwt.InvalidKeyError("unknown key")
        return self._external_keys[kid]

    async def _renew_keys(self, kid: str) -> None:
        """Fetches the keys; a key that is known goes on being used while the issuer cannot be reached."""
        try:
            self._external_keys = await self._fetch_keys()
            self.renewals += 1
        except UnavailableError:
            if kid not in self._external_keys:
                raise
        self._external_fetched = time.monotonic()

    async def _fetch_keys(self) -> dict[str, jwt.PyJWK]:
        try:
            async with httpx.AsyncClient(timeout=5) as client:
                answer = await client.get(str(self._settings.oidc_jwks_url))
                answer.raise_for_status()
            keys = jwt.PyJWKSet.from_dict(answer.json())
        except (httpx.HTTPError, jwt.PyJWTError, ValueError, AttributeError) as error:
            raise UnavailableError(
                Text(
                    nl="De sleutels van de externe uitgever van tokens zijn nu niet op te halen.",
                    en="The keys of the external token issuer cannot be fetched now.",
                )
            ) from error
        return {str(key.key_id): key for key in keys.keys if key.key_id}
