"""How soon a change that one process takes in shows in another, over the same database."""

import json
import math
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any, Final, TypeAlias
from uuid import UUID

from app.demo.rows import dice
from scripts.benchmark.bench import Bench
from scripts.benchmark.figures import Sample, Setup
from scripts.benchmark.questions import Question, Target, capacity_report
from scripts.benchmark.wrk import driven

_SECONDS: Final = 20
"""At most, for all changes."""
_GIVE_UP_SECONDS: Final = 5.0
_BACKGROUND_CONNECTIONS: Final = 4
_MARK: Final = 10_000
"""Where the waiting counts start that tell one change from all others."""

Ask: TypeAlias = Callable[[Question], bytes]


@dataclass(frozen=True, slots=True)
class Seen:
    """Milliseconds from the answer to a change until its effect was there; None where that took too long.

    `own`: whether it was there at once where it was made.
    """

    shown: float | None
    own: bool


def measure(bench: Bench) -> None:
    """At every size: while nothing else happens, and while the other process answers matches."""
    for offers in bench.plan.sizes:
        with bench.serving("product", offers, 1, "-one") as one, bench.serving("product", offers, 1, "-two") as two:
            asked = bench.file("match", "growing", offers)
            load = driven(two.url, asked, _BACKGROUND_CONNECTIONS, 2 * _SECONDS)
            for what, meanwhile in (("at rest", nullcontext()), ("while it answers matches", load)):
                with meanwhile:
                    sample = summary(list(watch(one.ask, two.ask, bench.targets[offers], bench.plan.changes)))
                bench.note(Setup("visibility", "product", offers, what=what, unit="ms, p99"), sample)


def watch(made_in: Ask, looked_for_in: Ask, targets: Sequence[Target], changes: int) -> Iterator[Seen]:
    """Makes changes one after another, through one server, and looks for each of them in both."""
    deadline = time.monotonic() + _SECONDS
    for number in range(changes):
        if time.monotonic() >= deadline:
            return
        target, mark = dice("benchmark visibility", number).choice(targets), _MARK + number
        made_in(capacity_report(target, 1, waiting=mark))
        start, shown = time.perf_counter(), None
        while shown is None and time.perf_counter() - start < _GIVE_UP_SECONDS:
            if _waiting(looked_for_in, target) == mark:
                shown = 1000 * (time.perf_counter() - start)
        yield Seen(shown, _waiting(made_in, target) == mark)


def _waiting(ask: Ask, target: Target) -> Any:
    """How many wait for the offer, as a search says."""
    answer = json.loads(ask(Question("GET", f"/v1/availability?provider={target.provider}&limit=200", target.owner)))
    found = {UUID(item["offer"]["id"]): item["availability"] for item in answer["items"]}
    return found[target.offer]["waitingCount"] if target.offer in found else None


def summary(seen: list[Seen]) -> Sample:
    """The percentiles by the nearest rank, in which a change that never showed comes last."""
    shown = sorted(math.inf if each.shown is None else each.shown for each in seen)
    p50, p99 = (_finite(shown[math.ceil(part * len(shown)) - 1]) if shown else None for part in (0.5, 0.99))
    return Sample(p99, p50, p99, errors=shown.count(math.inf) + sum(not each.own for each in seen))


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
