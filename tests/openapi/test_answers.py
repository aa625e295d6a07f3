"""Answers are as the document says: they have what it names, and nothing else."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from app.kit.http.openapi import nodes_of
from tests.world import World

DOCUMENT: dict[str, Any] = json.loads((Path(__file__).parents[2] / "openapi" / "openapi.json").read_text())
QUESTIONS = [
    "/availability?contractedFor=GM0400&facets=true&postcode=1781",
    "/availability?q=gezinshuis",
    "/offers?contractedFor=GM0400",
    "/offers/{offerId}",
    "/offers/{offerId}/capacity",
    "/offers/{offerId}/capacity-history",
    "/providers?region=JZ03",
    "/providers/{providerId}",
    "/providers/{providerId}/capacity",
    "/providers/{providerId}/locations",
    "/providers/{providerId}/offers",
    "/contracts",
    "/placement-stops",
    "/me",
]


def test_whatever_is_made_is_said_to_be_somewhere() -> None:
    """`tests/declared.py` holds every 201 that a test gets against this, and has the address be one that is read."""
    made = {
        (method, path): operation["responses"]["201"]["headers"].get("Location", {})
        for path, item in DOCUMENT["paths"].items()
        for method, operation in item.items()
        if "201" in operation["responses"]
    }
    assert ("post", "/referrals/{referralId}/decisions") in made
    assert [operation for operation, location in made.items() if not location.get("required")] == []


def _validator(path: str, method: str) -> Draft202012Validator:
    """Of the answers of an operation, strict about what it does not name."""
    components = json.loads(json.dumps(DOCUMENT["components"]))
    for node in nodes_of(components["schemas"]):
        if isinstance(node.get("properties"), dict) and "type" in node:
            node.setdefault("additionalProperties", False)
    answer = DOCUMENT["paths"][path][method]["responses"]["200"]["content"]["application/json"]["schema"]
    return Draft202012Validator({**answer, "components": components})


async def _given(world: World) -> dict[str, str]:
    """A reported, contracted offer with a place that should have come free, and where it stands."""
    provider = await world.add_provider()
    await world.add_location(provider, "here", postcode="1781AB")
    offer = await world.add_offer(provider, locationKey="here")
    await world.report(offer, placesFree=1, placesTotal=4, waitingCount=0, note="Bel eerst")
    await world.add_contract(provider)
    await world.add_stop(provider)
    return {"offerId": offer["id"], "providerId": provider}


@pytest.mark.parametrize("question", QUESTIONS)
async def test_an_answer_is_as_described(world: World, question: str) -> None:
    given = await _given(world)
    path = question.partition("?")[0]
    headers = world.admin if path in {"/contracts", "/placement-stops"} else world.gi
    answer = await world.ok(world.http.get("/v1" + question.format_map(given), headers=headers))
    assert answer.get("items") != []
    assert [error.message for error in _validator(path, "get").iter_errors(answer)] == []
