"""Folders that the workers of one service share, such as for their metrics."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PREFIX = "wijzer-shared-"


@contextmanager
def shared_folder(variable: str, within: str | None = None) -> Iterator[None]:
    """Has the environment's `variable` name a folder: the one that it names, or one that is gone after the block.

    A supervisor that becomes a new one hands its folder over by the environment. `within` says where it is made.
    """
    given = os.environ.get(variable)
    folder = given or tempfile.mkdtemp(prefix=_PREFIX, dir=within)
    os.environ[variable] = folder
    try:
        yield
    finally:
        if Path(folder).name.startswith(_PREFIX):
            shutil.rmtree(folder, ignore_errors=True)
        if not given:
            del os.environ[variable]


def in_memory() -> str | None:
    """Where files are kept in memory; None where the system has no such folder."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 - a folder of our own is made in it
