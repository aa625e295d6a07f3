"""The OpenID Connect issuer with which people sign in: authorization code with PKCE, by Authlib."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final, Self

import httpx2
from authlib.integrations.starlette_client import OAuthError, StarletteOAuth2App
from joserfc.errors import JoseError

from app.kit.security.issuers import TrustedIssuer, issuers_of
from app.settings import Settings
from app.web.sign_in.attempts import Attempt
from app.web.sign_in.errors import Failure, SignInError

_SIGNED: Final = ("ES256", "RS256", "PS256", "EdDSA")
"""What an ID token may be signed with, of what the issuer says that it uses: no shared secret, and never nothing."""

_METADATA_LIFETIME_SECONDS: Final = 3600
_TIMEOUT_SECONDS: Final = 5
_LONGEST_SECONDS: Final = 10
"""For all that is asked of the issuer at once, however slowly it answers."""
_MOST_BYTES: Final = 262_144
"""Of one answer: its metadata, its keys, a token, or the userinfo."""
_LEEWAY_SECONDS: Final = 60

_FAILURES: Final = {
    "access_denied": Failure.DENIED,
    "invalid_grant": Failure.EXPIRED,
    "server_error": Failure.AWAY,
    "temporarily_unavailable": Failure.AWAY,
    "invalid_client": Failure.UNTRUSTED,
    "unauthorized_client": Failure.UNTRUSTED,
    "invalid_request": Failure.UNTRUSTED,
    "invalid_scope": Failure.UNTRUSTED,
    "login_required": Failure.UNTRUSTED,
}
"""Of the errors that an issuer reports (RFC 6749, 4.1.2.1 and 5.2; OpenID Connect Core, 3.1.2.6)."""

_WRONG: Final = (
    JoseError,
    httpx2.InvalidURL,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    RuntimeError,
)
"""What Authlib raises of an answer: of its signature or claims, or that it lacks what OpenID Connect has in it."""


def failed(error: str) -> SignInError:
    """The failure that an issuer reports by this code."""
    return SignInError(_FAILURES.get(error, Failure.UNTRUSTED), error if error in _FAILURES else "other")


class _Bounded(httpx2.AsyncByteStream):
    """An answer of at most _MOST_BYTES; `ValueError` beyond them."""

    def __init__(self, stream: httpx2.AsyncByteStream) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        taken = 0
        async for chunk in self._stream:
            taken += len(chunk)
            if taken > _MOST_BYTES:
                raise ValueError(f"the issuer sends more than {_MOST_BYTES} bytes")
            yield chunk

    async def aclose(self) -> None:
        await self._stream.aclose()


async def _bound(response: httpx2.Response) -> None:
    if response.headers.get("content-encoding", "identity") != "identity":
        raise ValueError("the issuer packs its answers unasked")  # what is unpacked has no bound
    if not isinstance(response.stream, httpx2.AsyncByteStream):
        raise TypeError("an answer that is no stream")
    response.stream = _Bounded(response.stream)


@asynccontextmanager
async def _as_failures() -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(_LONGEST_SECONDS):
            yield
    except TimeoutError as error:
        raise SignInError(Failure.AWAY, "TimeoutError") from error
    except OAuthError as error:
        raise failed(str(error.error)) from error
    except httpx2.HTTPStatusError as error:
        is_away = error.response.is_server_error
        raise SignInError(Failure.AWAY if is_away else Failure.UNTRUSTED, str(error.response.status_code)) from error
    except httpx2.HTTPError as error:
        raise SignInError(Failure.AWAY, type(error).__name__) from error
    except _WRONG as error:
        raise SignInError(Failure.UNTRUSTED, type(error).__name__) from error


class Issuer:
    """Leads people to the issuer, and reads what it says of who comes back. Every failure is a `SignInError`.

    Its metadata is fetched once an hour, and its keys when a token names one that is not known.
    """

    def __init__(self, settings: Settings, url: str, trusted: TrustedIssuer) -> None:
        self.url = url
        self.trusted = trusted
        self._settings = settings
        self._app: StarletteOAuth2App | None = None
        self._loaded_at = 0.0

    @classmethod
    def of(cls, settings: Settings) -> Self | None:
        """The issuer of the settings; None where there is none."""
        url = settings.sign_in_issuer
        return cls(settings, url, issuers_of(settings)[url]) if url else None

    async def begin(self, back: str, to: str, *, anew: bool = False) -> tuple[str, Attempt]:
        """Where to send a browser to sign in, and the attempt that it then has to bring back.

        `back` is where the issuer sends it afterwards; `anew`: also who is signed in there is asked who they are.
        """
        async with _as_failures():
            app = await self._loaded()
            made = await app.create_authorization_url(back, **({"prompt": "login"} if anew else {}))
            return made["url"], Attempt(made["state"], made["nonce"], made["code_verifier"], to)

    async def finish(self, back: str, code: str, attempt: Attempt) -> dict[str, Any]:
        """What the issuer says of the person for whom it gave this code: the claims of its ID token, verified.

        Where that names no role, those of its userinfo endpoint besides (OpenID Connect Core, 5.3 and 5.4).
        """
        async with _as_failures():
            app = await self._loaded()
            token = await app.fetch_access_token(back, code=code, code_verifier=attempt.code_verifier)
            expected = {"iss": self.url, "aud": self._settings.sign_in_client_id}
            options = {name: {"essential": True, "value": value} for name, value in expected.items()}
            claims = dict(await app.parse_id_token(token, attempt.nonce, options, leeway=_LEEWAY_SECONDS))
            if self.trusted.name_of("role") not in claims and "userinfo_endpoint" in app.server_metadata:
                said = dict(await app.userinfo(token=token))
                if said["sub"] != claims["sub"]:
                    raise ValueError("the userinfo is of somebody else")
                claims = said | claims
            return claims

    async def sign_out_address(self, back: str) -> str | None:
        """Where people sign out at the issuer too, which then leads to `back`; None where it has no such place."""
        async with _as_failures():
            app = await self._loaded()
            if "end_session_endpoint" not in app.server_metadata:
                return None
            made = await app.create_logout_url(back, client_id=app.client_id)
            return str(made["url"])

    async def _loaded(self) -> StarletteOAuth2App:
        """The client with the issuer's metadata, which a while without the issuer does not take away."""
        if self._app is None or time.monotonic() - self._loaded_at > _METADATA_LIFETIME_SECONDS:
            try:
                self._app = await self._load()
            except httpx2.HTTPError:
                if self._app is None:
                    raise
            self._loaded_at = time.monotonic()
        return self._app

    async def _load(self) -> StarletteOAuth2App:
        settings = self._settings
        secret = settings.sign_in_client_secret
        app = StarletteOAuth2App(
            framework=None,
            client_id=settings.sign_in_client_id,
            client_secret=secret.get_secret_value() or None if secret else None,
            server_metadata_url=f"{self.url.rstrip('/')}/.well-known/openid-configuration",
            client_kwargs={
                "scope": settings.sign_in_scope,
                "code_challenge_method": "S256",
                "timeout": _TIMEOUT_SECONDS,
                "headers": {"Accept-Encoding": "identity"},
                "event_hooks": {"response": [_bound]},
                "verify": httpx2.create_ssl_context(),  # once: Authlib makes a client for each request
            },
        )
        metadata = await app.load_server_metadata()
        if metadata["issuer"] != self.url:
            raise ValueError("the metadata is of another issuer")
        used = metadata.get("id_token_signing_alg_values_supported", ["RS256"])
        metadata["id_token_signing_alg_values_supported"] = [each for each in _SIGNED if each in used] or ["RS256"]
        methods = metadata.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        if app.client_secret and "client_secret_basic" not in methods and "client_secret_post" in methods:
            app.client_kwargs["token_endpoint_auth_method"] = "client_secret_post"
        return app
