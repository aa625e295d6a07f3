"""What goes into a simulation and what comes out of it. Times are in days."""

from dataclasses import dataclass, field
from typing import Final, Literal, get_args

Behaviour = Literal["phone", "search", "ranking", "proposals"]
"""How referrers look for help.

- `phone`: each phones round the few providers that it knows;
- `search`: looks at the published free places, nearest first, and asks;
- `ranking`: follows the product's ranking from the top;
- `proposals`: follows the ranking, and what the region's weekly proposal gives its child.
"""
Varied = Literal["stale", "scarcity", "taking-part"]
"""What a study can vary."""

BEHAVIOURS: Final[tuple[Behaviour, ...]] = get_args(Behaviour)

YEAR: Final = 365
NORM_DAYS: Final = 91
"""Three months: within these a child under a measure must have help."""


@dataclass(frozen=True, slots=True)
class Help:
    """A kind of help: the share of children whose first choice it is, how long one stays on average, and at how many
    offers it is given."""

    care_type: str
    share: float
    stay: float
    offers: int


HELP: Final = (
    Help("gezinshuis", 0.22, 420, 7),
    Help("pleegzorg", 0.28, 540, 6),
    Help("verblijf-behandeling", 0.16, 270, 5),
    Help("ambulant", 0.34, 180, 8),
)
"""A region's help in four kinds; assumed, not published (docs/simulation.md)."""

REFUSALS: Final = (
    ("contra-indication", 0.30),
    ("group-composition", 0.25),
    ("need-too-heavy", 0.20),
    ("other-care-needed", 0.15),
    ("staff-shortage", 0.10),
)
"""Why a provider refuses a child for which it has a place: the reason, and its share."""


@dataclass(frozen=True, slots=True)
class World:
    """A region over a year.

    `scarcity` is how many days of help are asked for each day that a place offers: above 1 the wait grows without end.
    `taking_part` is the share of offers that publish figures at all, `stale` the share of those that do so every
    `stale_after` instead of every `report_every`, `wrong` the share of figures that are one place off. A provider
    answers after `answer` on average, refuses `refusal` of all children, and begins `intake` after it has a place.
    A referrer, of whom there are `referrers`, knows `known` offers of each kind of help, and phones again after
    `phone_again`; who has figures looks again after `look_again`.
    """

    children: int = 300
    help: tuple[Help, ...] = HELP
    scarcity: float = 0.97
    taking_part: float = 1.0
    stale: float = 0.2
    wrong: float = 0.05
    report_every: float = 7
    stale_after: float = 60
    answer: float = 4
    call: float = 0.2
    refusal: float = 0.15
    refusals: tuple[tuple[str, float], ...] = REFUSALS
    intake: float = 10
    referrers: int = 20
    known: int = 3
    phone_again: float = 28
    look_again: float = 7
    width_km: float = 40
    warm_up: float = YEAR

    def __post_init__(self) -> None:
        for name in ("taking_part", "stale", "wrong", "refusal"):
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"{name} is a share, from 0 to 1")
        for name in ("children", "scarcity", "referrers", "known", "report_every", "look_again", "phone_again"):
            if getattr(self, name) <= 0:
                raise ValueError(f"{name} is above 0")
        if not self.help or abs(sum(each.share for each in self.help) - 1) > 1e-6:
            raise ValueError("the shares of the kinds of help are 1 together")


@dataclass(slots=True)
class Course:
    """What became of a child: when it began to wait, and, where help began, when and with which of its choices."""

    since: float
    began: float | None = None
    choice: int | None = None
    calls: int = 0
    refusals: list[str] = field(default_factory=list)


Measure = Literal[
    "first_choice", "in_time", "mean_wait", "wait_90", "refusals", "calls", "empty", "still_waiting", "started"
]
MEASURES: Final[tuple[Measure, ...]] = get_args(Measure)
"""Of the children of a year: the share that began with its first choice, and within three months; the mean wait of
those who began and what 9 of 10 stayed under, in days; refusals and calls a child; the share of places' days that stood
empty; the share that had no help a year later; and how many began."""

Figures = dict[Measure, float]
"""The figures of one year with one seed."""


@dataclass(frozen=True, slots=True)
class Interval:
    """The mean over the seeds, and between which two of them 9 of 10 lie."""

    mean: float
    low: float
    high: float
