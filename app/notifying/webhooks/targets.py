"""Where a webhook may lead to: a public address, checked before each connection and then connected to as checked.

A name is resolved here and nowhere else, so that it cannot lead elsewhere between the check and the connection.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final, TypeAlias

import httpx

from app.domain.language import Text
from app.notifying.webhooks.tables import DeliveryError

Resolve: TypeAlias = Callable[[str, int], Awaitable[Sequence[str]]]
"""The addresses of a host; `OSError` where it has none."""

_PATIENCE: Final = 5.0
"""Seconds that a name may take to be resolved."""
_RESOLVERS: Final = ThreadPoolExecutor(16, "resolve")
"""Threads of their own, so that names whose servers are silent hold up nothing else that runs in a thread."""

_GLOBAL_UNICAST: Final = ipaddress.IPv6Network("2000::/3")
_NOT_PLAIN: Final = [
    ipaddress.IPv6Network("2001::/32"),  # Teredo (RFC 4380): holds an IPv4 address
    ipaddress.IPv6Network("2002::/16"),  # 6to4 (RFC 3056): the same
    ipaddress.IPv6Network("3fff::/20"),  # documentation (RFC 9637), which Python 3.11 takes for global
]
_RELAYS: Final = ipaddress.IPv4Network("192.88.99.0/24")
"""Of 6to4 (RFC 7526)."""

_DETAILS: Final[dict[DeliveryError, Text]] = {
    "not-https": Text(nl="Geef een adres dat begint met https://.", en="Give an address that begins with https://."),
    "unknown-host": Text(nl="Deze hostnaam is niet te vinden.", en="This host name cannot be found."),
    "private-address": Text(
        nl="Dit leidt naar een adres dat niet openbaar is; daar gaat niets naartoe.",
        en="This leads to an address that is not public; nothing is sent there.",
    ),
}


class RefusedTargetError(Exception):
    """Nothing is sent to this address, for the reason `code`."""

    def __init__(self, code: DeliveryError) -> None:
        super().__init__(code)
        self.code = code
        self.detail = _DETAILS[code]


@dataclass(frozen=True, slots=True)
class Target:
    """Where to send to: the URL as it was given, and the addresses of its host that were checked."""

    url: httpx.URL
    addresses: Sequence[str]


def is_whole(text: str) -> bool:
    """Whether a text is a URL with a host and without a user name, a password or a fragment."""
    try:
        url = httpx.URL(text)
        is_web = url.scheme in {"https", "http"} and bool(url.raw_host) and (url.port or 443) < 65536
    except (httpx.InvalidURL, UnicodeError):
        return False
    return is_web and not url.userinfo and not url.fragment


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet (IANA special-purpose registries, RFC 6890).

    Of IPv6 only global unicast is, and no form of it that leads to an IPv4 address inside: mapped, 6to4, Teredo, NAT64.
    """
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        if ip not in _GLOBAL_UNICAST or any(ip in network for network in _NOT_PLAIN):
            return False
    elif ip in _RELAYS:
        return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved)


async def resolve(host: str, port: int) -> list[str]:
    """The addresses of a host, as the system finds them."""
    loop = asyncio.get_running_loop()
    found = await loop.run_in_executor(_RESOLVERS, lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class Targets:
    """Checks where webhooks lead to; the hosts in `private` may be anywhere, and without TLS."""

    def __init__(self, private: Collection[str], resolve: Resolve = resolve) -> None:
        self._private = {host.lower() for host in private}
        self._resolve = resolve

    async def check(self, url: str) -> Target:
        """The target at `url`; `RefusedTargetError` where nothing may be sent to it."""
        parsed = httpx.URL(url)
        trusted = parsed.host.lower() in self._private
        if parsed.scheme != "https" and not trusted:
            raise RefusedTargetError("not-https")
        addresses = await self._addresses(parsed)
        if not trusted and not all(map(is_public, addresses)):
            raise RefusedTargetError("private-address")
        return Target(parsed, addresses)

    async def _addresses(self, url: httpx.URL) -> Sequence[str]:
        host = url.raw_host.decode()
        try:
            async with asyncio.timeout(_PATIENCE):
                addresses = await self._resolve(host, url.port or (443 if url.scheme == "https" else 80))
        except (OSError, UnicodeError, TimeoutError) as error:
            raise RefusedTargetError("unknown-host") from error
        if not addresses:
            raise RefusedTargetError("unknown-host")
        return addresses
