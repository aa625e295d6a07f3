"""The databases of a benchmark: made and filled by the product's own commands, and multiplied."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

import asyncpg
from sqlalchemy import URL

from scripts.benchmark import BenchmarkError
from scripts.benchmark.dataset import multiply
from scripts.benchmark.questions import Target

_TARGETS: Final = 20_000
_BUSY: Final = """
    SELECT EXISTS (
        SELECT FROM pg_stat_activity
        WHERE state = 'active' AND backend_type = 'client backend' AND now() - query_start > interval '50 ms')
"""
_CREATE: Final = """
    CREATE DATABASE "{}" TEMPLATE template0 ENCODING 'UTF8'
    LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LC_COLLATE 'C' LC_CTYPE 'C'
"""


@dataclass(frozen=True, slots=True)
class Database:
    """A database of the benchmark's; `url` as SQLAlchemy writes it."""

    url: URL

    @property
    def dsn(self) -> str:
        """The URL for the product."""
        return self.url.render_as_string(hide_password=False)

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[asyncpg.Connection]:
        """A connection with it."""
        url = self.url.set(drivername="postgresql")
        connection = await asyncpg.connect(url.render_as_string(hide_password=False))
        try:
            yield connection
        finally:
            await connection.close()

    async def targets(self) -> list[Target]:
        """Offers from all over it to report on, at most `_TARGETS`: the same ones on every machine."""
        statement = "SELECT id, provider_id, key FROM offers ORDER BY md5(id::text) LIMIT $1"
        async with self.connection() as connection:
            return [Target(*row) for row in await connection.fetch(statement, _TARGETS)]

    async def is_busy(self) -> bool:
        """Whether anybody's statement has been running on its server for more than a moment."""
        async with self.connection() as connection:
            return bool(await connection.fetchval(_BUSY))


def make_data_set(server: URL, size: int) -> Database:
    """A new database with the data set of `size` offers; 0 for the schema and the reference data alone."""
    name = f"benchmark_{size}"
    made = Database(server.set(database=name))
    asyncio.run(_execute(Database(server), f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)', _CREATE.format(name)))
    _wijzer("migrate", made.dsn)
    if size:
        _wijzer("seed", made.dsn)
        asyncio.run(_multiply(made, size))
    return made


async def _execute(database: Database, *statements: str) -> None:
    async with database.connection() as connection:
        for each in statements:
            await connection.execute(each)


async def _multiply(database: Database, size: int) -> None:
    async with database.connection() as connection:
        await multiply(connection, size)


def _wijzer(what: str, dsn: str) -> None:
    command = [sys.executable, "-m", "app.cli", what]
    environment = {**os.environ, "DATABASE_URL": dsn, "DEMO": "true"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - our own
    if done.returncode:
        raise BenchmarkError(f"wijzer {what} failed:\n{done.stderr or done.stdout}")
