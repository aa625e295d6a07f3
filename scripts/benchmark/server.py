"""A server under test, as a process of its own: started, waited for, halted while others are measured, and stopped."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx

from scripts.benchmark import processes
from scripts.benchmark.errors import BenchmarkError
from scripts.benchmark.load import drive
from scripts.local.polling import wait_for

_HOST: Final = "127.0.0.1"
_READY_SECONDS: Final = 300.0
_STOP_SECONDS: Final = 8.0
_LOOK_SECONDS: Final = 0.2
_WARM_CONNECTIONS: Final = 32
_WARM_RUNS: Final = 20
_PART_OF_BUSIEST: Final = 0.1


@dataclass(frozen=True, slots=True)
class Memory:
    """Of one worker, in MB: resident, and with pages that it shares counted in part."""

    rss_mb: float
    pss_mb: float


class Server:
    """A running server with this number of workers."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, workers: int, log: Path) -> None:
        self._process = process
        self._workers = workers
        self._log = log
        self._ready = ""
        self.url = f"http://{_HOST}:{port}"

    @property
    def worker_pids(self) -> list[int]:
        """The processes that answer: with one worker the server itself, otherwise its children."""
        return [self._process.pid] if self._workers == 1 else processes.workers_of(self._process.pid)

    def wait_until_ready(self, path: str) -> None:
        """Returns when `path` answers with 200; that is what readiness means from now on."""
        self._ready = path
        if not wait_for(lambda: self._answers(path), _READY_SECONDS):
            raise BenchmarkError(f"The server was not ready in {_READY_SECONDS:.0f} s. {self._tail()}")

    def _answers(self, path: str) -> bool:
        if self._process.poll() is not None:
            raise BenchmarkError(f"The server ended (exit status {self._process.returncode}). {self._tail()}")
        with suppress(httpx.HTTPError):
            return httpx.get(self.url + path, timeout=5, trust_env=False).status_code == httpx.codes.OK
        return False

    def _tail(self) -> str:
        lines = self._log.read_text(errors="replace").splitlines()[-15:]
        return "Its log:\n" + "\n".join(lines)

    def warm_up(self, questions: Path) -> None:
        """Loads it until every worker takes its part and nothing fails: a worker may start later than another."""
        for _ in range(_WARM_RUNS):
            before = self._cpu_seconds()
            load = drive(self.url, questions, connections=_WARM_CONNECTIONS, seconds=1)
            spent = [after - before.get(pid, 0.0) for pid, after in self._cpu_seconds().items()]
            if not load.errors and len(spent) == self._workers and min(spent) > _PART_OF_BUSIEST * max(spent):
                return
        raise BenchmarkError(f"{self.url}: a worker takes no requests, or answers with errors. {self._tail()}")

    def _cpu_seconds(self) -> dict[int, float]:
        return {pid: processes.cpu_seconds(pid) for pid in self.worker_pids}

    def memory(self) -> list[Memory]:
        """What each worker holds now."""
        return [Memory(*processes.memory_mb(pid)) for pid in self.worker_pids]

    def is_idle(self) -> bool:
        """Whether its workers have little to do now: half a processor at most."""
        before = sum(self._cpu_seconds().values())
        time.sleep(_LOOK_SECONDS)
        return sum(self._cpu_seconds().values()) - before < _LOOK_SECONDS / 2

    def halt(self) -> None:
        """Makes it stand still, so that it takes nothing from the one that is measured.

        The supervisor first, and resumed last: it takes a worker that does not answer it for dead.
        """
        pids = list(dict.fromkeys((self._process.pid, *self.worker_pids)))
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
            time.sleep(0.02)

    def resume(self) -> None:
        """Lets it go on."""
        for pid in reversed(list(dict.fromkeys((self._process.pid, *self.worker_pids)))):
            os.kill(pid, signal.SIGCONT)

    @contextmanager
    def resumed(self) -> Iterator["Server"]:
        """It goes on for as long as the block lasts."""
        self.resume()
        try:
            self.wait_until_ready(self._ready)
            yield self
        finally:
            self.halt()

    def stop(self) -> None:
        """Ends it and its workers."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGCONT)
        self._process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_STOP_SECONDS)
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


@contextmanager
def running(
    name: str, command: list[str], environment: Mapping[str, str], *, port: int, workers: int, var: Path
) -> Iterator[Server]:
    """A server for as long as the block lasts, in a session of its own, so that Ctrl-C comes to us alone."""
    log = var / f"{name}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - our own command, without a shell
            [sys.executable, *command],
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    server = Server(process, port, workers, log)
    try:
        yield server
    finally:
        server.stop()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((_HOST, 0))
        port: int = probe.getsockname()[1]
        return port
