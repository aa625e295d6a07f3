"""What was measured, the medians and ratios of it, and whether it reaches the goals: none is ever an exit status."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from statistics import median
from typing import Final, Literal

from scripts.benchmark.dataset import Ground
from scripts.benchmark.plan import Measure, Plan

Asked = Literal["product", "framework", "same size", "postgres"]
"""framework: FastAPI alone, with 10 KB; same size: with as much as the product. postgres: pgbench, or statements."""
_RATES: Final = "requests/s"


@dataclass(frozen=True, slots=True)
class Setup:
    """What a figure was measured on; figures of the same setup are repetitions of each other.

    `what` tells several figures of a measure apart. A figure in another unit than requests a second is a cost.
    """

    measure: Measure
    asked: Asked
    offers: int
    ground: Ground = "growing"
    workers: int = 1
    connections: int = 1
    what: str = ""
    unit: str = _RATES


@dataclass(frozen=True, slots=True)
class Sample:
    """What came of a run; None is what no tool told, or what took longer than anybody waited.

    `errors` are requests that were answered with a status of 400 or more, not in time, or not at all, and changes that
    did not show.
    """

    value: float | None
    p50_ms: float | None = None
    p99_ms: float | None = None
    errors: int = 0


@dataclass(frozen=True, slots=True)
class Figure:
    """All samples of a setup."""

    setup: Setup
    samples: list[Sample]

    @property
    def median(self) -> float | None:
        """Of what came; None where a run brought none."""
        values = [each.value for each in self.samples]
        return None if None in values else _median(values)

    @property
    def p50_ms(self) -> float | None:
        """The median of what half took at most."""
        return _median(each.p50_ms for each in self.samples)

    @property
    def p99_ms(self) -> float | None:
        """The median of what all but one in a hundred took at most."""
        return _median(each.p99_ms for each in self.samples)

    @property
    def errors(self) -> int:
        """All of them."""
        return sum(each.errors for each in self.samples)


def _median(values: Iterable[float | None]) -> float | None:
    known = [each for each in values if each is not None]
    return median(known) if known else None


@dataclass(slots=True)
class Results:
    """All that a run measured, in the order in which it was first measured."""

    samples: dict[Setup, list[Sample]] = field(default_factory=dict)

    def add(self, setup: Setup, sample: Sample) -> None:
        """Keeps what came of a run."""
        self.samples.setdefault(setup, []).append(sample)

    def figures(self) -> list[Figure]:
        """One for each setup."""
        return [Figure(setup, samples) for setup, samples in self.samples.items()]

    def ratio(self, setup: Setup) -> float | None:
        """The product's figure, of that of this limit."""
        return self._quotient(replace(setup, asked="product"), setup)

    def growth(self, setup: Setup) -> float | None:
        """What a question costs at this size, of what it costs at the smallest; None at the smallest itself."""
        smallest = min(each.offers for each in self.samples if each == replace(setup, offers=each.offers))
        if smallest == setup.offers:
            return None
        found = self._quotient(replace(setup, offers=smallest), setup)
        return 1 / found if found and setup.unit != _RATES else found

    def _quotient(self, of: Setup, to: Setup) -> float | None:
        """None where one is missing, is nothing, or had errors."""
        ours, theirs = (Figure(each, self.samples.get(each, [])) for each in (of, to))
        if ours.errors or theirs.errors or not (ours.median and theirs.median):
            return None
        return ours.median / theirs.median


@dataclass(frozen=True, slots=True)
class Goal:
    """What a figure should be at the size that goals are set for; with `to` its ratio to a limit; with `grows` its
    growth on that ground, from the smallest size to the largest. `words` are the first of what the figure is of."""

    name: str
    measure: Measure
    to: Asked | None = None
    words: str = ""
    connections: int | None = None
    grows: Ground | None = None
    least: float | None = None
    most: float | None = None

    def is_about(self, setup: Setup, plan: Plan) -> bool:
        """Whether this is a figure that the goal is set for."""
        sizes = plan.sizes[1:][-1:] if self.grows else (0, plan.base)
        return (
            setup.measure == self.measure
            and setup.asked == (self.to or "product")
            and setup.offers in sizes
            and setup.ground == (self.grows or "growing")
            and setup.what.startswith(self.words)
            and self.connections in (None, setup.connections)
        )


GOALS: Final = (
    Goal("match, of the bare framework", "match", "framework", least=0.5),
    Goal("search page, of the bare framework", "search", "framework", least=0.6),
    Goal("capacity report, of pgbench", "capacity", "postgres", connections=1, least=0.25),
    Goal("capacity report, of pgbench", "capacity", "postgres", connections=16, least=0.4),
    Goal("reports in bulk, of pgbench with set-based statements", "bulk", "postgres", least=0.3),
    Goal("match, cost of that at the smallest size, with equal candidates", "match", grows="steady", most=1.2),
    Goal("CPU of a command (s)", "start", words="wijzer", most=0.4),
    Goal("CPU of a worker until it is ready (s)", "start", words="ready", most=1.5),
    Goal("memory of a worker above an empty one (MB)", "memory", words="above an empty one", most=150),
    Goal("match after a burst of reports, of a usual one", "burst", most=1.5),
    Goal("a change shows in another worker, p99 (ms)", "visibility", most=100),
    Goal("insight, asked again, median (ms)", "insight", words="again", most=100),
    Goal("a proposal for a region, CPU (s)", "proposals", words="CPU: region", most=1),
    Goal("a proposal for the country, CPU (s)", "proposals", words="CPU: country", most=20),
    Goal(
        "a whole proposal for a region, CPU (s)",
        "proposals",
        words="CPU: all of a region",
        most=1,
    ),
    Goal(
        "a whole proposal for the country, CPU (s)",
        "proposals",
        words="CPU: all of a country",
        most=20,
    ),
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a goal in one setup."""

    goal: Goal
    setup: Setup
    figure: float | None
    errors: int

    @property
    def reached(self) -> bool:
        """Whether there is a figure without errors, and it is as it should be."""
        least, most = self.goal.least, self.goal.most
        if self.figure is None or self.errors:
            return False
        return (least is None or self.figure >= least) and (most is None or self.figure <= most)


def outcomes(results: Results, plan: Plan) -> Iterator[Outcome]:
    """What came of each goal, in every setup that was measured of it."""
    for goal in GOALS:
        for each in results.figures():
            if goal.is_about(each.setup, plan):
                value = each.median
                if goal.to or goal.grows:
                    value = results.ratio(each.setup) if goal.to else results.growth(each.setup)
                yield Outcome(goal, each.setup, value, each.errors)
