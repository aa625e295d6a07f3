"""What can stand in the way of a start, and what a killed run leaves behind."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from scripts.local.database import prepare
from scripts.local.errors import StartError
from scripts.local.file_locks import is_taken, sole_run, write_holder
from scripts.local.postmaster import clear_leftovers, stop
from scripts.local.server import check_port, end_orphan
from scripts.local.stop_signals import Interrupts

HOLD = "import fcntl, sys; fcntl.flock(int(sys.argv[1]), fcntl.LOCK_EX); print(flush=True); sys.stdin.read()"


def test_a_second_run_hears_which_process_has_the_directory(tmp_path: Path) -> None:
    with (
        sole_run(tmp_path / "var"),
        pytest.raises(StartError, match=f"process {os.getpid()}"),
        sole_run(tmp_path / "var"),
    ):
        pass


def test_the_lock_file_of_a_killed_run_blocks_nobody(tmp_path: Path) -> None:
    (tmp_path / "run.lock").write_text("1\n")
    with sole_run(tmp_path):
        assert (tmp_path / "run.lock").read_text() == f"{os.getpid()}\n"


def test_a_file_in_the_place_of_var_is_said(tmp_path: Path) -> None:
    (tmp_path / "var").touch()
    with pytest.raises(StartError, match="cannot be written"), sole_run(tmp_path / "var"):
        pass


def test_a_port_in_use_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(StartError, match=f"Port {port} on 127.0.0.1 cannot be used"):
            check_port(port)
    check_port(port)


@pytest.fixture
def orphan(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process that holds server.lock, as the service of a run that was killed does."""
    with (tmp_path / "server.lock").open("a+") as lock:
        process = subprocess.Popen(  # noqa: S603 - our own Python
            [sys.executable, "-c", HOLD, str(lock.fileno())],
            pass_fds=(lock.fileno(),),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        write_holder(lock, process.pid)
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdout.readline()
    yield process
    process.stdin.close()
    process.stdout.close()
    process.kill()
    process.wait()


def test_the_service_of_a_killed_run_is_stopped(
    orphan: subprocess.Popen[bytes], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    end_orphan(tmp_path)
    assert orphan.wait(5) == -signal.SIGTERM
    assert str(orphan.pid) in capsys.readouterr().err


def test_a_process_that_only_has_the_number_is_left_alone(tmp_path: Path) -> None:
    with (tmp_path / "server.lock").open("a+") as lock:
        write_holder(lock, os.getpid())
    end_orphan(tmp_path)
    with (tmp_path / "server.lock").open("a+") as lock:
        assert not is_taken(lock)


@pytest.mark.parametrize(
    "contents",
    [
        pytest.param("", id="cut short before the first line"),
        pytest.param("4194304\n/x\n", id="cut short after the second"),
        pytest.param("{pid}\n{data}\n1\n5432\n{data}\n\n 1 2\nready\n", id="a number that another process has now"),
    ],
)
def test_a_stale_postmaster_file_is_cleared(tmp_path: Path, contents: str, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "postmaster.pid").write_text(contents.format(pid=os.getpid(), data=tmp_path))
    (tmp_path / ".handle_pids.json").write_text("[1]")
    clear_leftovers(tmp_path, whole=True)
    assert list(tmp_path.iterdir()) == []
    assert "stale lock" in capsys.readouterr().err


def test_a_running_server_is_kept(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / ".s.PGSQL.5432"))
        server.listen()
        (tmp_path / "postmaster.pid").write_text(f"1\n{tmp_path}\n1\n5432\n{tmp_path}\n\n 1 2\nready   \n")
        clear_leftovers(tmp_path, whole=False)
    assert (tmp_path / "postmaster.pid").exists()


def test_data_whose_making_was_not_finished_goes(tmp_path: Path) -> None:
    data = tmp_path / "postgres"
    data.mkdir()
    (data / "PG_VERSION").write_text("18\n")
    clear_leftovers(data, whole=True)
    assert (data / "PG_VERSION").exists()
    clear_leftovers(data, whole=False)
    assert not data.exists()


def test_nothing_is_stopped_where_nothing_runs(tmp_path: Path) -> None:
    stop(tmp_path)
    stop(tmp_path / "missing")


@pytest.mark.parametrize(
    ("dsn", "words"),
    [
        ("postgresql://localhost/x", "must start with postgresql\\+asyncpg://"),
        ("postgresql+asyncpg://someone:hush@127.0.0.1:1/x", "No connection with the database"),
    ],
)
def test_a_database_out_of_reach_is_said_without_its_password(dsn: str, words: str) -> None:
    with pytest.raises(StartError, match=words) as raised:
        prepare(dsn, date(2026, 11, 22), demo=True)
    assert "hush" not in str(raised.value)


def test_asking_to_stop_is_not_forgotten() -> None:
    kept = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        interrupts = Interrupts()
        interrupts.check()
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGTERM)
        with pytest.raises(KeyboardInterrupt):
            interrupts.check()
        interrupts.close()
        signal.raise_signal(signal.SIGINT)
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)
