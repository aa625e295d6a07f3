"""Locks on files, which end with the process that holds them: what a killed run leaves behind blocks nobody."""

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from scripts.local.errors import StartError


def is_taken(file: TextIO) -> bool:
    """Whether another process holds the lock on `file`; if not, this one does from now on."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False


def write_holder(file: TextIO, pid: int) -> None:
    """Makes the lock file say who holds it."""
    file.seek(0)
    file.truncate()
    file.write(f"{pid}\n")
    file.flush()


def read_holder(file: TextIO) -> int | None:
    """Who holds the lock, where the file says so."""
    file.seek(0)
    text = file.read().strip()
    return int(text) if text.isdecimal() else None


@contextmanager
def sole_run(var: Path) -> Iterator[None]:
    """Keeps `var` to this run; `StartError` where another has it, or where it cannot be written."""
    try:
        var.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=var):
            pass
        file = (var / "run.lock").open("a+")
    except OSError as error:
        raise StartError(
            f"{var} cannot be written: {error.strerror}. The data and the log are kept there; "
            "make it a directory that this user may write to."
        ) from error
    with file:
        if is_taken(file):
            pid = read_holder(file)
            raise StartError(
                f"Another run (process {pid or 'unknown'}) is using {var}. Stop that one first: press Ctrl-C there"
                + (f", or: kill {pid}" if pid else ".")
            )
        write_holder(file, os.getpid())
        yield
