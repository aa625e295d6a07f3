"""The reasons that keep a candidate out of the results; each is a bit."""

from typing import Final

import numpy as np

from app.ranking.columns import Array
from app.ranking.model import REASONS, Need, Reason

NEED_OF: Final[dict[Reason, Need]] = {
    "not-contracted": "light-contract",
    "budget-ceiling": "ceiling-exception",
    "too-far": "longer-distance",
    "outside-service-area": "provider-consent",
    "age": "provider-consent",
    "declined-earlier": "ask-again",
}
"""What would make an offer possible that is out for this reason alone."""

MOST_YEARS_OFF: Final = 1
"""By how many years an age may miss for a provider to be asked to make an exception."""


def bit_of(reason: Reason) -> int:
    """The bit of a reason."""
    return 1 << REASONS.index(reason)


def reasons_in(bits: int) -> tuple[Reason, ...]:
    """The reasons of these bits, in the order of REASONS."""
    return tuple(reason for bit, reason in enumerate(REASONS) if bits >> bit & 1)


def stopped(stops: Array, count: int, *days: int | Array) -> Array:
    """Which of so many candidates a stop keeps out on one of the days; a day is one for all, or each one's own."""
    found = np.zeros(count, np.bool_)
    if len(stops):
        position, starts_on, ends_on = stops["position"], stops["starts_on"], stops["ends_on"]
        for day in days:
            on = day if isinstance(day, int) else day[position]
            found[position[(starts_on <= on) & (on <= ends_on)]] = True
    return found
