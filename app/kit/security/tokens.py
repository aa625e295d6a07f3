"""Tokens: JWTs signed with ES256 (RFC 7518), ours and those of external OpenID Connect issuers."""

import hashlib
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import jwt
from cachetools import TLRUCache
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from jwt.algorithms import ECAlgorithm
from jwt.types import Options

from app.domain.language import Text
from app.kit.clock import Clock, system_clock
from app.kit.errors import UnauthenticatedError
from app.kit.security.callers import Caller, caller_of, unauthenticated
from app.kit.security.issuers import NotSpokenForError, TrustedIssuer, issuers_of
from app.kit.security.jwks import Jwks
from app.kit.security.revocations import Revocations
from app.settings import Settings

_OURS = "ES256"
_EXTERNAL = ["ES256", "RS256", "PS256", "EdDSA"]
_REQUIRED = ["exp", "iat", "iss", "aud", "sub"]
_TIMES = ("iat", "nbf", "exp")

LEEWAY: Final = 60
"""Seconds that the clock of whoever issued a token may differ from ours (RFC 7519, 4.1.4)."""
_OPTIONS: Final[Options] = {"require": _REQUIRED, "verify_exp": False, "verify_nbf": False, "verify_iat": False}
"""Of the times see `Tokens._in_time`."""

REMEMBERED_SECONDS = 60
"""Never past its own end, and not when its issuer's keys have been renewed."""
REMEMBERED_TOKENS = 10_000


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
    """Issues tokens and verifies them."""

    def __init__(self, settings: Settings, clock: Clock = system_clock) -> None:
        self._settings = settings
        self.clock = clock
        self._private = signing_key(settings)
        self._public = self._private.public_key()
        self.public_key = _jwk(self._public)
        trusted = issuers_of(settings)
        self._external = {iss: (each, Jwks(each.jwks_url)) for iss, each in trusted.items() if each.jwks_url}

    @property
    def renewals(self) -> int:
        """How often the keys of external issuers were fetched."""
        return sum(keys.renewals for _, keys in self._external.values())

    def issuer(self, origin: str) -> str:
        """Who issues our tokens, in each and in the metadata the same (RFC 8414, 3.3; RFC 9068, 4).

        `origin` is where the caller reaches us, which counts in demo mode where no setting says it.
        """
        return self._settings.issuer or origin

    def issue(
        self,
        claims: dict[str, Any],
        now: datetime,
        lifetime: timedelta | None = None,
        *,
        issuer: str | None = None,
        audience: str | None = None,
    ) -> str:
        """A signed token with `claims`, valid from now for the lifetime of the settings unless said.

        One for another `audience` than the API's is for us to `read` again, and no token of the API.
        """
        settings = self._settings
        span = lifetime or timedelta(seconds=settings.token_lifetime_seconds)
        frame = {
            "iss": issuer or settings.issuer or settings.token_issuer,
            "aud": audience or settings.token_audience,
            "iat": now,
            "exp": now + span,
        }
        headers = {"kid": self.public_key["kid"]}
        return jwt.encode({**claims, **frame}, self._private, algorithm=_OURS, headers=headers)

    def read(self, token: str, now: datetime, audience: str) -> dict[str, Any] | None:
        """The claims of a token that we issued for this audience, where it is whole and has not expired; else None."""
        try:
            claims = jwt.decode(
                token,
                self._public,
                algorithms=[_OURS],
                audience=audience,
                options={"require": ["exp", "aud"], "verify_exp": False, "verify_iat": False},
            )
        except jwt.PyJWTError:
            return None
        return claims if claims["exp"] > now.timestamp() else None

    async def verify(self, token: str, origin: str) -> dict[str, Any] | None:
        """The claims of a token that is whole, ours or of a trusted issuer, for us, and not expired; else None.

        `origin`: as of `issuer`. Of another issuer's they are those of the caller that it may speak for.
        """
        settings = self._settings
        try:
            issuer = jwt.decode_complete(token, options={"verify_signature": False})["payload"].get("iss")
            if isinstance(issuer, str) and issuer in self._external:
                return await self._verify_external(token, issuer, *self._external[issuer])
            claims = jwt.decode(
                token,
                self._public,
                algorithms=[_OURS],
                audience=settings.token_audience,
                issuer=settings.believed_issuers | {self.issuer(origin)},
                options=_OPTIONS,
            )
            return self._in_time(claims, settings.token_lifetime_seconds)
        except (jwt.PyJWTError, NotSpokenForError):
            return None

    def _in_time(self, claims: dict[str, Any], longest: int) -> dict[str, Any]:
        """The claims of a token that is valid now and for no more than `longest` seconds; else a `PyJWTError`.

        PyJWT would hold them against this machine's clock.
        """
        if not all(isinstance(claims[name], int | float) for name in _TIMES if name in claims):
            raise jwt.InvalidTokenError("a time that is no number")
        now = self.clock().timestamp()
        if claims["exp"] <= now - LEEWAY:
            raise jwt.ExpiredSignatureError("it has expired")
        if max(claims["iat"], claims.get("nbf", 0)) > now + LEEWAY:
            raise jwt.ImmatureSignatureError("it is not valid yet")
        if claims["exp"] - claims["iat"] > longest:
            raise jwt.InvalidTokenError("it is valid for longer than tokens may be")
        return claims

    async def _verify_external(self, token: str, issuer: str, trusted: TrustedIssuer, keys: Jwks) -> dict[str, Any]:
        key = await keys.get(str(jwt.get_unverified_header(token).get("kid", "")))
        said = jwt.decode(token, key, algorithms=_EXTERNAL, audience=trusted.audience, issuer=issuer, options=_OPTIONS)
        said = self._in_time(said, trusted.token_lifetime_seconds)
        return trusted.claims_for(issuer, said) | {"exp": said["exp"], "iat": said["iat"]}


def _refused() -> UnauthenticatedError:
    detail = Text(
        nl="Het token is niet geldig, verlopen of ingetrokken; haal een nieuw bij POST /v1/oauth/token.",
        en="The token is not valid, has expired or was revoked; get a new one from POST /v1/oauth/token.",
    )
    return unauthenticated(detail, "invalid_token")


@dataclass(frozen=True, slots=True)
class Known:
    """Who a token is of, and when it was issued and ends (seconds since 1970; 0 where it does not say the first)."""

    caller: Caller
    issued_at: float
    ends_at: float


class Callers:
    """Who is behind a token; one that was found good is not looked at again for REMEMBERED_SECONDS."""

    def __init__(self, tokens: Tokens, revocations: Revocations) -> None:
        self._tokens = tokens
        self.revocations = revocations
        self._known: TLRUCache[tuple[str, int], Known] = TLRUCache(
            REMEMBERED_TOKENS,
            ttu=lambda _, known, now: min(known.ends_at + LEEWAY, now + REMEMBERED_SECONDS),
            timer=lambda: tokens.clock().timestamp(),
        )

    async def get(self, authorization: str, origin: Callable[[], str]) -> Caller:
        """The caller of this Authorization header; `UnauthenticatedError` where its token is not valid.

        `origin` says where the caller reaches us.
        """
        known = self._known.get((authorization, self._tokens.renewals))
        if known is None:
            known = self._known[authorization, self._tokens.renewals] = await self._verify(authorization, origin)
        if self.revocations.covers(known.caller.client_id, known.issued_at):
            raise _refused()
        return known.caller

    async def _verify(self, authorization: str, origin: Callable[[], str]) -> Known:
        scheme, _, token = authorization.partition(" ")
        claims = await self._tokens.verify(token.strip(), origin()) if scheme.lower() == "bearer" else None
        if claims is None:
            raise _refused()
        return Known(caller_of(claims), claims.get("iat", 0), claims["exp"])

    @contextmanager
    def ending(self, authorization: str | None, end: Callable[[], None]) -> Iterator[None]:
        """For as long as the block lasts, `end` is called when the token of a header just looked at is revoked."""
        known = self._known.get((authorization or "", self._tokens.renewals))
        with self.revocations.ending(known.caller.client_id, known.issued_at, end) if known else nullcontext():
            yield

    def seconds_left(self, authorization: str) -> float:
        """For how long the token of a header that was just looked at is valid; 0 where it has been forgotten."""
        known = self._known.get((authorization, self._tokens.renewals))
        ends_at = known.ends_at if known else 0.0
        return max(0.0, ends_at - self._tokens.clock().timestamp())
