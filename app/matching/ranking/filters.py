"""The reasons that keep a candidate out of the results."""

from typing import Final

import numpy as np

from app.matching.ranking.columns import NOT_GIVEN, Array, Candidates
from app.matching.ranking.derived import NOT_COVERED, Derived, Question
from app.matching.ranking.model import REASONS, Need, Reason

NEED_OF: Final[dict[Reason, Need]] = {
    "not-contracted": "light-contract",
    "budget-ceiling": "ceiling-exception",
    "too-far": "longer-distance",
    "outside-service-area": "provider-consent",
    "age": "provider-consent",
}
"""What would make an offer possible that is out for this reason alone."""

MOST_YEARS_OFF: Final = 1
"""By how many years an age may miss for a provider to be asked to make an exception."""

_ROW: Final[dict[Reason, int]] = {reason: row for row, reason in enumerate(REASONS)}
_TALKABLE: Final = [row for reason, row in _ROW.items() if reason in NEED_OF]


def reasons_of(candidates: Candidates, derived: Derived, question: Question) -> Array:
    """For each reason, in the order of REASONS, which candidates it keeps out."""
    offers, age = candidates.offers, derived.age
    out = np.empty((len(REASONS), len(offers)), np.bool_)
    out[_ROW["not-contracted"]] = derived.contract == NOT_COVERED
    out[_ROW["budget-ceiling"]] = (derived.contract != NOT_COVERED) & ~derived.usable
    out[_ROW["placement-stop"]] = stopped(candidates.stops, len(offers), question.today, derived.reference)
    out[_ROW["closed-to-referrals"]] = ~offers["accepts_referrals"]
    out[_ROW["age"]] = (age < offers["age_min"]) | (age > offers["age_max"])
    out[_ROW["gender"]] = (offers["genders"] & question.gender) == 0
    out[_ROW["needs"]] = (offers["specialisations"] & question.needs) != question.needs
    out[_ROW["exclusion-criterion"]] = (offers["exclusion_criteria"] & question.characteristics) != 0
    out[_ROW["court-authorisation"]] = False if question.court_authorisation else offers["needs_court_authorisation"]
    out[_ROW["outside-service-area"]] = ~candidates.served
    most_km = np.array((np.inf, *question.most_km))[candidates.choice]
    out[_ROW["too-far"]] = derived.distance_km > most_km
    total = offers["places_total"]
    out[_ROW["too-few-places"]] = (total != NOT_GIVEN) & (total < question.places)
    return out


def stopped(stops: Array, count: int, *days: int | Array) -> Array:
    """Which of so many candidates a stop keeps out on one of the days; a day is one for all, or each one's own."""
    found = np.zeros(count, np.bool_)
    if len(stops):
        position, starts_on, ends_on = stops["position"], stops["starts_on"], stops["ends_on"]
        for day in days:
            on = day if isinstance(day, int) else day[position]
            found[position[(starts_on <= on) & (on <= ends_on)]] = True
    return found


def possible(out: Array, candidates: Candidates, derived: Derived) -> Array:
    """Which candidates are out for one reason only, that can be talked about."""
    years_off = np.maximum(candidates.offers["age_min"] - derived.age, derived.age - candidates.offers["age_max"])
    talkable: Array = out[_TALKABLE].any(axis=0) & (out.sum(axis=0) == 1)
    talkable &= ~out[_ROW["age"]] | (years_off <= MOST_YEARS_OFF)
    return talkable
