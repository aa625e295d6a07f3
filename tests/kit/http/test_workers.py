"""Real processes: workers on one socket that are started, replaced, stopped and never left behind."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
import pytest

from scripts.drills._processes import runs
from scripts.local.polling import wait_for
from tests.kit.http.small_service import STREAM
from tests.patience import PATIENCE


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Service:
    """The small service."""

    process: subprocess.Popen[bytes]
    port: int

    def ask(self) -> tuple[int, str]:
        """Which process answers, and what it says; over a connection of its own."""
        with httpx.Client(timeout=PATIENCE) as client:
            pid, state = client.get(f"http://127.0.0.1:{self.port}/").text.split()
        return int(pid), state

    def is_up(self) -> bool:
        try:
            return bool(self.ask())
        except httpx.HTTPError:
            return False

    def pids(self, count: int) -> set[int]:
        """The workers, when so many answer."""
        found = set[int]()
        while len(found) < count:
            found.add(self.ask()[0])
        return found


@contextmanager
def serving(workers: int, *, drain: float = 0, stop: int = 1) -> Iterator[Service]:
    """The small service with so many workers."""
    port = _free_port()
    command = [sys.executable, "-m", "tests.kit.http.small_service", str(port), str(workers)]
    environment = {
        **os.environ,
        "DATABASE_URL": "postgresql+asyncpg://nobody@127.0.0.1:1/none",
        "DEMO": "true",
        "DRAIN_SECONDS": str(drain),
        "STOP_SECONDS": str(stop),
    }
    process = subprocess.Popen(command, env=environment)  # noqa: S603 - our own
    try:
        service = Service(process, port)
        assert wait_for(service.is_up, PATIENCE)
        yield service
    finally:
        process.kill()
        process.wait()


def test_a_worker_that_dies_is_started_anew() -> None:
    with serving(2) as service:
        first, second = service.pids(2)
        os.kill(first, signal.SIGKILL)
        assert wait_for(lambda: not runs(first), PATIENCE)
        assert first not in service.pids(2)
        assert runs(second)


def test_workers_are_replaced_without_a_refused_connection() -> None:
    with serving(2) as service:
        before, asked = service.pids(2), 0
        service.process.send_signal(signal.SIGHUP)
        while any(map(runs, before)):
            service.ask()  # raises where it fails
            asked += 1
        assert asked
        assert service.pids(2).isdisjoint(before)


def test_a_service_that_is_told_to_stop_says_so_first() -> None:
    with serving(1, drain=2) as service, httpx.Client(timeout=PATIENCE) as client:
        url = f"http://127.0.0.1:{service.port}/"
        assert "connection" not in client.get(url).headers
        service.process.send_signal(signal.SIGTERM)
        assert wait_for(lambda: service.ask()[1] == "stopping", PATIENCE), "it goes on taking requests"
        assert client.get(url).headers["connection"] == "close"
        assert service.process.wait(PATIENCE) in {0, -signal.SIGTERM}


@pytest.mark.parametrize("workers", [1, 2])
def test_a_client_that_does_not_read_does_not_hold_up_the_end(workers: int) -> None:
    with serving(workers) as service, socket.create_connection(("127.0.0.1", service.port)) as client:
        client.sendall(f"GET {STREAM} HTTP/1.1\r\nHost: test\r\n\r\n".encode())
        client.recv(10)
        service.process.send_signal(signal.SIGTERM)
        service.process.wait(PATIENCE)


def test_a_killed_supervisor_leaves_no_workers() -> None:
    with serving(2) as service:
        workers = service.pids(2)
        service.process.kill()
        assert wait_for(lambda: not any(map(runs, workers)), PATIENCE)
