"""A database that was dumped and restored elsewhere: what its log of changes says is of another cluster."""

import os
import subprocess
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url
from structlog.testing import capture_logs

from app.finding.catalogue import repository
from app.finding.catalogue.follower import Follower
from app.finding.catalogue.repository import prune_changes
from app.kit.database.sessions import Database, connect
from scripts.drills._postgres import Programs
from tests.databases import run_sql, url_of
from tests.finding.catalogue.dataset import Changer
from tests.finding.catalogue.test_interleaving import assert_current
from tests.finding.catalogue.test_lost import loads
from tests.patience import PATIENCE
from tests.replication import Replication

FAR = 4_000_000_000
"""A transaction that a cluster comes to after years."""


def dump_and_restore(programs: Programs, source: str, target: str) -> None:
    """`pg_dump | pg_restore` of a database into an empty one; both as libpq knows them."""
    environment = {**os.environ, "PGCONNECT_TIMEOUT": str(int(PATIENCE))}
    dumped = subprocess.run(  # noqa: S603 - programs of the embedded PostgreSQL
        [programs.folder / "pg_dump", "--format=custom", source], check=True, capture_output=True, env=environment
    )
    subprocess.run(  # noqa: S603 - as above
        [programs.folder / "pg_restore", "--no-owner", "--exit-on-error", "--dbname", target],
        input=dumped.stdout,
        check=True,
        env=environment,
    )


@pytest.fixture
async def restored(changer: Changer, fresh_database_url: str, replication: Replication) -> AsyncIterator[Database]:
    """The database, with a log of a cluster that is years ahead, restored in another cluster."""
    await changer.driver.execute("UPDATE catalogue_marks SET xid = $1, marked_at = now() - interval '3 hours'", FAR)
    await changer.driver.execute("UPDATE catalogue_changes SET xid = $1, oldest = $1", FAR)
    await replication.primary.ask("DROP SCHEMA public CASCADE", database=replication.database)
    await replication.primary.ask("CREATE SCHEMA public", database=replication.database)
    source = make_url(fresh_database_url).set(drivername="postgresql").render_as_string(hide_password=False)
    dump_and_restore(replication.primary.programs, source, replication.primary.url(replication.database, "postgresql"))
    database = connect(replication.primary_url, pool_size=3)
    yield database
    await database.close()


async def test_a_restored_database_is_loaded_once(restored: Database) -> None:
    follower = Follower(restored)
    with capture_logs() as logs:
        for _ in range(5):
            await follower.catch_up()
    assert loads(logs) == 1
    async with restored.write() as session:
        await session.execute(text("UPDATE offers SET name = 'Na het herstel'"))
    await follower.catch_up()
    assert {follower.catalogue.entry(slot).name for slot in follower.catalogue.live(())} == {"Na het herstel"}
    await assert_current(follower, restored)
    await follower.close()


async def test_pruning_deletes_nothing_that_a_worker_has_not_seen(restored: Database) -> None:
    """The first to come is the job, before any worker has looked."""
    async with restored.write() as session:
        await prune_changes(session)
    follower = Follower(restored)
    await follower.catch_up()
    async with restored.write() as session:
        await session.execute(text("UPDATE offers SET name = 'Na het herstel'"))
    for _ in range(3):
        async with restored.write() as session:
            await prune_changes(session)
    with capture_logs() as logs:
        await follower.catch_up()
    assert loads(logs) == 0
    await assert_current(follower, restored)
    await follower.close()


async def test_the_log_of_a_copy_in_the_same_cluster_is_another(
    own_database: Database, fresh_database_url: str, server_url: str
) -> None:
    async with own_database.driver() as driver:
        assert await repository.claim_changes(driver), "a copy of the template"
        assert not await repository.claim_changes(driver)
        origin = await driver.fetchval("SELECT origin FROM catalogue_origin")
    name = f"{make_url(fresh_database_url).database}_b"
    await own_database.close()
    await run_sql(server_url, f'CREATE DATABASE "{name}" TEMPLATE "{make_url(fresh_database_url).database}"')
    copy = connect(url_of(server_url, name), pool_size=1)
    async with copy.driver() as driver:
        assert await repository.claim_changes(driver)
        assert await driver.fetchval("SELECT origin FROM catalogue_origin") != origin
    await copy.close()
    await run_sql(server_url, f'DROP DATABASE "{name}" WITH (FORCE)')


async def test_a_promoted_replica_is_another(replication: Replication) -> None:
    database = connect(replication.primary_url, pool_size=1)
    async with database.driver() as driver:
        await repository.claim_changes(driver)
    await replication.catch_up()
    replication.kill_primary()
    replication.promote()
    await database.close()
    promoted = connect(replication.replica_url, pool_size=1)
    async with promoted.driver() as driver:
        assert await repository.claim_changes(driver)
        assert not await repository.claim_changes(driver)
    await promoted.close()
