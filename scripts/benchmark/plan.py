"""What a run measures, and for how long."""

from dataclasses import dataclass
from typing import Final, Literal

Measure = Literal["match", "search", "capacity", "bulk"]

SIZES: Final = (6_000, 60_000, 600_000)
_LEAST_REPETITIONS: Final = 3
_LEAST_SECONDS: Final = 3
BASE: Final = 60_000
"""The size that the goals are set for."""


@dataclass(frozen=True, slots=True)
class Plan:
    """`seconds` and `repetitions` of each figure; `watch_seconds` at most for the changes that are watched; `insight`:
    whether its resources are asked."""

    sizes: tuple[int, ...] = SIZES
    seconds: int = 4
    repetitions: int = 3
    measures: tuple[Measure, ...] = ("match", "search", "capacity", "bulk")
    workers: tuple[int, ...] = (1, 2)
    connections: tuple[int, ...] = (1, 16)
    watch: bool = True
    watch_seconds: int = 20
    insight: bool = True

    def warnings(self) -> list[str]:
        """Why figures of this plan should not be quoted."""
        if self.repetitions >= _LEAST_REPETITIONS and self.seconds >= _LEAST_SECONDS:
            return []
        return [
            f"{self.repetitions} x {self.seconds} s for a figure is a first impression: do not quote these figures."
        ]

    @property
    def base(self) -> int:
        """The size that the product is compared at: 60,000, or the largest where that is not measured."""
        return BASE if BASE in self.sizes else max(self.sizes)
