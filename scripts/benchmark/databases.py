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

    async def targets(self, name: str) -> list[Target]:
        """Offers from all over the data set to report on, at most `_TARGETS`: the same ones on every machine."""
        statement = "SELECT id, provider_id, key FROM offers ORDER BY md5(id::text) LIMIT $1"
        async with self.connection(name) as connection:
            return [Target(*row) for row in await connection.fetch(statement, _TARGETS)]

    async def is_busy(self) -> bool:
        """Whether anybody's statement has been running for more than a moment."""
        async with self.connection() as connection:
            return bool(await connection.fetchval(_BUSY))

    async def drop(self, name: str) -> None:
        """Removes it."""
        async with self.connection() as connection:
            await connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    async def create(self, name: str) -> None:
        """Makes it anew, empty."""
        await self.drop(name)
        async with self.connection() as connection:
            await connection.execute(
                f"CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8' "
                "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LC_COLLATE 'C' LC_CTYPE 'C'"
            )


def make_data_set(server: Databases, size: int) -> str:
    """The name of a new database with the data set of `size` offers; 0 for the schema and the reference data alone."""
    name = f"benchmark_{size}"
    asyncio.run(server.create(name))
    _wijzer("migrate", server.url_of(name))
    if size:
        _wijzer("seed", server.url_of(name))
        asyncio.run(_multiply(server, name, size))
    return name


async def _multiply(server: Databases, name: str, size: int) -> None:
    async with server.connection(name) as connection:
        await multiply(connection, size)


def _wijzer(what: str, dsn: str) -> None:
    command = [sys.executable, "-m", "app.cli", what]
    environment = {**os.environ, "DATABASE_URL": dsn, "DEMO": "true"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - our own
    if done.returncode:
        raise BenchmarkError(f"wijzer {what} failed:\n{done.stderr or done.stdout}")
