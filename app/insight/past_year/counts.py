"""The counts of a year, as a simulation is given them; none says anything of one child."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Days:
    """How often something happened, and how many days that took together."""

    count: int
    days: int


@dataclass(frozen=True, slots=True)
class Places:
    """Of one kind of help the offers whose reports say how many places they have, these places, and those taken."""

    offers: int
    total: float
    taken: float


@dataclass(frozen=True, slots=True)
class PastYear:
    """What happened in a year, and what stood when it ended.

    `first_choices` are the children who came to need help, by the kind of help that they would rather have. Of `stays`
    the days are those of the year on which children had that kind of help, and the count is how many of them ended.
    `answers` are from a referral to the provider's first answer; `not_refused` of them were no decline, and `refused`
    were one, by reason. `intakes` are from a promised place to the start of help. `reporting` is of each offer there is
    how many days its provider took from one report to the next on average, None where none came in the year.
    """

    first_choices: Mapping[str, int]
    stays: Mapping[str, Days]
    places: Mapping[str, Places]
    reporting: tuple[float | None, ...]
    answers: Days
    not_refused: int
    refused: Mapping[str, int]
    intakes: Days
