"""A question that is read past the schemas says what the schemas read of it; whatever they refuse is left to them."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from app.finding.matching import plain_requests, schemas
from app.finding.matching.service import ranked_request
from app.kit.errors import InvalidInputError
from app.kit.json_text import read_json
from app.reference.lists import reference

TODAY = date(2026, 11, 30)
LISTS = reference()
GOOD: dict[str, Any] = {
    "child": {"birthMonth": "2012-03", "gender": "female", "municipality": "GM0400"},
    "choices": [{"careType": "gezinshuis"}],
}


def by_schema(raw: bytes) -> plain_requests.Asked | None:
    """What the schema makes of a body; None where it refuses it."""
    try:
        body = schemas.MatchRequest.model_validate(read_json(raw))
    except (ValidationError, InvalidInputError):
        return None
    return plain_requests.Asked(ranked_request(body), body.policy, body.limit)


def mostly(*good: Any) -> st.SearchStrategy[Any]:
    """One of these; now and then something else that JSON can say."""
    odd: st.SearchStrategy[Any] = st.one_of(
        st.sampled_from(
            ["", "x", "1781 AB", "0999", "GM9999", "2012-13", "0000-01", "1989-12", "2101-01", "2027-08", "2027-09"]
        ),
        st.sampled_from(["2026-02-30", "1899-12-31", "3000-01-01", "20261012", "2026-10-12T00:00:00", "2026-10-12\n"]),
        st.sampled_from([None, True, False, 0, 1, -1, 2.0, 2.5, 20, 21, 201, 10**30, 400.5, [], {}, ["trauma"] * 2]),
        st.text(max_size=3),
    )
    return st.sampled_from(good * 30) | odd if len(good) > 1 else st.one_of(*[st.just(good[0])] * 9, odd)


def lists_of(codes: list[str]) -> st.SearchStrategy[list[Any]]:
    return st.lists(mostly(*codes), max_size=2)


def some(required: dict[str, Any], **optional: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(required, optional=optional)


MEASURES = some(
    {"type": mostly(*LISTS.measures), "imposedOn": mostly("2026-10-12", "2026-11-30", "1900-01-01")},
)
CHILDREN = some(
    {
        "birthMonth": mostly("2012-03", "1990-01", "2026-11", "2027-07"),
        "gender": mostly("female", "male", "other", "unknown"),
        "municipality": mostly(*LISTS.municipalities),
    },
    postcode=mostly(*list(LISTS.postcodes)[:9], "9999"),
    measure=st.none() | MEASURES,
    courtAuthorisation=mostly(True, False),
    name=st.just("x"),
)
CHOICES = some(
    {"careType": mostly(*LISTS.care_types)},
    maxDistanceKm=mostly(0, 40, 12.5, 400, None),
    offerId=mostly(None, "0b6a4f0e-3f55-5d51-8a53-0d0f6a0c7b21"),
    providerId=mostly(None, "6f1b7c1e-8a55-5b0f-9d62-1d7f6f0e3c11"),
)
BODIES = some(
    {"child": CHILDREN, "choices": st.lists(CHOICES, max_size=4)},
    needs=lists_of(list(LISTS.specialisations)),
    wishes=lists_of(list(LISTS.specialisations)),
    characteristics=lists_of(list(LISTS.exclusion_criteria)),
    places=mostly(1, 2, 20),
    neededBy=mostly("2026-12-15", "1900-01-01", "2999-12-31", None),
    declines=st.just([]),
    policy=mostly("timely-first", "nearest-first"),
    waitSource=mostly("stated", "expected"),
    limit=mostly(1, 20, 200),
)


@given(body=BODIES, ascii_=st.booleans())
def test_what_is_taken_is_read_alike(body: dict[str, Any], ascii_: bool) -> None:
    raw = json.dumps(body, ensure_ascii=ascii_).encode("utf-8", "surrogatepass")
    taken = plain_requests.read(raw, TODAY)
    assert taken is None or taken == by_schema(raw)


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"needs": ["trauma"], "wishes": ["broers-zussen"], "characteristics": ["weglopen"], "places": 2},
        {"neededBy": "2026-12-15", "policy": "nearest-first", "limit": 7},
        {
            "choices": [
                {"careType": "gezinshuis", "maxDistanceKm": 40, "offerId": None},
                {"careType": "pleegzorg-voltijd"},
            ]
        },
        {"child": GOOD["child"] | {"postcode": "1781", "measure": {"type": "21", "imposedOn": "2026-10-12"}}},
        {"child": GOOD["child"] | {"measure": None, "courtAuthorisation": True}},
    ],
)
def test_good_questions_are_taken(more: dict[str, Any]) -> None:
    raw = json.dumps(GOOD | more).encode()
    assert plain_requests.read(raw, TODAY) == by_schema(raw) is not None


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"null",
        b"\xff",
        b"\xef\xbb\xbf" + json.dumps(GOOD).encode(),
        json.dumps(GOOD).replace("2012-03", "2012-04\", \"birthMonth\": \"2012-03").encode(),
        json.dumps(GOOD).replace("2012-03", "2012-04\", \"birthMonth\" : \"2012-03").encode(),
        json.dumps(GOOD).replace("2012-03", "2012-04\", \"b\\u0069rthMonth\": \"2012-03").encode(),
        json.dumps(GOOD | {"child": GOOD["child"] | {"birthMonth": "2027-09"}}).encode(),
        json.dumps(GOOD | {"waitSource": "expected"}).encode(),
        json.dumps(GOOD | {"needs": ["trauma", "trauma"]}).encode(),
    ],
)  # fmt: skip
def test_other_questions_are_left(raw: bytes) -> None:
    assert plain_requests.read(raw, TODAY) is None


def test_a_day_that_has_not_come_is_left_to_the_schemas() -> None:
    child = GOOD["child"] | {"measure": {"type": "21", "imposedOn": "2026-12-01"}}
    raw = json.dumps(GOOD | {"child": child}).encode()
    assert plain_requests.read(raw, TODAY) is None
    assert plain_requests.read(raw, date(2026, 12, 1)) == by_schema(raw) is not None
