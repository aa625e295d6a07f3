"""The public keys of an external issuer (JWKS, RFC 7517): fetched seldom, and bounded in time and size."""

import asyncio
import time
from typing import Final

import httpx
import jwt

from app.domain.language import Text
from app.kit.errors import UnavailableError

_FRESH_SECONDS: Final = 300
"""Keys older than this are fetched again; a key that is gone is then no longer believed."""
_USABLE_SECONDS: Final = 3600
"""For so long keys go on being used while the issuer does not give them."""
_PAUSE_SECONDS: Final = 5
"""Between two fetches, whatever came of the first: made-up ids of keys, and an issuer that is down, cost no more."""
_TIMEOUT_SECONDS: Final = 5
_MOST_BYTES: Final = 262_144
_MOST_KEYS: Final = 100

_WRONG: Final = (httpx.HTTPError, httpx.InvalidURL, jwt.PyJWTError, TimeoutError, ValueError, AttributeError, TypeError)
"""What fetching and reading raises where there is no server, or what it sends is no JWKS."""


class JwksError(ValueError):
    """What the issuer sends is more than keys are."""


class Jwks:
    """The keys behind a URL; `renewals` counts how often they were fetched."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._keys: dict[str, jwt.PyJWK] = {}
        self._asking = asyncio.Lock()
        self._fetched_at = -float("inf")
        self._asked_at = -float("inf")
        self._failed = False
        self.renewals = 0

    async def get(self, kid: str) -> jwt.PyJWK:
        """The key with this id.

        `jwt.InvalidKeyError` where the issuer has none such, `UnavailableError` where it does not give its keys.
        """
        if not self._is_fresh(kid):
            if kid in self._keys and self._asking.locked():
                return self._known(kid)
            async with self._asking:  # one asks for all who wait
                if not self._is_fresh(kid) and time.monotonic() - self._asked_at >= _PAUSE_SECONDS:
                    await self._renew()
        return self._known(kid)

    def _is_fresh(self, kid: str) -> bool:
        return kid in self._keys and time.monotonic() - self._fetched_at <= _FRESH_SECONDS

    def _known(self, kid: str) -> jwt.PyJWK:
        if kid in self._keys and time.monotonic() - self._fetched_at <= _USABLE_SECONDS:
            return self._keys[kid]
        if self._failed:
            raise UnavailableError(
                Text(
                    nl="De sleutels van de externe uitgever van tokens zijn nu niet op te halen.",
                    en="The keys of the external token issuer cannot be fetched now.",
                )
            )
        raise jwt.InvalidKeyError("unknown key")

    async def _renew(self) -> None:
        try:
            self._keys = await self._fetch()
            self._fetched_at = time.monotonic()
            self._failed = False
            self.renewals += 1
        except _WRONG:
            self._failed = True  # what is known goes on being used; whoever needs another key is told
        finally:
            self._asked_at = time.monotonic()

    async def _fetch(self) -> dict[str, jwt.PyJWK]:
        body = bytearray()
        headers = {"Accept-Encoding": "identity"}  # what is unpacked here has no bound
        async with (
            asyncio.timeout(_TIMEOUT_SECONDS),
            httpx.AsyncClient(timeout=_TIMEOUT_SECONDS, headers=headers) as client,
            client.stream("GET", self._url) as answer,
        ):
            answer.raise_for_status()
            async for chunk in answer.aiter_raw():
                body += chunk
                if len(body) > _MOST_BYTES:
                    raise JwksError(f"more than {_MOST_BYTES} bytes")
        keys = jwt.PyJWKSet.from_json(body.decode()).keys
        if len(keys) > _MOST_KEYS:
            raise JwksError(f"more than {_MOST_KEYS} keys")
        return {str(key.key_id): key for key in keys if key.key_id}
