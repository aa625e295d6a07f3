"""Health: alive without a database, ready only with all that it needs, and told what is missing."""

from collections.abc import AsyncIterator
from uuid import UUID

import asyncpg
import pytest
from pydantic import SecretStr

from app import VERSION
from app.kit.database import migrations
from app.kit.database.sessions import connect
from app.kit.stopping import STOPPING
from app.ranking import WHY_INTERPRETED
from app.settings import Settings
from tests.access.keys import pem, private_key
from tests.conftest import SettableClock, serving
from tests.world import World, codes, problem

READY = "/v1/health/ready"
OK = {"status": "ok", "version": VERSION}
READY_OK = {**OK, "rules": "interpreted" if WHY_INTERPRETED else "compiled"}


async def execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url.replace("postgresql+asyncpg", "postgresql"))
    await connection.execute(statement)
    await connection.close()


@pytest.fixture
async def production(settings: Settings, fresh_database_url: str, clock: SettableClock) -> AsyncIterator[World]:
    """The service outside demo mode, on a database of its own."""
    changed = settings.model_copy(update={"demo": False, "signing_key": SecretStr(pem(private_key()))})
    database = connect(fresh_database_url, pool_size=2)
    async with serving(changed, database, clock) as made:
        yield made
    await database.engine.dispose()


async def add_client(url: str, *, demo: bool, revoked: str = "NULL") -> None:
    await execute(url, f"INSERT INTO organisations (id, name, role) VALUES ('{UUID(int=1)}', 'X', 'admin')")  # noqa: S608
    await execute(
        url,
        "INSERT INTO clients (id, organisation_id, salt, secret_hash, demo, revoked_at) "  # noqa: S608
        f"VALUES ('demo-admin', '{UUID(int=1)}', '', '', {demo}, {revoked})",
    )


async def test_alive_and_ready(world: World, statements: list[str]) -> None:
    live = await world.http.get("/v1/health/live")
    assert (live.status_code, live.json()) == (200, OK)
    assert statements == []
    ready = await world.http.get(READY)
    assert (ready.status_code, ready.json()) == (200, READY_OK)
    assert statements
    for answer in (live, ready):
        assert answer.headers["cache-control"] == "no-store"


async def test_takes_no_query_keys(world: World) -> None:
    for path in ("/v1/health/live", READY):
        assert codes(await world.http.get(f"{path}?verbose=1")) == {"#/query/verbose": "unknown-query-key"}


async def test_the_database_is_away(settings: Settings, clock: SettableClock, away_url: str) -> None:
    away = connect(away_url, pool_size=1)
    async with serving(settings, away, clock) as world:
        assert (await world.http.get("/v1/health/live")).json() == OK
        for language, word in (("nl", "database"), ("en", "database")):
            answer = await world.http.get(READY, headers={"Accept-Language": language})
            assert word in problem(answer, 503, "unavailable")["detail"]
            assert int(answer.headers["retry-after"]) > 0
    await away.engine.dispose()


async def test_the_database_comes_back(settings: Settings, clock: SettableClock, fresh_database_url: str) -> None:
    database = connect(fresh_database_url, pool_size=1)
    async with serving(settings, database, clock) as world:
        assert (await world.http.get(READY)).status_code == 200
        await execute(
            fresh_database_url,
            "SELECT pg_terminate_backend(pid, 60_000) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()",
        )
        assert (await world.http.get(READY)).status_code == 200
    await database.engine.dispose()


@pytest.mark.parametrize(
    ("statement", "at"),
    [
        ("UPDATE alembic_version SET version_num = '0000'", "0000"),
        ("DELETE FROM alembic_version", "none"),
        ("DROP TABLE alembic_version", "none"),
        ("DROP SCHEMA public CASCADE", "none"),
    ],
)
async def test_the_database_is_not_migrated(
    production: World, fresh_database_url: str, statement: str, at: str
) -> None:
    await execute(fresh_database_url, statement)
    answer = await production.http.get(READY, headers={"Accept-Language": "en"})
    content = problem(answer, 503, "not-ready")
    assert content["check"] == "migration"
    assert f"at migration {at}" in content["detail"]
    assert migrations.head() in content["detail"]
    assert "wijzer migrate" in content["detail"]
    dutch = problem(await production.http.get(READY), 503, "not-ready")
    assert "None" not in dutch["detail"]


@pytest.mark.parametrize(("expands", "status"), [("true", 200), ("false", 503)])
async def test_the_database_is_newer(production: World, fresh_database_url: str, expands: str, status: int) -> None:
    """An older release goes on where each migration that it does not know only adds."""
    await execute(fresh_database_url, f"INSERT INTO migrations_run VALUES ('9998', true), ('9999', {expands})")  # noqa: S608
    await execute(fresh_database_url, "UPDATE alembic_version SET version_num = '9999'")
    assert (await production.http.get(READY)).status_code == status


async def test_a_process_that_stops_is_not_ready(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(STOPPING, "has_begun", True)
    assert problem(await world.http.get(READY), 503, "not-ready")["check"] == "stopping"


async def test_the_reference_data_is_missing(production: World, fresh_database_url: str) -> None:
    await execute(fresh_database_url, "DELETE FROM care_types")
    content = problem(await production.http.get(READY), 503, "not-ready")
    assert content["check"] == "reference-data"
    assert "wijzer migrate" in content["detail"]


async def test_a_demo_client_outside_demo_mode(production: World, fresh_database_url: str) -> None:
    assert (await production.http.get(READY)).status_code == 200
    await add_client(fresh_database_url, demo=True)
    content = problem(await production.http.get(READY), 503, "not-ready")
    assert content["check"] == "demo-clients"
    assert "DEMO=true" in content["detail"]


async def test_a_revoked_demo_client_or_another_client_outside_demo_mode(
    production: World, fresh_database_url: str
) -> None:
    await add_client(fresh_database_url, demo=True, revoked="now()")
    assert (await production.http.get(READY)).status_code == 200
    await execute(fresh_database_url, "UPDATE clients SET demo = false, revoked_at = NULL")
    assert (await production.http.get(READY)).status_code == 200


async def test_a_demo_client_in_demo_mode(settings: Settings, clock: SettableClock, fresh_database_url: str) -> None:
    await add_client(fresh_database_url, demo=True)
    database = connect(fresh_database_url, pool_size=1)
    async with serving(settings, database, clock) as world:
        assert (await world.http.get(READY)).json() == READY_OK
    await database.engine.dispose()
