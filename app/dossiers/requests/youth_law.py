"""Until when youth law holds for a child: dates go in, dates come out.

A child is known by its month of birth, so every date is the first of that month: never too late.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from app.domain.dates import YearMonth, add_months, birthday

Ground = Literal["adulthood", "foster-care", "extended-help"]

WARNING_MONTHS: Final = 6
"""How long before an end it is warned of."""

FOSTER_CARE: Final = "11"
"""CBS form of help: pleegzorg."""


@dataclass(frozen=True, slots=True)
class YouthLawEnd:
    """An age at which youth law ends for a child, and on what ground."""

    age: int
    on: date
    ground: Ground

    def is_near(self, today: date) -> bool:
        """Whether it has come within six months, or has passed."""
        return today >= add_months(self.on, -WARNING_MONTHS)


def youth_law_ends(birth_month: YearMonth, cbs_forms: Collection[str], *, extended_help: bool) -> list[YouthLawEnd]:
    """When youth law ends, from the first to the last; `cbs_forms` are those of the choices.

    At 18 (Jeugdwet art. 1.1, "jeugdige"); in foster care (CBS form 11) at 21, by the agreement of 2018 between
    ministries and municipalities; at 23 where extended help has been arranged (art. 1.1, "jeugdige", under 3).
    """
    ends = [_end(birth_month, 18, "adulthood")]
    if FOSTER_CARE in cbs_forms:
        ends.append(_end(birth_month, 21, "foster-care"))
    if extended_help:
        ends.append(_end(birth_month, 23, "extended-help"))
    return ends


def _end(birth_month: YearMonth, age: int, ground: Ground) -> YouthLawEnd:
    return YouthLawEnd(age, birthday(birth_month, age), ground)
