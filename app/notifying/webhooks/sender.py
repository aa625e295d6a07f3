"""Sending one message over HTTP: to the address that was checked, without following where it is sent on to."""

import asyncio
import ssl
from collections.abc import Mapping
from typing import Final

import httpx

from app.notifying.webhooks.attempt_outcomes import Attempt
from app.notifying.webhooks.targets import Target

PATIENCE: Final = 15.0
"""Seconds for an attempt in all, however slowly an answer drips in."""
_CONNECT_PATIENCE: Final = 5.0
_MOST_BYTES: Final = 16_384
"""Of an answer; it is read so that the connection can be used again, and thrown away."""
_MOST_ADDRESSES: Final = 3


class Sender:
    """Makes connections; one TLS context for all, which trusts whom the machine trusts."""

    def __init__(self, context: ssl.SSLContext | None = None, *, patience: float = PATIENCE) -> None:
        self._context = context or httpx.create_ssl_context(trust_env=False)
        self._patience = patience

    def client(self) -> httpx.AsyncClient:
        """Connections to one target: never shared with another, whose name may lead to the same address."""
        return httpx.AsyncClient(
            verify=self._context,
            follow_redirects=False,
            trust_env=False,
            timeout=httpx.Timeout(self._patience, connect=_CONNECT_PATIENCE),
        )

    async def send(self, client: httpx.AsyncClient, target: Target, headers: Mapping[str, str], body: bytes) -> Attempt:
        """What came of sending the message."""
        try:
            async with asyncio.timeout(self._patience):
                return await _send(client, target, headers, body)
        except (TimeoutError, httpx.TimeoutException):
            return Attempt(error="timeout")
        except httpx.HTTPError as error:
            return Attempt(error="tls" if _is_tls(error) else "connection")


async def _send(client: httpx.AsyncClient, target: Target, headers: Mapping[str, str], body: bytes) -> Attempt:
    """Tries the addresses one after another until one can be connected to."""
    *others, last = target.addresses[:_MOST_ADDRESSES]
    for address in others:
        try:
            return await _post(client, target, address, headers, body)
        except (httpx.ConnectError, httpx.ConnectTimeout):
            continue
    return await _post(client, target, last, headers, body)


async def _post(
    client: httpx.AsyncClient, target: Target, address: str, headers: Mapping[str, str], body: bytes
) -> Attempt:
    """Connects to the address, while TLS still asks for the certificate of the host's name."""
    named = {**headers, "host": target.url.netloc.decode()}
    extensions = {"sni_hostname": target.url.raw_host.decode()}
    url = target.url.copy_with(host=address)
    async with client.stream("POST", url, headers=named, content=body, extensions=extensions) as answer:
        await _drain(answer)
        return Attempt(answer.status_code, retry_after=answer.headers.get("retry-after"))


async def _drain(answer: httpx.Response) -> None:
    read = 0
    async for part in answer.aiter_raw():
        read += len(part)
        if read > _MOST_BYTES:
            break


def _is_tls(error: BaseException) -> bool:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return True
        cause = cause.__cause__ or cause.__context__
    return False
