"""A service of a drill: real processes on a PostgreSQL of their own, started again as an operator's platform does."""

import asyncio
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import httpx

from app.kit.database import migrations
from app.kit.security.callers import Role
from app.reference.loader import load
from scripts.benchmark.questions import token
from scripts.benchmark.server import Server, serving
from scripts.drills._postgres import Server as Postgres
from scripts.drills._postgres import find_programs, make_folder, short_folder
from tests.world import Api, caller

DATABASE: Final = "wijzer"
_CONFIGURATION: Final = """
    listen_addresses = ''
    fsync = on
    shared_buffers = 32MB
    max_wal_size = 256MB
    wal_keep_size = 64MB
"""
WORKERS: Final = 2


@contextmanager
def postgres(disk: Path | None = None) -> Iterator[Postgres]:
    """A server with a database that is ready for the service. What it has said to be kept is on disk (fsync).

    With its tables on `disk`, where that is another one.
    """
    programs = find_programs()
    with short_folder(programs) as folder:
        server = Postgres(programs, make_folder(programs, folder))
        server.make(_CONFIGURATION)
        server.start()
        try:
            _prepare(server, disk)
            yield server
        finally:
            if server.runs:
                server.kill()


def _prepare(server: Postgres, disk: Path | None) -> None:
    where = ""
    if disk is not None:
        folder = make_folder(server.programs, disk)
        asyncio.run(server.ask(f"CREATE TABLESPACE small LOCATION '{folder}'"))
        where = "TABLESPACE small"
    asyncio.run(server.ask(f"CREATE DATABASE {DATABASE} {where}"))
    migrations.upgrade(server.url(DATABASE))
    asyncio.run(load(server.url(DATABASE)))


@contextmanager
def small_disk(megabytes: int) -> Iterator[Path | None]:
    """A disk of its own, in memory; None where this machine lets nobody make one (that takes root, on Linux)."""
    with TemporaryDirectory(prefix="wijzer-disk-") as folder:
        mounted = subprocess.run(  # noqa: S603 - our own command
            ["/bin/mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "none", folder],
            capture_output=True,
            check=False,
        )
        if mounted.returncode:
            yield None
            return
        try:
            yield Path(folder)
        finally:
            subprocess.run(["/bin/umount", folder], check=True)  # noqa: S603 - as above


class Service:
    """`wijzer serve` with two workers, which can be started again."""

    def __init__(self, dsn: str, folder: Path, settings: Mapping[str, str]) -> None:
        self._dsn = dsn
        self._folder = folder
        self._settings = settings
        self._stack = ExitStack()
        self._starts = 0
        self.server = self._start()

    def _start(self) -> Server:
        self._starts += 1
        log = self._folder / f"service-{self._starts}.log"
        made: Server = self._stack.enter_context(
            serving("product", self._dsn, WORKERS, log, settings={"DRAIN_SECONDS": "0", **self._settings})
        )
        return made

    def restart(self) -> None:
        """Starts it anew, on another port."""
        self._stack.close()
        self.server = self._start()

    def close(self) -> None:
        """Ends it."""
        self._stack.close()


@contextmanager
def running(dsn: str, folder: Path, **settings: str) -> Iterator[Service]:
    """The service on a database, with these settings and logs in `folder`."""
    made = Service(dsn, folder, settings)
    try:
        yield made
    finally:
        made.close()


class Remote(Api):
    """The API of a service that runs elsewhere, asked with the tokens that it would give."""

    def __init__(self, url: str, seconds: float = 30) -> None:
        limits = httpx.Limits(max_connections=None, keepalive_expiry=1)  # the service keeps one for longer
        self.http = httpx.AsyncClient(base_url=url, timeout=seconds, limits=limits)

    def token(self, role: Role, **owns: Any) -> str:
        """A token of a `caller`; for half of its life the same one again."""
        return token(caller(role, **owns))
