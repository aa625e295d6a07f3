"""Why one offer would not be among the results for a child, by the filters of the ranking itself."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from app.finding.catalogue.catalogue import Catalogue
from app.finding.matching.service import ranking_of
from app.ranking.model import Choice, Reason, Request
from app.ranking.rank import DEFAULT_POLICY


def reasons_against(
    catalogue: Catalogue, request: Request, offer_id: UUID, today: date, most_km: float | None = None
) -> tuple[Reason, ...] | None:
    """The reasons for which a match on that day would leave this offer out, in the order of REASONS.

    Empty where it would not; None where the offer is not given now. The choices of the request are not asked: the
    offer is judged as a choice of its own care type, at most `most_km` away where that is given.
    """
    slot = catalogue.find_slot(str(offer_id))
    if slot is None:
        return None
    choice = Choice(catalogue.entry(slot).care_type, str(offer_id), max_distance_km=most_km)
    ranking = ranking_of(catalogue, replace(request, choices=(choice,)), today, DEFAULT_POLICY)
    return next((each.reasons for each in ranking.exclusions()), ())
