import copy
import json
import math
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from app.domain.dates import YearMonth
from app.domain.geo import Point
from app.finding.matching.case_file.codec import read_case, write_outcome
from app.finding.matching.case_file.reading import CaseError
from app.ranking.model import (
    Capacity,
    Child,
    Choice,
    Contract,
    Location,
    Measure,
    Offer,
    Request,
    Stop,
)
from tests.ranking.builders import an_offer, north, outcome_of

FULL: dict[str, Any] = {
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
                "placesFree": 3,
                "waitingCount": 2,
                "nextFreeOn": "2026-12-24",
                "waitDaysIntake": 5,
                "waitDaysTreatment": 6,
                "acceptsReferrals": False,
                "observedAt": "2026-11-21T10:00:00.5+01:00",
            },
        }
    ],
    "expected": {"anything": "at all"},
}

LEAST: dict[str, Any] = {
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
                places_free=3,
                waiting_count=2,
                places_total=4,
                next_free_on=date(2026, 12, 24),
                wait_days_intake=5,
                wait_days_treatment=6,
                accepts_referrals=False,
            ),
            location=Location("GM0363", Point(52.37, 4.9)),
            at_home=True,
            service_area=frozenset({"GM0361"}),
            needs_court_authorisation=True,
            specialisations=frozenset({"lvb"}),
            exclusion_criteria=frozenset({"psychose"}),
        ),
    )


def test_what_may_be_null_may_be_left_out() -> None:
    case = read_case(LEAST)

    assert case.policy == "timely-first"
    assert case.request == Request(Child(YearMonth(2014, 11), "male", "GM0361", "JZ06"), (Choice("gezinshuis"),))
    assert case.offers == (Offer("a", "p", "logeren", 0, 18, frozenset({"male"})),)


def test_a_report_of_the_least() -> None:
    document = copy.deepcopy(LEAST)
    document["offers"][0]["capacity"] = {
        "placesFree": 1,
        "waitingCount": 0,
        "observedAt": "2026-11-21T10:00:00z",
    }

    assert read_case(document).offers[0].capacity == Capacity(datetime(2026, 11, 21, 10, tzinfo=UTC), places_free=1)


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
    ("path", "value", "problem"),
    [
        ("/today", ..., "is required"),
        ("/today", None, "is required"),
        ("/today", "22-11-2026", "must be a date (YYYY-MM-DD)"),
        ("/today", "2026-11-31", "must be a date (YYYY-MM-DD)"),
        ("/today", "2026-W01-1", "must be a date (YYYY-MM-DD)"),
        ("/today", "20261122", "must be a date (YYYY-MM-DD)"),
        ("/today", 20261122, "must be a text"),
        ("/today", "9999-12-31", "must be in the years 1900 to 2999"),
        (
            "/policy",
            "cheapest-first",
            "must be one of timely-first, choice-first, soonest-first, nearest-first",
        ),
        ("/extra", 1, "is not a known field"),
        ("/request", ..., "is required"),
        ("/request", [], "must be an object"),
        ("/request/child", None, "is required"),
        ("/request/child/name", "x", "is not a known field"),
        ("/request/child/birthMonth", "2014-11-03", "must be a month (YYYY-MM)"),
        ("/request/child/birthMonth", None, "is required"),
        ("/request/child/gender", "F", "must be one of female, male, other"),
        ("/request/child/municipality", "", "must be a text"),
        ("/request/child/region", 6, "must be a text"),
        ("/request/child/origin/latitude", 90.1, "is out of range"),
        ("/request/child/origin/latitude", math.nan, "is out of range"),
        ("/request/child/origin/longitude", "4.75", "must be a number"),
        ("/request/child/origin/longitude", None, "is required"),
        ("/request/child/measure/imposedOn", "2999-12-32", "must be a date (YYYY-MM-DD)"),
        ("/request/child/measure/imposedOn", "9999-12-31", "must be in the years 1900 to 2999"),
        ("/request/child/courtAuthorisation", "yes", "must be true or false"),
        ("/request/choices", [], "must have 1 to 3 choices"),
        ("/request/choices", ..., "is required"),
        ("/request/choices", [{"careType": "x"}] * 4, "must have 1 to 3 choices"),
        ("/request/choices", {}, "must be an array"),
        ("/request/choices/0/careType", None, "is required"),
        ("/request/choices/0/maxDistanceKm", -1, "is out of range"),
        ("/request/choices/0/maxDistanceKm", math.inf, "is out of range"),
        ("/request/choices/0/maxDistanceKm", True, "must be a number"),
        ("/request/needs/0", 3, "must be a text"),
        ("/request/places", 0, "must be a whole number from 1 to 100000"),
        ("/request/places", 1.5, "must be a whole number from 1 to 100000"),
        ("/request/places", True, "must be a whole number from 1 to 100000"),
        ("/request/neededBy", "soon", "must be a date (YYYY-MM-DD)"),
        ("/offers", None, "is required"),
        ("/offers", "a", "must be an array"),
        ("/offers/0", "a", "must be an object"),
        ("/offers/0/id", ..., "is required"),
        ("/offers/0/ageMin", -1, "must be a whole number from 0 to 100000"),
        ("/offers/0/genders/1", "x", "must be one of female, male, other"),
        ("/offers/0/location/city", "x", "is not a known field"),
        ("/offers/0/a~b\u200bc", "x", "is not a known field"),
        ("/offers/0/contracts/0/kind", "local", "must be one of regional, supraregional, national, light"),
        ("/offers/0/contracts/0/validFrom", None, "is required"),
        ("/offers/0/stops/1/from", None, "is required"),
        ("/offers/0/capacity/placesFree", None, "is required"),
        ("/offers/0/capacity/waitDaysIntake", 100_001, "must be a whole number from 0 to 100000"),
        (
            "/offers/0/capacity/observedAt",
            "2026-11-21T10:00:00",
            "must be a date and time with an offset (RFC 3339)",
        ),
        ("/offers/0/capacity/observedAt", "2026-11-21", "must be a date and time with an offset (RFC 3339)"),
        (
            "/offers/0/capacity/observedAt",
            "2026-13-21T10:00:00Z",
            "must be a date and time with an offset (RFC 3339)",
        ),
        ("/offers/0/capacity/observedAt", "0001-01-01T00:00:00+01:00", "must be in the years 1900 to 2999"),
    ],
)
def test_says_what_is_wrong_and_where(path: str, value: object, problem: str) -> None:
    with pytest.raises(CaseError) as caught:
        read_case(replaced(path, value))

    assert (caught.value.path, caught.value.problem) == (path.replace("~", "~0"), problem)
    assert str(caught.value) == f"{caught.value.path}: {problem}"


def test_two_offers_with_one_id() -> None:
    with pytest.raises(CaseError) as caught:
        read_case(replaced("/offers", FULL["offers"] * 2))

    assert (caught.value.path, caught.value.problem) == ("/offers/1/id", "is the id of another offer too")


@pytest.mark.parametrize("document", [None, [], "x", 3])
def test_a_case_is_an_object(document: object) -> None:
    with pytest.raises(CaseError) as caught:
        read_case(document)

    assert caught.value.path == ""


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
