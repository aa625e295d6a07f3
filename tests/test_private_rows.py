"""A read that forgets to ask whose rows it reads shows no others than its caller's: row-level security under it."""

from functools import partial
from typing import Any, Final
from uuid import UUID

import pytest
from fastapi import Request
from sqlalchemy import func, select, text, true
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import DBAPIError

from app.dossiers.requests import repository as requests
from app.dossiers.requests.tables import RequestRow
from app.kit.database.roles import as_statement
from app.kit.database.sessions import Database, ReadSession, ReplicaReader, driver_of, make_engine
from app.kit.http.dependencies import database_of
from app.kit.http.rows import NOBODY, rows_of
from app.kit.security.callers import Caller, Role
from app.tables import METADATA
from tests import test_dossier_rights
from tests.conftest import SavepointDatabase
from tests.patience import PATIENCE
from tests.test_dossier_rights import REFERENCES, Scene
from tests.world import World

scene = test_dossier_rights.scene
"""The fixture."""

SHARED: Final = {
    "what everybody may know": ("regions", "municipalities", "care_types", "regional_agreements"),
    "supply, which every role sees": (
        *("providers", "locations", "offers", "capacity_reports", "current_capacities", "contracts", "placement_stops"),
        *("reminders", "reminder_mutes", "catalogue_changes", "catalogue_marks", "catalogue_origin"),
        "offer_showings",
    ),
    "organisations, their clients and how they are reached: admins, and whoever is told of another": (
        *("organisations", "clients", "contacts", "revocations"),
    ),
    "work in the background, in no caller's transaction": (
        "mails",
        "watch_progress",
        "concern_progress",
        "migrations_run",
    ),
    "figures, whose questions are confined and whose small numbers are hidden": (
        *("dossier_versions", "insight_needs", "insight_referrals", "insight_escalations", "insight_sources"),
        *("insight_offers", "insight_supply_days", "insight_supply_months", "insight_supply_sums"),
        *("insight_supply_states", "insight_settled"),
    ),
    "plans, which a region's overseers read": (
        *("plan_actions", "plan_action_versions", "target_lines", "target_line_versions"),
    ),
}
"""The tables without policies, by why each has none."""

PRIVATE_SQL: Final = "SELECT relname FROM pg_class WHERE relrowsecurity AND relnamespace = 'public'::regnamespace"
OPEN_ROWS: Final = {"deliveries": {Role.REGION, Role.SUPRAREGION, Role.INSPECTORATE}}
"""Which roles see rows of others, and of what: whether an institution has delivered."""


async def private_tables(database: Database) -> list[str]:
    async with database.read() as session:
        return sorted((await session.scalars(text(PRIVATE_SQL))).all())


async def count(database: Database, caller: Caller | None, table: str) -> int:
    """How many rows of a table this caller sees who asks for all of them."""
    async with database.read(rows_of(caller)) as session:
        return int(await session.scalar(select(func.count()).select_from(METADATA.tables[table])) or 0)


async def test_every_table_is_private_or_says_why_not(database: SavepointDatabase) -> None:
    shared = {table for tables in SHARED.values() for table in tables}
    private = set(await private_tables(database))
    assert not shared & private
    assert set(METADATA.tables) == shared | private, "a new table: give it a policy, or say why it needs none"


async def caller_of(world: World, headers: dict[str, str]) -> Caller:
    return await world.parts.callers.get(headers["Authorization"], partial(str, "http://test"))


async def test_a_forgotten_where_shows_nothing_of_others(
    world: World,
    scene: Scene,
    database: SavepointDatabase,
) -> None:
    strangers = (
        "other provider",
        "other gi",
        "local team",
        "other expert team",
        "supraregion",
        "inspectorate",
        "admin",
    )
    for table in await private_tables(database):
        for name in strangers:
            caller = await caller_of(world, scene.callers[name])
            if caller.role in OPEN_ROWS.get(table, ()) or table == "outbox_events":
                continue
            assert await count(database, caller, table) == 0, f"{name} sees rows of {table}"
        assert table == "outbox_events" or await count(database, None, table) == 0, f"nobody sees rows of {table}"


CHANGES: Final = (
    "INSERT INTO {table} DEFAULT VALUES",
    "UPDATE {table} SET {column} = DEFAULT",
    "DELETE FROM {table}",
    "TRUNCATE {table}",
    "SELECT FROM {table} FOR UPDATE",
)


async def test_the_role_of_a_caller_changes_no_row_of_any_table(database: SavepointDatabase) -> None:
    """Not even one of its own: whatever runs as it only reads, were its transaction not read-only."""
    async with database.read(rows_of(Caller("test", UUID(int=7), Role.GI))) as session:
        for name, table in METADATA.tables.items():
            for change in CHANGES:
                statement = change.format(table=name, column=next(iter(table.c)).name)
                with pytest.raises(DBAPIError, match="permission denied"):
                    async with session.begin_nested():
                        await session.execute(text(statement))


async def test_what_a_request_reads_from_a_replica_is_its_callers(
    world: World,
    scene: Scene,
) -> None:
    """The replica's reader, and the database that an endpoint hands on, which say nothing of whose rows they read."""
    rows = select(func.count()).select_from(RequestRow)

    async def count_requests(session: ReadSession) -> int:
        assert await session.scalar(text("SELECT current_user")) == "wijzer_caller"
        return int(await session.scalar(rows) or 0)

    for name, sees in (("gi", True), ("other gi", False), (None, False)):
        request = Request({"type": "http", "app": world.app, "headers": []})
        request.state.caller = await caller_of(world, scene.callers[name]) if name else None
        replicated = database_of(request)
        assert (await ReplicaReader(replicated)(count_requests) > 0) is sees, name
        async with replicated.read_replica() as session:
            assert (await count_requests(session) > 0) is sees, name


async def test_events_of_others_are_not_seen(
    world: World,
    scene: Scene,
    database: SavepointDatabase,
) -> None:
    """All hear of capacity; of a dossier only its own sides do."""
    stranger = await caller_of(world, scene.callers["other gi"])
    async with database.read(rows_of(stranger)) as session:
        kinds = set((await session.scalars(text("SELECT DISTINCT type FROM outbox_events"))).all())
    assert kinds <= {"capacity.changed"}


async def test_each_side_sees_its_own(
    world: World,
    scene: Scene,
    database: SavepointDatabase,
) -> None:
    seen = {
        "gi": {
            "requests",
            "referrals",
            "referral_events",
            "calls",
            "call_answers",
            "rankings",
            "escalations",
            "watches",
        },
        "provider": {"referrals", "referral_events", "referral_children", "calls", "call_addressees", "call_answers"},
        "reading team": {"requests", "referrals", "request_shares", "calls", "escalations"},
        "expert team": {"requests", "escalations", "arrangements", "referrals", "proposals", "proposal_lines"},
        "region": {"arrangements"},
        "receiver": {"transfers", "transfer_requests", "requests"},
    }
    for name, tables in seen.items():
        caller = await caller_of(world, scene.callers[name])
        for table in tables:
            assert await count(database, caller, table) > 0, f"{name} sees nothing of {table}"


async def test_a_provider_sees_what_was_sent_to_it_and_not_to_another(
    world: World,
    scene: Scene,
    database: SavepointDatabase,
) -> None:
    caller = await caller_of(world, scene.callers["provider"])
    for table in ("referrals", "call_addressees", "call_answers"):
        async with database.read(rows_of(caller)) as session:
            whose = set((await session.scalars(select(METADATA.tables[table].c.provider_id))).all())
        assert whose == {caller.provider_id}, table


@pytest.fixture
def unscoped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Repositories that forgot whose rows they read, and write."""

    def everything(*_: object, **__: object) -> Any:
        return true()

    for name in (
        *("requests.repository.may", "referrals.repository.own_to", "referrals.repository._readable"),
        *("referrals.family_repository.own_to", "arrangements.repository._own", "transfers.repository._own"),
    ):
        monkeypatch.setattr(f"app.dossiers.{name}", everything)


@pytest.mark.usefixtures("unscoped")
@pytest.mark.parametrize(
    "path",
    [
        *("/requests", "/referrals", "/arrangements", "/transfers"),
        *(
            "/requests/{requestId}",
            "/referrals/{referralId}",
            "/arrangements/{arrangementId}",
            "/transfers/{transferId}",
        ),
        *("/requests/{requestId}/history", "/requests/{requestId}/rankings", "/requests/{requestId}/deadlines"),
        "/requests/{requestId}/proposal-lines",
    ],
)
async def test_answers_hold_without_the_scope_of_repositories(
    world: World,
    scene: Scene,
    path: str,
) -> None:
    for name in ("other gi", "local team", "other provider"):
        answer = await world.http.get("/v1" + path.format(**scene.ids), headers=scene.callers[name])
        assert answer.status_code in {200, 403, 404}, f"{name}: {answer.text}"
        if answer.status_code == 200:
            assert answer.json()["items"] == [], name
        assert not any(reference in answer.text for reference in REFERENCES.values())


async def test_the_index_of_a_list_is_used_under_the_policy(database: SavepointDatabase) -> None:
    caller = Caller("test", UUID(int=7), Role.GI)
    statement = requests.visible(caller, "read").with_only_columns(RequestRow.id).order_by(RequestRow.requested_on)
    sql = statement.compile(dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True})  # type: ignore[no-untyped-call]  # SQLAlchemy annotates no dialect
    async with database.read(rows_of(caller)) as session:
        await session.execute(text("SET LOCAL enable_seqscan = off"))
        plan = "\n".join((await session.scalars(text(f"EXPLAIN {sql}"))).all())
    assert "Index Cond: (organisation_id = " in plan, plan


async def test_a_connection_is_a_callers_for_one_transaction(fresh_database_url: str) -> None:
    database = Database(make_engine(fresh_database_url, pool_size=1, patience=PATIENCE))
    who = select(text("current_user, current_setting('app.region', true)"))
    for region in ("JZ03", "x'; RESET ROLE; --\\"):
        caller = Caller("test", UUID(int=7), Role.REGION, region=region)
        async with database.read(rows_of(caller)) as session:
            assert tuple((await session.execute(who)).one()) == ("wijzer_caller", region.replace("\\", ""))
        async with database.read() as session:
            user, left = (await session.execute(who)).one()
            assert (user == "wijzer_caller", left or "") == (False, "")
    async with database.read(NOBODY) as session:
        assert (await session.execute(who)).one()[0] == "wijzer_caller"
    async with database.engine.connect() as connection:  # of a transaction that never began
        (await driver_of(connection)).begins_with = as_statement(NOBODY)
    async with database.read() as session:
        assert (await session.execute(who)).one()[0] != "wijzer_caller"
    await database.close()
