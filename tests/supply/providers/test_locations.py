"""Providers pushing their locations by keys of their own."""

import asyncio
from typing import Any
from uuid import uuid4

import httpx
import pytest

from app.kit.security.callers import Role
from tests.world import (
    HOME,
    World,
    codes,
    problem,
)

DUINEN = {
    "name": "De Duinen",
    "street": "Dorpsstraat",
    "houseNumber": "12a",
    "postcode": "1781AB",
    "city": "Huisduinen",
    "municipality": "GM0441",
    "latitude": 52.9,
    "longitude": 4.7,
}


async def _put(world: World, provider_id: str, body: Any, key: str = "duinen", **headers: str) -> httpx.Response:
    path = f"/v1/providers/{provider_id}/locations/{key}"
    return await world.http.put(path, json=body, headers=world.provider(provider_id) | headers)


async def test_needs_a_token(world: World) -> None:
    answer = await world.http.put(f"/v1/providers/{await world.add_provider()}/locations/duinen", json=DUINEN)
    problem(answer, 401, "unauthenticated")


async def test_is_the_owners_alone(world: World) -> None:
    one, other = await world.add_provider(), await world.add_provider()
    path = f"/v1/providers/{one}/locations/duinen"
    for headers in (world.provider(other), world.gi, world.region(), world.as_(Role.SUPRAREGION)):
        problem(await world.http.put(path, json=DUINEN, headers=headers), 403, "forbidden")
    assert (await world.http.put(path, json=DUINEN, headers=world.admin)).status_code == 201


async def test_of_an_unknown_provider_is_404(world: World) -> None:
    problem(await _put(world, str(uuid4()), DUINEN), 404, "not-found")


async def test_lists_all_errors_at_once(world: World) -> None:
    body = DUINEN | {
        "name": "Huis 123456782",
        "houseNumber": "12\x00",
        "postcode": "0781AB",
        "municipality": "GM9999",
        "latitude": 54.1,
        "longitude": 2.9,
        "country": "NL",
    }
    assert codes(await _put(world, await world.add_provider(), body, key="-duinen")) == {
        "#/path/key": "pattern",
        "#/name": "bsn",
        "#/houseNumber": "control-character",
        "#/postcode": "postcode",
        "#/municipality": "unknown-code",
        "#/latitude": "out-of-range",
        "#/longitude": "out-of-range",
        "#/country": "unknown-field",
    }


@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        ({}, {"#/municipality": "missing"}),
        ({"postcode": "1000AA"}, {"#/municipality": "missing"}),  # no such postcode
        ({"postcode": "1781SS"}, {"#/postcode": "postcode"}),  # letters that are never given out
        ({"postcode": "178"}, {"#/postcode": "postcode"}),
        ({"postcode": "0999"}, {"#/postcode": "pc4"}),
        ({"postcode": "1781AB", "latitude": 52.9}, {"#/latitude": "incomplete"}),
        ({"postcode": "1781AB", "longitude": 4.7}, {"#/latitude": "incomplete"}),
        ({"longitude": 4.7}, {"#/municipality": "missing", "#/latitude": "incomplete"}),
    ],
)
async def test_refuses_a_place_that_it_cannot_find(
    world: World, fields: dict[str, Any], errors: dict[str, str]
) -> None:
    provider_id = await world.add_provider()
    assert codes(await _put(world, provider_id, {"name": "Ergens", **fields})) == errors
    assert (await _put(world, provider_id, DUINEN)).status_code == 201


async def test_keeps_what_is_given(world: World) -> None:
    answer = await _put(world, await world.add_provider(), DUINEN)
    assert (answer.status_code, answer.headers["etag"]) == (201, '"1"')
    assert answer.json() == DUINEN | {"key": "duinen"}


@pytest.mark.parametrize(
    ("given", "kept"), [("1781AB", "1781AB"), ("1781 ab", "1781AB"), ("1781", "1781")], ids=["full", "spaced", "pc4"]
)
async def test_takes_the_place_from_the_postcode(world: World, given: str, kept: str) -> None:
    area = await world.ok(world.http.get("/v1/postcodes/1781"))
    answer = await _put(world, await world.add_provider(), {"name": "De Duinen", "postcode": given})
    assert answer.json() == {
        "key": "duinen",
        "name": "De Duinen",
        "street": None,
        "houseNumber": None,
        "postcode": kept,
        "city": "Den Helder",
        "municipality": HOME,
        "latitude": area["latitude"],
        "longitude": area["longitude"],
    }


async def test_a_municipality_does_where_the_postcode_is_not_known(world: World) -> None:
    body = {"name": "Ergens", "postcode": "1000AA", "municipality": HOME}
    made = (await _put(world, await world.add_provider(), body)).json()
    assert (made["municipality"], made["city"], made["latitude"], made["longitude"]) == (HOME, None, None, None)


async def test_replacing_keeps_the_place_and_bumps_the_etag_only_when_something_differs(world: World) -> None:
    provider_id = await world.add_provider()
    offer = await world.add_offer(provider_id)
    path = f"/v1/offers/{offer['id']}"
    same = await _put(world, provider_id, {"name": "Locatie", "postcode": "1781 AB"}, key="here")
    assert (same.status_code, same.headers["etag"]) == (200, '"1"')
    moved = await _put(world, provider_id, {"name": "Locatie", "postcode": "1811AB"}, key="here")
    assert (moved.status_code, moved.headers["etag"]) == (200, '"2"')
    shown = await world.ok(world.http.get(path, headers=world.gi))
    assert shown["id"] == offer["id"]
    assert shown["location"] == moved.json()
    assert shown["location"]["city"] == "Alkmaar"


async def test_replacing_clears_what_is_left_out(world: World) -> None:
    provider_id = await world.add_provider()
    await _put(world, provider_id, DUINEN)
    replaced = (await _put(world, provider_id, {"name": "De Duinen", "municipality": HOME})).json()
    assert {name for name, value in replaced.items() if value is not None} == {"key", "name", "municipality"}


async def test_the_same_key_of_two_providers_is_two_places(world: World) -> None:
    one, other = await world.add_provider(), await world.add_provider()
    assert (await _put(world, one, DUINEN)).status_code == 201
    assert (await _put(world, other, DUINEN | {"name": "Anders"})).status_code == 201
    assert (await _put(world, one, DUINEN)).headers["etag"] == '"1"'


async def test_honours_if_match_without_asking_for_it(world: World) -> None:
    provider_id = await world.add_provider()
    absent = await _put(world, provider_id, DUINEN, **{"If-Match": '"1"'})
    problem(absent, 412, "stale-version")
    await _put(world, provider_id, DUINEN)
    changed = await _put(world, provider_id, DUINEN | {"name": "Twee"}, **{"If-Match": '"1"'})
    assert (changed.status_code, changed.headers["etag"]) == (200, '"2"')
    stale = await _put(world, provider_id, DUINEN | {"name": "Drie"}, **{"If-Match": '"1"'})
    assert '"2"' in problem(stale, 412, "stale-version")["detail"]
    assert (await _put(world, provider_id, DUINEN | {"name": "Twee"})).headers["etag"] == '"2"'


async def test_first_puts_of_the_same_key_at_once_end_with_one_row(committing_world: World) -> None:
    world = committing_world
    provider_id = await world.add_provider()
    bodies = [DUINEN | {"name": f"Naam {number}"} for number in range(8)]
    answers = await asyncio.gather(*(_put(world, provider_id, body) for body in bodies))
    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [201]
    assert {answer.headers["etag"] for answer in answers} == {f'"{number}"' for number in range(1, 9)}
    last = max(answers, key=lambda answer: str(answer.headers["etag"])).json()
    again = await _put(world, provider_id, {name: value for name, value in last.items() if name != "key"})
    assert (again.status_code, again.headers["etag"]) == (200, '"8"')
    found = await world.ok(world.http.get(f"/v1/providers?municipality={DUINEN['municipality']}", headers=world.gi))
    assert [each["id"] for each in found["items"]] == [provider_id]
