"""What was measured, the medians and ratios of it, and whether it reaches the goals: none is ever an exit status."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from statistics import median
from typing import Final, Literal

from scripts.benchmark.dataset import Ground
from scripts.benchmark.load import Load
from scripts.benchmark.plan import Measure, Plan

Asked = Literal["product", "framework", "postgres"]
"""framework: FastAPI alone. postgres: pgbench."""
Series = Literal["compared", "growth"]
"""What a figure is for: the product beside others at one size, or the product alone at every size."""
Verdict = Literal["reached", "missed", "not measured"]

REPORTS: Final[tuple[Measure, ...]] = ("capacity", "bulk")
"""Those that report capacity: they are held against PostgreSQL alone, and cost the same anywhere."""


@dataclass(frozen=True, slots=True)
class Setup:
    """What a figure was measured on; figures of the same setup are repetitions of each other."""

    series: Series
    asked: Asked
    measure: Measure
    ground: Ground
    offers: int
    workers: int
    connections: int


def grounds_of(measure: Measure) -> tuple[Ground, ...]:
    """Where growth is measured."""
    return ("growing",) if measure in REPORTS else ("steady", "growing")


def growth_setup(measure: Measure, ground: Ground, offers: int) -> Setup:
    """One of the growth series: one worker and one connection, so that a rate is the inverse of a cost."""
    return Setup("growth", "product", measure, ground, offers, 1, 1)


@dataclass(frozen=True, slots=True)
class Summary:
    """The medians over the repetitions of a setup, the slowest and fastest of them, and all errors."""

    setup: Setup
    repetitions: int
    per_second: float
    slowest: float
    fastest: float
    p50_ms: float | None
    p99_ms: float | None
    errors: int


@dataclass(frozen=True, slots=True)
class Delays:
    """How long a change took to show in another process than the one that took it in, in milliseconds.

    `unseen` never showed within the time allowed, and a percentile that falls among them is None; `own_unseen` did
    not show at once where they were made.
    """

    offers: int
    loaded: bool
    changes: int
    p50_ms: float | None
    p99_ms: float | None
    unseen: int
    own_unseen: int


@dataclass(frozen=True, slots=True)
class Holding:
    """The resident memory of the product's workers after a load with a data set of that size, in MB each."""

    offers: int
    workers_mb: list[float]


@dataclass(frozen=True, slots=True)
class Answered:
    """Milliseconds of a question: the first time, the median of the others, and of those what the statements took."""

    question: str
    first_ms: float
    median_ms: float
    statements_ms: float


@dataclass(slots=True)
class Results:
    """All that a run measured."""

    loads: list[tuple[Setup, Load]] = field(default_factory=list)
    delays: list[Delays] = field(default_factory=list)
    memory: list[Holding] = field(default_factory=list)
    insight: list[Answered] = field(default_factory=list)

    def summaries(self) -> list[Summary]:
        """One for each setup, in the order that they were first measured in."""
        found = map(self.summary, dict.fromkeys(setup for setup, _ in self.loads))
        return [each for each in found if each is not None]

    def summary(self, setup: Setup) -> Summary | None:
        """Of this setup, where it was measured."""
        loads = [load for found, load in self.loads if found == setup]
        if not loads:
            return None
        rates = [load.per_second for load in loads]
        return Summary(
            setup,
            len(loads),
            median(rates),
            min(rates),
            max(rates),
            _median(loads, lambda load: load.p50_ms),
            _median(loads, lambda load: load.p99_ms),
            sum(load.errors for load in loads),
        )

    def above_empty(self, offers: int) -> float | None:
        """MB of the largest worker at that size above one without data; None where either was not measured."""
        held = [mb for each in self.memory if each.offers == offers for mb in each.workers_mb]
        empty = [mb for each in self.memory if not each.offers for mb in each.workers_mb]
        return max(held) - min(empty) if held and empty else None


def _median(loads: Iterable[Load], value: Callable[[Load], float | None]) -> float | None:
    known = [found for found in map(value, loads) if found is not None]
    return median(known) if known else None


def ratio(of: Summary | None, to: Summary | None) -> float | None:
    """How `of` stands to `to` in requests per second; None where one is missing, is nothing, or had errors."""
    if of is None or to is None or of.errors or to.errors or not (of.per_second and to.per_second):
        return None
    return of.per_second / to.per_second


@dataclass(frozen=True, slots=True)
class Goal:
    """A goal, what came of it, and what it was measured with."""

    name: str
    wanted: str
    figure: float | None
    verdict: Verdict
    remark: str = ""


_RATIOS: Final[tuple[tuple[Measure, Asked, float, str], ...]] = (
    ("match", "framework", 0.5, "match, of the bare framework (0.7 in the long run)"),
    ("search", "framework", 0.6, "search page, of the bare framework"),
    ("capacity", "postgres", 0.15, "capacity report over HTTP, of pgbench with the same clients"),
    ("bulk", "postgres", 0.3, "capacity reports in bulk, CSV, of pgbench with set-based statements"),
)
"""Shares of another's requests per second, wanted at every number of workers and connections."""
_MOST_GROWTH: Final = 1.2
_MOST_MEMORY_MB: Final = 150
_MOST_DELAY_MS: Final = 100
_MOST_INSIGHT_MS: Final = 100


def goals(results: Results, plan: Plan) -> Iterator[Goal]:
    """Every goal, in the order in which they were set."""
    for measure, to, least, name in _RATIOS:
        for workers in plan.workers:
            for connections in plan.connections:
                rest: tuple[Measure, Ground, int, int, int] = (measure, "growing", plan.base, workers, connections)
                ours, theirs = (results.summary(Setup("compared", each, *rest)) for each in ("product", to))
                where = f"{name}: workers {workers}, connections {connections}"
                yield _goal(where, ratio(ours, theirs), _failed(ours, theirs), least=least)
    small, large = (results.summary(growth_setup("match", "steady", offers)) for offers in (6_000, 600_000))
    growth = "match, cost at 600,000 offers of that at 6,000, with equal candidates"
    yield _goal(growth, ratio(small, large), _failed(small, large), most=_MOST_GROWTH)
    memory = f"memory of a worker above an empty one, at {plan.base:,} offers (MB)"
    yield _goal(memory, results.above_empty(plan.base), most=_MOST_MEMORY_MB)
    for delays in (each for each in results.delays if each.offers == plan.base):
        name = (
            f"a change shows in another worker, p99 (ms), {'while it answers matches' if delays.loaded else 'at rest'}"
        )
        remark = f"{delays.unseen} of {delays.changes} never showed" if delays.unseen else ""
        yield _goal(name, None if delays.unseen else delays.p99_ms, remark, most=_MOST_DELAY_MS)
    own = [each.own_unseen for each in results.delays if each.offers == plan.base]
    slowest = max((each.median_ms for each in results.insight), default=None)
    name = "the slowest question to insight asked again, median (ms)"
    yield _goal(name, slowest, most=_MOST_INSIGHT_MS)
    yield _goal("changes that did not show at once in the worker that made them", sum(own) if own else None, most=0)


def _failed(*summaries: Summary | None) -> str:
    failed = sum(each.errors for each in summaries if each is not None)
    return f"{failed} requests failed: no figure" if failed else ""


def _goal(
    name: str, figure: float | None, remark: str = "", *, least: float | None = None, most: float | None = None
) -> Goal:
    wanted = f"at least {least:g}" if least is not None else f"at most {most:g}"
    if figure is None:
        return Goal(name, wanted, None, "missed" if remark else "not measured", remark)
    reached = (least is None or figure >= least) and (most is None or figure <= most)
    return Goal(name, wanted, figure, "reached" if reached else "missed", remark)
