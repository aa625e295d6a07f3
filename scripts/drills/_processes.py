"""Processes that are somebody else's children: whether they run, and waiting for what nothing tells of."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Final

PATIENCE: Final = 600.0
"""Seconds until a drill that waits in vain fails."""
_EVERY: Final = 0.05


def runs(pid: int) -> bool:
    """Whether a process is there, other than as one that nobody has asked for its end (proc_pid_stat(5))."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


async def until(holds: Callable[[], bool]) -> None:
    """Returns when it holds; `TimeoutError` after `PATIENCE`."""
    async with asyncio.timeout(PATIENCE):
        while not holds():  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(_EVERY)
