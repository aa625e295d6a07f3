"""The goals that the product sets itself, and whether a run reached them. No goal is ever an exit status."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from scripts.benchmark.figures import Delays, Measure, Results, Setup, Summary, Target, growth_setup, ratio
from scripts.benchmark.plan import Plan

Verdict = Literal["reached", "missed", "not measured"]


@dataclass(frozen=True, slots=True)
class Goal:
    """A goal, what came of it, and what it was measured with."""

    name: str
    wanted: str
    figure: float | None
    verdict: Verdict
    remark: str = ""


@dataclass(frozen=True, slots=True)
class _Ratio:
    """A share of another target's requests per second, wanted at every number of workers and connections."""

    measure: Measure
    to: Target
    least: float
    name: str


_RATIOS: Final = (
    _Ratio("match", "framework", 0.5, "match, of the bare framework (0.7 in the long run)"),
    _Ratio("match", "peer", 10, "match, times the SQLAlchemy version"),
    _Ratio("search", "framework", 0.6, "search page, of the bare framework"),
    _Ratio("capacity", "postgres", 0.15, "capacity report over HTTP, of pgbench with the same clients"),
    _Ratio("bulk", "postgres", 0.3, "capacity reports in bulk, CSV, of pgbench with set-based statements"),
)
_MOST_GROWTH: Final = 1.2
_MOST_MEMORY_MB: Final = 150
_MOST_DELAY_MS: Final = 100


def goals(results: Results, plan: Plan) -> list[Goal]:
    """Every goal, in the order in which they were set."""
    return [*_ratios(results, plan), _growth(results), _memory(results, plan), *_delays(results, plan)]


def _ratios(results: Results, plan: Plan) -> Iterator[Goal]:
    for wanted in _RATIOS:
        for workers in plan.workers:
            for connections in plan.connections:
                ours = _at(results, plan, "product", wanted.measure, workers, connections)
                theirs = _at(results, plan, wanted.to, wanted.measure, workers, connections)
                name = f"{wanted.name}: {_count(workers, 'worker')}, {_count(connections, 'connection')}"
                yield _least(name, ratio(ours, theirs), wanted.least, _errors(ours, theirs))


def _at(
    results: Results, plan: Plan, target: Target, measure: Measure, workers: int, connections: int
) -> Summary | None:
    return results.summary(Setup("compared", target, measure, "growing", plan.base, workers, connections))


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _errors(*summaries: Summary | None) -> str:
    failed = sum(each.errors for each in summaries if each is not None)
    return f"{failed} requests failed: no figure" if failed else ""


def _least(name: str, figure: float | None, wanted: float, remark: str = "") -> Goal:
    verdict: Verdict = "reached" if figure is not None and figure >= wanted else "missed"
    if figure is None and not remark:
        verdict = "not measured"
    return Goal(name, f"at least {wanted:g}", figure, verdict, remark)


def _most(name: str, figure: float | None, wanted: float, unit: str = "", remark: str = "") -> Goal:
    verdict: Verdict = "reached" if figure is not None and figure <= wanted else "missed"
    if figure is None and not remark:
        verdict = "not measured"
    return Goal(name, f"at most {wanted:g}{unit}", figure, verdict, remark)


def _growth(results: Results) -> Goal:
    small, large = (results.summary(growth_setup("match", "steady", offers)) for offers in (6_000, 600_000))
    return _most(
        "match, cost at 600,000 offers of that at 6,000, with equal candidates",
        ratio(small, large),
        _MOST_GROWTH,
        remark=_errors(small, large),
    )


def _memory(results: Results, plan: Plan) -> Goal:
    return _most(
        f"memory of a worker above an empty one, at {plan.base:,} offers (MB)",
        above_empty(results, plan.base),
        _MOST_MEMORY_MB,
    )


def above_empty(results: Results, offers: int) -> float | None:
    """Resident MB of the largest worker at that size above one without data; None where either was not measured."""
    held = [worker.rss_mb for each in results.memory if each.offers == offers for worker in each.workers]
    empty = [worker.rss_mb for each in results.memory if not each.offers for worker in each.workers]
    return max(held) - min(empty) if held and empty else None


def _delays(results: Results, plan: Plan) -> Iterator[Goal]:
    for loaded in (False, True):
        found = next((each for each in results.delays if each.offers == plan.base and each.loaded is loaded), None)
        name = f"a change shows in another worker, p99 (ms), {'while it answers matches' if loaded else 'at rest'}"
        figure = None if found is None or found.unseen else found.shown_p99_ms
        yield _most(name, figure, _MOST_DELAY_MS, remark=_unseen(found))
    own = [each.own_unseen for each in results.delays if each.offers == plan.base]
    yield _most("changes that did not show at once in the worker that made them", sum(own) if own else None, 0)


def _unseen(delays: Delays | None) -> str:
    return f"{delays.unseen} of {delays.changes} never showed" if delays is not None and delays.unseen else ""
