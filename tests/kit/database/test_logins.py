"""The login that the service gets: it may take the roles, and is nobody without them."""

from collections.abc import AsyncIterator
from uuid import uuid4

import asyncpg
import pytest
from sqlalchemy.engine import make_url

from app.kit.database import roles
from app.kit.database.logins import LoginError, ensure_login, verifier_of
from app.kit.database.sessions import connect
from app.settings import Settings
from tests.conftest import SettableClock, serving
from tests.databases import run_sql

ATTRIBUTES = (
    "SELECT rolcanlogin, rolinherit, rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls "
    "FROM pg_roles WHERE rolname = $1"
)
MEMBER_OF = "SELECT array_agg(roleid::regrole::text) FROM pg_auth_members WHERE member = $1::text::regrole"
VERIFIER = "SELECT rolpassword FROM pg_authid WHERE rolname = $1"


@pytest.fixture
async def name(server_url: str) -> AsyncIterator[str]:
    """Of a login that is gone afterwards."""
    name = f"wijzer_login_{uuid4().hex}"
    yield name
    await run_sql(server_url, f"DROP ROLE IF EXISTS {name}")


@pytest.fixture
async def owner(fresh_database_url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(fresh_database_url.replace("+asyncpg", ""))
    yield connection
    await connection.close()


def as_login(url: str, name: str) -> str:
    return make_url(url).set(username=name, password="geheim").render_as_string(hide_password=False)


async def test_may_take_the_roles_and_do_nothing_else(
    fresh_database_url: str, owner: asyncpg.Connection, name: str
) -> None:
    for _ in range(2):
        await ensure_login(fresh_database_url, name, "geheim")
        assert [*await owner.fetchrow(ATTRIBUTES, name)] == [True, *[False] * 6]
        assert {*await owner.fetchval(MEMBER_OF, name)} == {roles.CALLER, roles.WRITER, roles.SERVICE}


async def test_has_the_password_that_was_given_last(
    fresh_database_url: str, owner: asyncpg.Connection, name: str
) -> None:
    """PostgreSQL's own verifier of the same password and salt is the same."""
    await ensure_login(fresh_database_url, name, "vorige")
    await ensure_login(fresh_database_url, name, "geheim")
    made = await owner.fetchval(VERIFIER, name)
    await owner.execute(f"ALTER ROLE {name} PASSWORD 'geheim'")
    for verifier in (made, await owner.fetchval(VERIFIER, name)):
        salt = verifier.split(":")[1].split("$")[0]
        assert verifier == verifier_of("geheim", await owner.fetchval("SELECT decode($1, 'base64')", salt))


async def test_the_owner_of_the_tables_is_none(fresh_database_url: str, owner: asyncpg.Connection) -> None:
    myself = await owner.fetchval("SELECT current_user::text")
    with pytest.raises(LoginError, match="owns tables"):
        await ensure_login(fresh_database_url, myself, "geheim")


async def test_an_owner_of_a_table_alone_is_none(fresh_database_url: str, owner: asyncpg.Connection, name: str) -> None:
    await ensure_login(fresh_database_url, name, "geheim")
    await owner.execute(f"CREATE TABLE more (); ALTER TABLE more OWNER TO {name}")
    with pytest.raises(LoginError, match="owns tables"):
        await ensure_login(fresh_database_url, name, "geheim")
    await owner.execute("DROP TABLE more")


async def test_who_may_not_make_one_is_told_so_without_the_statement(fresh_database_url: str, name: str) -> None:
    await ensure_login(fresh_database_url, name, "geheim")
    with pytest.raises(LoginError, match="permission denied") as told:
        await ensure_login(as_login(fresh_database_url, name), f"{name}_more", "wachtwoord")
    assert not any(each in str(told.value) for each in ("wachtwoord", "SCRAM", "PASSWORD"))


def test_a_password_that_drivers_would_write_otherwise_is_refused() -> None:
    with pytest.raises(LoginError, match="ASCII"):
        verifier_of("gehéim", b"zout")


async def test_the_service_does_its_work_with_it(
    fresh_database_url: str, name: str, settings: Settings, clock: SettableClock
) -> None:
    await ensure_login(fresh_database_url, name, "geheim")
    database = connect(as_login(fresh_database_url, name), pool_size=2)
    async with serving(settings, database, clock) as world:
        assert (await world.http.get("/v1/health/ready")).status_code == 200
        offer = await world.contracted_offer()
        await world.report(offer)
        request = await world.add_request()
        found = await world.ok(world.http.get(f"/v1/requests/{request['id']}/matches", headers=world.gi))
        assert [each["offer"]["id"] for each in found["results"]] == [offer["id"]]
    await database.close()
