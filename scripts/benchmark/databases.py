"""The databases of a benchmark: made by the product's own migrations, filled by COPY, kept for the next run."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from typing import Final

import asyncpg
from sqlalchemy import URL, make_url

from scripts.benchmark.dataset import batches, fingerprint
from scripts.benchmark.errors import BenchmarkError
from scripts.benchmark.rows import COLUMNS

SETTINGS: Final = (
    "server_version",
    "fsync",
    "synchronous_commit",
    "full_page_writes",
    "wal_sync_method",
    "shared_buffers",
    "max_wal_size",
    "work_mem",
    "max_connections",
    "jit",
)
"""What says how honest and how tuned the server is."""

_BUSY: Final = """
    SELECT EXISTS (
        SELECT FROM pg_stat_activity
        WHERE state = 'active' AND backend_type = 'client backend' AND now() - query_start > interval '50 ms')
"""

_STAND: Final = """
    INSERT INTO current_capacities (
        offer_id, report_id, places_total, places_occupied, places_reserved, places_free, waiting_count, next_free_on,
        wait_days_intake, wait_days_treatment, accepts_referrals, note, observed_at, received_at, client_id,
        confirmation)
    SELECT DISTINCT ON (offer_id)
        offer_id, id, places_total, places_occupied, places_reserved, places_free, waiting_count, next_free_on,
        wait_days_intake, wait_days_treatment, accepts_referrals, note, observed_at, received_at, client_id,
        confirmation
    FROM capacity_reports
    ORDER BY offer_id, observed_at DESC, id DESC
"""


@dataclass(frozen=True, slots=True)
class Databases:
    """The databases of one server; `url` is that of any of them, as SQLAlchemy writes it."""

    url: URL

    def url_of(self, name: str) -> str:
        """The URL of the database with this name, for the product."""
        return self.url.set(database=name).render_as_string(hide_password=False)

    @asynccontextmanager
    async def connection(self, name: str = "postgres") -> AsyncIterator[asyncpg.Connection]:
        """A connection with it."""
        url = self.url.set(database=name, drivername="postgresql")
        connection = await asyncpg.connect(url.render_as_string(hide_password=False))
        try:
            yield connection
        finally:
            await connection.close()

    async def settings(self) -> dict[str, str]:
        """The server's settings that matter to the figures."""
        async with self.connection() as connection:
            return {name: await connection.fetchval("SELECT current_setting($1)", name) for name in SETTINGS}

    async def is_busy(self) -> bool:
        """Whether anybody's statement has been running for more than a moment."""
        async with self.connection() as connection:
            return bool(await connection.fetchval(_BUSY))

    async def copy(self, source: str, name: str) -> None:
        """Makes `name` a copy of `source`, whatever it was."""
        async with self.connection() as connection:
            await connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            await connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{source}" STRATEGY file_copy')

    async def drop(self, name: str) -> None:
        """Removes it."""
        async with self.connection() as connection:
            await connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    async def mark(self, name: str) -> str | None:
        """What `name` was marked with when its making was complete; None where it was not, or is not there."""
        statement = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = $1"
        async with self.connection() as connection:
            found: str | None = await connection.fetchval(statement, name)
            return found

    async def set_mark(self, name: str, mark: str) -> None:
        """Says that its making is complete."""
        async with self.connection() as connection:
            await connection.execute(f"COMMENT ON DATABASE \"{name}\" IS '{mark}'")


def databases(dsn: str) -> Databases:
    """Those of the server that `dsn` leads to."""
    return Databases(make_url(dsn))


def name_of(size: int) -> str:
    """The database that holds the data set of this size."""
    return f"benchmark_{size}"


def make_data_set(server: Databases, size: int, today: date, *, fresh: bool, say: Callable[[str], None]) -> str:
    """The name of the database with the data set of `size` offers, loaded now or by an earlier run of the same day."""
    name, mark = name_of(size), fingerprint(size, today)
    if not fresh and asyncio.run(server.mark(name)) == mark:
        return name
    say(f"Loading {size:,} offers ...")
    asyncio.run(_create(server, name))
    migrate(server.url_of(name))
    asyncio.run(load(server, name, size, today))
    asyncio.run(server.set_mark(name, mark))
    return name


async def _create(server: Databases, name: str) -> None:
    await server.drop(name)
    async with server.connection() as connection:
        await connection.execute(
            f"CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8' "
            "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LC_COLLATE 'C' LC_CTYPE 'C'"
        )


def migrate(dsn: str) -> None:
    """Makes the schema and the reference data, by `wijzer migrate`."""
    command = [sys.executable, "-m", "app.cli", "migrate"]
    environment = {**os.environ, "DATABASE_URL": dsn, "DEMO": "true"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - our own
    if done.returncode:
        raise BenchmarkError(f"wijzer migrate failed:\n{done.stderr or done.stdout}")


async def load(server: Databases, name: str, size: int, today: date) -> None:
    """Fills a migrated database. Triggers fire and constraints hold as for any other rows."""
    async with server.connection(name) as connection:
        for rows in batches(size, today):
            async with connection.transaction():
                for table, columns in COLUMNS.items():
                    await connection.copy_records_to_table(table, columns=columns, records=rows.tables[table])
        await connection.execute(_STAND)
        await connection.execute("VACUUM (ANALYZE)")
        await connection.execute("CHECKPOINT")
