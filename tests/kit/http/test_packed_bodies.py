"""Bodies that are packed: gzip in bulk, within the limit on what it unpacks to, and nothing elsewhere."""

import gzip
from collections.abc import AsyncIterator
from typing import Any

import httpx
import orjson
import pytest

from tests.supply.capacity_reports.sending import NDJSON, PATH, statuses
from tests.world import World


async def _send(world: World, path: str, body: bytes | AsyncIterator[bytes], coding: str, **headers: str) -> Any:
    given = world.admin | {"Content-Type": "application/json", "Content-Encoding": coding, **headers}
    return await world.http.post(path, content=body, headers=given)


async def _pieces(body: bytes, size: int) -> AsyncIterator[bytes]:
    for start in range(0, len(body), size):
        yield body[start : start + size]


async def test_reports_packed_in_any_pieces_and_members(world: World) -> None:
    offer = await world.add_offer(key="duinen")
    line = orjson.dumps({"offerId": offer["id"], "placesFree": 1, "note": "x" * 2000}) + b"\n"
    packed = gzip.compress(line * 100) + gzip.compress(line * 20)
    for size in (1, 7, len(packed)):
        answer = await _send(world, PATH, _pieces(packed, size), "gzip", **{"Content-Type": NDJSON})
        assert len(statuses(answer)) == 120
    answer = await _send(world, PATH, packed, "GZIP", **{"Content-Type": NDJSON})
    assert len(statuses(answer)) == 120


async def test_a_packed_batch(world: World) -> None:
    provider = await world.add_provider()
    body = gzip.compress(orjson.dumps({"requests": [], "locations": []}))
    answer = await _send(world, f"/v1/providers/{provider}/offers/_batch", body, "gzip")
    assert answer.json()["errors"][0]["code"] == "too-few", "it is read"


async def test_a_bomb_is_too_large(world: World, settings: Any) -> None:
    bomb = gzip.compress(b" " * (settings.max_bulk_body_bytes + 1))
    assert len(bomb) < 100_000
    for sent in (bomb, _pieces(bomb, 999)):
        answer = await _send(world, PATH, sent, "gzip")
        assert answer.status_code == 413
        assert answer.json()["type"].endswith("body-too-large")


async def test_members_of_nothing_without_end_are_too_large(world: World, settings: Any) -> None:
    member = gzip.compress(b"") * 5000

    async def members() -> AsyncIterator[bytes]:
        for _ in range(settings.max_bulk_body_bytes // len(member) + 2):
            yield member

    assert (await _send(world, PATH, members(), "gzip")).status_code == 413


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"[]", id="plain"),
        pytest.param(gzip.compress(b"[" * 10_000)[:-9], id="cut off"),
        pytest.param(gzip.compress(b"[]") + b"x", id="more after it"),
    ],
)
async def test_what_is_no_gzip(world: World, body: bytes) -> None:
    answer = await _send(world, PATH, body, "gzip")
    assert answer.status_code == 400
    assert [error["code"] for error in answer.json()["errors"]] == ["unreadable"]


@pytest.mark.parametrize(
    ("path", "coding", "taken"),
    [
        ("/v1/matches", "gzip", "identity"),
        ("/v1/oauth/token", "gzip", "identity"),
        (PATH, "br", "gzip"),
        (PATH, "gzip, gzip", "gzip"),
    ],
)
async def test_other_packing_says_what_is_taken(world: World, path: str, coding: str, taken: str) -> None:
    answer: httpx.Response = await _send(world, path, gzip.compress(b"{}"), coding)
    assert answer.status_code == 415
    assert answer.headers["accept-encoding"] == taken
    json = "application/json" if path.endswith("token") else "application/problem+json"
    assert answer.headers["content-type"] == json
    assert coding not in answer.text or taken in answer.json()["detail"]
