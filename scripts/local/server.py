"""The service as a process of its own: started, waited for, and stopped with whoever started it."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import httpx

from scripts.local.errors import StartError, tail
from scripts.local.file_locks import is_taken, read_holder, write_holder
from scripts.local.polling import wait_for
from scripts.local.stop_signals import Interrupts

HOST: Final = "127.0.0.1"
_READY_SECONDS: Final = 60.0
_STOP_SECONDS: Final = 8.0
_MOMENT_SECONDS: Final = 0.1


def check_port(port: int) -> None:
    """`StartError` where the port cannot be listened on."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
            probe.listen(1)
        except OSError as error:
            raise StartError(
                f"Port {port} on {HOST} cannot be used: {error.strerror}. "
                f"Stop what listens there, or choose another port: scripts/run --port {port + 1}"
            ) from error


class Service:
    """The running `wijzer serve`, with its log in `var`/server.log."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, log: Path) -> None:
        self._process = process
        self.url = f"http://{HOST}:{port}"
        self.log = log

    def wait_until_ready(self, interrupts: Interrupts) -> None:
        """Returns when the service says that it is ready."""
        deadline = time.monotonic() + _READY_SECONDS
        with httpx.Client(base_url=self.url, timeout=5, trust_env=False) as client:
            while time.monotonic() < deadline:
                interrupts.check()
                if self._process.poll() is not None:
                    raise self._died()
                with suppress(httpx.HTTPError):
                    if client.get("/v1/health/ready").status_code == httpx.codes.OK:
                        return
                self._wait_a_moment()
        raise StartError(f"The service was not ready in {_READY_SECONDS:.0f} s. Its log:\n{self._tail()}")

    def wait_until_ended(self, interrupts: Interrupts) -> None:
        """Waits for as long as the service runs, and then raises `StartError`, for nobody asked it to end."""
        while self._process.poll() is None:
            interrupts.check()
            self._wait_a_moment()
        raise self._died()

    def _wait_a_moment(self) -> None:
        """Returns at once when the service ends."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_MOMENT_SECONDS)

    def _died(self) -> StartError:
        return StartError(f"The service ended (exit status {self._process.returncode}). Its log:\n{self._tail()}")

    def _tail(self) -> str:
        return tail(self.log.read_text(errors="replace"))


@contextmanager
def serving(var: Path, port: int, dsn: str, *, demo: bool) -> Iterator[Service]:
    """The service, for as long as the block lasts, in a session of its own so that Ctrl-C comes to us alone.

    It holds a lock on `var`/server.lock: should we be killed, then `end_orphan` knows it by that.
    """
    log = var / "server.log"
    command = [sys.executable, "-m", "app.cli", "serve", "--host", HOST, "--port", str(port)]
    with (var / "server.lock").open("a+") as lock, log.open("wb") as output:
        if is_taken(lock):
            raise StartError(f"A service of an earlier run is still there (process {read_holder(lock)}).")
        process = subprocess.Popen(  # noqa: S603 - the command is our own, without a shell
            command,
            env=_environment(dsn, demo=demo),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            pass_fds=(lock.fileno(),),
            start_new_session=True,
        )
        write_holder(lock, process.pid)
    try:
        yield Service(process, port, log)
    finally:
        _stop(process)


def _environment(dsn: str, *, demo: bool) -> dict[str, str]:
    """Ours, with the database; demo clients need the demo mode, and without them it can be turned off.

    Unless said otherwise, webhooks may lead to this machine, where whoever tries them out is, and nobody has to be told
    that it is about to stop.
    """
    mode = "true" if demo else os.environ.get("DEMO", "true")
    return {
        "DRAIN_SECONDS": "0",
        "WEBHOOK_PRIVATE_TARGETS": f'["{HOST}"]',
        **os.environ,
        "DATABASE_URL": dsn,
        "DEMO": mode,
    }


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(_STOP_SECONDS)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def end_orphan(var: Path) -> None:
    """Stops the service of a run that was killed, so that it does not keep the port."""
    with (var / "server.lock").open("a+") as lock:
        for order, seconds in ((signal.SIGTERM, _STOP_SECONDS), (signal.SIGKILL, 2.0)):
            pid = read_holder(lock)
            if not is_taken(lock):
                return
            if pid is None:
                break
            print(f"Stopping the service of a run that was killed (process {pid}).", file=sys.stderr)
            with suppress(ProcessLookupError):
                os.killpg(pid, order)
            wait_for(lambda: not is_taken(lock), seconds)
        if is_taken(lock):
            raise StartError(f"A process of an earlier run still holds {var / 'server.lock'}. Stop it by hand.")
