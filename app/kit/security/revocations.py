"""Clients whose tokens of before some moment count no more, as far as this worker knows."""

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final

NEVER: Final = -math.inf


class Revocations:
    """What was revoked, as whoever reads the database tells, and what is open for a client, to be ended by it."""

    def __init__(self) -> None:
        self._before: dict[str, float] = {}
        self._open: dict[tuple[str, float, Callable[[], None]], None] = {}

    def covers(self, client_id: str, since: float) -> bool:
        """Whether a token issued, or a session begun, at this moment (seconds since 1970) was revoked."""
        return since <= self._before.get(client_id, NEVER)

    def learn(self, before: Mapping[str, float]) -> None:
        """Takes over all that was revoked: by client the moment, up to which its tokens count no more."""
        self._before = dict(before)
        for client_id, since, end in list(self._open):
            if self.covers(client_id, since):
                end()

    @contextmanager
    def ending(self, client_id: str, since: float, end: Callable[[], None]) -> Iterator[None]:
        """For as long as the block lasts, `end` is called when the token of `since` is revoked."""
        entry = (client_id, since, end)
        self._open[entry] = None
        try:
            yield
        finally:
            del self._open[entry]
