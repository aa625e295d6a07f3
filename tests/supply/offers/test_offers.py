"""Providers keeping their offers by keys of their own."""

import asyncio
from typing import Any
from uuid import uuid4

import httpx
import pytest

from app.kit.security.callers import Role
from app.settings import Settings
from tests.conftest import SavepointDatabase, SettableClock, serving
from tests.supply.providers.pages import flat, walk
from tests.world import (
    HOME,
    World,
    codes,
    problem,
)

LEAST = {"name": "Ambulant team", "careType": "ambulante-begeleiding", "ageMin": 0, "ageMax": 17}
FULL = {
    "name": "Gezinshuis De Duinen",
    "description": "Vier plekken in een gezin.",
    "careType": "gezinshuis",
    "ageMin": 4,
    "ageMax": 17,
    "genders": ["female", "other"],
    "specialisations": ["trauma", "hechting"],
    "exclusionCriteria": ["brandstichting"],
    "locationKey": "here",
    "atHome": False,
    "serviceArea": [HOME, "GM0441"],
    "needsCourtAuthorisation": True,
    "productCodes": ["44A09"],
    "unit": "trajectories",
}


async def _put(world: World, provider_id: str, body: Any, key: str = "duinen", **headers: str) -> httpx.Response:
    path = f"/v1/providers/{provider_id}/offers/{key}"
    return await world.http.put(path, json=body, headers=world.provider(provider_id) | headers)


async def _end(world: World, offer: dict[str, Any], **headers: str) -> httpx.Response:
    own = world.provider(offer["providerId"])
    return await world.http.delete(f"/v1/offers/{offer['id']}", headers=own | headers)


async def _get(world: World, offer: dict[str, Any]) -> dict[str, Any]:
    return await world.ok(world.http.get(f"/v1/offers/{offer['id']}", headers=world.gi))


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "/v1/providers/{provider}/offers/duinen"),
        ("GET", "/v1/providers/{provider}/offers"),
        ("GET", "/v1/offers/{offer}"),
        ("DELETE", "/v1/offers/{offer}"),
        ("GET", "/v1/offers"),
    ],
)
async def test_needs_a_token(world: World, method: str, path: str) -> None:
    offer = await world.add_offer()
    url = path.format(provider=offer["providerId"], offer=offer["id"])
    answer = await world.http.request(method, url, json=LEAST if method == "PUT" else None)
    problem(answer, 401, "unauthenticated")


async def test_reads_without_a_token_only_where_public_access_is_on(
    settings: Settings, database: SavepointDatabase, clock: SettableClock
) -> None:
    async with serving(settings.model_copy(update={"public_access": True}), database, clock) as world:
        offer = await world.add_offer()
        for path in ("/v1/offers", f"/v1/providers/{offer['providerId']}/offers"):
            assert [each["id"] for each in (await world.ok(world.http.get(path)))["items"]] == [offer["id"]]
        assert await world.ok(world.http.get(f"/v1/offers/{offer['id']}")) == offer
        problem(await world.http.delete(f"/v1/offers/{offer['id']}"), 401, "unauthenticated")
        problem(await world.http.get(f"/v1/offers/{offer['id']}/capacity"), 401, "unauthenticated")


async def test_is_the_owners_alone(world: World) -> None:
    offer = await world.add_offer(key="duinen")
    other = await world.add_provider()
    path = f"/v1/providers/{offer['providerId']}/offers/duinen"
    for headers in (world.provider(other), world.gi, world.region(), world.as_(Role.LOCAL_TEAM)):
        problem(await world.http.put(path, json=LEAST, headers=headers), 403, "forbidden")
        problem(await world.http.delete(f"/v1/offers/{offer['id']}", headers=headers), 403, "forbidden")
    assert await _get(world, offer) == offer
    assert (await world.http.put(path, json=LEAST, headers=world.admin)).json()["name"] == LEAST["name"]


async def test_unknown_is_404(world: World) -> None:
    unknown = uuid4()
    problem(await world.http.get(f"/v1/offers/{unknown}", headers=world.gi), 404, "not-found")
    problem(await world.http.delete(f"/v1/offers/{unknown}", headers=world.admin), 404, "not-found")
    problem(await world.http.get(f"/v1/providers/{unknown}/offers", headers=world.gi), 404, "not-found")
    problem(await _put(world, str(unknown), LEAST), 404, "not-found")
    problem(await world.http.get("/v1/offers/duinen", headers=world.gi), 404, "not-found")


async def test_lists_all_errors_at_once(world: World) -> None:
    body = {
        "name": "Plek voor 123456782",
        "description": "nul\x00teken",
        "careType": "weeshuis",
        "ageMin": 12,
        "ageMax": 4,
        "genders": [],
        "specialisations": ["trauma", "magie", "trauma"],
        "exclusionCriteria": ["lastig"],
        "locationKey": "met spatie",
        "atHome": "misschien",
        "serviceArea": ["GM9999", "Den Helder"],
        "needsCourtAuthorisation": "misschien",
        "productCodes": ["44A091"],
        "unit": "bedden",
        "places": 4,
    }
    assert codes(await _put(world, await world.add_provider(), body, key=".duinen")) == {
        "#/path/key": "pattern",
        "#/name": "bsn",
        "#/description": "control-character",
        "#/careType": "unknown-code",
        "#/ageMax": "order",
        "#/genders": "too-few",
        "#/specialisations/1": "unknown-code",
        "#/exclusionCriteria/0": "unknown-code",
        "#/locationKey": "pattern",
        "#/atHome": "type",
        "#/serviceArea/0": "unknown-code",
        "#/serviceArea/1": "municipality-code",
        "#/needsCourtAuthorisation": "type",
        "#/productCodes/0": "too-long",
        "#/unit": "unknown-code",
        "#/places": "unknown-field",
    }
    assert codes(await _put(world, await world.add_provider(), {})) == {
        "#/name": "missing",
        "#/careType": "missing",
        "#/ageMin": "missing",
        "#/ageMax": "missing",
    }


@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        ({"ageMin": -1}, {"#/ageMin": "out-of-range"}),
        ({"ageMax": 100}, {"#/ageMax": "out-of-range"}),
        ({"ageMin": 4.5}, {"#/ageMin": "type"}),
        ({"genders": ["female", "female"]}, {"#/genders": "repeated"}),
        ({"genders": ["girl"]}, {"#/genders/0": "unknown-code"}),
        ({"specialisations": ["trauma", "trauma"]}, {"#/specialisations": "repeated"}),
        ({"exclusionCriteria": ["weglopen", "weglopen"]}, {"#/exclusionCriteria": "repeated"}),
        ({"serviceArea": [HOME, HOME]}, {"#/serviceArea": "repeated"}),
        ({"productCodes": ["44A09", "44A09"]}, {"#/productCodes": "repeated"}),
        ({"productCodes": ["44A091"]}, {"#/productCodes/0": "too-long"}),
        ({"locationKey": "elders"}, {"#/locationKey": "unknown-location"}),
        ({"locationKey": "here"}, {"#/locationKey": "unknown-location"}),  # another provider's
        ({"unit": None}, {"#/unit": "unknown-code"}),
        ({"id": str(uuid4())}, {"#/id": "unknown-field"}),
    ],
)
async def test_refuses_what_does_not_fit(world: World, fields: dict[str, Any], errors: dict[str, str]) -> None:
    await world.add_location(await world.add_provider())
    provider_id = await world.add_provider()
    assert codes(await _put(world, provider_id, LEAST | fields)) == errors
    assert (await world.ok(world.http.get("/v1/offers", headers=world.gi)))["items"] == []


@pytest.mark.parametrize("age", [{"ageMin": 0, "ageMax": 99}, {"ageMin": 12, "ageMax": 12}])
async def test_takes_the_utmost_ages(world: World, age: dict[str, int]) -> None:
    made = (await _put(world, await world.add_provider(), LEAST | age)).json()
    assert {name: made[name] for name in age} == age


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("careType", "weeshuis"),
        ("specialisations", ["magie"]),
        ("exclusionCriteria", ["lastig"]),
        ("serviceArea", ["GM9999"]),
        ("unit", "bedden"),
        ("locationKey", "elders"),
    ],
)
async def test_an_unknown_code_is_named(world: World, field: str, value: Any) -> None:
    answer = await _put(world, await world.add_provider(), LEAST | {field: value})
    assert len(codes(answer)) == 1
    wrong = value if isinstance(value, str) else value[0]
    assert repr(wrong) in answer.json()["errors"][0]["detail"]


@pytest.mark.parametrize("number", ["123456782", "123.456.782", "123 456 782", "1234.56.782", "123-456-782"])
@pytest.mark.parametrize("field", ["name", "description"])
async def test_refuses_what_may_be_a_bsn(world: World, field: str, number: str) -> None:
    answer = await _put(world, await world.add_provider(), LEAST | {field: f"Voor kind {number}, met spoed"})
    assert codes(answer) == {f"#/{field}": "bsn"}
    assert number not in answer.text


async def test_takes_a_number_that_is_no_bsn(world: World) -> None:
    text = "Bel 088 000 0123 of 06 12345678, sinds 22-11-2026; 123456783."
    made = (await _put(world, await world.add_provider(), LEAST | {"description": text})).json()
    assert made["description"] == text


async def test_keeps_everything_that_is_given(world: World) -> None:
    provider_id = await world.add_provider(name="Jeugdhulp Kust", contact={"email": "aanmelden@example.org"})
    location = await world.add_location(provider_id)
    answer = await _put(world, provider_id, FULL)
    assert answer.status_code == 201
    made = answer.json()
    assert made == FULL | {
        "id": made["id"],
        "providerId": provider_id,
        "providerName": "Jeugdhulp Kust",
        "contact": {"intakeDesk": None, "phone": None, "email": "aanmelden@example.org", "website": None},
        "key": "duinen",
        "location": location,
        "endedAt": None,
    }
    assert answer.headers["location"] == f"/v1/offers/{made['id']}"
    read = await world.http.get(answer.headers["location"], headers=world.gi)
    assert (read.json(), read.headers["etag"]) == (made, answer.headers["etag"])


async def test_fills_in_what_is_left_out(world: World) -> None:
    made = (await _put(world, await world.add_provider(), LEAST)).json()
    assert {name: made[name] for name in FULL} == LEAST | {
        "description": None,
        "genders": ["female", "male", "other"],
        "specialisations": [],
        "exclusionCriteria": [],
        "locationKey": None,
        "atHome": False,
        "serviceArea": None,
        "needsCourtAuthorisation": False,
        "productCodes": [],
        "unit": "places",
    }
    assert made["location"] is None


@pytest.mark.parametrize(
    ("care_type", "given", "kept"),
    [
        ("jeugdzorgplus", {}, True),
        ("jeugdzorgplus", {"needsCourtAuthorisation": None}, True),
        ("jeugdzorgplus", {"needsCourtAuthorisation": False}, False),
        ("gezinshuis", {}, False),
        ("gezinshuis", {"needsCourtAuthorisation": True}, True),
    ],
)
async def test_a_court_authorisation_is_needed_as_the_care_type_says_unless_given(
    world: World, care_type: str, given: dict[str, Any], kept: bool
) -> None:
    answer = await _put(world, await world.add_provider(), LEAST | {"careType": care_type} | given)
    assert answer.json()["needsCourtAuthorisation"] is kept


async def test_replacing_keeps_the_offer_and_bumps_the_etag_only_when_something_differs(world: World) -> None:
    provider_id = await world.add_provider()
    await world.add_location(provider_id)
    first = await _put(world, provider_id, FULL)
    same = await _put(world, provider_id, FULL)
    assert (same.status_code, same.headers["etag"], same.json()) == (200, first.headers["etag"], first.json())
    assert "location" not in same.headers
    replaced = await _put(world, provider_id, LEAST)
    assert replaced.status_code == 200
    assert replaced.headers["etag"] != first.headers["etag"]
    assert replaced.json()["id"] == first.json()["id"]
    assert (replaced.json()["description"], replaced.json()["location"]) == (None, None)


async def test_the_etag_follows_whatever_is_shown(world: World) -> None:
    provider_id = await world.add_provider()
    await world.add_location(provider_id)
    offer = (await _put(world, provider_id, FULL)).json()
    path, own = f"/v1/offers/{offer['id']}", world.provider(provider_id)
    seen = [(await world.http.get(path, headers=own)).headers["etag"]]
    headers = own | {"If-None-Match": seen[0]}
    assert (await world.http.get(path, headers=headers)).status_code == 304
    renaming = own | {"If-Match": '"1"'}
    await world.ok(world.http.patch(f"/v1/providers/{provider_id}", json={"name": "Nieuw"}, headers=renaming))
    answer = await world.http.get(path, headers=headers)
    assert (answer.status_code, answer.json()["providerName"]) == (200, "Nieuw")
    seen.append(answer.headers["etag"])
    await world.add_location(provider_id, postcode="1811AB")
    answer = await world.http.get(path, headers=headers)
    assert (answer.status_code, answer.json()["location"]["city"]) == (200, "Alkmaar")
    seen.append(answer.headers["etag"])
    assert len(set(seen)) == 3


async def test_honours_if_match_without_asking_for_it(world: World) -> None:
    provider_id = await world.add_provider()
    problem(await _put(world, provider_id, LEAST, **{"If-Match": '"1.1"'}), 412, "stale-version")
    first = await _put(world, provider_id, LEAST)
    etag = {"If-Match": first.headers["etag"]}
    second = await _put(world, provider_id, LEAST | {"name": "Twee"}, **etag)
    assert second.status_code == 200
    problem(await _put(world, provider_id, LEAST | {"name": "Drie"}, **etag), 412, "stale-version")
    problem(await _end(world, first.json(), **etag), 412, "stale-version")
    assert (await _get(world, first.json()))["name"] == "Twee"
    assert (await _end(world, first.json(), **{"If-Match": second.headers["etag"]})).status_code == 204


async def test_first_puts_of_the_same_key_at_once_end_with_one_offer(committing_world: World) -> None:
    world = committing_world
    provider_id = await world.add_provider()
    bodies = [LEAST | {"name": f"Naam {number}"} for number in range(6)]
    answers = await asyncio.gather(*(_put(world, provider_id, body) for body in bodies))
    assert sorted(answer.status_code for answer in answers) == [200] * 5 + [201]
    assert len({answer.json()["id"] for answer in answers}) == 1
    listed = await world.ok(world.http.get("/v1/offers", headers=world.gi))
    last = max(answers, key=lambda answer: str(answer.headers["etag"]))
    assert listed["items"] == [last.json()]


async def test_ends_an_offer_and_keeps_it(world: World, clock: SettableClock) -> None:
    offer, other = await world.add_offer(key="duinen"), await world.add_offer()
    answer = await _end(world, offer)
    assert (answer.status_code, answer.content) == (204, b"")
    clock.now = clock.now.replace(hour=12)
    assert (await _end(world, offer)).status_code == 204
    assert await _get(world, offer) == offer | {"endedAt": "2026-11-22T10:00:00Z"}
    listed = await world.ok(world.http.get("/v1/offers", headers=world.gi))
    assert [each["id"] for each in listed["items"]] == [other["id"]]


async def test_putting_an_ended_offer_gives_it_again(world: World) -> None:
    offer = await world.add_offer(key="duinen")
    await _end(world, offer)
    again = await world.add_offer(offer["providerId"], key="duinen")
    assert again == offer
    listed = await world.ok(world.http.get("/v1/offers", headers=world.gi))
    assert [each["id"] for each in listed["items"]] == [offer["id"]]


async def test_a_providers_offers_can_show_those_that_ended(world: World) -> None:
    provider_id = await world.add_provider()
    given = await world.add_offer(provider_id, name="Gegeven")
    ended = await world.add_offer(provider_id, name="Beëindigd")
    await world.add_offer(name="Van een ander")
    await _end(world, ended)
    path = f"/v1/providers/{provider_id}/offers"
    assert flat(await walk(world, path, world.gi)) == [given["id"]]
    assert flat(await walk(world, f"{path}?ended=false", world.gi)) == [given["id"]]
    assert flat(await walk(world, f"{path}?ended=true&limit=1", world.gi)) == [ended["id"], given["id"]]
    answer = await world.http.get(f"{path}?ended=soms&limit=0", headers=world.gi)
    assert codes(answer) == {"#/query/ended": "type", "#/query/limit": "out-of-range"}
