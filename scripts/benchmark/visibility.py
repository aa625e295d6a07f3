"""How soon a change that one process takes in shows in another, over the same database."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any, Final
from uuid import UUID

import httpx

from app.demo.rows import dice
from scripts.benchmark import BenchmarkError
from scripts.benchmark.figures import Delays
from scripts.benchmark.questions import Askers, Question, Target, capacity_report

_GIVE_UP_SECONDS: Final = 5.0
_MARK: Final = 10_000
"""Where the waiting counts start that tell one change from all others."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Seconds from the answer to a change until its effect was there; None where that took too long."""

    shown: float | None
    own: bool


@dataclass(frozen=True, slots=True)
class Watcher:
    """Makes changes through one server and looks for them in another, each over one connection."""

    made_in: httpx.Client
    looked_for_in: httpx.Client
    askers: Askers

    def watch(self, offers: Sequence[Target], changes: int, seconds: float) -> Iterator[Seen]:
        """Makes changes to these offers one after another, at most so many and for at most so long."""
        deadline = time.monotonic() + seconds
        for number in range(changes):
            if time.monotonic() >= deadline:
                return
            yield self._change(dice("benchmark visibility", number).choice(offers), _MARK + number)

    def _change(self, target: Target, mark: int) -> Seen:
        ask(self.made_in, capacity_report(target, 1, waiting=mark), self.askers)
        start, shown = time.perf_counter(), None
        while shown is None and time.perf_counter() - start < _GIVE_UP_SECONDS:
            if self._waiting(self.looked_for_in, target) == mark:
                shown = time.perf_counter() - start
        return Seen(shown, self._waiting(self.made_in, target) == mark)

    def _waiting(self, client: httpx.Client, target: Target) -> int | None:
        look = Question("GET", f"/v1/availability?provider={target.provider}&limit=200", target.provider)
        found = {UUID(item["offer"]["id"]): item["availability"] for item in ask(client, look, self.askers)["items"]}
        waiting: int | None = found[target.offer]["waitingCount"] if target.offer in found else None
        return waiting


def client(url: str) -> httpx.Client:
    """A client of a server of ours."""
    return httpx.Client(base_url=url, timeout=600, trust_env=False)


def ask(client: httpx.Client, question: Question, askers: Askers) -> dict[str, Any]:
    """The answer to a question; `BenchmarkError` where it is no success."""
    headers = {"Authorization": f"Bearer {askers.token(question.asker)}", "Content-Type": question.media_type}
    answer = client.request(question.method, question.path, content=question.body or None, headers=headers)
    if answer.status_code != httpx.codes.OK:
        raise BenchmarkError(f"{question.method} {question.path}: {answer.status_code} {answer.text}")
    found: dict[str, Any] = answer.json()
    return found


def summarise(seen: list[Seen], offers: int, *, loaded: bool) -> Delays:
    """The percentiles of what was seen, in which a change that never showed comes last."""
    shown = [each.shown for each in seen]
    p50, p99 = _percentile(shown, 50), _percentile(shown, 99)
    return Delays(offers, loaded, len(seen), p50, p99, shown.count(None), sum(not each.own for each in seen))


def _percentile(seconds: list[float | None], percent: int) -> float | None:
    """By the nearest rank, in milliseconds."""
    ordered: list[float | None] = [*sorted(each for each in seconds if each is not None)]
    ordered += [None] * seconds.count(None)
    found = ordered[ceil(percent / 100 * len(ordered)) - 1] if ordered else None
    return None if found is None else 1000 * found
