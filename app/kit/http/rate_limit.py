"""How often one caller may ask, counted over the workers of this machine: so many in a window, from its first request.

Answers tell of it (draft-ietf-httpapi-ratelimit-headers-10): `RateLimit-Policy: "client";q=60;w=60` and
`RateLimit: "client";r=12;t=40`, so that a client can slow down before it is refused.
"""

import math
import time
from typing import NamedTuple

from fastapi import Request
from limits import parse

from app.kit.errors import TooManyRequestsError
from app.kit.shared_records import OwnRecords, Record, Records


class Standing(NamedTuple):
    """How a caller stands: how many requests remain (-1: this one was too many), and after how many seconds more do."""

    policy: str
    quota: int
    window: int
    remaining: int
    reset: int

    def headers(self) -> list[tuple[bytes, bytes]]:
        """The fields that tell of it."""
        policy = f'"{self.policy}";q={self.quota};w={self.window}'
        now = f'"{self.policy}";r={max(0, self.remaining)};t={self.reset}'
        return [(b"ratelimit-policy", policy.encode()), (b"ratelimit", now.encode())]


class RateLimit:
    """A limit such as `600/minute` for each key; empty for none. `policy` is its name in the headers."""

    def __init__(self, limit: str, records: Records | None = None, policy: str = "client") -> None:
        item = parse(limit) if limit else None
        self._quota = item.amount if item else 0
        self._window = item.get_expiry() if item else 0
        self._records = records or OwnRecords()
        self._policy = policy

    def ask(self, key: str) -> Standing | None:
        """Counts one request of `key`, unless it is one too many; None where there is no limit."""
        if not self._quota:
            return None
        now = time.time()  # noqa: TID251 - workers share it, and a window is no moment of the domain
        begun, asked = now, 0.0

        def count(kept: Record | None) -> Record | None:
            nonlocal begun, asked
            is_running = kept is not None and 0 <= now - kept[0] < self._window
            begun, asked, _ = kept if kept is not None and is_running else (now, 0.0, 0.0)
            asked += 1
            return None if asked > self._quota else (begun, asked, 0.0)

        self._records.change(f"{self._policy} {self._window} {key}", count)
        remaining = -1 if asked > self._quota else int(self._quota - asked)
        reset = max(1, math.ceil(begun + self._window - now))
        return Standing(self._policy, self._quota, self._window, remaining, reset)

    def hit(self, key: str) -> Standing | None:
        """As `ask`, and `TooManyRequestsError` when it is one too many."""
        standing = self.ask(key)
        if standing is not None and standing.remaining < 0:
            raise TooManyRequestsError(standing.reset)
        return standing


def count(request: Request, limit: RateLimit, key: str) -> None:
    """Counts a request once, however often it is looked at, and has its answer tell how the caller stands.

    `TooManyRequestsError` when it is one too many.
    """
    counted: set[RateLimit] = request.scope["state"].setdefault("counted", set())
    if limit in counted:
        return
    counted.add(limit)
    standing = request.state.rate_limit = limit.ask(key)
    if standing is not None and standing.remaining < 0:
        raise TooManyRequestsError(standing.reset)
