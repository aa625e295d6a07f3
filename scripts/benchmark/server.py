"""A server under test, as a process of its own: started, waited for, asked, looked at, and stopped."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import MappingProxyType
from typing import Final

import httpx

from app.kit.monitoring.log_events import CATALOGUE_LOADED
from scripts.benchmark import BenchmarkError
from scripts.benchmark.questions import Question, token
from scripts.benchmark.wrk import drive
from scripts.local.polling import wait_for

_HOST: Final = "127.0.0.1"
_READY_SECONDS: Final = 300.0
_STOP_SECONDS: Final = 8.0
_LOOK_SECONDS: Final = 0.2
_WARM_CONNECTIONS: Final = 32
_WARM_RUNS: Final = 60
_PART_OF_BUSIEST: Final = 0.1


_PROC: Final = Path("/proc")
_TICKS: Final = os.sysconf("SC_CLK_TCK")
_KEPT: Final = ("PATH", "HOME", "LANG", "LD_LIBRARY_PATH")
"""What is kept of our environment."""
SETTINGS: Final = {"DEMO": "true", "RATE_LIMIT": "", "TOKEN_RATE_LIMIT": "", "TOKEN_LIFETIME_SECONDS": "3600"}
"""All that is not as by default: demo tokens, and no limit on how often one may ask."""


class Server:
    """A running server with this number of workers."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, workers: int, log: Path) -> None:
        self._process = process
        self._workers = workers
        self._log = log
        self.url = f"http://{_HOST}:{port}"
        self._client = httpx.Client(base_url=self.url, timeout=_READY_SECONDS, trust_env=False)

    @property
    def worker_pids(self) -> list[int]:
        """The processes that answer: with one worker the server itself, otherwise its forks, or what it spawned."""
        if self._workers == 1:
            return [self.pid]
        children = (_PROC / f"{self.pid}/task/{self.pid}/children").read_text().split()
        ours = _command(self.pid)
        commands = {int(pid): _command(pid) for pid in children}
        return sorted(pid for pid, command in commands.items() if command == ours or b"spawn_main" in command)

    @property
    def pid(self) -> int:
        """The process that was started."""
        return self._process.pid

    def wait_until_ready(self, path: str, loaded: str = "") -> None:
        """Returns when `path` answers with 200.

        That is an answer of one worker. `loaded` is what each writes into the log when it has its data: under a load
        the others would answer with 503, and hardly get to loading for it.
        """
        if not wait_for(lambda: self._answers(path) and self.told(loaded) >= self._workers, _READY_SECONDS):
            raise BenchmarkError(f"The server was not ready in {_READY_SECONDS:.0f} s. {self._tail()}")

    def told(self, event: str) -> int:
        """How often an event is in the log; of none, as often as there are workers."""
        return self._log.read_text(errors="replace").count(f'"{event}"') if event else self._workers

    def _answers(self, path: str) -> bool:
        if self._process.poll() is not None:
            raise BenchmarkError(f"The server ended (exit status {self._process.returncode}). {self._tail()}")
        with suppress(httpx.HTTPError):
            return httpx.get(self.url + path, timeout=5, trust_env=False).status_code == httpx.codes.OK
        return False

    def _tail(self) -> str:
        lines = self._log.read_text(errors="replace").splitlines()[-15:]
        return "Its log:\n" + "\n".join(lines)

    def ask(self, question: Question) -> bytes:
        """The answer to a question; `BenchmarkError` where it is no success."""
        headers = {"Authorization": f"Bearer {token(question.asker)}", "Content-Type": question.media_type}
        answer = self._client.request(question.method, question.path, content=question.body or None, headers=headers)
        if answer.status_code != httpx.codes.OK:
            raise BenchmarkError(f"{question.method} {question.path}: {answer.status_code} {answer.text}")
        return answer.content

    def warm_up(self, questions: Path) -> None:
        """Loads it until every worker takes its part and nothing fails: a worker may start later than another."""
        for _ in range(_WARM_RUNS):
            before = self._cpu_by_worker()
            sample = drive(self.url, questions, _WARM_CONNECTIONS, seconds=1)
            spent = [after - before.get(pid, 0.0) for pid, after in self._cpu_by_worker().items()]
            if not sample.errors and len(spent) == self._workers and min(spent) > _PART_OF_BUSIEST * max(spent):
                return
        raise BenchmarkError(f"A worker takes no requests, or fails: {sample}, seconds of CPU {spent}. {self._tail()}")

    def _cpu_by_worker(self) -> dict[int, float]:
        fields = {pid: (_PROC / f"{pid}/stat").read_text().rpartition(")")[2].split() for pid in self.worker_pids}
        return {pid: (int(each[11]) + int(each[12])) / _TICKS for pid, each in fields.items()}

    def cpu_seconds(self) -> float:
        """What its workers used of the processor until now."""
        return sum(self._cpu_by_worker().values())

    def memory(self) -> list[float]:
        """The resident memory of each worker, in MB (millions of bytes)."""
        found = ((_PROC / f"{pid}/statm").read_text().split() for pid in self.worker_pids)
        return [int(each[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6 for each in found]

    def is_idle(self) -> bool:
        """Whether its workers have little to do now: half a processor at most."""
        before = self.cpu_seconds()
        time.sleep(_LOOK_SECONDS)
        return self.cpu_seconds() - before < _LOOK_SECONDS / 2

    def stop(self) -> None:
        """Ends it and its workers."""
        self._client.close()
        self._process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_STOP_SECONDS)
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


@contextmanager
def serving(
    asked: str, dsn: str, workers: int, log: Path, *options: str, settings: Mapping[str, str] = MappingProxyType({})
) -> Iterator[Server]:
    """The product or the bare framework on a database, ready; `options` are those of the framework, `settings` more
    of the product's.

    In a session of its own, so that Ctrl-C comes to us alone.
    """
    port = str(_free_port())
    command, ready = ["-m", "scripts.benchmark.limits", port, str(workers), *options], ["/ready"]
    if asked == "product":
        command = ["-m", "app.cli", "serve", "--port", port, "--workers", str(workers)]
        ready = ["/v1/health/ready", CATALOGUE_LOADED.name]
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - our own command, without a shell
            [sys.executable, *command],
            env=environment() | {"DATABASE_URL": dsn} | dict(settings),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    server = Server(process, int(port), workers, log)
    try:
        server.wait_until_ready(*ready)
        yield server
    finally:
        server.stop()


def _command(pid: int | str) -> bytes:
    """The command line of a process; empty where it has ended meanwhile."""
    with suppress(FileNotFoundError, ProcessLookupError):
        return (_PROC / f"{pid}/cmdline").read_bytes()
    return b""


def environment() -> dict[str, str]:
    """That of what is measured: the caller's own settings of the product do not count."""
    return {key: os.environ[key] for key in _KEPT if key in os.environ} | SETTINGS


def _free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((_HOST, 0))
        port: int = probe.getsockname()[1]
        return port
