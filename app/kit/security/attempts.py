"""Who guesses at secrets has to wait longer each time; who has the right one is never locked out by others.

Failures are counted for a client at an address, and for an address, over the workers of a machine. After a few, each
doubles the wait, up to MOST_SECONDS. They are not counted for a client alone: then anybody could keep it out.
"""

import math
import time
from functools import partial
from typing import Final

from app.kit.errors import TooManyRequestsError
from app.kit.shared_records import Record, Records

FREE: Final = 5
"""Failures of a client at an address that cost no wait: somebody sets up a system."""
FREE_OF_ADDRESS: Final = 20
"""The same of an address, over all clients."""
MOST_SECONDS: Final = 300.0
FORGOTTEN_SECONDS: Final = 3600.0
"""After how long without a failure those before are forgotten."""


class Attempts:
    """The failures that `records` has."""

    def __init__(self, records: Records) -> None:
        self._records = records

    def check(self, client_id: str, address: str) -> None:
        """`TooManyRequestsError` while this client at this address, or the address, has to wait."""
        now, until = _now(), 0.0

        def look(kept: Record | None) -> None:
            nonlocal until
            until = max(until, kept[2] if kept else 0.0)

        for key, _ in _keys(client_id, address):
            self._records.change(key, look)
        if until > now:
            raise TooManyRequestsError(math.ceil(until - now))

    def failed(self, client_id: str, address: str) -> None:
        """Notes a failure."""
        now = _now()
        for key, free in _keys(client_id, address):
            self._records.change(key, partial(_one_more, free=free, now=now))

    def succeeded(self, client_id: str, address: str) -> None:
        """Forgets the failures of the client at this address; those of the address stand."""
        [(key, _), *_others] = _keys(client_id, address)
        self._records.change(key, lambda _: (0.0, 0.0, 0.0))


def _now() -> float:
    return time.time()  # noqa: TID251 - workers share it, and a wait is no moment of the domain


def _keys(client_id: str, address: str) -> list[tuple[str, int]]:
    return [(f"failed {address} {client_id}", FREE), (f"failed {address}", FREE_OF_ADDRESS)]


def _one_more(kept: Record | None, *, free: int, now: float) -> Record:
    """The number of failures, when the last was, and until when to wait."""
    before = kept[0] if kept and now - kept[1] < FORGOTTEN_SECONDS else 0.0
    failures = before + 1
    wait = 0.0 if failures <= free else min(MOST_SECONDS, 2.0 ** min(failures - free, 16))
    return failures, now, now + wait
