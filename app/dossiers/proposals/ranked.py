"""The offers of each child of a proposal, as its own ranking has them, by an excerpt of the catalogue."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final, NamedTuple

import numpy as np

from app.allocation.model import CANDIDATE, NEED_CODES, Beyond, KeptOut
from app.allocation.model import Places as FreePlaces
from app.domain.arrays import Array
from app.dossiers.proposals.states import Places
from app.finding.catalogue.excerpt import Excerpt
from app.finding.catalogue.records import numbers
from app.finding.matching.candidates import candidates_for
from app.ranking.derived_dates import Norm
from app.ranking.facts import NEVER, OfferFacts
from app.ranking.facts_of_offers import asked_by
from app.ranking.model import Request
from app.ranking.rank import Listed, Ranking
from app.ranking.rules import STALE_AFTER_DAYS

FIELDS: Final = ("offer", "start", "distance", "choice", "wishes", "needs")
"""Of CANDIDATE, in the order that `Listed` has them; `offer` is the number in the excerpt."""


class Ranked(NamedTuple):
    """When help is due for a child, and its offers that can start within the horizon, as records of CANDIDATE; where
    there are none, what there is else."""

    due_on: date
    candidates: Array
    beyond: Beyond | None = None
    kept_out: KeptOut | None = None


def rank_all(excerpt: Excerpt, requests: Iterable[Request], today: date, horizon: date) -> list[Ranked]:
    """What each of these children has."""
    return [_ranked(excerpt, each, today, horizon) for each in requests]


def _ranked(excerpt: Excerpt, request: Request, today: date, horizon: date) -> Ranked:
    norm, known = Norm.of(request, today), numbers()
    asked = asked_by(request, norm, known.specialisations, known.criteria)
    ranking = Ranking(request, norm, asked, candidates_for(excerpt, request), ())
    listed = ranking.listed(horizon.toordinal())
    if listed:
        return Ranked(norm.deadline, records_of(listed))
    later = ranking.listed()
    if later:
        return Ranked(norm.deadline, records_of(()), beyond=_beyond(excerpt, later[0]))
    return Ranked(norm.deadline, records_of(()), kept_out=_kept_out(ranking))


def records_of(listed: Sequence[Listed]) -> Array:
    """They as records of CANDIDATE."""
    records: Array = np.zeros(len(listed), CANDIDATE)
    for name, column in zip(FIELDS, zip(*listed, strict=True), strict=False):
        records[name] = column
    return records


def _beyond(excerpt: Excerpt, listed: Listed) -> Beyond:
    number, start, *_, needs = listed
    return Beyond(excerpt.offers[number].id, None if start == NEVER else date.fromordinal(start), NEED_CODES[needs])


def _kept_out(ranking: Ranking) -> KeptOut:
    """The reason that keeps most out; of several that do, the first in the order of REASONS."""
    offers, by_reason = ranking.excluded()
    reason = max(by_reason, key=by_reason.__getitem__, default=None)
    return KeptOut(offers, reason, 0 if reason is None else by_reason[reason])


def places_of(offer: OfferFacts, today: date, horizon: date, which: Places) -> int:
    """How many children more an offer can take by its report; of a report that is too old, or of hours, see below.

    Free places minus who waits; a place that was promised is free no more, since a promise counts in the figures
    (`supply.capacity.place_movements`). Where none is left and `soon` is asked, the place that comes free within the
    horizon counts. A report that says nothing about the start (`STALE_AFTER_DAYS`) has no places. Hours a week are no
    number of children, so an offer that has some left counts for one.
    """
    if not offer.reported or offer.observed_on < today.toordinal() - STALE_AFTER_DAYS:
        return 0
    if offer.in_hours:
        return int(offer.room > 0)
    if offer.room >= 1:
        return int(offer.room)
    is_soon = which == "soon" and offer.room >= 0 and offer.observed_on <= offer.next_free_on <= horizon.toordinal()
    return int(is_soon)


def places_in(excerpt: Excerpt, today: date, horizon: date, which: Places) -> list[FreePlaces]:
    """Those of each offer, by its number."""
    return [FreePlaces(each.id, places_of(each, today, horizon, which)) for each in excerpt.offers]
