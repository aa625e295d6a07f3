"""Where nothing is sent to: every address that is not of the public internet, in whatever form it comes."""

import asyncio
from collections.abc import Sequence

import pytest

from app.notifying.webhooks.targets import (
    RefusedTargetError,
    Resolve,
    Targets,
    is_public,
)

PUBLIC = ["8.8.8.8", "1.1.1.1", "145.100.0.1", "2606:4700::1111", "2a02:a44::1"]
PRIVATE = [
    *("0.1.2.3", "127.0.0.1", "127.255.255.254", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1"),
    *("169.254.169.254", "100.64.0.1", "192.0.0.1", "192.0.2.1", "198.51.100.1", "203.0.113.1", "198.18.0.1"),
    "0.0.0.0",  # noqa: S104 - which nothing may be sent to
    *("192.88.99.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255"),
    *("::", "::1", "fe80::1", "fe80::1%eth0", "fec0::1", "fc00::1", "fd00:ec2::254", "ff02::1", "ff0e::1"),
    *("100::1", "2001:db8::1", "3fff::1", "2001:2::1", "5f00::1", "4000::1"),
    # an IPv4 address in an IPv6 one: mapped, compatible, 6to4, Teredo, NAT64
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:8.8.8.8", "::7f00:1", "2002:7f00:1::", "2002:a9fe:a9fe::1"),
    *("2001:0:4136:e378:8000:63bf:3fff:fdd2", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::7f00:1"),
]


def resolving(*answers: Sequence[str] | Exception) -> Resolve:
    """A resolver that gives these answers, one after another, and the last for ever."""
    left = list(answers)

    async def resolve(_: str, __: int) -> Sequence[str]:
        answer = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    return resolve


@pytest.mark.parametrize("address", PUBLIC)
async def test_public_addresses_are_sent_to(address: str) -> None:
    assert is_public(address)
    target = await Targets([], resolving([address])).check("https://hook.example.nl/x?y=z")
    assert (target.addresses, str(target.url)) == ([address], "https://hook.example.nl/x?y=z")


async def refused(url: str, targets: Targets | None = None) -> str:
    with pytest.raises(RefusedTargetError) as caught:
        await (targets or Targets([])).check(url)
    return caught.value.code


@pytest.mark.parametrize("address", PRIVATE)
async def test_others_are_not(address: str) -> None:
    assert not is_public(address)
    assert await refused("https://hook.example.nl", Targets([], resolving([address]))) == "private-address"


async def test_one_private_address_among_public_ones_is_one_too_many() -> None:
    for addresses in (["8.8.8.8", "127.0.0.1"], ["::1", "8.8.8.8"]):
        assert await refused("https://hook.example.nl", Targets([], resolving(addresses))) == "private-address"


@pytest.mark.parametrize(
    "host",
    [
        *(
            "127.0.0.1",
            "127.1",
            "0x7f.1",
            "2130706433",
            "localhost",
            "LOCALHOST",
            "[::1]",
            "0",
            "0.0.0.0",  # noqa: S104 - as above
        ),
        *("[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "169.254.169.254", "[fe80::1]"),
    ],
)
async def test_no_way_of_writing_this_machine_gets_through(host: str) -> None:
    """As the system itself resolves it."""
    assert await refused(f"https://{host}/x") in {"private-address", "unknown-host"}
    assert await refused(f"https://{host}:8443/x") in {"private-address", "unknown-host"}


async def test_a_name_is_asked_anew_at_each_check() -> None:
    targets = Targets([], resolving(["8.8.8.8"], ["127.0.0.1"]))
    assert (await targets.check("https://rebind.example.nl")).addresses == ["8.8.8.8"]
    assert await refused("https://rebind.example.nl", targets) == "private-address"


@pytest.mark.parametrize("failure", [OSError(), UnicodeError(), TimeoutError()])
async def test_a_name_that_is_not_found(failure: Exception) -> None:
    assert await refused("https://nergens.example.nl", Targets([], resolving(failure))) == "unknown-host"
    assert await refused("https://nergens.example.nl", Targets([], resolving([]))) == "unknown-host"


async def test_a_name_whose_server_is_silent_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    async def silent(_: str, __: int) -> Sequence[str]:
        await asyncio.Event().wait()
        return []

    monkeypatch.setattr("app.notifying.webhooks.targets._PATIENCE", 0.01)
    assert await refused("https://stil.example.nl", Targets([], silent)) == "unknown-host"


async def test_without_tls_nothing_is_sent() -> None:
    assert await refused("http://hook.example.nl", Targets([], resolving(["8.8.8.8"]))) == "not-https"


async def test_a_host_of_ones_own_network_is_named_in_the_settings() -> None:
    targets = Targets(["Rooster.intern"], resolving(["10.0.0.1"]))
    assert (await targets.check("http://rooster.intern:8080/x")).addresses == ["10.0.0.1"]
    for other in ("https://rooster.intern.example.nl", "https://x.rooster.intern", "https://10.0.0.1"):
        assert await refused(other, targets) == "private-address"
