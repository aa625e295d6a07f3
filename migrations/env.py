"""Runs the migrations: one at a time over all processes, and never waiting long for a lock that users hold.

The database is the one that `wijzer` hands over, or for `alembic` itself that of DATABASE_URL.
"""

import asyncio
import os
from collections.abc import Collection, Mapping
from typing import Any, cast

from alembic import context
from alembic.runtime.migration import MigrationContext, MigrationInfo
from alembic.script import Script
from alembic.util import CommandError
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from app.kit.database.migrations import is_ours
from app.kit.database.roles import ENSURE
from app.tables import METADATA

MIGRATION_LOCK = 7_201_847
LOCK_TIMEOUT = "5s"


RECORDED_FROM = "0037"


def _record(
    ctx: MigrationContext,
    step: MigrationInfo,
    heads: Collection[Any],  # noqa: ARG001 - Alembic hands it over by its name
    run_args: Mapping[str, Any],  # noqa: ARG001 - as above
) -> None:
    """Notes of a migration whether releases from before it go on working: their ready check reads that."""
    revision = step.up_revision
    if revision is None or ctx.connection is None or revision.revision < RECORDED_FROM:
        return
    if step.is_upgrade:
        expands = _says(cast("Script", revision))
        statement = text("INSERT INTO migrations_run VALUES (:revision, :expands)").bindparams(expands=expands)
    elif revision.revision > RECORDED_FROM:
        statement = text("DELETE FROM migrations_run WHERE revision = :revision")
    else:
        return
    ctx.connection.execute(statement, {"revision": revision.revision})


def _says(migration: Script) -> bool:
    """What a migration says of itself; it is not guessed, because processes of the old release stop for it."""
    expands = getattr(migration.module, "expands", None)
    if not isinstance(expands, bool):
        raise CommandError(
            f"Migration {migration.revision} does not say whether the release before it goes on working with what it "
            "makes: write expands = True, or expands = False where it takes something away that is in use."
        )
    return expands


def _migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        compare_server_default=True,
        include_name=is_ours,
        transaction_per_migration=True,
        on_version_apply=_record,
    )
    connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": MIGRATION_LOCK})
    connection.execute(text(f"SET lock_timeout = '{LOCK_TIMEOUT}'"))
    connection.execute(text(ENSURE))  # policies name the roles
    connection.commit()
    with context.begin_transaction():
        context.run_migrations()
    connection.execute(text(ENSURE))  # and may do what is theirs with the tables that were made
    connection.commit()


def _dsn() -> str:
    dsn = context.config.attributes.get("dsn") or os.environ.get("DATABASE_URL")
    if not dsn:
        raise CommandError("Set DATABASE_URL, or use `wijzer migrate` and `wijzer revision`.")
    return str(dsn)


async def _run() -> None:
    engine = create_async_engine(_dsn(), poolclass=NullPool, hide_parameters=True)
    async with engine.connect() as connection:
        await connection.run_sync(_migrate)
    await engine.dispose()


asyncio.run(_run())
