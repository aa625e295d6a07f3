"""Callers who go on asking a service while something is wrong with it, and what they get, for how long."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import httpx

from scripts.drills._service import Remote
from scripts.drills._told import Told

_PAUSE: Final = 0.1
_WELL: Final = 5
"""Successes on end of each kind of caller, until all is well again."""
KINDS: Final = ("live", "ready", "read", "write")

Json = dict[str, Any]


@dataclass
class Callers:
    """One caller of each kind, and what each was answered: the status (0: none) and the seconds that it took."""

    api: Remote
    offer: Json
    answers: dict[str, list[tuple[int, float]]] = field(default_factory=dict)

    def forget(self) -> None:
        """What was answered until now does not count."""
        self.answers = {kind: [] for kind in KINDS}

    @asynccontextmanager
    async def asking(self) -> AsyncIterator[None]:
        """They ask for as long as the block lasts."""
        self.forget()
        tasks = [asyncio.create_task(self._go_on(kind)) for kind in KINDS]
        try:
            yield
        finally:
            for each in tasks:
                each.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _go_on(self, kind: str) -> None:
        while True:
            began = time.monotonic()
            try:
                status = (await self._ask(kind)).status_code
            except httpx.TransportError:
                status = 0
            self.answers[kind].append((status, time.monotonic() - began))
            await asyncio.sleep(_PAUSE)

    async def _ask(self, kind: str) -> httpx.Response:
        if kind == "read":
            return await self.api.http.get("/v1/availability?limit=5", headers=self.api.gi)
        if kind == "write":
            headers = self.api.provider(self.offer["providerId"])
            body = {"placesFree": 1, "waitingCount": 0, "acceptsReferrals": True}
            return await self.api.http.put(f"/v1/offers/{self.offer['id']}/capacity", json=body, headers=headers)
        return await self.api.http.get(f"/v1/health/{kind}")

    async def until_well(self, most: float) -> float:
        """Seconds until every kind of caller has been served some times on end; at most so many."""
        began = time.monotonic()
        self.forget()
        while time.monotonic() - began < most:
            if all(_served(self.answers[kind]) for kind in KINDS):
                break
            await asyncio.sleep(_PAUSE)
        return time.monotonic() - began

    def counted(self, kind: str) -> Counter[int]:
        """How often it was answered with each status."""
        return Counter(status for status, _ in self.answers[kind])

    def longest(self, *kinds: str) -> float:
        """The longest time that one of these waited."""
        return max((seconds for kind in kinds for _, seconds in self.answers[kind]), default=0.0)

    def check(self, told: Told, name: str, bound: float) -> str:
        """Demands what holds whatever is wrong with the database; the figures for people."""
        told.demand(set(self.counted("live")) == {200}, f"{name}: health/live answered {dict(self.counted('live'))}")
        for kind in KINDS:
            strange = set(self.counted(kind)) - {200, 503}
            told.demand(not strange, f"{name}: {kind} was answered with {sorted(strange)} (0: not at all)")
        waited = self.longest(*KINDS)
        told.demand(waited <= bound, f"{name}: a caller waited {waited:.1f} s, more than {bound} s")
        return ", ".join(
            f"{kind} {' '.join(f'{count}x{status}' for status, count in sorted(self.counted(kind).items()))}"
            f" (at most {self.longest(kind):.1f} s)"
            for kind in KINDS
        )


def _served(answers: list[tuple[int, float]]) -> bool:
    return len(answers) >= _WELL and all(status == httpx.codes.OK for status, _ in answers[-_WELL:])
