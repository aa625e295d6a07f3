"""From cells to rows: added up over what was not asked apart, with shares and middles. Pure."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from app.insight.answers.definitions import Measure, Resource
from app.insight.answers.questions import Cell

Figures = dict[str, float | None]


@dataclass(slots=True)
class Sum:
    """Cells added up."""

    counts: Counter[str] = field(default_factory=Counter)
    samples: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def add(self, cell: Cell) -> None:
        """Adds a cell."""
        for name, number in cell.counts.items():
            self.counts[name] += number  # type: ignore[assignment]  # hours a week have halves
        for name, values in cell.samples.items():
            self.samples[name].extend(values)


def summed(cells: Iterable[Cell], key: Callable[[Cell], str]) -> dict[tuple[str, str], Sum]:
    """The cells added up by period and by what `key` makes of them."""
    sums: dict[tuple[str, str], Sum] = defaultdict(Sum)
    for cell in cells:
        sums[cell.period, key(cell)].add(cell)
    return sums


def figures_of(resource: Resource, total: Sum, hidden: frozenset[str] = frozenset()) -> Figures:
    """The figures of a sum; None for what is `hidden`, what rests on that, and what nothing is known of."""
    return {each.name: _figure(each, total, hidden) for each in resource}


def _figure(measure: Measure, total: Sum, hidden: frozenset[str]) -> float | None:
    counts = total.counts
    if {measure.name, measure.sample, *(measure.of or ())} & hidden:
        return None
    if measure.of is not None:
        above, below = (counts[name] for name in measure.of)
        return _plain(max(0, above - below)) if measure.kind == "difference" else _share(above, below)
    if measure.sample is not None:
        return _middle(measure, total.samples.get(measure.sample, []))
    if measure.kind == "number" and measure.name not in counts:
        return None
    return _plain(counts[measure.name])


def _share(above: float, below: float) -> float | None:
    return round(above / below, 4) if below else None


def _middle(measure: Measure, days: Sequence[float]) -> float | None:
    if not days:
        return None
    return _plain(median(days) if measure.kind == "median" else percentile_90(days))


def percentile_90(values: Sequence[float]) -> float:
    """The smallest of the values that nine in ten are not above (nearest rank): of 1 to 10 it is 9."""
    ordered = sorted(values)
    return ordered[-(-9 * len(ordered) // 10) - 1]


def _plain(number: float) -> float:
    return int(number) if float(number).is_integer() else round(number, 2)


def rows_of(
    resource: Resource, sums: Mapping[tuple[str, str], Sum], hidden: Callable[[str, str], frozenset[str]]
) -> list[tuple[str, str, Figures]]:
    """A row for each period and code, in their order; `hidden` says which figures of a row are not shown."""
    return [
        (period, code, figures_of(resource, sums[period, code], hidden(period, code))) for period, code in sorted(sums)
    ]
