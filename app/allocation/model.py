"""What goes into a proposal and what comes out of it."""

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, NamedTuple, get_args

import numpy as np

from app.domain.arrays import Array
from app.domain.language import Text
from app.ranking.model import NEEDS, Need, Reason

Method = Literal["stable", "least-lateness"]
Change = Literal["place", "contract", "exception"]
Help = Literal[Change, "report"]
"""A change, or a report that says when help can start."""

METHODS: Final[tuple[Method, ...]] = get_args(Method)
RULES: Final = 1
"""The version of the rules of proposals; whoever changes a rule raises it here."""
NEED_CODES: Final[tuple[Need | None, ...]] = (None, *NEEDS)
"""What a candidate needs, by the number that the columns have for it: 0 for one that fits."""


class Beyond(NamedTuple):
    """The best offer for a child that has none within the horizon; what it `needs`, None where it fits.

    `starts_on` is the day after the horizon on which help can start there, None where that is not known.
    """

    offer: str
    starts_on: date | None
    needs: Need | None


class KeptOut(NamedTuple):
    """How many `offers` there are for a child for which none of them would fit if one thing were arranged.

    `reason` keeps most of them out: `by_reason`. It is None where there are no offers.
    """

    offers: int
    reason: Reason | None
    by_reason: int


@dataclass(frozen=True, slots=True)
class Child:
    """A child that waits. `due_on` is when help is due by the norm, `waiting_since` when its request was made.

    `measure` says whether a child-protection measure binds it. Children with the same `group` are siblings who want
    one place together: they go to one offer, all or none. `places` are those that it takes up. Of a child without
    candidates, one of `beyond` and `kept_out` says what there is for it.
    """

    id: str
    due_on: date
    waiting_since: date
    crisis: bool = False
    measure: bool = False
    group: str | None = None
    places: int = 1
    beyond: Beyond | None = None
    kept_out: KeptOut | None = None


class Candidate(NamedTuple):
    """An offer for a child, as the ranking found it; `distance` is in whole km, 9999 where unknown.

    `needs` is None where it fits, else what would have to be arranged for it first.
    """

    offer: str
    choice: int
    starts_on: date
    distance: int = 0
    wishes: int = 0
    needs: Need | None = None


@dataclass(frozen=True, slots=True)
class Places:
    """How many children more an offer can take: free, minus who waits, minus what was promised."""

    offer: str
    places: int


CANDIDATE: Final = np.dtype(
    [
        ("offer", "i4"),  # its position among the places
        ("start", "i4"),  # the day as by `date.toordinal`
        ("distance", "i4"),
        ("choice", "i2"),
        ("wishes", "i2"),
        ("needs", "i1"),  # as NEED_CODES
    ],
    align=True,
)
"""A record a candidate."""


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """All that a proposal is made of.

    `candidates` are records of CANDIDATE: those of the child in position n are `first[n]` up to `first[n + 1]`, best
    first as its ranking has them. A child without a place counts as helped on `horizon`. `seed` decides between
    children who are equally urgent, and between proposals that are equally good. `changes` is how many changes are
    tried at most to say what each would do.
    """

    today: date
    horizon: date
    method: Method
    seed: int
    children: tuple[Child, ...]
    places: tuple[Places, ...]
    candidates: Array
    first: Array
    changes: int = 0


class CaseError(ValueError):
    """A case of which no proposal can be made; says what is wrong."""


class Price(NamedTuple):
    """What a method comes to. `late` children start after their norm or not within the horizon.

    `days_late` counts the days of all after their norms, `envy` the children who could point to a place that they
    would rather have and that is free or went to a child behind them.
    """

    placed: int
    late: int
    days_late: int
    first_choices: int
    envy: int


class Line(NamedTuple):
    """What is proposed for a child; of a child without a place, all but `reason` and `helps` is None.

    `rank` is the place of the offer on the child's own list, from 1; `helps` is the one change that would help it.
    """

    child: str
    offer: str | None
    choice: int | None
    starts_on: date | None
    days_late: int
    rank: int | None
    reason: Text
    helps: "Helps | None" = None


class Helps(NamedTuple):
    """One change at an offer: a `place` more, a `contract` with it, an `exception` for this child alone, or a `report`.

    `places` are those that it lacks; `needs` is what a contract or an exception takes.
    """

    change: Help
    offer: str
    places: int
    needs: Need | None
    text: Text


class Effect(NamedTuple):
    """What a change would do, found by making the proposal again with it; `child` is of an exception only."""

    change: Change
    offer: str
    child: str | None
    needs: Need | None
    days_saved: int
    placed: int
    late: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """A line a child by the child's id, the price of each method, and the changes that would do most, first.

    `proven` says that the least lateness is the best there is: with siblings the search for it can end before that is
    sure.
    """

    lines: tuple[Line, ...]
    prices: dict[Method, Price]
    effects: tuple[Effect, ...]
    proven: bool = True
