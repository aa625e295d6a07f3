"""Waiting for what nothing announces: a file or a lock of a process that is not our child."""

import time
from collections.abc import Callable

_EVERY_SECONDS = 0.05


def wait_for(holds: Callable[[], bool], seconds: float) -> bool:
    """Asks until `holds` says yes, for at most so many seconds; whether it did."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() >= deadline:
            return False
        time.sleep(_EVERY_SECONDS)
    return True
