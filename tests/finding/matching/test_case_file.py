import copy
import json
import math
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from app.domain.dates import YearMonth
from app.domain.geo import Point
from app.finding.matching.case_file import CaseError, read_case
from app.finding.matching.case_outcome import write_outcome
from app.ranking.model import (
    Capacity,
    Child,
    Choice,
    Contract,
    Decline,
    GrantedException,
    Location,
    Measure,
    Offer,
    Request,
    Stop,
)
from tests.ranking.builders import an_offer, north, outcome_of

FULL: dict[str, Any] = {
    "rules": 2,
    "today": "2026-11-22",
    "policy": "nearest-first",
    "request": {
        "child": {
            "birthMonth": "2014-11",
            "gender": "other",
            "municipality": "GM0361",
            "region": "JZ06",
            "origin": {"latitude": 52.63, "longitude": 4},
            "measure": {"type": "21", "imposedOn": "2026-10-01"},
            "courtAuthorisation": True,
        },
        "choices": [{"careType": "gezinshuis", "offerId": "a", "providerId": "p", "maxDistanceKm": 12.5}],
        "needs": ["lvb"],
        "wishes": ["ass", "adhd", "ass"],
        "characteristics": ["weglopen"],
        "places": 2,
        "neededBy": "2026-12-01",
        "declines": [{"offerId": "a", "declinedOn": "2026-11-20", "reason": "no-place"}],
        "exceptions": [{"offerId": "a", "reason": "too-far"}],
    },
    "offers": [
        {
            "id": "a",
            "providerId": "p",
            "careType": "gezinshuis",
            "ageMin": 4,
            "ageMax": 17,
            "genders": ["female", "male"],
            "specialisations": ["lvb"],
            "exclusionCriteria": ["psychose"],
            "location": {"municipality": "GM0363", "latitude": 52.37, "longitude": 4.9},
            "atHome": True,
            "serviceArea": ["GM0361"],
            "needsCourtAuthorisation": True,
            "unit": "hours-per-week",
            "contracts": [
                {
                    "kind": "light",
                    "regions": ["JZ06"],
                    "municipalities": ["GM0361"],
                    "careTypes": ["gezinshuis"],
                    "validFrom": "2026-01-01",
                    "validTo": "9999-12-31",
                    "ceilingReached": True,
                    "ceilingExemptsMeasure": True,
                }
            ],
            "stops": [{"from": "2026-02-01", "to": "2026-03-01"}, {"from": "2027-02-01", "to": None}],
            "capacity": {
                "placesTotal": 4,
                "placesFree": 3.5,
                "waitingCount": 2,
                "nextFreeOn": "2026-12-24",
                "waitDaysIntake": 5,
                "waitDaysTreatment": 6,
                "acceptsReferrals": False,
                "observedAt": "2026-11-21T10:00:00.5+01:00",
            },
        }
    ],
    "expected": {"deadline": "2026-12-01", "results": [], "excluded": [], "alternatives": []},
}

LEAST: dict[str, Any] = {
    "rules": 2,
    "today": "2026-11-22",
    "request": {
        "child": {"birthMonth": "2014-11", "gender": "male", "municipality": "GM0361", "region": "JZ06"},
        "choices": [{"careType": "gezinshuis"}],
    },
    "offers": [{"id": "a", "providerId": "p", "careType": "logeren", "ageMin": 0, "ageMax": 18, "genders": ["male"]}],
}


def test_reads_everything() -> None:
    case = read_case(FULL)

    assert (case.today, case.policy) == (date(2026, 11, 22), "nearest-first")
    assert case.request == Request(
        child=Child(
            YearMonth(2014, 11),
            "other",
            "GM0361",
            "JZ06",
            Point(52.63, 4),
            Measure("21", date(2026, 10, 1)),
            True,
        ),
        choices=(Choice("gezinshuis", "a", "p", 12.5),),
        needs=frozenset({"lvb"}),
        wishes=frozenset({"ass", "adhd"}),
        characteristics=frozenset({"weglopen"}),
        places=2,
        needed_by=date(2026, 12, 1),
        declines=(Decline("a", date(2026, 11, 20), "no-place"),),
        exceptions=(GrantedException("a", "too-far"),),
    )
    assert case.offers == (
        Offer(
            id="a",
            provider_id="p",
            care_type="gezinshuis",
            age_min=4,
            age_max=17,
            genders=frozenset({"female", "male"}),
            contracts=(
                Contract(
                    kind="light",
                    starts_on=date(2026, 1, 1),
                    ends_on=date(9999, 12, 31),
                    regions=frozenset({"JZ06"}),
                    municipalities=frozenset({"GM0361"}),
                    care_types=frozenset({"gezinshuis"}),
                    ceiling_reached=True,
                    ceiling_exempts_measure=True,
                ),
            ),
            stops=(Stop(date(2026, 2, 1), date(2026, 3, 1)), Stop(date(2027, 2, 1))),
            capacity=Capacity(
                observed_at=datetime(2026, 11, 21, 10, 0, 0, 500_000, timezone(timedelta(hours=1))),
                places_free=3.5,
                waiting_count=2,
                places_total=4,
                next_free_on=date(2026, 12, 24),
                wait_days_intake=5,
                wait_days_treatment=6,
                accepts_referrals=False,
            ),
            location=Location("GM0363", 52.37, 4.9),
            at_home=True,
            service_area=frozenset({"GM0361"}),
            needs_court_authorisation=True,
            specialisations=frozenset({"lvb"}),
            exclusion_criteria=frozenset({"psychose"}),
            unit="hours-per-week",
        ),
    )


def test_what_need_not_be_said_may_be_left_out() -> None:
    case = read_case(LEAST)

    assert case.policy == "timely-first"
    assert case.request == Request(Child(YearMonth(2014, 11), "male", "GM0361", "JZ06"), (Choice("gezinshuis"),))
    assert case.offers == (Offer("a", "p", "logeren", 0, 18, frozenset({"male"})),)


def test_a_report_of_the_least() -> None:
    document = copy.deepcopy(LEAST)
    document["offers"][0]["capacity"] = {
        "placesFree": 1,
        "observedAt": "2026-11-21T10:00:00Z",
    }

    assert read_case(document).offers[0].capacity == Capacity(
        datetime(2026, 11, 21, 10, tzinfo=UTC), places_free=1, waiting_count=None
    )


def replaced(path: str, value: object) -> dict[str, Any]:
    """The full case with something else at a path; nothing there where the value is Ellipsis."""
    document: dict[str, Any] = copy.deepcopy(FULL)
    *parents, last = [int(part) if part.isdecimal() else part for part in path[1:].split("/")]
    target: Any = document
    for parent in parents:
        target = target[parent]
    if value is ...:
        del target[last]
    else:
        target[last] = value
    return document


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("/today", ...),
        ("/today", None),
        ("/today", "22-11-2026"),
        ("/today", "2026-11-31"),
        ("/today", "2026-W01-1"),
        ("/today", "20261122"),
        ("/today", 20261122),
        ("/today", "9999-12-31"),
        ("/policy", "cheapest-first"),
        ("/extra", 1),
        ("/request", ...),
        ("/request", []),
        ("/request/child", None),
        ("/request/child/name", "x"),
        ("/request/child/birthMonth", "2014-11-03"),
        ("/request/child/birthMonth", None),
        ("/request/child/gender", "F"),
        ("/request/child/municipality", ""),
        ("/request/child/region", 6),
        ("/request/child/origin/latitude", 90.1),
        ("/request/child/origin/latitude", math.nan),
        ("/request/child/origin/longitude", "4.75"),
        ("/request/child/origin/longitude", None),
        ("/request/child/measure/imposedOn", "2999-12-32"),
        ("/request/child/measure/imposedOn", "9999-12-31"),
        ("/request/child/courtAuthorisation", "yes"),
        ("/request/choices", []),
        ("/request/choices", ...),
        ("/request/choices", [{"careType": "x"}] * 4),
        ("/request/choices", {}),
        ("/request/choices/0/careType", None),
        ("/request/choices/0/maxDistanceKm", -1),
        ("/request/choices/0/maxDistanceKm", math.inf),
        ("/request/choices/0/maxDistanceKm", True),
        ("/request/needs/0", 3),
        ("/request/places", 0),
        ("/request/places", 1.5),
        ("/request/places", True),
        ("/request/neededBy", "soon"),
        ("/offers", None),
        ("/offers", "a"),
        ("/offers/0", "a"),
        ("/offers/0/id", ...),
        ("/offers/0/ageMin", -1),
        ("/offers/0/genders/1", "x"),
        ("/offers/0/location/city", "x"),
        ("/offers/0/a~b\u200bc", "x"),
        ("/offers/0/contracts/0/kind", "local"),
        ("/offers/0/contracts/0/validFrom", None),
        ("/offers/0/stops/1/from", None),
        ("/offers/0/capacity/placesFree", None),
        ("/offers/0/capacity/waitDaysIntake", 100_001),
        ("/offers/0/capacity/observedAt", "2026-11-21T10:00:00"),
        ("/offers/0/capacity/observedAt", "2026-11-21"),
        ("/offers/0/capacity/observedAt", "2026-13-21T10:00:00Z"),
        ("/offers/0/capacity/observedAt", "0001-01-01T00:00:00+01:00"),
        ("/request/child/measure/type", ""),
        ("/request/declines/0/reason", None),
        ("/request/exceptions/0/reason", "no-place"),
        ("/offers/0/capacity/placesFree", 1.3),
        ("/offers/0/unit", "beds"),
        ("/expected/results", None),
    ],
)
def test_says_what_is_wrong_and_where(path: str, value: object) -> None:
    with pytest.raises(CaseError) as caught:
        read_case(replaced(path, value))

    [(pointer, problem)] = caught.value.problems
    assert pointer == path.replace("~", "~0")
    assert str(caught.value) == f"{pointer}: {problem}"


def test_says_all_that_is_wrong() -> None:
    document = replaced("/request/child/gender", "F")
    document["offers"][0]["ageMin"] = -1

    with pytest.raises(CaseError) as caught:
        read_case(document)

    assert [pointer for pointer, _ in caught.value.problems] == ["/request/child/gender", "/offers/0/ageMin"]


def test_two_offers_with_one_id() -> None:
    with pytest.raises(CaseError, match="/offers: More than one offer has id a") as caught:
        read_case(replaced("/offers", FULL["offers"] * 2))

    assert [pointer for pointer, _ in caught.value.problems] == ["/offers"]


@pytest.mark.parametrize("rules", [..., 1])
def test_a_case_of_the_first_rules_is_refused_with_the_release_that_had_them(rules: object) -> None:
    with pytest.raises(CaseError, match=r"version 1 .* release 1.0.0"):
        read_case(replaced("/rules", rules))


@pytest.mark.parametrize("rules", [0, 3, None, "2", []])
def test_a_case_of_other_rules_is_refused(rules: object) -> None:
    with pytest.raises(CaseError, match="this release ranks version 2"):
        read_case(replaced("/rules", rules))


@pytest.mark.parametrize("document", [None, [], "x", 3])
def test_a_case_is_an_object(document: object) -> None:
    with pytest.raises(CaseError) as caught:
        read_case(document)

    assert [pointer for pointer, _ in caught.value.problems] == [""]


def test_writes_an_outcome() -> None:
    written = write_outcome(
        outcome_of(
            an_offer("a", location=north(12.34567)),
            an_offer("b", contracts=()),
            an_offer("c", capacity=None, location=None),
        )
    )

    assert json.loads(json.dumps(written)) == {
        "deadline": "2027-02-22",
        "results": [
            {
                "offerId": "a",
                "choice": 1,
                "expectedStart": "2026-11-22",
                "distanceKm": 12.346,
                "factors": {
                    "delay": 0,
                    "choice": 1,
                    "wishes": 0,
                    "contract": 0,
                    "wait": 0,
                    "distance": 13,
                    "start": 0,
                    "age-of-report": 0,
                },
                "decidedBy": "delay",
            },
            {
                "offerId": "c",
                "choice": 1,
                "expectedStart": None,
                "distanceKm": None,
                "factors": {
                    "delay": 3,
                    "choice": 1,
                    "wishes": 0,
                    "contract": 0,
                    "wait": 3,
                    "distance": 9999,
                    "start": 9999,
                    "age-of-report": 9999,
                },
                "decidedBy": None,
            },
        ],
        "excluded": [{"offerId": "b", "reasons": ["not-contracted"]}],
        "alternatives": [{"offerId": "b", "needs": "light-contract"}],
    }
