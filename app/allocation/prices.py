"""What a proposal comes to for all children together."""

import numpy as np

from app.allocation.applicants import Applicants, days_late
from app.allocation.model import Case, Price
from app.allocation.stable import NOWHERE, envious
from app.domain.arrays import Array


def price_of(case: Case, applicants: Applicants, chosen: Array) -> Price:
    """What the options that were chosen come to."""
    placed = np.flatnonzero(chosen != NOWHERE).tolist()
    rows = [applicants.rows[who][:, chosen[who] - applicants.first[who]] for who in placed]
    taken = case.candidates[np.concatenate(rows)] if rows else case.candidates[:0]
    helped = [at for who in placed for at in applicants.members[who]]
    due = np.array([case.children[at].due_on.toordinal() for at in helped], np.int64)
    late = np.maximum(taken["start"] - due, 0)
    waiting = [
        days_late(case, case.children[at])
        for who in np.flatnonzero(chosen == NOWHERE).tolist()
        for at in applicants.members[who]
    ]
    return Price(
        placed=len(helped),
        late=int((late > 0).sum()) + sum(days > 0 for days in waiting),
        days_late=int(late.sum()) + sum(waiting),
        first_choices=int((taken["choice"] == 1).sum()),
        envy=sum(len(applicants.members[who]) for who in np.flatnonzero(envious(applicants, chosen)).tolist()),
    )


def free_places(applicants: Applicants, chosen: Array) -> Array:
    """How many places each offer, in the order of `offer_ids`, has left."""
    held = chosen[chosen != NOWHERE]
    free = applicants.places.copy()
    np.subtract.at(free, applicants.offer[held], applicants.size[applicants.owner[held]])
    return free
