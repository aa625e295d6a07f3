"""What was measured, and the medians and ratios of it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from statistics import median
from typing import Final, Literal

from scripts.benchmark.grounds import Ground
from scripts.benchmark.load import Load
from scripts.benchmark.server import Memory

Target = Literal["product", "framework", "frame", "peer", "postgres"]
"""framework: FastAPI alone. frame: the same endpoint in the product's application. postgres: pgbench."""

Measure = Literal["match", "search", "capacity", "bulk"]

REPORTS: Final[tuple[Measure, ...]] = ("capacity", "bulk")
"""Those that report capacity: they are held against PostgreSQL alone, and cost the same anywhere."""


Series = Literal["compared", "growth"]
"""What a figure is for: the product beside others at one size, or the product alone at every size."""


@dataclass(frozen=True, slots=True)
class Setup:
    """What a figure was measured on; figures of the same setup are repetitions of each other."""

    series: Series
    target: Target
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
    bytes_each: float | None
    errors: int


@dataclass(frozen=True, slots=True)
class Delays:
    """How long a change took to show in another process than the one that took it in, in milliseconds.

    `shown_*` until an answer with the change was there; `asked_*` until the question was sent that it answered.
    `unseen` never showed within the time allowed, and a percentile that falls among them is None; `own_unseen` did
    not show at once where they were made.
    """

    offers: int
    loaded: bool
    changes: int
    shown_p50_ms: float | None
    shown_p99_ms: float | None
    asked_p50_ms: float | None
    asked_p99_ms: float | None
    unseen: int
    own_unseen: int


@dataclass(frozen=True, slots=True)
class Holding:
    """What the workers of the product hold in memory after a load, with a data set of that size."""

    offers: int
    workers: list[Memory]


@dataclass(slots=True)
class Results:
    """All that a run measured; `candidates` and `answers` say on what."""

    loads: list[tuple[Setup, Load]] = field(default_factory=list)
    delays: list[Delays] = field(default_factory=list)
    memory: list[Holding] = field(default_factory=list)
    candidates: dict[tuple[int, Ground], float] = field(default_factory=dict)
    answers: dict[str, float] = field(default_factory=dict)

    def summaries(self) -> list[Summary]:
        """One for each setup, in the order that they were first measured in."""
        setups = dict.fromkeys(setup for setup, _ in self.loads)
        return [_summary(setup, [load for found, load in self.loads if found == setup]) for setup in setups]

    def summary(self, setup: Setup) -> Summary | None:
        """Of this setup, where it was measured."""
        loads = [load for found, load in self.loads if found == setup]
        return _summary(setup, loads) if loads else None


def _summary(setup: Setup, loads: list[Load]) -> Summary:
    rates = [load.per_second for load in loads]
    return Summary(
        setup=setup,
        repetitions=len(loads),
        per_second=median(rates),
        slowest=min(rates),
        fastest=max(rates),
        p50_ms=_median(loads, lambda load: load.p50_ms),
        p99_ms=_median(loads, lambda load: load.p99_ms),
        bytes_each=_median(loads, lambda load: load.bytes_each),
        errors=sum(load.errors for load in loads),
    )


def _median(loads: Iterable[Load], value: Callable[[Load], float | None]) -> float | None:
    known = [found for found in map(value, loads) if found is not None]
    return median(known) if known else None


def ratio(of: Summary | None, to: Summary | None) -> float | None:
    """How `of` stands to `to` in requests per second; None where one is missing, is nothing, or had errors."""
    if of is None or to is None or of.errors or to.errors or not to.per_second:
        return None
    return of.per_second / to.per_second
