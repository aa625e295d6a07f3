"""The clocks of secure care (gesloten jeugdhulp): how long the court allows it, how long it lasts, and what comes next.

They hold for every child, with or without a measure. What the child leaves secure care for ends all three.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from app.domain.dates import add_months
from app.dossiers.requests.clock_model import Agreed, Clock, Facts, Start, clock_on, first, first_known

STAY_MONTHS: Final = 6
"""How long a stay in secure care lasts at most (regional plans)."""


def secure_clocks(facts: Facts, agreed: Agreed, on: date) -> Iterator[Clock]:
    """The clocks of secure care on a day: none without a stay and without a known end of the authorisation.

    - `court-authorisation` is due on the last day of the court's authorisation, amber from so many days before it as
      the region agreed; of a child that is not in secure care yet too.
    - `secure-stay` is due six months after the stay began.
    - `next-place` is due so many days as the region agreed before the authorisation ends, or before six months where
      that end is not known; not before the stay began. It asks for a place promised elsewhere, or the institution's
      word that there is one.
    """
    left, until = facts.secure_left_on, facts.authorised_until
    if until is not None:
        start = first_known({"secureSince": facts.secure_since, "requestedOn": facts.requested_on})
        amber = until - timedelta(days=agreed.authorisation_warning_days)
        yield clock_on(on, "court-authorisation", "secure-care", start, until, left, amber_from=amber)
    if facts.secure_since is not None:
        stay = Start(facts.secure_since, "secureSince")
        six_months = add_months(stay.on, STAY_MONTHS)
        yield clock_on(on, "secure-stay", "secure-care", stay, six_months, left)
        due = max(stay.on, (until or six_months) - timedelta(days=agreed.next_place_days))
        yield clock_on(on, "next-place", "secure-care", stay, due, first(facts.next_place_on, left))
