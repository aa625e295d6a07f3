"""Reading the catalogue: all of it at once, what changed since, and the parts that did.

These statements go to the driver itself: a worker reads hundreds of thousands of rows at its start, and asks for
changes many times a second.
"""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import text

from app.finding.catalogue.position import Position
from app.kit.database.sessions import Driver, ReadSession, Record, WriteSession, driver_of

CHUNK: Final = 1000
"""Rows that are read, and then put in memory, before others get their turn."""
KEPT: Final = timedelta(hours=1)
"""How long a change is kept for those that lag behind; who lags further loads anew."""

_CAPACITY = """
    k.observed_at, k.places_total, k.places_free, k.waiting_count, k.next_free_on, k.wait_days_intake,
    k.wait_days_treatment, k.accepts_referrals, k.note
"""
_PROVIDERS = "SELECT p.id, p.name, p.intake_desk, p.phone, p.email, p.website FROM providers p"
_DESKS = """
    SELECT k.region_code, k.name, k.phone, k.email, k.opening_hours::text AS opening_hours
    FROM contacts k WHERE k.role = 'region' ORDER BY k.created_at, k.organisation_id
"""
_CONTRACTS = """
    SELECT c.provider_id, c.kind, c.regions, c.municipalities, c.care_types, c.valid_from, c.valid_to,
           c.ceiling_reached, c.ceiling_exempts_measure
    FROM contracts c
    WHERE c.withdrawn_at IS NULL
"""
_OFFERS = f"""
    SELECT o.id, o.provider_id, o.name, o.description, o.care_type, o.age_min, o.age_max, o.genders,
           o.specialisations, o.exclusion_criteria, o.at_home, o.service_area, o.needs_court_authorisation, o.unit,
           l.name AS location_name, l.city, l.postcode, l.municipality_code, l.latitude, l.longitude, {_CAPACITY}
    FROM offers o
    LEFT JOIN locations l ON l.id = o.location_id
    LEFT JOIN current_capacities k ON k.offer_id = o.id
    WHERE o.ended_at IS NULL
"""  # noqa: S608 - the columns are those above
_STOPS = """
    SELECT o.id AS offer_id, s.region_code, s.starts_on, s.ends_on
    FROM placement_stops s
    JOIN offers o ON o.provider_id = s.provider_id
        AND (s.location_id IS NULL OR s.location_id = o.location_id)
        AND (s.offer_id IS NULL OR s.offer_id = o.id)
    WHERE o.ended_at IS NULL
"""
_CHANGES = f"""
    SELECT pg_current_snapshot()::text AS position, clock_timestamp() AS told_at,
           (SELECT min(xid) FROM catalogue_marks) AS kept_from, c.kind, c.subject, c.xid, {_CAPACITY}
    FROM (SELECT 1) AS always
    LEFT JOIN catalogue_changes c
        ON c.xid >= $1 AND NOT pg_visible_in_snapshot(c.xid::text::xid8, $2::text::pg_snapshot)
    LEFT JOIN LATERAL (
        SELECT * FROM current_capacities WHERE c.kind = 'capacity' AND offer_id = c.subject OFFSET 0
    ) k ON true
"""  # noqa: S608 - the columns are those above
"""OFFSET 0 has each capacity looked up by its key: the planner expects many changes, and would read all there are."""
_WORD: Final = "SELECT pg_current_snapshot()::text AS position, clock_timestamp() AS told_at"
_NOT_IN_CATALOGUE: Final = {None, "audience"}
"""The kinds of rows that change nothing in the catalogue; None where nothing changed."""
_LAST_CHANGES = """
    SELECT subject, array_agg(DISTINCT xid) AS xids, bool_or(kind = 'offer') AS is_offer
    FROM (SELECT subject, kind, xid, max(oldest) OVER (PARTITION BY subject) AS oldest
          FROM catalogue_changes WHERE kind <> 'audience') AS c
    WHERE xid >= oldest  -- those before had ended when the one with this `oldest` made its change
    GROUP BY subject
"""


_ORIGIN: Final = """
    (SELECT concat_ws(':', (SELECT system_identifier FROM pg_control_system()),
                      CASE WHEN pg_is_in_recovery() THEN 'replica'
                           ELSE left(pg_walfile_name(pg_current_wal_insert_lsn()), 8) END,
                      d.oid, 'catalogue_changes'::regclass::oid)
     FROM pg_database d WHERE d.datname = current_database())
"""
"""Which data this is, as the transactions in the log of changes are numbered by it: cluster, timeline (a fork of the
cluster, by failover or by a restore to a point in time), database, and table, which a restore makes anew."""

_IS_OF_THIS: Final = f"SELECT origin = {_ORIGIN} FROM catalogue_origin"  # noqa: S608 - of this module
_CLAIM: Final = f"UPDATE catalogue_origin SET origin = {_ORIGIN}"  # noqa: S608 - as above
_MARK: Final = """
    INSERT INTO catalogue_marks (xid) VALUES (pg_snapshot_xmin(pg_current_snapshot())::text::bigint)
    ON CONFLICT DO NOTHING
"""


class Changes(NamedTuple):
    """What has been committed since a position, and the position that includes it.

    `rows` have kind, subject and xid and, of a capacity, its figures as they now stand. `audiences` are those whose
    pages show something else. `complete` is False where some of the changes since then may have been pruned.
    """

    position: Position
    rows: list[Record]
    audiences: frozenset[UUID]
    complete: bool
    told_at: datetime


async def get_instance(driver: Driver) -> str:
    """Which running server this is, and which data: after a restart, a fail-over or a restore it is another.

    What it knows may then differ.
    """
    instance: str = await driver.fetchval(f"SELECT {_ORIGIN} || ' ' || pg_postmaster_start_time()")
    return instance


async def get_time(driver: Driver) -> datetime:
    """The time by the database's clock."""
    now: datetime = await driver.fetchval("SELECT clock_timestamp()")
    return now


async def claim_changes(driver: Driver) -> bool:
    """Clears the log of changes where it is of other data than this: of another cluster, timeline or database.

    Its transactions have the numbers of that cluster, which say nothing here. After a dump of cluster 7 at transaction
    90,000 was restored in cluster 8, which is at 800, nobody would find a change of 801 among those that came in "after
    90,000". Whether anything was cleared.
    """
    if await driver.fetchval(_IS_OF_THIS):
        return False
    async with driver.transaction():
        if await driver.fetchval(f"{_IS_OF_THIS} FOR UPDATE"):
            return False  # another worker was first
        await driver.execute("DELETE FROM catalogue_changes")
        await driver.execute("DELETE FROM catalogue_marks")
        await driver.execute(_MARK)
        await driver.execute(_CLAIM)
    return True


async def driver_of_snapshot(session: ReadSession) -> Driver:
    """The driver's own connection, in the transaction of the session."""
    connection = await session.connection()
    await connection.execute(text("SELECT"))  # the transaction begins with the first statement
    return await driver_of(connection)


async def get_position(driver: Driver) -> Position:
    """What the transaction of this connection has seen.

    A replica does not tell which transactions are running on the primary: there, all that is not surely over counts
    as not seen.
    """
    row = await driver.fetchrow("SELECT pg_current_snapshot()::text AS seen, pg_is_in_recovery() AS replays")
    position = Position.parse(row["seen"])
    return Position(position.xmin, position.xmin, ()) if row["replays"] else position


class Word(NamedTuple):
    """What the database has seen, and what time it is there."""

    position: Position
    told_at: datetime


async def get_word(driver: Driver) -> Word:
    """How far the database is now: whoever has seen just that has seen all, and need not ask what changed."""
    row = await driver.fetchrow(_WORD)
    return Word(Position.parse(row["position"]), row["told_at"])


async def list_changes(driver: Driver, since: Position) -> Changes:
    """What was committed after `since`, in one statement and so of one snapshot."""
    rows = await driver.fetch(_CHANGES, since.xmin, str(since))
    first = rows[0]
    changed = [row for row in rows if row["kind"] not in _NOT_IN_CATALOGUE]
    audiences = frozenset(row["subject"] for row in rows if row["kind"] == "audience")
    complete = first["kept_from"] <= since.xmin
    return Changes(Position.parse(first["position"]), changed, audiences, complete, first["told_at"])


async def list_last_changes(driver: Driver) -> list[Record]:
    """Of each subject the transactions of which one was the last to change it, as far back as changes are kept."""
    rows: list[Record] = await driver.fetch(_LAST_CHANGES)
    return rows


async def get_kept_from(driver: Driver) -> int:
    """The first transaction whose changes have surely been kept."""
    kept_from: int = await driver.fetchval("SELECT min(xid) FROM catalogue_marks")
    return kept_from


async def _chunks(driver: Driver, statement: str) -> AsyncIterator[list[Record]]:
    cursor = await driver.cursor(statement)
    while rows := await cursor.fetch(CHUNK):
        yield rows


def all_providers(driver: Driver) -> AsyncIterator[list[Record]]:
    """Every provider, in the order of their contracts and offers; the caller has a transaction."""
    return _chunks(driver, f"{_PROVIDERS} ORDER BY p.id")


def all_contracts(driver: Driver) -> AsyncIterator[list[Record]]:
    """Every contract that was not withdrawn, those of a provider one after another; the caller has a transaction."""
    return _chunks(driver, f"{_CONTRACTS} ORDER BY c.provider_id")


def all_offers(driver: Driver) -> AsyncIterator[list[Record]]:
    """Every offer that is given now, those that are ranked together one after another; the caller has a transaction.

    So they come to lie together in memory, which is most of what it takes to look at hundreds of them.
    """
    return _chunks(driver, f"{_OFFERS} ORDER BY o.care_type, o.provider_id")


def all_stops(driver: Driver) -> AsyncIterator[list[Record]]:
    """Every stop of every offer; the caller has a transaction."""
    return _chunks(driver, _STOPS)


async def list_desks(driver: Driver) -> list[Record]:
    """How the regions that say so are reached, the first that said so first."""
    rows: list[Record] = await driver.fetch(_DESKS)
    return rows


async def list_providers(driver: Driver, ids: Sequence[UUID]) -> list[Record]:
    """These providers."""
    rows: list[Record] = await driver.fetch(f"{_PROVIDERS} WHERE p.id = ANY($1)", ids)
    return rows


async def list_contracts(driver: Driver, providers: Sequence[UUID]) -> list[Record]:
    """The contracts of these providers, those that were withdrawn aside."""
    rows: list[Record] = await driver.fetch(f"{_CONTRACTS} AND c.provider_id = ANY($1)", providers)
    return rows


async def list_offers(driver: Driver, ids: Sequence[UUID], providers: Sequence[UUID]) -> list[Record]:
    """These offers and those of these providers, as far as they are given now."""
    rows: list[Record] = await driver.fetch(
        f"{_OFFERS} AND (o.id = ANY($1) OR o.provider_id = ANY($2))", ids, providers
    )
    return rows


async def list_stops(driver: Driver, ids: Sequence[UUID], providers: Sequence[UUID]) -> list[Record]:
    """The stops of these offers and of those of these providers."""
    rows: list[Record] = await driver.fetch(f"{_STOPS} AND (o.id = ANY($1) OR o.provider_id = ANY($2))", ids, providers)
    return rows


async def prune_changes(session: WriteSession) -> None:
    """Deletes the changes that had all been committed an hour ago, and marks how far those of now go.

    Marks of other data say nothing of these, and would have it delete what no worker has seen.
    """
    if await claim_changes(await driver_of(await session.connection())):
        return
    await session.execute(
        text(f"""
            WITH bound AS (SELECT max(marked_at) AS marked_at, max(xid) AS xid FROM catalogue_marks
                           WHERE marked_at < now() - CAST(:kept AS interval)),
                 gone AS (DELETE FROM catalogue_changes USING bound WHERE catalogue_changes.xid < bound.xid),
                 past AS (DELETE FROM catalogue_marks USING bound WHERE catalogue_marks.marked_at < bound.marked_at)
            {_MARK}
        """),  # noqa: S608 - the statement is the one above
        {"kept": KEPT},
    )
