from typing import Any

import pytest

from app.domain.dates import YearMonth
from app.ranking.filters import NEED_OF
from app.ranking.model import (
    NEEDS,
    REASONS,
    Choice,
    Decline,
    GrantedException,
    Measure,
    Reason,
    Stop,
)
from tests.ranking.builders import (
    CHILD,
    MEASURE,
    a_child,
    a_contract,
    a_report,
    an_offer,
    day,
    north,
    outcome_of,
    starting,
)


def reasons(offer: dict[str, Any], request: dict[str, Any]) -> list[str]:
    """Why an offer that differs so is out for a request that differs so."""
    outcome = outcome_of(an_offer(**offer), **request)
    return [reason for exclusion in outcome.excluded for reason in exclusion.reasons]


def declined(days_ago: int, reason: str = "contra-indication") -> dict[str, Any]:
    """A request whose child offer "a" refused so many days ago."""
    return {"declines": (Decline("a", day(-days_ago), reason),)}


def excepted(*reasons_: Reason, offer_id: str = "a") -> dict[str, Any]:
    """A request for whose child these reasons are not held against an offer."""
    return {"exceptions": tuple(GrantedException(offer_id, reason) for reason in reasons_)}


REACHED = a_contract(ceiling_reached=True)
EXEMPTING = a_contract(ceiling_reached=True, ceiling_exempts_measure=True)

# The child is 12 today: born in November 2014.
TABLE: list[tuple[dict[str, Any], dict[str, Any], list[str]]] = [
    ({}, {}, []),
    # not-contracted
    ({"contracts": ()}, {}, ["not-contracted"]),
    ({"contracts": (a_contract(ends_on=day(29)),), "capacity": starting(30)}, {}, ["not-contracted"]),
    ({"contracts": (a_contract(ends_on=day(30)),), "capacity": starting(30)}, {}, []),
    ({"contracts": (a_contract(starts_on=day(30)),), "capacity": starting(30)}, {}, []),
    ({"contracts": (a_contract(starts_on=day(30)),), "capacity": None}, {}, ["not-contracted"]),
    # budget-ceiling
    ({"contracts": (REACHED,)}, {}, ["budget-ceiling"]),
    ({"contracts": (REACHED, a_contract(kind="light"))}, {}, []),
    ({"contracts": (REACHED, a_contract(ends_on=day(-1)))}, {}, ["budget-ceiling"]),
    ({"contracts": (EXEMPTING,)}, {}, ["budget-ceiling"]),
    ({"contracts": (EXEMPTING,)}, {"child": a_child(measure=MEASURE)}, []),
    ({"contracts": (EXEMPTING,)}, {"child": a_child(measure=Measure("31", day(-9)))}, ["budget-ceiling"]),
    ({"contracts": (REACHED,)}, {"child": a_child(measure=MEASURE)}, ["budget-ceiling"]),
    # placement-stop: in force today or on the reference date
    ({"stops": (Stop(day(-9)),)}, {}, ["placement-stop"]),
    ({"stops": (Stop(day(0)),)}, {}, ["placement-stop"]),
    ({"stops": (Stop(day(-9), day(0)),)}, {}, ["placement-stop"]),
    ({"stops": (Stop(day(-9), day(-1)),)}, {}, []),
    ({"stops": (Stop(day(1)),)}, {}, []),
    ({"stops": (Stop(day(1)),), "capacity": starting(30)}, {}, ["placement-stop"]),
    ({"stops": (Stop(day(30)),), "capacity": starting(30)}, {}, ["placement-stop"]),
    ({"stops": (Stop(day(31)),), "capacity": starting(30)}, {}, []),
    ({"stops": (Stop(day(1), day(29)),), "capacity": starting(30)}, {}, []),  # over before the start
    ({"stops": (Stop(day(-9), day(0)),), "capacity": starting(30)}, {}, ["placement-stop"]),
    ({"stops": (Stop(day(-9), day(-1)), Stop(day(0)))}, {}, ["placement-stop"]),
    # closed-to-referrals: also by a stale report
    ({"capacity": a_report(accepts_referrals=False)}, {}, ["closed-to-referrals"]),
    ({"capacity": a_report(31, accepts_referrals=False)}, {}, ["closed-to-referrals"]),
    ({"capacity": None}, {}, []),
    # age: inclusive, on the reference date
    ({"age_min": 12, "age_max": 12}, {}, []),
    ({"age_min": 13}, {}, ["age"]),
    ({"age_max": 11}, {}, ["age"]),
    ({"age_min": 13, "capacity": starting(344)}, {}, []),  # 13 on 1 November 2027
    ({"age_min": 13, "capacity": starting(343)}, {}, ["age"]),
    ({"age_max": 12, "capacity": starting(344)}, {}, ["age"]),
    # gender
    ({"genders": frozenset({"female"})}, {}, []),
    ({"genders": frozenset({"male", "other"})}, {}, ["gender"]),
    ({"genders": frozenset()}, {}, ["gender"]),
    ({"genders": frozenset({"male"})}, {"child": a_child(gender="unknown")}, []),
    ({"genders": frozenset()}, {"child": a_child(gender="unknown")}, []),
    # a child that is not born yet is 0
    ({"age_max": 0}, {"child": a_child(birth_month=YearMonth(2028, 1))}, []),
    ({"age_min": 1}, {"child": a_child(birth_month=YearMonth(2028, 1))}, ["age"]),
    # needs: all of them
    ({"specialisations": frozenset({"lvb", "ass"})}, {"needs": frozenset({"lvb", "ass"})}, []),
    ({"specialisations": frozenset({"lvb"})}, {"needs": frozenset({"lvb", "ass"})}, ["needs"]),
    ({}, {"needs": frozenset({"lvb"})}, ["needs"]),
    ({}, {"wishes": frozenset({"lvb"})}, []),  # a wish keeps nothing out
    # exclusion-criterion: any of them
    ({"exclusion_criteria": frozenset({"weglopen"})}, {}, []),
    (
        {"exclusion_criteria": frozenset({"weglopen"})},
        {"characteristics": frozenset({"weglopen", "psychose"})},
        ["exclusion-criterion"],
    ),
    ({"exclusion_criteria": frozenset({"weglopen"})}, {"characteristics": frozenset({"psychose"})}, []),
    # court-authorisation
    ({"needs_court_authorisation": True}, {}, ["court-authorisation"]),
    ({"needs_court_authorisation": True}, {"child": a_child(court_authorisation=True)}, []),
    ({}, {"child": a_child(court_authorisation=True)}, []),
    # outside-service-area
    ({"service_area": frozenset({"GM0361"})}, {}, []),
    ({"service_area": frozenset({"GM0363"})}, {}, ["outside-service-area"]),
    ({"service_area": frozenset()}, {}, ["outside-service-area"]),
    # too-far: only a known distance
    ({"location": north(29.999)}, {"choices": (Choice("gezinshuis", max_distance_km=30),)}, []),
    ({"location": north(30.001)}, {"choices": (Choice("gezinshuis", max_distance_km=30),)}, ["too-far"]),
    ({"location": north(0)}, {"choices": (Choice("gezinshuis", max_distance_km=0),)}, []),
    ({"location": None}, {"choices": (Choice("gezinshuis", max_distance_km=30),)}, []),
    ({"location": north(99), "at_home": True}, {"choices": (Choice("gezinshuis", max_distance_km=30),)}, []),
    (
        {"location": north(40)},
        {"choices": (Choice("logeren", max_distance_km=30), Choice("gezinshuis", max_distance_km=50))},
        [],
    ),  # the maximum of its own choice
    # too-few-places: of a known total, also in a stale report
    ({"capacity": a_report(places_total=2, places_free=2)}, {"places": 2}, []),
    ({"capacity": a_report(places_total=1)}, {"places": 2}, ["too-few-places"]),
    ({"capacity": a_report(31, places_total=1)}, {"places": 2}, ["too-few-places"]),
    ({"capacity": a_report(places_total=None)}, {"places": 2}, []),
    ({"capacity": a_report(places_total=0)}, {}, ["too-few-places"]),
    ({"capacity": None}, {"places": 9}, []),
    ({"capacity": a_report(places_total=1), "unit": "hours-per-week"}, {"places": 2}, []),
    ({"capacity": a_report(places_total=1), "unit": "trajectories"}, {"places": 2}, ["too-few-places"]),
    # declined-earlier: this offer, less than 28 days ago
    ({}, declined(0), ["declined-earlier"]),
    ({}, declined(27), ["declined-earlier"]),
    ({}, declined(28), []),
    ({"id": "b"}, declined(0), []),
    ({}, {"declines": declined(40)["declines"] + declined(5)["declines"]}, ["declined-earlier"]),
    # for want of room: until there is a report of a later day
    ({"capacity": a_report(9)}, declined(9, "no-place"), ["declined-earlier"]),
    ({"capacity": a_report(8)}, declined(9, "no-place"), []),
    ({"capacity": a_report(8)}, declined(9, "staff-shortage"), []),
    ({"capacity": a_report(8)}, declined(9, "need-too-heavy"), ["declined-earlier"]),
    ({"capacity": None}, declined(9, "no-place"), ["declined-earlier"]),
]


@pytest.mark.parametrize(("offer", "request_", "expected"), TABLE)
def test_reasons(offer: dict[str, Any], request_: dict[str, Any], expected: list[str]) -> None:
    assert reasons(offer, request_) == expected


def test_the_table_has_every_reason() -> None:
    assert {reason for _, _, expected in TABLE for reason in expected} == set(REASONS)


def test_all_that_apply_are_reported_in_their_order() -> None:
    outcome = outcome_of(
        an_offer(
            contracts=(),
            stops=(Stop(day(0)),),
            capacity=a_report(places_total=1, accepts_referrals=False),
            age_min=15,
            genders=frozenset({"male"}),
            exclusion_criteria=frozenset({"weglopen"}),
            needs_court_authorisation=True,
            service_area=frozenset(),
        ),
        needs=frozenset({"lvb"}),
        characteristics=frozenset({"weglopen"}),
        choices=(Choice("gezinshuis", max_distance_km=5),),
        places=2,
        **declined(1),
    )

    (exclusion,) = outcome.excluded
    assert exclusion.reasons == tuple(reason for reason in REASONS if reason != "budget-ceiling")
    assert outcome.alternatives == ()


@pytest.mark.parametrize(
    ("offer", "request_", "needs"),
    [
        ({"contracts": ()}, {}, "light-contract"),
        ({"contracts": (REACHED,)}, {}, "ceiling-exception"),
        (
            {"location": north(31)},
            {"choices": (Choice("gezinshuis", max_distance_km=30),)},
            "longer-distance",
        ),
        ({"service_area": frozenset()}, {}, "provider-consent"),
        ({}, declined(1), "ask-again"),
        ({"contracts": ()}, declined(1), None),
        ({"age_min": 13}, {}, "provider-consent"),  # one year too young
        ({"age_max": 11}, {}, "provider-consent"),  # one year too old
        ({"age_min": 14}, {}, None),  # two years off
        ({"age_max": 10}, {}, None),
        ({"stops": (Stop(day(0)),)}, {}, None),
        ({"capacity": a_report(accepts_referrals=False)}, {}, None),
        ({"genders": frozenset()}, {}, None),
        ({}, {"needs": frozenset({"lvb"})}, None),
        ({"exclusion_criteria": frozenset({"x"})}, {"characteristics": frozenset({"x"})}, None),
        ({"needs_court_authorisation": True}, {}, None),
        ({"capacity": a_report(places_total=0)}, {}, None),
        ({"contracts": (), "service_area": frozenset()}, {}, None),  # two reasons are one too many
        ({}, {}, None),  # not out at all
    ],
)
def test_what_would_be_possible(offer: dict[str, Any], request_: dict[str, Any], needs: str | None) -> None:
    outcome = outcome_of(an_offer(**offer), **request_)

    assert [alternative.needs for alternative in outcome.alternatives] == [needs] * (needs is not None)
    assert needs is None or needs in NEEDS


@pytest.mark.parametrize(
    ("offer", "request_", "out"),
    [
        ({"contracts": (REACHED,)}, excepted("budget-ceiling"), []),
        ({"contracts": (REACHED,)}, excepted("budget-ceiling", offer_id="b"), ["budget-ceiling"]),
        ({"contracts": (REACHED,)}, excepted("not-contracted", "too-far"), ["budget-ceiling"]),
        ({"contracts": ()}, excepted("budget-ceiling"), ["not-contracted"]),
        ({"service_area": frozenset()}, excepted("outside-service-area"), []),
        ({"age_min": 15}, excepted("age"), []),  # also when it is more than one year by now
        ({"age_min": 13, "service_area": frozenset()}, excepted("age"), ["outside-service-area"]),
        ({"contracts": (REACHED,), "age_min": 15}, excepted("age", "budget-ceiling", "age"), []),
        (
            {"location": north(31)},
            {"choices": (Choice("gezinshuis", max_distance_km=30),), **excepted("too-far")},
            [],
        ),
        ({}, declined(1) | excepted("declined-earlier"), []),
        ({"stops": (Stop(day(0)),)}, excepted("age"), ["placement-stop"]),
    ],
)
def test_what_is_not_held_against_an_offer(offer: dict[str, Any], request_: dict[str, Any], out: list[str]) -> None:
    assert reasons(offer, request_) == out
    outcome = outcome_of(an_offer(**offer), **request_)
    assert len(outcome.results) == (not out)
    assert [each.reason for each in outcome.alternatives] == [each for each in out if each in NEED_OF]


@pytest.mark.parametrize(
    ("contracts", "exceptions", "kind"),
    [
        ((REACHED,), ("budget-ceiling",), "regional"),
        ((REACHED, a_contract(kind="light")), ("budget-ceiling",), "regional"),
        ((REACHED, a_contract(kind="light")), ("age",), "light"),
        ((a_contract(), a_contract(kind="light", ceiling_reached=True)), ("budget-ceiling",), "regional"),
        ((a_contract(ends_on=day(-1), ceiling_reached=True), a_contract(kind="light")), ("budget-ceiling",), "light"),
    ],
)
def test_a_ceiling_that_is_excepted_counts_as_a_contract_to_use(
    contracts: tuple[Any, ...], exceptions: tuple[Reason, ...], kind: str
) -> None:
    outcome = outcome_of(an_offer(contracts=contracts), **excepted(*exceptions))
    (result,) = outcome.results
    assert result.contract == kind


def test_what_an_alternative_carries() -> None:
    outcome = outcome_of(an_offer(contracts=(), capacity=starting(10)), child=CHILD)

    (alternative,) = outcome.alternatives
    assert (alternative.reason, alternative.choice, alternative.contract) == ("not-contracted", 1, None)
    assert (alternative.expected_start, alternative.reference_date) == (day(10), day(10))
    assert alternative.within_norm
    assert outcome.excluded[0].factors == alternative.factors
