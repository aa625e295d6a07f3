"""What must always hold, over cases out of few values, so that offers often tie and often just miss."""

import json
from dataclasses import replace
from datetime import timedelta
from itertools import combinations, pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.domain.geo import Point
from app.finding.matching.case_file import Case, read_case
from app.finding.matching.case_outcome import write_outcome
from app.ranking.factors import ORDERS
from app.ranking.model import (
    FACTORS,
    Location,
    Offer,
    Outcome,
    Result,
)
from app.ranking.rank import rank
from app.ranking.rules import STALE_AFTER_DAYS
from tests.ranking.builders import choice_of
from tests.ranking.naive import Naive
from tests.ranking.strategies import (
    CARE_TYPES,
    cases,
    locations,
    offers,
    points,
    reports,
)
from tests.ranking.test_vectors import VECTORS, load

PACE = settings(max_examples=60)
"""A case takes long to make up; a busy machine makes it longer."""

ALWAYS = {"regions": ["JZ06"], "careTypes": None, "validFrom": "2020-01-01", "validTo": None}
REGIONAL = [{**ALWAYS, "kind": "regional"}]
LIGHT = [{**ALWAYS, "kind": "light"}]
FITTING = {
    "ageMin": 0,
    "ageMax": 30,
    "genders": ["female", "male", "other"],
    "specialisations": ["ass", "lvb", "trauma"],
    "exclusionCriteria": [],
    "serviceArea": None,
    "needsCourtAuthorisation": False,
    "stops": [],
}


def ranked(case: Case, *, of: tuple[Offer, ...] | None = None) -> Outcome:
    chosen = case.offers if of is None else of
    return rank(case.request, chosen, today=case.today, policy=case.policy)


def ids(standings: tuple[Any, ...]) -> list[str]:
    return [standing.offer.id for standing in standings]


def same_as_naive(document: dict[str, Any]) -> bool:
    written = json.loads(json.dumps(write_outcome(ranked(read_case(document)))))
    for result in written["results"]:
        del result["choice"], result["distanceKm"]
    written["excluded"] = [(item["offerId"], item["reasons"]) for item in written["excluded"]]
    written["alternatives"] = [(item["offerId"], item["needs"]) for item in written["alternatives"]]
    return bool(written == Naive(document).outcome())


@settings(max_examples=150)
@given(cases())
def test_is_what_the_rules_say(document: dict[str, Any]) -> None:
    assert same_as_naive(document)


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
def test_the_rules_once_more_give_the_worked_examples(path: Path) -> None:
    assert same_as_naive(load(path))


@PACE
@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_the_input_does_not_matter(document: dict[str, Any], random: Random) -> None:
    case = read_case(document)
    shuffled = list(case.offers)
    random.shuffle(shuffled)

    assert ranked(case, of=tuple(shuffled)) == ranked(case)


@PACE
@given(cases())
def test_removing_an_offer_never_changes_how_two_others_stand(document: dict[str, Any]) -> None:
    case = read_case(document)
    full = ranked(case)

    for gone in case.offers:
        rest = ranked(case, of=tuple([offer for offer in case.offers if offer is not gone]))
        for now, before in (
            (rest.results, full.results),
            (rest.excluded, full.excluded),
            (rest.alternatives, full.alternatives),
        ):
            assert ids(now) == [id_ for id_ in ids(before) if id_ != gone.id]


@PACE
@given(cases())
def test_an_exception_takes_away_one_reason_of_one_offer(document: dict[str, Any]) -> None:
    with_, without = read_case(document), read_case(document | {"request": document["request"] | {"exceptions": []}})
    granted = {(each.offer_id, each.reason) for each in with_.request.exceptions}

    before = {(each.offer.id, reason) for each in ranked(without).excluded for reason in each.reasons}
    after = {(each.offer.id, reason) for each in ranked(with_).excluded for reason in each.reasons}
    assert after == before - granted
    untouched = {offer.id for offer in with_.offers} - {offer_id for offer_id, _ in granted}
    now, then = ids(ranked(with_).results), ids(ranked(without).results)
    assert [id_ for id_ in now if id_ in untouched] == [id_ for id_ in then if id_ in untouched]


@PACE
@given(cases())
def test_the_order_is_total_and_is_that_of_the_factors(document: dict[str, Any]) -> None:
    case = read_case(document)
    order = [FACTORS.index(factor) for factor in ORDERS[case.policy]]

    for better, worse in combinations(ranked(case).results, 2):
        mine, theirs = [[result.factors[index] for index in order] for result in (better, worse)]
        assert (mine, better.offer.id) < (theirs, worse.offer.id)


@PACE
@given(cases())
def test_what_decided_is_the_first_difference(document: dict[str, Any]) -> None:
    case = read_case(document)
    results = ranked(case).results

    for better, worse in pairwise(results):
        pairs = zip(FACTORS, better.factors, worse.factors, strict=True)
        different = {factor for factor, mine, theirs in pairs if mine != theirs}
        first = next((factor for factor in ORDERS[case.policy] if factor in different), "id")
        assert better.decided_by == first
    assert [result.decided_by for result in results[-1:]] in ([], [None])


@PACE
@given(cases())
def test_every_candidate_is_either_in_or_out(document: dict[str, Any]) -> None:
    case = read_case(document)
    outcome = ranked(case)
    candidates = [offer.id for offer in case.offers if choice_of(offer, case.request.choices)]

    assert sorted(ids(outcome.results) + ids(outcome.excluded)) == sorted(candidates)
    assert all(exclusion.reasons for exclusion in outcome.excluded)


@PACE
@given(cases())
def test_an_alternative_is_out_for_one_reason(document: dict[str, Any]) -> None:
    outcome = ranked(read_case(document))
    reasons = {exclusion.offer.id: exclusion.reasons for exclusion in outcome.excluded}

    for alternative in outcome.alternatives:
        assert reasons[alternative.offer.id] == (alternative.reason,)


def place_of(offer: Offer, case: Case) -> Result:
    return next(result for result in ranked(case).results if result.offer.id == offer.id)


def changed(case: Case, offer: Offer, better: Offer) -> Case:
    return replace(case, offers=tuple([better if other is offer else other for other in case.offers]))


def is_never_lowered(case: Case, offer: Offer, better: Offer) -> None:
    """Whatever stood below the offer stands below it still, once it is better."""
    before, after = ids(ranked(case).results), ids(ranked(changed(case, offer, better)).results)
    assert set(before[before.index(offer.id) :]) <= set(after[after.index(offer.id) :])


@st.composite
def cases_with_a_result(draw: st.DrawFn) -> tuple[Case, Offer]:
    """A case, and one of its offers, which stays in: of a choice, at a known place, with a report."""
    document = draw(cases(most=4))
    document["request"]["choices"] = [
        {"careType": care_type, "offerId": None, "providerId": None, "maxDistanceKm": None}
        for care_type in draw(st.permutations(CARE_TYPES))
    ]
    document["request"]["child"]["origin"] = draw(points)
    document["offers"].append(
        {
            **draw(offers("o4")),
            **FITTING,
            "location": draw(locations),
            "contracts": draw(st.sampled_from([REGIONAL, LIGHT])),
            "capacity": {**draw(reports), "placesTotal": None, "acceptsReferrals": True},
        }
    )
    case = read_case(document)
    return case, case.offers[-1]


@PACE
@given(cases_with_a_result(), st.integers(0, 200), st.integers(1, 200))
def test_a_sooner_start_never_lowers(found: tuple[Case, Offer], start: int, sooner: int) -> None:
    """With the start known before and after, and the same contract in force on both days."""
    case, offer = found
    assert offer.capacity is not None
    age = place_of(offer, case).factors[FACTORS.index("age-of-report")]
    assume(age <= STALE_AFTER_DAYS)
    later, earlier = [
        replace(
            offer,
            capacity=replace(offer.capacity, wait_days_intake=None, wait_days_treatment=days + age),
        )
        for days in (start, max(0, start - sooner))
    ]

    is_never_lowered(changed(case, offer, later), later, earlier)


@PACE
@given(cases_with_a_result(), st.floats(0, 0.99))
def test_a_nearer_place_never_lowers(found: tuple[Case, Offer], share: float) -> None:
    case, offer = found
    origin, location = case.request.child.origin, offer.location
    assert origin is not None
    assert location is not None
    nearer = Point(
        origin.latitude + share * (location.point.latitude - origin.latitude),
        origin.longitude + share * (location.point.longitude - origin.longitude),
    )

    is_never_lowered(case, offer, replace(offer, location=Location("GM0363", nearer.latitude, nearer.longitude)))


@PACE
@given(cases_with_a_result())
def test_a_known_place_never_lowers(found: tuple[Case, Offer]) -> None:
    case, offer = found
    unknown = replace(offer, location=None)

    is_never_lowered(changed(case, offer, unknown), unknown, offer)


@PACE
@given(cases_with_a_result())
def test_a_better_choice_never_lowers(found: tuple[Case, Offer]) -> None:
    """That is: an offer of the care type of the second choice, if it were of that of the first."""
    case, offer = found
    second, first = [replace(offer, care_type=choice.care_type) for choice in reversed(case.request.choices)]

    is_never_lowered(changed(case, offer, second), second, first)


@PACE
@given(cases_with_a_result(), st.integers(1, 33))
def test_a_fresher_report_never_lowers(found: tuple[Case, Offer], fresher: int) -> None:
    """With the same expected start: a wait counts from the report, so the same wait told later is longer."""
    case, offer = found
    assert offer.capacity is not None
    place = place_of(offer, case)
    days = min(fresher, place.factors[FACTORS.index("age-of-report")])
    observed_at = offer.capacity.observed_at + timedelta(days=days)
    better = replace(offer, capacity=replace(offer.capacity, observed_at=observed_at))
    assume(place_of(better, changed(case, offer, better)).expected_start == place.expected_start)

    is_never_lowered(case, offer, better)
