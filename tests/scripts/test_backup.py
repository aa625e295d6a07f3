"""What `scripts/backup` keeps, `scripts/restore` puts back: to the second before a mistake, and as a dump."""

import asyncio
import os
import pwd
import signal
import subprocess
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from shutil import rmtree

import pytest

from scripts.drills._postgres import Programs, Server, make_folder
from tests.patience import PATIENCE

ROOT = Path(__file__).resolve().parents[2]


class Backups:
    """The two scripts, on a folder and a server of a test."""

    def __init__(self, server: Server, folder: Path) -> None:
        self.folder = folder
        self.server = server
        self._environment = os.environ | {
            "PATH": f"{server.programs.folder}:{os.environ['PATH']}",
            "BACKUP_URL": server.url("postgres", "postgresql"),
        }

    def run(self, script: str, *arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
        command = [str(ROOT / "scripts" / script), *map(str, arguments)]
        return subprocess.run(  # noqa: S603 - our own scripts
            command, env=self._environment | environment, capture_output=True, text=True, check=False
        )

    def good(self, script: str, *arguments: object, **environment: str) -> str:
        done = self.run(script, *arguments, **environment)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start_wal(self) -> subprocess.Popen[bytes]:
        command = [str(ROOT / "scripts/backup"), "wal", str(self.folder)]
        return subprocess.Popen(command, env=self._environment)  # noqa: S603 - our own script

    def give(self) -> None:
        """All of the folder to the user that PostgreSQL runs as, as somebody who restores does."""
        if self.server.programs.user:
            user = pwd.getpwnam(self.server.programs.user)
            for each in (self.folder, *self.folder.rglob("*")):
                os.chown(each, user.pw_uid, user.pw_gid)

    async def all_is_kept(self) -> None:
        """Waits until the changes that were made up to now have been taken over."""
        position = await self.server.ask("SELECT pg_current_wal_flush_lsn()::text")
        kept = (
            "SELECT coalesce(bool_or(flush_lsn >= $1::text::pg_lsn), false) FROM pg_stat_replication "
            "WHERE application_name = 'pg_receivewal'"
        )
        async with asyncio.timeout(PATIENCE):
            while not await self.server.ask(kept, position):
                pass


@pytest.fixture(scope="module")
def server(programs: Programs, replication_folder: Path) -> Iterator[Server]:
    """A server of PostgreSQL 16: of the embedded ones the newest whose pg_verifybackup runs."""
    other = Programs(programs.folder.parent.parent / "pginstall" / "bin", programs.user)
    made = Server(other, make_folder(other, replication_folder))
    other.run("initdb", "-D", made.data, "-U", "postgres", "-A", "trust", "-N", "--wal-segsize=1", "--no-locale")
    with (made.data / "postgresql.conf").open("a") as configuration:
        configuration.write("listen_addresses = ''\nfsync = off\n")
    made.start()
    yield made
    made.kill()


@pytest.fixture
def backups(server: Server) -> Iterator[Backups]:
    made = Backups(server, make_folder(server.programs, server.folder.parent))
    yield made
    rmtree(made.folder)


async def test_the_second_before_a_mistake_comes_back(backups: Backups) -> None:
    await backups.server.ask("CREATE TABLE reports (id int, places int)")
    receiving = backups.start_wal()
    try:
        await backups.server.ask("INSERT INTO reports VALUES (1, 10)")
        backups.good("backup", "base", backups.folder)
        await backups.server.ask("INSERT INTO reports VALUES (2, 20)")
        moment = await backups.server.ask("SELECT clock_timestamp()")
        assert isinstance(moment, datetime)
        await backups.server.ask("UPDATE reports SET places = 0")
        await backups.all_is_kept()
    finally:
        receiving.send_signal(signal.SIGTERM)
        receiving.wait()
    restored = Server(backups.server.programs, backups.folder / "restored")
    backups.good("restore", "base", backups.folder, restored.data, moment.isoformat(sep=" "))
    backups.give()
    restored.start()
    try:
        kept = "SELECT string_agg(id || ':' || places, ' ' ORDER BY id) FROM reports"
        assert await restored.ask(kept) == "1:10 2:20"
        assert await restored.ask("SELECT pg_is_in_recovery()") is False
        assert await backups.server.ask(kept) == "1:0 2:0"
    finally:
        restored.kill()


async def test_a_dump_comes_back_in_another_database(backups: Backups) -> None:
    """Also on a server without the roles that may do something with it: these are in no dump."""
    await backups.server.ask("CREATE TABLE dumped AS SELECT 7 AS places")
    await backups.server.ask("CREATE ROLE wijzer_writer")
    await backups.server.ask("GRANT SELECT ON dumped TO wijzer_writer")
    backups.good("backup", "dump", backups.folder)
    await backups.server.ask("DROP OWNED BY wijzer_writer")
    await backups.server.ask("DROP ROLE wijzer_writer")
    [dump] = (backups.folder / "dump").iterdir()
    other = "another"
    await backups.server.ask(f"CREATE DATABASE {other}")
    try:
        backups.good("restore", "dump", dump, RESTORE_URL=backups.server.url(other, "postgresql"))
        assert await backups.server.ask("SELECT places FROM dumped", database=other) == 7
        again = backups.run("restore", "dump", dump, RESTORE_URL=backups.server.url(other, "postgresql"))
        assert again.returncode != 0, "a database that is not empty is left as it is"
    finally:
        await backups.server.ask(f"DROP DATABASE {other}")


def test_a_restore_that_cannot_be_right_does_nothing(backups: Backups, tmp_path: Path) -> None:
    target = tmp_path / "data"
    none = backups.run("restore", "base", backups.folder, target)
    assert (none.returncode, "No base" in none.stderr) == (1, True)
    backups.good("backup", "base", backups.folder)
    [base] = (backups.folder / "base").iterdir()
    too_early = backups.run("restore", "base", backups.folder, target, "2020-01-01 00:00:00+00")
    assert (too_early.returncode, "is as old as 2020-01-01" in too_early.stderr) == (1, True)
    no_moment = backups.run("restore", "base", backups.folder, target, "eergisteren")
    assert (no_moment.returncode, "'eergisteren' is no moment" in no_moment.stderr) == (1, True)
    full = tmp_path / "full"
    full.mkdir()
    (full / "PG_VERSION").write_text("16")
    taken = backups.run("restore", "base", backups.folder, full)
    assert (taken.returncode, "is not empty" in taken.stderr) == (1, True)
    (base / "PG_VERSION").write_text("61\n")
    damaged = backups.run("restore", "base", backups.folder, target)
    assert damaged.returncode != 0
    assert "PG_VERSION" in damaged.stderr
    assert not target.exists()
    assert [each.name for each in full.iterdir()] == ["PG_VERSION"]


def test_pruning_leaves_the_newest_and_the_changes_since(backups: Backups) -> None:
    backups.good("backup", "base", backups.folder)
    bases, wal = backups.folder / "base", backups.folder / "wal"
    [newest] = bases.iterdir()
    first = (newest / "backup_label").read_text().split("(file ")[1].split(")")[0]
    (bases / "20200101T000000Z").mkdir()
    wal.mkdir()
    older = f"{int(first, 16) - 1:024X}"
    for name in (older, first):
        (wal / name).touch()
    backups.good("backup", "prune", backups.folder, 30)
    assert [each.name for each in bases.iterdir()] == [newest.name]
    assert [each.name for each in wal.iterdir()] == [first]


def test_without_a_server_or_a_word_it_knows_nothing_is_kept(backups: Backups) -> None:
    away = backups.run("backup", "base", backups.folder, BACKUP_URL="postgresql://nobody@127.0.0.1:1/nothing")
    assert away.returncode != 0
    assert list((backups.folder / "base").iterdir()) == []
    for script, arguments in (("backup", ("everything", backups.folder)), ("restore", ("everything",))):
        unknown = backups.run(script, *arguments)
        assert unknown.returncode == 2
        assert f"scripts/{script} base FOLDER" in unknown.stderr
