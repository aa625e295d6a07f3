"""From cells to rows: added up over what was not asked apart, with shares and middles. Pure."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

from app.insight.answers.definitions import Measure, Resource
from app.insight.answers.questions import Cell

Figures = dict[str, float | None]


@dataclass(slots=True)
class Sum:
    """Cells added up."""

    counts: Counter[str] = field(default_factory=Counter)
    samples: dict[str, Counter[float]] = field(default_factory=lambda: defaultdict(Counter))

    def add(self, cell: Cell) -> None:
        """Adds a cell."""
        for name, number in cell.counts.items():
            self.counts[name] += number  # type: ignore[assignment]  # hours a week have halves
        for name, often in cell.samples.items():
            self.samples[name].update(often)


def summed(cells: Iterable[Cell], codes: Callable[[Cell], Iterable[str]]) -> dict[tuple[str, str], Sum]:
    """The cells added up by period and by each of the codes that they stand under."""
    sums: dict[tuple[str, str], Sum] = defaultdict(Sum)
    for cell in cells:
        for code in codes(cell):
            sums[cell.period, code].add(cell)
    return sums


def figures_of(resource: Resource, total: Sum, hidden: frozenset[str] = frozenset()) -> Figures:
    """The figures of a sum; None for what is `hidden`, what rests on that, and what nothing is known of."""
    figures: Figures = {}
    for measure, rests_on in _measures(resource):
        if hidden and not rests_on.isdisjoint(hidden):
            figures[measure.name] = None
        else:
            figures[measure.name] = _figure(measure, total)
    return figures


@cache
def _measures(resource: Resource) -> list[tuple[Measure, frozenset[str]]]:
    """The figures, each with the names of what it rests on."""
    return [(each, frozenset({each.name, each.sample, *(each.of or ())} - {None})) for each in resource]


def _figure(measure: Measure, total: Sum) -> float | None:
    counts, name = total.counts, measure.name
    if measure.of is not None:
        above, below = counts[measure.of[0]], counts[measure.of[1]]
        return _plain(max(0, above - below)) if measure.kind == "difference" else _share(above, below)
    if measure.sample is not None:
        return _middle(measure, total.samples.get(measure.sample, {}))
    if measure.kind == "number" and name not in counts:
        return None
    return _plain(counts[name])


def _share(above: float, below: float) -> float | None:
    return round(above / below, 4) if below else None


def _middle(measure: Measure, often: Mapping[float, int]) -> float | None:
    if not often:
        return None
    return _plain(median(often) if measure.kind == "median" else percentile_90(often))


def median(often: Mapping[float, int]) -> float:
    """The middle of values of which each is there so often, or half-way between two: of 1, 2, 2, 4 it is 2."""
    size = sum(often.values())
    return (_nth(often, (size - 1) // 2) + _nth(often, size // 2)) / 2


def percentile_90(often: Mapping[float, int]) -> float:
    """The smallest of the values that nine in ten are not above (nearest rank): of 1 to 10 it is 9."""
    return _nth(often, -(-9 * sum(often.values()) // 10) - 1)


def _nth(often: Mapping[float, int], number: int) -> float:
    """The value with this number, the smallest being 0."""
    for value in sorted(often):
        number -= often[value]
        if number < 0:
            return value
    raise LookupError(f"there are fewer than {number} values")


def _plain(number: float) -> float:
    if type(number) is int:
        return number
    return int(number) if float(number).is_integer() else round(number, 2)


def rows_of(
    resource: Resource, sums: Mapping[tuple[str, str], Sum], hidden: Callable[[str, str], frozenset[str]]
) -> list[tuple[str, str, Figures]]:
    """A row for each period and code, in their order; `hidden` says which figures of a row are not shown."""
    return [
        (period, code, figures_of(resource, sums[period, code], hidden(period, code))) for period, code in sorted(sums)
    ]
