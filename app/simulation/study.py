"""Many years with different seeds, and what they come to: figures with their intervals, also over a range of worlds."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from multiprocessing import get_context
from typing import Any, Final

from app.simulation.model import BEHAVIOURS, MEASURES, Behaviour, Figures, Interval, Measure, Varied, World
from app.simulation.year import Year

RANGES: Final[dict[Varied, tuple[float, ...]]] = {
    "stale": (0.0, 0.2, 0.4, 0.6),
    "scarcity": (0.85, 0.95, 1.0, 1.05),
    "taking-part": (0.25, 0.5, 0.75, 1.0),
}
"""What is varied, and over which values."""
VERSION: Final = 2
"""Of the simulation, which its output says; whoever changes what comes out raises it."""
_OUTSIDE: Final = 0.05

Told = Callable[[], object]
"""Called after each year."""


@dataclass(frozen=True, slots=True)
class Point:
    """The figures of one world by behaviour; `value` is of what is varied, None where nothing is."""

    value: float | None
    figures: Mapping[Behaviour, Mapping[Measure, Interval]]


@dataclass(frozen=True, slots=True)
class Study:
    """What was simulated and what came out: a point for each value of what is varied.

    `history` names what in the world follows from an installation's history.
    """

    world: World
    seeds: tuple[int, ...]
    varied: Varied | None
    points: tuple[Point, ...]
    history: frozenset[str] = frozenset()

    def as_json(self) -> str:
        """All of it, the same text for the same world and seeds on any machine."""
        document = {
            "version": VERSION,
            "world": asdict(self.world),
            "history": sorted(self.history),
            "seeds": self.seeds,
            "varied": self.varied,
            "points": [{"value": each.value, "figures": _rounded(each.figures)} for each in self.points],
        }
        return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def years_of(behaviours: Sequence[Behaviour], seeds: Sequence[int], varied: Varied | None) -> int:
    """How many years a study takes."""
    return len(behaviours) * len(seeds) * (len(RANGES[varied]) if varied else 1)


def study(
    world: World,
    seeds: Sequence[int],
    *,
    behaviours: Sequence[Behaviour] = BEHAVIOURS,
    varied: Varied | None = None,
    processes: int = 1,
    told: Told = lambda: None,
    history: frozenset[str] = frozenset(),
) -> Study:
    """Simulates each world with each behaviour and seed, in so many processes; the outcome is the same for any number.

    Raises ValueError where a world is none (`World`).
    """
    values: Sequence[float | None] = RANGES[varied] if varied else (None,)
    worlds = [_varied(world, varied, value) for value in values]
    asked = [(each, behaviour, seed) for each in worlds for behaviour in behaviours for seed in seeds]
    found = iter(_run(asked, processes, told))
    points = [
        Point(value, {behaviour: _intervals([next(found) for _ in seeds]) for behaviour in behaviours})
        for value in values
    ]
    return Study(world, tuple(seeds), varied, tuple(points), history)


def _varied(world: World, varied: Varied | None, value: float | None) -> World:
    if varied is None or value is None:
        return world
    changed: dict[str, Any] = {varied.replace("-", "_"): value}
    return replace(world, **changed)


def _run(asked: Sequence[tuple[World, Behaviour, int]], processes: int, told: Told) -> Iterable[Figures]:
    if processes == 1:
        for each in asked:
            figures = _year(each)
            told()
            yield figures
        return
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        for figures in pool.map(_year, asked):
            told()
            yield figures


def _year(asked: tuple[World, Behaviour, int]) -> Figures:
    world, behaviour, seed = asked
    return Year(world, behaviour, seed).run()


def _intervals(years: Sequence[Figures]) -> dict[Measure, Interval]:
    return {measure: _interval(sorted(each[measure] for each in years)) for measure in MEASURES}


def _interval(values: Sequence[float]) -> Interval:
    """Their mean, and between which two 9 of 10 lie; of few values the lowest and the highest."""
    outside = int(len(values) * _OUTSIDE)
    return Interval(sum(values) / len(values), values[outside], values[-1 - outside])


def _rounded(figures: Mapping[Behaviour, Mapping[Measure, Interval]]) -> dict[str, dict[str, dict[str, float]]]:
    return {
        behaviour: {
            measure: {name: round(value, 4) for name, value in asdict(interval).items()}
            for measure, interval in measures.items()
        }
        for behaviour, measures in figures.items()
    }
