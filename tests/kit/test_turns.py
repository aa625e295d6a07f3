"""Long work gives others their turn by the time that it takes, however many pieces it has."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest

from app.kit import turns
from app.kit.turns import Turns, in_turns
from tests.world import World

LINES = 40


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """Each time that others got their turn."""
    found: list[float] = []
    sleep = asyncio.sleep

    async def counted(seconds: float) -> None:
        found.append(seconds)
        await sleep(seconds)

    with monkeypatch.context() as patch:
        patch.setattr("app.kit.turns.asyncio.sleep", counted)
        yield found


@pytest.mark.parametrize(("takes", "times"), [(0.0, 0), (0.25, 10), (1.0, 40), (3.0, 40)])
async def test_a_slice_ends_when_it_has_been_long_enough(
    monkeypatch: pytest.MonkeyPatch, given: list[float], takes: float, times: int
) -> None:
    monkeypatch.setattr(turns, "LONGEST", 1.0)
    now = 0.0
    slices = Turns(lambda: now)
    for _ in range(LINES):
        now += takes
        await slices.give()
    assert len(given) == times


async def test_items_come_in_their_order(monkeypatch: pytest.MonkeyPatch, given: list[float]) -> None:
    monkeypatch.setattr(turns, "LONGEST", 0.0)
    assert [each async for each in in_turns("abc")] == ["a", "b", "c"]
    assert len(given) == 3


def _reports(provider: str) -> list[dict[str, Any]]:
    return [{"providerId": provider, "offerKey": f"o{number}", "placesFree": 1} for number in range(LINES)]


def _table(heading: str, line: str) -> str:
    return "\n".join([heading, *(line.format(number) for number in range(LINES))])


@pytest.mark.parametrize("kind", ["json", "ndjson", "csv", "offers", "children"])
async def test_bulk_is_read_in_turns(
    world: World, monkeypatch: pytest.MonkeyPatch, given: list[float], kind: str
) -> None:
    provider = await world.add_provider()
    path, headers, body = "/v1/capacity-reports", world.provider(provider), json.dumps(_reports(provider))
    if kind == "ndjson":
        headers |= {"Content-Type": "application/x-ndjson"}
        body = "\n".join(map(json.dumps, _reports(provider)))
    elif kind == "csv":
        headers |= {"Content-Type": "text/csv"}
        body = _table("aanbiederId;sleutel;vrij", f"{provider};o{{}};1")
    elif kind == "offers":
        path = f"/v1/providers/{provider}/offers/_batch"
        offer = {"name": "Het Nest", "careType": "gezinshuis", "ageMin": 0, "ageMax": 17, "atHome": True}
        body = json.dumps({"requests": [offer | {"key": f"o{number}"} for number in range(LINES)]})
    elif kind == "children":
        path, headers = "/v1/waiting-children", world.gi | {"Content-Type": "text/csv"}
        body = _table("kenmerk;geboortemaand;geslacht;gemeente;keus1", "K-{};2014-05;v;Den Helder;gezinshuis")
    headers = {"Content-Type": "application/json", **headers}
    monkeypatch.setattr(turns, "LONGEST", 0.0)
    answer = await world.http.post(path, content=body, headers=headers)
    assert answer.status_code == 200, answer.text
    assert len(given) >= LINES
