"""Which of what is offered a caller gets, by the weights of its Accept header."""

import pytest
from fastapi import Request

from app.kit.http.accept import preferred
from app.kit.media_types import CSV, JSON, NDJSON
from tests.world import World


def asking(accept: str) -> Request:
    """A request with this Accept header."""
    return Request({"type": "http", "headers": [(b"accept", accept.encode())]})


@pytest.mark.parametrize(
    ("accept", "wanted"),
    [
        ("", False),
        ("*/*", False),
        ("application/json", False),
        ("text/csv", True),
        ("TEXT/CSV; header=present", True),
        ("text/csv, application/json", False),
        ("text/csv, application/json;q=0.9", True),
        ("text/csv;q=0.5, application/json", False),
        ("text/csv, */*", True),
        ("text/csv, */*;q=0.1", True),
        ("text/*", True),
        ("text/csv;q=0", False),
        ("text/csv;q=x", False),
        ("text/html, */*", False),
    ],
)
def test_csv_is_for_who_prefers_it(accept: str, wanted: bool) -> None:
    assert (preferred(asking(accept), JSON, CSV) == CSV) is wanted


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        (NDJSON, NDJSON),
        (f"{NDJSON}, */*;q=0.5", NDJSON),
        (f"{NDJSON};q=0.4, {JSON}", JSON),
        (f"{NDJSON};q=0, */*", JSON),
        (f"{JSON};q=0.5, {NDJSON};q=0.9", NDJSON),
        ("", JSON),
    ],
)
async def test_the_answer_to_many_reports_goes_by_the_weights(world: World, accept: str, media_type: str) -> None:
    offer = await world.add_offer()
    headers = world.provider(offer["providerId"]) | {"Accept": accept}
    report = [{"offerId": offer["id"], "placesFree": 1}]
    answer = await world.http.post("/v1/capacity-reports", json=report, headers=headers)
    assert answer.headers["content-type"] == media_type
