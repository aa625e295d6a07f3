"""How often one caller may ask, counted in this worker with the `limits` library (moving window)."""

import math
import time

from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from app.kit.errors import TooManyRequestsError


class RateLimit:
    """A limit such as `600/minute` for each key; empty for none."""

    def __init__(self, limit: str) -> None:
        self._limit = parse(limit) if limit else None
        self._window = MovingWindowRateLimiter(MemoryStorage())

    def hit(self, key: str) -> None:
        """Counts one request of `key`; `TooManyRequestsError` when it is one too many."""
        if self._limit is None or self._window.hit(self._limit, key):
            return
        reset = self._window.get_window_stats(self._limit, key).reset_time
        raise TooManyRequestsError(max(1, math.ceil(reset - time.time())))  # noqa: TID251 - `limits` counts by it
