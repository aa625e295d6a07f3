"""What is revoked counts no more, whichever worker is asked: its tokens, its sessions, the streams that it reads."""

import asyncio
from datetime import timedelta

import httpx
import pytest
from typer.testing import CliRunner

from app.access import repository
from app.access.revocations import PAUSE, refresh
from app.cli import main
from app.kit.clock import system_clock
from app.kit.database.sessions import Database, make_engine
from app.kit.security.callers import Role
from app.kit.security.revocations import Revocations
from app.kit.security.tokens import REMEMBERED_SECONDS
from app.main import create_app
from app.settings import Settings
from tests.access.clients import add_client, ask_token, get_token, put_client
from tests.conftest import SettableClock, asking
from tests.http import serving_http
from tests.patience import PATIENCE
from tests.world import World, problem


async def look(world: World) -> None:
    """The worker looks what was revoked."""
    await refresh(world.parts.database, world.parts.callers.revocations)


async def ask(world: World, token: str) -> httpx.Response:
    return await world.http.get("/v1/me", headers={"Authorization": f"Bearer {token}"})


def test_it_is_seen_within_a_minute() -> None:
    assert PAUSE <= REMEMBERED_SECONDS / 2 <= 30


async def test_a_revoked_client_loses_the_tokens_that_it_has(world: World, clock: SettableClock) -> None:
    clock.now = system_clock()
    organisation = await add_client(world, "duinen-epd")
    await add_client(world, "zee-epd")
    token, kept = await get_token(world, "duinen-epd"), await get_token(world, "zee-epd")
    assert (await ask(world, token)).status_code == 200
    clock.now += timedelta(seconds=1)
    path = f"/v1/organisations/{organisation['id']}/clients/duinen-epd"
    assert (await world.http.delete(path, headers=world.admin)).status_code == 204
    await look(world)
    problem(await ask(world, token), 401, "unauthenticated")
    assert (await ask_token(world, "duinen-epd")).status_code == 401
    assert (await ask(world, kept)).status_code == 200
    clock.now += timedelta(seconds=1)
    assert (await put_client(world, organisation, "duinen-epd")).status_code == 200
    assert (await ask(world, await get_token(world, "duinen-epd"))).status_code == 200
    problem(await ask(world, token), 401, "unauthenticated")


async def test_the_other_workers_see_it(settings: Settings, fresh_database_url: str, clock: SettableClock) -> None:
    """Two applications on one database, as two workers are; the one that did not revoke remembers the token."""
    clock.now = system_clock()
    databases = [Database(make_engine(fresh_database_url, pool_size=2, patience=PATIENCE)) for _ in range(2)]
    apps = [create_app(settings, database=database, clock=clock) for database in databases]
    async with asking(apps[0]) as one, asking(apps[1]) as another:
        organisation = await add_client(one, "duinen-epd")
        token = await get_token(one, "duinen-epd")
        assert (await ask(another, token)).status_code == 200
        path = f"/v1/organisations/{organisation['id']}/clients/duinen-epd"
        await one.http.delete(path, headers=one.admin)
        await look(another)
        problem(await ask(another, token), 401, "unauthenticated")
    for database in databases:
        await database.close()


async def test_an_open_stream_ends(settings: Settings, fresh_database_url: str, clock: SettableClock) -> None:
    clock.now = system_clock()
    database = Database(make_engine(fresh_database_url, pool_size=5, patience=PATIENCE))
    async with serving_http(create_app(settings, database=database, clock=clock)) as world:
        revoked, stays = [
            await world.open("/v1/availability/events", world.as_(Role.GI, client_id=name)) for name in ("a", "b")
        ]
        await revoked.greeting()
        await stays.greeting()
        async with database.write() as session:
            await repository.revoke_tokens(session, "a", system_clock())
        await look(world)
        assert await revoked.next() is None
        assert world.parts.streams.count == 1
    await database.close()


@pytest.mark.parametrize("client", ["duinen-epd", "https://login.example.org#anna"])
async def test_a_command_revokes_any_client(fresh_database_url: str, client: str) -> None:
    environment = {"DATABASE_URL": fresh_database_url, "DEMO": "true"}
    done = await asyncio.to_thread(CliRunner().invoke, main, ["revoke", client], env=environment)
    assert done.exit_code == 0, done.output
    database, revocations = Database(make_engine(fresh_database_url, pool_size=1, patience=PATIENCE)), Revocations()
    before = system_clock().timestamp()
    await refresh(database, revocations)
    assert revocations.covers(client, before - 60)
    assert not revocations.covers(client, before + 1)
    await database.close()
