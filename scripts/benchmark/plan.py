"""What a run measures, and for how long."""

from dataclasses import dataclass
from typing import Final, Literal, get_args

Measure = Literal[
    "match", "search", "capacity", "bulk", "start", "memory", "burst", "visibility", "insight", "proposals"
]

MEASURES: Final[tuple[Measure, ...]] = get_args(Measure)
LOADS: Final = MEASURES[:4]
"""What is asked as fast as it is answered: matches, pages of a search, capacity reports, and files of them."""
SMALLEST: Final = 1_600
"""Offers: a data set has all of the demo data set."""
BASE: Final = 60_000
"""The size that the goals are set for."""
_LEAST_REPETITIONS: Final = 3
_LEAST_SECONDS: Final = 3


@dataclass(frozen=True, slots=True)
class Plan:
    """`seconds` and `repetitions` of each figure; `matches` that fill the memory of a worker, `changes` that are looked
    for in another, `children` in insight and proposals."""

    sizes: tuple[int, ...] = (6_000, BASE, 600_000)
    seconds: int = 4
    repetitions: int = 3
    measures: tuple[Measure, ...] = MEASURES
    workers: tuple[int, ...] = (1, 2)
    connections: tuple[int, ...] = (1, 16)
    matches: int = 8_000
    changes: int = 300
    children: int = 10_000

    def warnings(self) -> list[str]:
        """Why figures of this plan should not be quoted."""
        if self.repetitions >= _LEAST_REPETITIONS and self.seconds >= _LEAST_SECONDS:
            return []
        return [
            f"{self.repetitions} x {self.seconds} s for a figure is a first impression: do not quote these figures."
        ]

    @property
    def loads(self) -> tuple[Measure, ...]:
        """The measures that are loads."""
        return tuple(each for each in LOADS if each in self.measures)

    @property
    def base(self) -> int:
        """The size that the product is compared at: 60,000, or the largest where that is not measured."""
        return BASE if BASE in self.sizes else max(self.sizes)
