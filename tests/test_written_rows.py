"""A write that forgets to ask whose rows it changes reaches its caller's alone: row-level security under it."""

from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any, Final
from uuid import UUID, uuid4

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from sqlalchemy import Table, func, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from app.kit.database import roles
from app.kit.database.logins import ensure_login
from app.kit.database.sessions import Database, make_engine
from app.kit.http import dependencies, idempotency, rights
from app.kit.http.rows import writes_of
from app.kit.security.callers import Caller, Role
from app.tables import METADATA
from app.web.sign_in.dependencies import seen_by
from tests import test_dossier_rights, test_private_rows
from tests.conftest import SavepointDatabase
from tests.databases import run_sql
from tests.patience import PATIENCE
from tests.test_dossier_rights import Scene, ask
from tests.test_private_rows import caller_of, private_tables
from tests.world import World

scene, unscoped = test_dossier_rights.scene, test_private_rows.unscoped
"""The fixtures."""

STRANGERS: Final = ("other provider", "other gi", "local team", "other expert team", "supraregion", "admin")
ADDED: Final = {"outbox_events", "audit_entries"}
"""Where a caller adds rows of whoever they concern, and changes none."""
SERVICE_ONLY: Final = {"audit_seals", "web_sessions"}
"""What no caller's transaction writes."""
ACROSS: Final = {
    "DELETE /v1/requests/{requestId}",  # what others were told of the child goes too
    "DELETE /v1/contracts/{contractId}",  # counts what rests on it, of all institutions
    "POST /aanmelden/demo",  # nobody has signed in yet
}
"""The operations that write across organisations."""


EVERY_ROW: Final = (
    "UPDATE {table} SET {column} = {column}",
    "DELETE FROM {table}",
    "SELECT FROM {table} FOR UPDATE",
)
ANY_ROW: Final = "SELECT to_jsonb(each)::text FROM {table} AS each LIMIT 1"
ADD_ROW: Final = (
    "INSERT INTO {table} ({columns}) OVERRIDING SYSTEM VALUE "
    "SELECT {columns} FROM jsonb_populate_record(NULL::{table}, CAST(:row AS jsonb))"
)


def _columns(table: Table) -> str:
    """The columns that can be given, in the order of the table."""
    return ", ".join(each.name for each in table.c if each.computed is None)


@pytest.fixture
async def kept(scene: Scene, world: World, database: SavepointDatabase) -> set[str]:
    """The private tables that have rows, which are of none of the STRANGERS: most of them, or the tests show little."""
    headers = scene.callers["gi"]
    await world.http.post(
        f"/v1/requests/{scene.ids['requestId']}/explanations",
        json={"reason": "no-place-in-region", "text": "Vol."},
        headers=headers | {"Idempotency-Key": "een"},
    )
    tables = set[str]()
    async with database.read() as session:
        for name in await private_tables(database):
            if await session.scalar(select(func.count()).select_from(METADATA.tables[name])):
                tables.add(name)
    assert len(tables) >= 20, tables
    return tables


async def _affected(database: Database, caller: Caller | None, statement: str, table: str) -> int:
    """How many rows a statement without WHERE changes in a transaction of this caller's; 0 where it may not at all."""
    column = next(each.name for each in METADATA.tables[table].c if each.name != "id")
    async with database.write(writes_of(caller)) as session:
        try:
            async with session.begin_nested() as nested:
                changed = await session.execute(text(statement.format(table=table, column=column)))
                await nested.rollback()
        except DBAPIError as error:
            if "permission denied" not in str(error):
                raise
            return 0
    return int(changed.rowcount)  # type: ignore[attr-defined]


async def test_a_forgotten_where_changes_no_row_of_others(
    world: World, scene: Scene, database: SavepointDatabase, kept: set[str]
) -> None:
    for name in (*STRANGERS, None):
        caller = None if name is None else await caller_of(world, scene.callers[name])
        for table in sorted(kept):
            for statement in EVERY_ROW:
                assert await _affected(database, caller, statement, table) == 0, f"{name}: {statement} ({table})"


async def test_no_row_of_others_is_added(
    world: World, scene: Scene, database: SavepointDatabase, kept: set[str]
) -> None:
    """A copy of one that there is: refused for whose it is, before its key is looked at."""
    for table in sorted(kept - ADDED):
        async with database.read() as session:
            row = await session.scalar(text(ANY_ROW.format(table=table)))
        add = text(ADD_ROW.format(table=table, columns=_columns(METADATA.tables[table])))
        for name in (*STRANGERS, None):
            caller = None if name is None else await caller_of(world, scene.callers[name])
            async with database.write(writes_of(caller)) as session:
                with pytest.raises(DBAPIError, match=r"row-level security|permission denied"):
                    async with session.begin_nested():
                        await session.execute(add, {"row": row})


async def test_the_institution_reaches_its_own(world: World, scene: Scene, database: SavepointDatabase) -> None:
    caller = await caller_of(world, scene.callers["gi"])
    for table in ("requests", "referrals", "calls", "arrangements", "escalations", "rankings", "watches"):
        assert await _affected(database, caller, EVERY_ROW[0], table) > 0, table


async def test_a_provider_that_is_asked_removes_nothing_of_a_child(
    world: World, scene: Scene, database: SavepointDatabase
) -> None:
    """It reaches the dossier, as its decision has its effect there, and deletes no part of it."""
    caller = await caller_of(world, scene.callers["provider"])
    assert await _affected(database, caller, EVERY_ROW[0], "requests") == 1
    for table in ("requests", "rankings", "escalations", "request_shares", "choice_versions"):
        assert await _affected(database, caller, EVERY_ROW[1], table) == 0, table


@pytest.mark.usefixtures("unscoped")
async def test_writes_hold_without_the_scope_of_repositories(world: World, scene: Scene) -> None:
    for operation in test_dossier_rights.WRITES:
        if "{" not in operation.path or "{region}" in operation.path:
            continue
        if f"{operation.method} /v1{operation.path}" in ACROSS:
            continue
        for name in ("other gi", "local team", "other provider"):
            answer = await ask(world, scene, operation, name)
            assert answer.status_code in {400, 403, 404, 409, 412}, f"{name}: {operation} {answer.text}"


def _dependencies(dependant: Dependant) -> Iterator[Callable[..., Any]]:
    """What an endpoint depends on, in the order in which it is called."""
    for each in dependant.dependencies:
        yield from _dependencies(each)
        assert each.call is not None
        yield each.call


def _routes(routes: Any) -> Iterator[APIRoute]:
    for each in routes:
        if isinstance(each, APIRoute):
            yield each
        else:
            yield from _routes(getattr(each, "routes", ()))


def test_whoever_writes_is_known_first_and_what_writes_across_is_named(world: World) -> None:
    across = set[str]()
    for route in _routes(world.app.routes):
        calls = list(_dependencies(route.dependant))
        name = f"{min(route.methods or {'GET'})} {route.path}"
        if dependencies._write_across in calls:  # noqa: SLF001 - what the aliases stand for
            across.add(name)
        if dependencies._write in calls:  # noqa: SLF001
            before = calls[: calls.index(dependencies._write)]  # noqa: SLF001
            asks = [each for each in before if isinstance(each, rights.needs | seen_by) or each.__name__ == "_asker"]
            assert asks, f"{name} writes before it is known for whom"
            assert dependencies._write_across not in calls, name  # noqa: SLF001
        assert idempotency._once not in calls or name not in across, f"{name} would store its answer apart"  # noqa: SLF001
    assert across == ACROSS


async def test_every_private_table_says_who_writes_it(database: SavepointDatabase) -> None:
    statement = text("SELECT polname FROM pg_policy WHERE polrelid = CAST(:table AS regclass)")
    for table in await private_tables(database):
        async with database.read() as session:
            policies = set(await session.scalars(statement, {"table": table}))
        assert "of_service" in policies, f"{table}: the service sees nothing of it"
        assert ("of_writer" in policies) is (table not in SERVICE_ONLY), f"{table}: who writes it for a caller?"


async def test_triggers_see_the_rows_of_all(database: SavepointDatabase) -> None:
    """What they tell and keep is of whoever it concerns: who has a webhook, with whom a request is shared."""
    held = text("""
        SELECT proname FROM pg_proc AS p
        WHERE pronamespace = 'public'::regnamespace AND prorettype = 'trigger'::regtype
            AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.objid = p.oid AND d.deptype = 'e')
            AND NOT (prosecdef AND 'search_path=public, pg_temp' = ANY (proconfig))
    """)
    async with database.read() as session:
        assert (await session.scalars(held)).all() == []


NEVER: Final = (
    "CREATE TABLE more (id int)",
    "ALTER TABLE requests ADD COLUMN more int",
    "ALTER TABLE requests DISABLE ROW LEVEL SECURITY",
    "DROP POLICY of_writer ON requests",
    "DROP TABLE rankings",
    "TRUNCATE rankings",
    "CREATE ROLE more",
    "UPDATE audit_entries SET client_id = client_id",
    "UPDATE audit_seals SET hash = hash",
    "DELETE FROM audit_seals",
    "UPDATE migrations_run SET expands = expands",
    "DELETE FROM alembic_version",
)


@pytest.mark.parametrize("role", [roles.WRITER, roles.SERVICE])
async def test_no_role_changes_tables_or_what_was_recorded(database: SavepointDatabase, role: str) -> None:
    async with database.write({"role": role}) as session:
        assert await session.scalar(text("SELECT current_user")) == role
        for statement in NEVER:
            with pytest.raises(DBAPIError, match=r"permission denied|must be owner"):
                async with session.begin_nested():
                    await session.execute(text(statement))


@pytest.fixture
async def login_url(fresh_database_url: str, server_url: str) -> AsyncIterator[str]:
    """The database as a login that owns nothing, and may do nothing but take the roles."""
    name = f"wijzer_login_{uuid4().hex}"
    await ensure_login(fresh_database_url, name, "geheim")
    yield make_url(fresh_database_url).set(username=name, password="geheim").render_as_string(hide_password=False)
    await run_sql(server_url, f"DROP ROLE {name}")


async def test_the_service_works_with_a_login_that_owns_nothing(login_url: str) -> None:
    database = Database(make_engine(login_url, pool_size=1, patience=PATIENCE))
    who = text("SELECT current_user")
    async with database.read() as session:
        assert await session.scalar(who) == roles.SERVICE
    async with database.write(writes_of(Caller("test", UUID(int=7), Role.GI))) as session:
        assert await session.scalar(who) == roles.WRITER
    async with database.direct() as connection:
        assert await connection.scalar(who) == roles.SERVICE
        await connection.execute(text("SET ROLE NONE"))
        with pytest.raises(DBAPIError, match="permission denied"):
            await connection.execute(text("SELECT FROM requests"))
    await database.close()
