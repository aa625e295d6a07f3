"""A write is in the catalogue of the worker that made it when its answer is sent, whatever kind of write it is."""

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from app.finding.catalogue.follower import Follower
from app.kit.database.sessions import Database
from app.main import create_app
from app.settings import Settings
from tests.conftest import NOW, SettableClock
from tests.world import World

ROOT: Final = Path(__file__).parents[3]
PATIENCE: Final = 60


async def _item(world: World, offer: dict[str, Any]) -> dict[str, Any]:
    """The offer as a search for what is contracted in JZ03 shows it; empty where it does not."""
    query = {"contractedFor": "JZ03", "provider": offer["providerId"]}
    content = await world.ok(world.http.get("/v1/availability", params=query, headers=world.gi))
    return next((each for each in content["items"] if each["offer"]["id"] == offer["id"]), {})


async def _ranked(world: World, offer: dict[str, Any]) -> dict[str, Any]:
    content = await world.match(choices=[{"careType": "gezinshuis", "providerId": offer["providerId"]}])
    return next((each for each in content["results"] if each["offer"]["id"] == offer["id"]), {})


async def _patch(world: World, path: str, body: dict[str, Any], headers: dict[str, str]) -> None:
    answer = await world.http.get(path, headers=headers)
    tagged = {**headers, "If-Match": answer.headers["etag"]}
    await world.ok(world.http.patch(path, json=body, headers=tagged))


@pytest.fixture
async def offer(committing_world: World) -> dict[str, Any]:
    """A contracted offer with a free place."""
    made = await committing_world.add_offer(key="k")
    await committing_world.report(made)
    await committing_world.add_contract(made["providerId"])
    return made


async def _shown(world: World, offer: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    return await _item(world, offer), await _ranked(world, offer)


async def test_every_kind_of_write(committing_world: World, offer: dict[str, Any], clock: SettableClock) -> None:
    world, provider = committing_world, offer["providerId"]
    other = Follower(world.parts.database)
    await other.catch_up()
    item, result = await _shown(world, offer)
    assert (item["availability"]["placesFree"], result["rank"]) == (1, 1)

    await world.report(offer, placesFree=0, waitingCount=2)
    item, _ = await _shown(world, offer)
    assert item["availability"]["waitingCount"] == 2

    clock.now = NOW.replace(hour=11)
    path = f"/v1/offers/{offer['id']}/capacity"
    await world.ok(world.http.post(f"{path}/confirmations", headers=world.provider(provider)))
    item, _ = await _shown(world, offer)
    assert item["availability"]["observedAt"] == "2026-11-22T11:00:00Z"

    await world.add_offer(provider, "k", name="Een andere naam")
    item, result = await _shown(world, offer)
    assert item["offer"]["name"] == result["offer"]["name"] == "Een andere naam"

    await world.add_location(provider, "here", name="Elders", postcode="1811AB")
    item, _ = await _shown(world, offer)
    assert item["offer"]["location"]["postcode"] == "1811AB"

    await _patch(world, f"/v1/providers/{provider}", {"name": "Anders genoemd"}, world.admin)
    item, _ = await _shown(world, offer)
    assert item["provider"]["name"] == "Anders genoemd"

    for each in (await world.ok(world.http.get("/v1/contracts", headers=world.admin)))["items"]:
        reached = {"ceiling": {"reached": True, "exemptsMeasure": False}}
        await _patch(world, f"/v1/contracts/{each['id']}", reached, world.admin)
    item, result = await _shown(world, offer)
    assert item["contract"] == {"kind": "regional", "ceilingReached": True}
    assert result == {}

    added = await world.add_contract(provider, kind="national")
    item, result = await _shown(world, offer)
    assert item["contract"]["kind"] == result["contract"]["kind"] == added["kind"]

    stop = await world.add_stop(provider)
    item, result = await _shown(world, offer)
    assert item["availability"]["status"] == "closed"
    assert result == {}

    await _patch(world, f"/v1/placement-stops/{stop['id']}", {"to": "2026-11-21"}, world.provider(provider))
    item, result = await _shown(world, offer)
    assert item["availability"]["status"] != "closed"
    assert result

    await other.catch_up()
    entry = other.catalogue.entry(other.catalogue.find_slot(offer["id"]) or 0)
    assert (entry.name, entry.provider.name) == ("Een andere naam", "Anders genoemd")

    answer = await world.http.delete(f"/v1/offers/{offer['id']}", headers=world.provider(provider))
    assert answer.status_code == 204
    assert await _shown(world, offer) == ({}, {})
    await other.catch_up()
    assert other.catalogue.find_slot(offer["id"]) is None
    await other.close()


@pytest.mark.parametrize("failure", [ConnectionRefusedError, TimeoutError, ValueError])
async def test_a_catalogue_that_cannot_follow_makes_no_error_of_a_write(
    committing_world: World, offer: dict[str, Any], monkeypatch: pytest.MonkeyPatch, failure: type[Exception]
) -> None:
    follower: Follower = committing_world.parts.follower

    def fail() -> None:
        raise failure

    await follower.close()
    monkeypatch.setattr(committing_world.parts.database, "driver", fail)
    path, own = f"/v1/offers/{offer['id']}/capacity", committing_world.provider(offer["providerId"])
    answer = await committing_world.http.patch(path, json={"placesFree": 7}, headers=own)
    assert answer.json()["placesFree"] == 7
    item = await _item(committing_world, offer)
    assert item["availability"]["placesFree"] == 1
    monkeypatch.undo()
    await follower.catch_up()
    item = await _item(committing_world, offer)
    assert item["availability"]["placesFree"] == 7


@contextmanager
def _serving(url: str) -> Iterator[str]:
    """A process that serves that database, and where."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    environment = {**os.environ, "DATABASE_URL": url, "DEMO": "true", "RATE_LIMIT": "", "LOG_LEVEL": "error"}
    command = [sys.executable, "-m", "app.cli", "serve", "--port", str(port)]
    with subprocess.Popen(command, cwd=ROOT, env=environment) as process:  # noqa: S603 - our own command
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


async def _ready(http: httpx.AsyncClient) -> bool:
    try:
        return (await http.get("/v1/health/ready")).is_success
    except httpx.TransportError:
        return False


async def test_two_processes(settings: Settings, own_database: Database, fresh_database_url: str) -> None:
    app = create_app(settings, database=own_database)  # which signs the tokens
    async with AsyncExitStack() as stack:
        urls = [stack.enter_context(_serving(fresh_database_url)) for _ in range(2)]
        clients = [httpx.AsyncClient(base_url=url, timeout=PATIENCE) for url in urls]
        worlds = [World(app, await stack.enter_async_context(client)) for client in clients]
        async with asyncio.timeout(PATIENCE):
            while not all([await _ready(world.http) for world in worlds]):
                pass
        offer = await worlds[0].add_offer()
        await worlds[0].add_contract(offer["providerId"])
        for number in range(10):
            writer, reader = worlds[number % 2], worlds[1 - number % 2]
            await writer.report(offer, placesFree=number)
            assert (await _item(writer, offer))["availability"]["placesFree"] == number
            async with asyncio.timeout(PATIENCE):
                while (await _item(reader, offer)).get("availability", {}).get("placesFree") != number:
                    pass
