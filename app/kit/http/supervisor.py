"""Several workers on one socket: started in order, replaced one after another, and never left behind.

The supervisor loads the application once and forks the workers, so that one is ready in a moment and shares what it
does not change. It does no more than that:

- a worker is started when the one before it is ready, and started anew where it ends;
- SIGHUP replaces them, with the code that is there then: where that loads, the supervisor becomes a new one (`exec`, so
  that it stays the same process, with the same socket), which retires one old worker for each new one that is ready;
- SIGTERM and SIGINT stop them, each in its own bounded time, after which those left are killed.

A worker asks whose child it is: it stops when its supervisor is gone, however that came about.
"""

import contextlib
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NoReturn

from app.kit.monitoring.log_events import WORKER_ENDED, WORKER_READY, WORKERS_KEPT, log

RETIRING: Final = "WIJZER_RETIRING"
"""What a supervisor hands to the one that it becomes: its socket, and the workers to retire, as `7:812,813`."""
PAUSE: Final = 1.0
"""Seconds until a worker is started again that ended before it was ready."""
_LOOK: Final = 0.5
_FAILED: Final = 3

Work = Callable[[socket.socket, Callable[[], object]], object]
"""What a worker does with the socket, until it ends; it calls what it is given when it is ready."""


@dataclass(slots=True)
class _Worker:
    pid: int
    ready: int
    """The pipe on which it says that it is ready."""
    is_ready: bool = False


def listen(host: str, port: int) -> socket.socket:
    """The socket that workers share: the one that was handed over, or else a new one."""
    handed = os.environ.get(RETIRING, "").partition(":")[0]
    if handed:
        return socket.socket(fileno=int(handed))
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.bind((host, port))
    made.listen(2048)
    return made


class Supervisor:
    """Keeps `count` workers, each of which gets `stop_seconds` to stop; `ended` is told of each that is gone.

    `module` is what they do their work with.
    """

    def __init__(
        self,
        listening: socket.socket,
        count: int,
        work: Work,
        *,
        module: str,
        stop_seconds: float,
        ended: Callable[[int], object],
    ) -> None:
        self._module = module
        self._listening = listening
        self._count = count
        self._work = work
        self._stop_seconds = stop_seconds
        self._ended = ended
        self._workers: dict[int, _Worker] = {}
        retiring = os.environ.pop(RETIRING, "").partition(":")[2]
        self._old = [int(pid) for pid in retiring.split(",") if pid]
        self._asked: list[int] = []
        self._was_ready = bool(self._old)
        self._not_before = 0.0

    def run(self) -> int:
        """Until it is told to stop; the exit status, which is not 0 where no worker can start."""
        wake, woken = os.pipe()
        os.set_blocking(woken, False)
        signal.set_wakeup_fd(woken, warn_on_full_buffer=False)
        for each in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(each, lambda number, _: self._asked.append(number))
        signal.signal(signal.SIGCHLD, lambda *_: None)
        while True:
            self._reap()
            asked, self._asked = self._asked, []
            if signal.SIGTERM in asked or signal.SIGINT in asked:
                return self._stop(0)
            if signal.SIGHUP in asked:
                self._replace()
            if not self._start_next():
                return self._stop(_FAILED)
            self._wait(wake)

    def _start_next(self) -> bool:
        """Starts a worker where one is missing and none is on its way; False where none ever became ready."""
        if any(not worker.is_ready for worker in self._workers.values()) or len(self._workers) >= self._count:
            if len(self._workers) >= self._count and all(worker.is_ready for worker in self._workers.values()):
                self._retire(len(self._old))
            return True
        if self._not_before and not self._was_ready:
            return False
        if time.monotonic() >= self._not_before:
            self._fork()
        return True

    def _fork(self) -> None:
        said, says = os.pipe()
        supervisor = os.getpid()
        pid = os.fork()
        if pid == 0:
            os.close(said)
            _be_worker(self._work, self._listening, says, supervisor)
        os.close(says)
        self._workers[pid] = _Worker(pid, said)

    def _wait(self, wake: int) -> None:
        starting = [worker.ready for worker in self._workers.values() if not worker.is_ready]
        readable, _, _ = select.select([wake, *starting], [], [], _LOOK)
        if wake in readable:
            os.read(wake, 4096)
        for worker in self._workers.values():
            if worker.ready in readable and os.read(worker.ready, 1):
                worker.is_ready = self._was_ready = True
                log(WORKER_READY, worker=worker.pid)
                self._retire(1)

    def _retire(self, many: int) -> None:
        """Tells so many of the old workers to stop."""
        for _ in range(min(many, len(self._old))):
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._old.pop(0), signal.SIGTERM)

    def _reap(self) -> None:
        """Takes note of workers that ended."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            self._ended(pid)
            worker = self._workers.pop(pid, None)
            if pid in self._old:
                self._old.remove(pid)
            if worker is None:
                continue
            os.close(worker.ready)
            log(WORKER_ENDED, worker=pid, status=os.waitstatus_to_exitcode(status))
            if not worker.is_ready:
                self._not_before = time.monotonic() + PAUSE

    def _replace(self) -> None:
        """Becomes a new supervisor, with the code that is there now; one that does not load changes nothing."""
        if any(not worker.is_ready for worker in self._workers.values()) or self._old:
            self._asked.append(signal.SIGHUP)  # when the replacement that is under way is over
            return
        loads = subprocess.run([sys.executable, "-c", f"import {self._module}"], check=False)  # noqa: S603 - ourselves
        if loads.returncode:
            log(WORKERS_KEPT, status=loads.returncode)
            return
        signal.signal(signal.SIGHUP, signal.SIG_IGN)  # until the new one listens to it
        signal.set_wakeup_fd(-1)
        self._listening.set_inheritable(True)
        os.environ[RETIRING] = f"{self._listening.fileno()}:{','.join(map(str, self._workers))}"
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 - the same command

    def _stop(self, status: int) -> int:
        """Stops all workers; those that are left when their time is over are killed."""
        self._listening.close()
        for pid in (*self._workers, *self._old):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
        end = time.monotonic() + self._stop_seconds
        while self._workers or self._old:
            self._reap()
            if time.monotonic() > end:
                for pid in (*self._workers, *self._old):
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)
            time.sleep(0.02)  # until the next look: SIGCHLD may have come before, and nothing else tells of the end
        return status


def _be_worker(work: Work, listening: socket.socket, says: int, supervisor: int) -> NoReturn:
    status = 1
    try:
        signal.set_wakeup_fd(-1)
        for each in (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD):
            signal.signal(each, signal.SIG_DFL)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)  # meant for the supervisor, though a terminal sends it to all
        threading.Thread(target=_stop_when_alone, args=[supervisor], daemon=True).start()
        work(listening, lambda: os.write(says, b"r"))
        status = 0
    except SystemExit as error:
        status = error.code if isinstance(error.code, int) else 1
    except BaseException:  # noqa: BLE001 - whatever it was is shown, and ends this process alone
        sys.excepthook(*sys.exc_info())
    finally:
        os._exit(status)


def _stop_when_alone(supervisor: int) -> None:
    while os.getppid() == supervisor:
        time.sleep(_LOOK)  # a parent that was killed tells nobody, and not every system has PR_SET_PDEATHSIG
    os.kill(os.getpid(), signal.SIGTERM)
