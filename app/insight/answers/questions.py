"""Questions: of which periods, whose figures, broken down by what, and as they were known when."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, TypeAlias
from uuid import UUID

from app.insight.answers.definitions import Dimension
from app.insight.answers.periods import Period
from app.kit.database.sessions import ReadSession

JOINT = "|"
"""Stands between the codes of a cell that is of several dimensions: GM0400|gezinshuis."""

Known = Literal["then", "now"]
"""As figures were known at the end of each period (`then`), or as what was put right since makes them (`now`)."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose figures somebody may see; None: not confined by that.

    `sees_small` says that counts below five are its own to see: the region's and the institution's.
    """

    regions: frozenset[str] | None = None
    organisation_id: UUID | None = None
    provider_id: UUID | None = None
    sees_small: bool = False


@dataclass(frozen=True, slots=True)
class Settlement:
    """That it is settled what may be told of the time up to a day that is over; `by` names the transaction that did."""

    on: date
    by: str


@dataclass(frozen=True, slots=True)
class Question:
    """What is gathered: for each period a cell for each code of `by`; for each region apart where `is_by_region`.

    `filters` holds the codes that figures are confined to, by dimension. `today` ends a period that is not over.
    Where `together` names dimensions, a cell is of a code of each of them instead, joined by `JOINT`. `settled_by`
    says that `today` is a day that is over, of which it is settled what may be told (`Settlement`): its figures change
    no more.
    """

    periods: Sequence[Period]
    by: Dimension
    known: Known
    today: date
    scope: Scope
    filters: Mapping[Dimension, str] = field(default_factory=dict)
    together: tuple[Dimension, ...] = ()
    settled_by: str | None = None

    @property
    def is_by_region(self) -> bool:
        """Whether it matters of which region a cell is."""
        return self.by in {"region", "supraregion"} or bool(self.together)

    def known_on(self, period: Period) -> date:
        """The day as of whose end the figures of a period are known."""
        return period.end(self.today) if self.known == "then" else self.today


@dataclass(frozen=True, slots=True)
class Cell:
    """What was found of one code in one region in a period: counts by name, and days of which a middle is taken, each
    with how often it is there: {"started": {30: 2, 41: 1}} of three children.

    `region` is empty where the figures are of no region, or of all that are asked of. {"period": "2026-10", "region":
    "", "code": "GM0400"} with counts {"waiting": 3} says that three children of Den Helder waited.
    """

    period: str
    region: str
    code: str
    counts: Mapping[str, float]
    samples: Mapping[str, Mapping[float, int]] = field(default_factory=dict)


Gather: TypeAlias = Callable[[ReadSession, Question], Awaitable[Iterable[Cell]]]
"""What a resource does: the cells of a question, from the tables of insight."""
