"""`./scripts/run` from its start to its end, in a tree of its own: the same command that the README gives."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PATIENCE = 180
"""Seconds before a run that hangs fails the test; a run takes a few."""


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what the command needs, whose `var/` is its own."""
    copy = tmp_path_factory.mktemp("tree")
    for name in ("app", "migrations"):
        shutil.copytree(ROOT / name, copy / name)
    shutil.copy(ROOT / "alembic.ini", copy)
    return copy


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        number: int = found.getsockname()[1]
        return number


@pytest.fixture
def port() -> int:
    """A port that is free now."""
    return _free_port()


def _command(port: int, *options: str) -> list[str]:
    return [sys.executable, "-m", "scripts.local", "--port", str(port), *options]


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}


def _run(tree: Path, port: int, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own command
        _command(port, *options),
        cwd=tree,
        env=_environment(),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


@contextmanager
def _serving(tree: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    """The command, once it says how to stop it."""
    with subprocess.Popen(  # noqa: S603 - our own command
        _command(port), cwd=tree, env=_environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout is not None
        try:
            said = next((line for line in process.stdout if "Ctrl-C" in line), None)
            assert said is not None, "the command ended before it served"
            yield process
        finally:
            process.kill()


def _answers(port: int) -> bool:
    with socket.socket() as asked:
        return asked.connect_ex(("127.0.0.1", port)) == 0


def test_shows_the_main_job_and_does_it_again(tree: Path, port: int) -> None:
    first = _run(tree, port, "--once")
    assert first.returncode == 0, first.stdout + first.stderr
    assert "120 providers" in " ".join(first.stdout.split())
    assert "Boven nr. 2: " in first.stdout
    assert "licht contract" in first.stdout
    again = _run(tree, port, "--once")
    assert again.returncode == 0, again.stdout + again.stderr
    assert "; 0 capacity reports added" in " ".join(again.stdout.split())
    assert not _answers(port)


def test_ctrl_c_stops_all_that_it_started(tree: Path, port: int) -> None:
    with _serving(tree, port) as process:
        assert _answers(port)
        second = _run(tree, port)
        assert second.returncode == 1
        assert str(process.pid) in second.stderr
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 0
    assert not _answers(port)
    assert not (tree / "var" / "postgres" / "postmaster.pid").exists()


def test_starts_again_after_it_was_killed(tree: Path, port: int) -> None:
    with _serving(tree, port) as process:
        process.send_signal(signal.SIGKILL)
        process.wait(PATIENCE)
    again = _run(tree, port, "--once")
    assert again.returncode == 0, again.stdout + again.stderr
    assert not (tree / "var" / "postgres" / "postmaster.pid").exists()


def test_says_that_the_port_is_in_use(tree: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused = _run(tree, port)
    assert refused.returncode == 1
    assert str(port) in refused.stderr
    assert "in use" in refused.stderr


def test_says_that_var_cannot_be_written(tree: Path, port: int, tmp_path: Path) -> None:
    shutil.copytree(tree / "app", tmp_path / "app")
    (tmp_path / "var").write_text("a file where the directory belongs")
    refused = _run(tmp_path, port)
    assert refused.returncode == 1
    assert "cannot be written" in refused.stderr
