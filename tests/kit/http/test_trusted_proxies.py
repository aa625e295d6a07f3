"""Whose request it is, behind proxies: what they say counts, from the right, and what a caller makes up does not."""

import pytest
from starlette.requests import Request
from starlette.types import Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from app.kit.http.addresses import address_of, plain, site_of

PROXIES = ["10.0.0.1", "10.1.0.0/16", "fd00::/8"]


async def address(peer: str, *forwarded: str) -> str:
    """The address that a request counts for, as `wijzer serve` finds it."""
    found: list[str] = []

    async def application(scope: Scope, _: Receive, __: Send) -> None:
        found.append(address_of(Request(scope)))

    headers = [(b"x-forwarded-for", each.encode()) for each in forwarded]
    scope = {"type": "http", "client": (plain(peer), 1), "headers": headers, "scheme": "http"}
    await ProxyHeadersMiddleware(application, PROXIES)(scope, None, None)  # type: ignore[arg-type]
    return found[0]


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("192.0.2.7", ["198.51.100.1"], "192.0.2.7"),  # made up by a caller that is no proxy
        ("192.0.2.7", ["10.0.0.1"], "192.0.2.7"),  # though it names one
        ("10.0.0.1", ["198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", ["203.0.113.9, 198.51.100.1"], "198.51.100.1"),  # the caller made up the first
        ("10.0.0.1", ["203.0.113.9", "198.51.100.1"], "198.51.100.1"),  # in a header of its own
        ("10.0.0.1", ["203.0.113.9, 198.51.100.1, 10.1.2.3"], "198.51.100.1"),  # two proxies
        ("10.0.0.1", ["203.0.113.9, 198.51.100.1, 10.1.2.3, 10.0.0.1"], "198.51.100.1"),  # three
        ("10.0.0.1", ["10.1.2.3, 198.51.100.1"], "198.51.100.1"),  # the caller says that it is a proxy
        ("10.0.0.1", ["198.51.100.1:4711"], "198.51.100.1"),
        ("fd00::1", ["2001:db8:1:2:3:4:5:6"], "2001:db8:1:2::/64"),
        ("fd00::1", ["[2001:db8:1:2::6]:443"], "2001:db8:1:2::/64"),
        ("2001:db8::1", ["198.51.100.1"], "2001:db8::/64"),
        ("::ffff:10.0.0.1", ["198.51.100.1"], "198.51.100.1"),  # a socket of both kinds
        ("::ffff:192.0.2.7", ["198.51.100.1"], "192.0.2.7"),
        ("10.0.0.1", ["::ffff:198.51.100.1"], "198.51.100.1"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("10.0.0.1", [""], "10.0.0.1"),
        ("10.0.0.1", ["nonsense, 198.51.100.1"], "198.51.100.1"),
        ("192.0.2.7", ["\x00, ,,;[", "x" * 5000], "192.0.2.7"),
    ],
)
async def test_whose_request_it_is(peer: str, forwarded: list[str], expected: str) -> None:
    assert await address(peer, *forwarded) == expected


def test_the_addresses_of_one_site_count_as_one() -> None:
    assert site_of("2001:db8::1") == site_of("2001:DB8:0:0:ffff::9%eth0")
    assert site_of("2001:db8::1") != site_of("2001:db8:0:1::1")
    assert site_of("::ffff:192.0.2.7") == "192.0.2.7"
    assert site_of("::ffff:192.0.2.7") != site_of("::ffff:192.0.2.8")
    assert site_of("no address") == "no address"
