"""The embedded server's process: whether it runs, what a killed run left behind, and how it stops.

A process id in a file says little after a crash, for it may belong to something else by now; a server is taken to
run when its socket answers.
"""

import os
import shutil
import signal
import socket
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from scripts.local.errors import StartError
from scripts.local.polling import wait_for

_SETTLE_SECONDS: Final = 60.0
_STOP_SECONDS: Final = 30.0
_ANSWER_SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True)
class Postmaster:
    """What `postmaster.pid` says (PostgreSQL, src/include/utils/pidfile.h)."""

    pid: int
    socket: Path
    status: str

    def runs(self) -> bool:
        """Whether it answers on its socket."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
            client.settimeout(5)
            try:
                client.connect(str(self.socket))
            except OSError:
                return False
        return True


def _read(data: Path) -> Postmaster | None:
    """The file's contents; None where there is no file, or one that was cut short."""
    try:
        lines = [line.strip() for line in (data / "postmaster.pid").read_text().splitlines()]
        sockets = Path(lines[4]) if lines[4] else data
        return Postmaster(int(lines[0]), sockets / f".s.PGSQL.{lines[3]}", lines[7] if len(lines) > 7 else "")
    except (FileNotFoundError, NotADirectoryError, IndexError, ValueError):
        return None


def clear_leftovers(data: Path, *, whole: bool) -> None:
    """Leaves `data` so that a server can start on it, or with a server that is ready for use.

    `whole`: its making was finished; data whose making was not is removed.
    """
    try:
        _check_owner(data)
        (data / ".handle_pids.json").unlink(missing_ok=True)  # the package's list of users: none but us
        if _settle(data):
            return
        if not whole and data.exists():
            shutil.rmtree(data)
    except OSError as error:
        raise StartError(f"{error.filename or data} cannot be changed: {error.strerror}.") from error


def _check_owner(data: Path) -> None:
    """PostgreSQL only starts on data of its own user."""
    if os.getuid() != 0 and data.exists() and data.stat().st_uid != os.getuid():
        raise StartError(
            f"{data} belongs to another user (uid {data.stat().st_uid}): it was made by a run as that user.\n"
            "Run as that user, or remove the directory; the demo data set is made anew."
        )


def _settle(data: Path) -> bool:
    """Whether a server is ready: waits for one that is starting or stopping, and clears away a dead one's files."""
    if not wait_for(lambda: _is_settled(_read(data)), _SETTLE_SECONDS):
        raise StartError(f"The PostgreSQL on {data} has been starting or stopping for a minute; stop it by hand.")
    found = _read(data)
    if found is not None and found.runs():
        return True
    _clear(data, found)
    return False


def _is_settled(found: Postmaster | None) -> bool:
    return found is None or found.status == "ready" or not found.runs()


def _clear(data: Path, found: Postmaster | None) -> None:
    lock = data / "postmaster.pid"
    if not lock.exists():
        return
    print(f"Removing a stale lock: no PostgreSQL runs on {data} any more.", file=sys.stderr)
    lock.unlink()
    for name in (found.socket, found.socket.with_name(f"{found.socket.name}.lock")) if found else ():
        name.unlink(missing_ok=True)


def stop(data: Path) -> None:
    """Stops the server, if one runs: fast (SIGINT), and after half a minute at once (SIGQUIT)."""
    for order in (signal.SIGINT, signal.SIGQUIT):
        found = _find_running(data)
        if found is None:
            return
        with suppress(ProcessLookupError):
            os.kill(found.pid, order)
        if wait_for(lambda: _read(data) is None, _STOP_SECONDS):
            return


def _find_running(data: Path) -> Postmaster | None:
    """The server, also when it was started so shortly ago that it does not answer yet."""
    wait_for(lambda: (found := _read(data)) is None or found.runs(), _ANSWER_SECONDS)
    found = _read(data)
    return found if found is not None and found.runs() else None
