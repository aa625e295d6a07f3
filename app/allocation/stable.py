"""The stable proposal: nobody can point to a place that went to a child behind it.

The places go by one public priority that is the same at every offer. Then deferred acceptance (Gale and Shapley, 1962),
in which applicants ask their offers in their own order and an offer keeps the most urgent of those that ask, comes out
where one round in the order of urgency does: each takes the first offer on its list that still has room. Siblings are
one applicant that needs as many places as they are, at the urgency of the most urgent of them. What an applicant found
full is full of applicants before it, so the outcome is stable with siblings too, and it is the only one that is.
"""

import numpy as np

from app.allocation.applicants import Applicants
from app.domain.arrays import Array

NOWHERE = -1
"""In place of an option: no place."""


def stable(applicants: Applicants) -> Array:
    """The option of each applicant, or NOWHERE."""
    room = applicants.places.tolist()
    chosen = np.full(len(applicants.size), NOWHERE, np.int64)
    for applicant, size in enumerate(applicants.size.tolist()):
        options = applicants.options(applicant)
        for option, offer in enumerate(applicants.offer[options.start : options.stop].tolist(), options.start):
            if room[offer] >= size:
                room[offer] -= size
                chosen[applicant] = option
                break
    return chosen


def envious(applicants: Applicants, chosen: Array) -> Array:
    """Which applicants could point to a place: one that they would rather have, free or with an applicant behind them.

    Siblings can where enough such places are at one offer.
    """
    owner, size = applicants.owner, applicants.size
    held = chosen[chosen != NOWHERE]
    free = applicants.places.copy()
    np.subtract.at(free, applicants.offer[held], size[owner[held]])
    behind = np.full(len(applicants.places), -1)
    np.maximum.at(behind, applicants.offer[held], owner[held])
    last = np.where(chosen == NOWHERE, applicants.first[1:], chosen)
    rather = np.arange(len(applicants.offer)) < last[owner]
    claims = rather & ((free[applicants.offer] > 0) | (behind[applicants.offer] > owner))
    claims &= applicants.places[applicants.offer] >= size[owner]
    for option in np.flatnonzero(claims & (size[owner] > 1)).tolist():
        offer, applicant = applicants.offer[option], owner[option]
        there = held[applicants.offer[held] == offer]
        taken = size[owner[there[owner[there] > applicant]]].sum()
        claims[option] = free[offer] + taken >= size[applicant]
    found = np.zeros(len(size), np.bool_)
    found[owner[claims]] = True
    return found
