"""Cases as JSON, out of few values, so that offers often tie and often just miss."""

from datetime import date, timedelta
from itertools import combinations
from typing import Any

from hypothesis import strategies as st

from app.ranking.model import CHILD_GENDERS, CONTRACT_KINDS, GENDERS, POLICIES, REASONS, RULES, UNITS

Json = dict[str, Any]

TODAY = date(2026, 11, 22)
CARE_TYPES = ("gezinshuis", "logeren")
MUNICIPALITIES = ("GM0361", "GM0363")
REGIONS = ("JZ06", "JZ13")
SPECIALISATIONS = ("ass", "lvb", "trauma")
CRITERIA = ("psychose", "weglopen")


def days(least: int, most: int) -> st.SearchStrategy[str]:
    return st.integers(least, most).map(lambda number: (TODAY + timedelta(days=number)).isoformat())


def some(codes: tuple[str, ...], most: int | None = None) -> st.SearchStrategy[list[str]]:
    sizes = range((len(codes) if most is None else most) + 1)
    return st.sampled_from([list(chosen) for size in sizes for chosen in combinations(codes, size)])


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


points = st.fixed_dictionaries(
    {"latitude": st.sampled_from([52.3, 52.37, 52.38, 53]), "longitude": st.sampled_from([4.75, 4.9, 5])}
)
locations = points.map(lambda point: {"municipality": "GM0363", **point})

children = st.fixed_dictionaries(
    {
        "birthMonth": st.sampled_from(["2009-05", "2014-11", "2014-12", "2015-02", "2027-03"]),
        "gender": st.sampled_from(CHILD_GENDERS),
        "municipality": st.sampled_from(MUNICIPALITIES),
        "region": st.just("JZ06"),
        "origin": maybe(points),
        "measure": maybe(
            st.fixed_dictionaries({"type": st.sampled_from(["21", "21", "31"]), "imposedOn": days(-150, 0)})
        ),
        "courtAuthorisation": st.booleans(),
    }
)
choices = st.fixed_dictionaries(
    {
        "careType": st.sampled_from(CARE_TYPES),
        "offerId": st.sampled_from([None, None, None, "o0", "o1"]),
        "providerId": st.sampled_from([None, None, None, "p1"]),
        "maxDistanceKm": st.sampled_from([None, None, 8, 12.5, 40]),
    }
)
declines = st.fixed_dictionaries(
    {
        "offerId": st.sampled_from(["o0", "o1", "gone"]),
        "declinedOn": days(-30, 0),
        "reason": st.sampled_from(["no-place", "staff-shortage", "contra-indication"]),
    }
)
exceptions = st.fixed_dictionaries(
    {
        "offerId": st.sampled_from(["o0", "o0", "o1", "gone"]),
        "reason": st.sampled_from(["budget-ceiling", "budget-ceiling", *REASONS]),
    }
)
requests = st.fixed_dictionaries(
    {
        "child": children,
        "choices": st.lists(choices, min_size=1, max_size=3),
        "needs": some(SPECIALISATIONS, 1),
        "wishes": some(SPECIALISATIONS),
        "characteristics": some(CRITERIA, 1),
        "places": st.sampled_from([1, 1, 2]),
        "neededBy": maybe(days(-20, 60)),
        "declines": st.lists(declines, max_size=2),
        "exceptions": st.lists(exceptions, max_size=3),
    }
)
contracts = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(CONTRACT_KINDS),
        "regions": st.sampled_from([["JZ06"], ["JZ06"], ["JZ13"], []]),
        "municipalities": some(MUNICIPALITIES),
        "careTypes": maybe(some(CARE_TYPES)),
        "validFrom": days(-300, 10),
        "validTo": maybe(days(-2, 200)),
        "ceilingReached": st.booleans(),
        "ceilingExemptsMeasure": st.booleans(),
    }
)
stops = st.fixed_dictionaries({"from": days(-10, 40), "to": maybe(days(-5, 60))})
reports = st.fixed_dictionaries(
    {
        "placesTotal": st.sampled_from([None, 1, 4, 4]),
        "placesFree": st.sampled_from([0, 0.5, 1, 1.5, 2, 3]),
        "waitingCount": st.sampled_from([0, 0, 1, 2]),
        "nextFreeOn": maybe(days(-10, 60)),
        "waitDaysIntake": st.sampled_from([None, None, 0, 14]),
        "waitDaysTreatment": st.sampled_from([None, None, 28, 60, 150]),
        "acceptsReferrals": st.sampled_from([True, True, True, False]),
        "observedAt": st.tuples(days(-33, 0), st.sampled_from(["T09:00:00Z", "T00:30:00+01:00", "T23:30:00Z"])).map(
            "".join
        ),
    }
)


def offers(id: str) -> st.SearchStrategy[Json]:  # noqa: A002 -- the name of the field
    """An offer with that id."""
    return st.fixed_dictionaries(
        {
            "id": st.just(id),
            "providerId": st.sampled_from(["p1", "p2"]),
            "careType": st.sampled_from(CARE_TYPES),
            "ageMin": st.sampled_from([0, 0, 0, 11, 12, 13]),
            "ageMax": st.sampled_from([11, 12, 18, 18, 18]),
            "genders": st.sampled_from([list(GENDERS), list(GENDERS), ["female", "male"]]),
            "specialisations": some(SPECIALISATIONS),
            "exclusionCriteria": some(CRITERIA, 1),
            "location": maybe(locations),
            "atHome": st.sampled_from([False, False, True]),
            "serviceArea": st.sampled_from([None, None, ["GM0361"], list(MUNICIPALITIES)]),
            "needsCourtAuthorisation": st.sampled_from([False, False, True]),
            "unit": st.sampled_from([*UNITS, "places"]),
            "contracts": st.lists(contracts, max_size=2),
            "stops": st.just([]) | st.lists(stops, min_size=1, max_size=1),
            "capacity": maybe(reports),
        }
    )


@st.composite
def cases(draw: st.DrawFn, most: int = 5) -> Json:
    """A case with at most so many offers, in any order."""
    count = draw(st.integers(0, most))
    listed = [draw(offers(f"o{number}")) for number in range(count)]
    return {
        "rules": RULES,
        "today": TODAY.isoformat(),
        "policy": draw(st.sampled_from(POLICIES)),
        "request": draw(requests),
        "offers": draw(st.permutations(listed)),
    }
