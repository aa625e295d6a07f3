"""What looks right but is not what the contract says is refused, never guessed at."""

import json
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.kit.database.sessions import connect
from tests.conftest import OWNER
from tests.world import World, codes, problem


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"placesFree": True}, "type"),
        ({"placesFree": "3"}, "type"),
        ({"placesFree": 1.5}, "type"),
        ({"placesFree": 1, "acceptsReferrals": "no"}, "type"),
        ({"placesFree": 1, "acceptsReferrals": 0}, "type"),
        ({"placesFree": 1, "places_total": 3}, "unknown-field"),  # the Python name is no name outside
        ({"placesFree": 0, "nextFreeOn": "9999-12-31"}, "out-of-range"),  # it would break every match that meets it
        ({"placesFree": 1, "note": "\ud800"}, "control-character"),
        ({"placesFree": 1, "note": "a\x00b"}, "control-character"),
    ],
)
async def test_values_of_another_kind(world: World, fields: dict[str, Any], code: str) -> None:
    offer = await world.add_offer()
    path, headers = f"/v1/offers/{offer['id']}/capacity", world.provider(offer["providerId"])
    answer = await world.http.put(
        path, content=json.dumps(fields), headers=headers | {"Content-Type": "application/json"}
    )
    assert list(codes(answer).values()) == [code]


async def test_query_keys_have_one_name(world: World) -> None:
    answer = await world.http.get("/v1/availability?care_type=gezinshuis", headers=world.gi)
    assert codes(answer) == {"#/query/care_type": "unknown-query-key"}


async def test_a_blank_name_is_no_name(world: World) -> None:
    answer = await world.http.post("/v1/providers", json={"name": "  "}, headers=world.admin)
    assert codes(answer) == {"#/name": "too-short"}


async def test_a_confirmation_says_nothing_else(world: World) -> None:
    offer = await world.add_offer()
    await world.report(offer)
    path = f"/v1/offers/{offer['id']}/capacity/confirmations"
    answer = await world.http.post(path, json={"placesFree": 9}, headers=world.provider(offer["providerId"]))
    assert codes(answer) == {"#/placesFree": "unknown-field"}


async def test_a_cursor_belongs_to_its_list(world: World) -> None:
    provider = await world.add_provider(name="Demo A")
    for number in range(2):
        await world.add_offer(provider, f"o{number}")
    links = (await world.ok(world.http.get("/v1/offers?limit=1", headers=world.gi)))["_links"]
    cursor = links["next"]["href"].partition("cursor=")[2]
    answer = await world.http.get(f"/v1/providers?cursor={cursor}", headers=world.gi)
    assert codes(answer) == {"#/query/cursor": "invalid-cursor"}


@pytest.mark.parametrize("if_match", ["*", '"0"', '"1"'])
async def test_if_match_matches_nothing_where_there_is_nothing(world: World, if_match: str) -> None:
    offer = await world.add_offer()
    headers = world.provider(offer["providerId"]) | {"If-Match": if_match}
    capacity = await world.http.put(f"/v1/offers/{offer['id']}/capacity", json={"placesFree": 1}, headers=headers)
    problem(capacity, 412, "stale-version")
    path, body = f"/v1/providers/{offer['providerId']}/locations/new", {"name": "Nieuw", "postcode": "1781AB"}
    problem(await world.http.put(path, json=body, headers=headers), 412, "stale-version")


async def test_a_path_that_holds_no_id_does_not_exist(world: World) -> None:
    answer = await world.http.get("/v1/offers/%C3%A9%0A", headers=world.gi)
    assert problem(answer, 404, "not-found")["instance"] == "/v1/offers/%C3%A9%0A"


async def test_the_history_cannot_be_emptied(fresh_database_url: str) -> None:
    database = connect(fresh_database_url)
    with pytest.raises(DBAPIError, match="never changed or deleted"):
        async with database.write(OWNER) as session:
            await session.execute(text("TRUNCATE capacity_reports CASCADE"))
    await database.engine.dispose()


async def test_a_bsn_is_refused_wherever_text_goes(world: World) -> None:
    bsn = "123456782"
    search = await world.http.get("/v1/offers", params={"q": f"kind {bsn}"}, headers=world.gi)
    assert codes(search) == {"#/query/q": "bsn"}
    headers = world.admin | {"Idempotency-Key": bsn}
    made = await world.http.post("/v1/providers", json={"name": f"Zorg {bsn}"}, headers=headers)
    assert codes(made) == {"#/header/Idempotency-Key": "bsn", "#/name": "bsn"}
    provider = await world.add_provider()
    path, body = f"/v1/providers/{provider}/locations/{bsn}", {"name": "1234.56.782", "street": "123 456 782"}
    location = await world.http.put(path, json=body | {"postcode": "1781AB"}, headers=world.provider(provider))
    assert codes(location) == {"#/path/key": "bsn", "#/name": "bsn", "#/street": "bsn"}
    stop = {"providerId": provider, "from": "2026-11-01", "imposedBy": "provider", "reason": f"om {bsn}"}
    answer = await world.http.post("/v1/placement-stops", json=stop, headers=world.provider(provider))
    assert codes(answer) == {"#/reason": "bsn"}
