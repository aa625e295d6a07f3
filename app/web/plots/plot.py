"""What a plot shows: values by column (a period or something with a name) and by series, and why some are not there."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Final, Literal

from app.insight.answers.periods import Period

Unit = Literal["number", "share", "days"]
"""Values are amounts, parts from 0 to 1 that are shown in per cent, or days."""

MOST_SERIES: Final = 6
"""Series in one plot: more cannot be told apart by dashes or patterns."""


class Missing(Enum):
    """Why there is no value, as the table says it."""

    HIDDEN = "niet getoond"
    """A small count, or what would give one away."""
    UNKNOWN = "onbekend"


Value = float | Missing


@dataclass(frozen=True, slots=True)
class Column:
    """What values stand at: a period, whose figures may not be final yet, or something with a name alone."""

    name: str
    period: Period | None = None
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class Series:
    """Values in the order of the columns, and what they are of."""

    name: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Target:
    """A line that values are held against."""

    name: str
    value: float


@dataclass(frozen=True, slots=True)
class Plot:
    """A plot: `id` is its own on the page, `summary` says in a sentence what is to be seen.

    ValueError where a series has not a value for each column, or where there are more series than can be told apart.
    """

    id: str
    title: str
    columns: tuple[Column, ...]
    series: tuple[Series, ...]
    unit: Unit = "number"
    summary: str = ""
    target: Target | None = None

    def __post_init__(self) -> None:
        if len(self.series) > MOST_SERIES:
            raise ValueError(f"{self.id}: {len(self.series)} series, of which {MOST_SERIES} can be told apart")
        for each in self.series:
            if len(each.values) != len(self.columns):
                raise ValueError(
                    f"{self.id}: {each.name} has {len(each.values)} values for {len(self.columns)} columns"
                )

    @property
    def labels(self) -> tuple[str, ...]:
        """The names that tell the series apart; none where there is one, which the title names."""
        return tuple(each.name for each in self.series) if len(self.series) > 1 else ()

    @property
    def hides(self) -> bool:
        """Whether a value is not shown because it is of few children."""
        return any(value is Missing.HIDDEN for each in self.series for value in each.values)

    @property
    def is_provisional(self) -> bool:
        """Whether figures of a period are not final yet."""
        return any(each.provisional for each in self.columns)

    @property
    def lacks(self) -> bool:
        """Whether a value is not known."""
        return any(value is Missing.UNKNOWN for each in self.series for value in each.values)

    def as_shares(self) -> "Plot":
        """The same with each value as its part of its column; where one is missing, or all are 0, there are none.

        Of 3 and 1 in one month: 0.75 and 0.25. Of 3 and one that is hidden: the reason, twice.
        """
        columns = [_shares([each.values[index] for each in self.series]) for index in range(len(self.columns))]
        series = tuple(
            replace(each, values=tuple(column[index] for column in columns)) for index, each in enumerate(self.series)
        )
        return replace(self, series=series, unit="share")


def _shares(values: Sequence[Value]) -> list[Value]:
    there = known(values)
    if len(there) < len(values):
        reason = Missing.HIDDEN if Missing.HIDDEN in values else Missing.UNKNOWN
        return [reason] * len(values)
    total = sum(there)
    return [value / total if total else Missing.UNKNOWN for value in there]


def known(values: Sequence[Value]) -> list[float]:
    """The values that are there."""
    return [each for each in values if not isinstance(each, Missing)]
