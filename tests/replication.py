"""A primary and a streaming replica of it, in temporary folders: real servers that a test may pause, kill and promote.

The fixtures stand for every test (`pytest_plugins` in conftest.py).
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import pytest

from app.kit.database import migrations
from app.reference.loader import load
from scripts.drills._postgres import Programs, Server, find_programs, make_folder, short_folder
from tests.patience import PATIENCE

_TEMPLATE = "wijzer"
_CONFIGURATION = """
    listen_addresses = ''
    fsync = off
    full_page_writes = off
    shared_buffers = 16MB
    max_wal_size = 64MB
    wal_keep_size = 64MB
    wal_retrieve_retry_interval = 50ms
    wal_receiver_timeout = 5s
"""


@dataclass(slots=True)
class Replication:
    """A primary and its replica, with a database of one test on both."""

    primary: Server
    replica: Server
    database: str = field(default=_TEMPLATE)
    damaged: bool = field(default=False, init=False)

    @property
    def primary_url(self) -> str:
        """`DATABASE_URL` of the primary alone."""
        return self.primary.url(self.database)

    @property
    def replica_url(self) -> str:
        """`DATABASE_REPLICA_URL`."""
        return self.replica.url(self.database)

    @property
    def failover_url(self) -> str:
        """`DATABASE_URL` that names both, and means the one of them that takes writes."""
        hosts = f"host={self.primary.folder}:5432&host={self.replica.folder}:5432"
        return f"postgresql+asyncpg://postgres@/{self.database}?{hosts}&target_session_attrs=read-write"

    async def pause(self) -> None:
        """The replica takes in nothing more, until `resume`."""
        await self.replica.ask("SELECT pg_wal_replay_pause()")
        async with asyncio.timeout(PATIENCE):
            while await self.replica.ask("SELECT pg_get_wal_replay_pause_state()") != "paused":
                pass

    async def resume(self) -> None:
        """The replica takes in what it missed."""
        await self.replica.ask("SELECT pg_wal_replay_resume()")

    async def catch_up(self) -> None:
        """Waits until the replica has all that the primary has."""
        position = await self.primary.ask("SELECT pg_current_wal_flush_lsn()::text")
        async with asyncio.timeout(PATIENCE):
            while not await self.replica.ask("SELECT pg_last_wal_replay_lsn() >= $1::text::pg_lsn", position):
                pass

    def kill_primary(self) -> None:
        """The primary crashes."""
        self.damaged = True
        self.primary.kill()

    def kill_replica(self) -> None:
        """The replica crashes."""
        self.damaged = True
        self.replica.kill()

    def promote(self) -> None:
        """The replica becomes a primary."""
        self.damaged = True
        self.replica.promote()

    def stop(self) -> None:
        """Both end, whatever they were doing."""
        for server in (self.replica, self.primary):
            if server.runs:
                server.kill()


@pytest.fixture(scope="session")
def programs() -> Programs:
    """The embedded PostgreSQL's programs."""
    return find_programs()


@pytest.fixture(scope="session")
def replication_folder(programs: Programs) -> Iterator[Path]:
    """Where the servers live."""
    with short_folder(programs) as folder:
        yield folder


@pytest.fixture(scope="session")
def template(programs: Programs, replication_folder: Path) -> Path:
    """The data of a primary that is not running, with a migrated database."""
    server = Server(programs, make_folder(programs, replication_folder))
    server.make(_CONFIGURATION)
    server.start()
    asyncio.run(server.ask(f"CREATE DATABASE {_TEMPLATE}"))
    url = server.url(_TEMPLATE)
    migrations.upgrade(url)
    asyncio.run(load(url))
    programs.run("pg_ctl", "stop", "-m", "fast", "-D", server.data)
    return server.data


def _make(programs: Programs, folder: Path, template: Path) -> Replication:
    """A new primary out of the template, and a replica out of that."""
    primary, replica = Server(programs, make_folder(programs, folder)), Server(programs, make_folder(programs, folder))
    copy = Programs(Path("/bin"), programs.user)
    copy.run("cp", "-a", template, primary.data)
    primary.start()
    replica.follow(primary)
    return Replication(primary, replica)


class _Supply:
    """Hands out the pair that runs, or a new one where a test has broken it."""

    def __init__(self, programs: Programs, folder: Path, template: Path) -> None:
        self._made = (programs, folder, template)
        self._pair: Replication | None = None

    def take(self) -> Replication:
        if self._pair is None or self._pair.damaged:
            self.stop()
            self._pair = _make(*self._made)
        return self._pair

    def stop(self) -> None:
        if self._pair is not None:
            self._pair.stop()


@pytest.fixture(scope="session")
def supply(programs: Programs, replication_folder: Path, template: Path) -> Iterator[_Supply]:
    """One pair for all tests that leave it whole."""
    made = _Supply(programs, replication_folder, template)
    yield made
    made.stop()


@pytest.fixture
async def replication(supply: _Supply) -> AsyncIterator[Replication]:
    """A primary and a replica that has caught up with it, with a migrated database for this test alone."""
    pair = supply.take()
    pair.database = f"wijzer_{uuid4().hex}"
    await pair.primary.ask(f"CREATE DATABASE {pair.database} TEMPLATE {_TEMPLATE}")
    await pair.catch_up()
    yield pair
    if not pair.damaged:
        await pair.resume()
        await pair.primary.ask(f"DROP DATABASE {pair.database} WITH (FORCE)")
