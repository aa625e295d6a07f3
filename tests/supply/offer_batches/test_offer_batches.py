"""A provider's catalogue in one call: who may, what is refused, what comes of each item, and what stands afterwards."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from app.kit.entity_tags import etag_of
from app.kit.security.callers import Role
from app.settings import Settings
from tests.conftest import SettableClock
from tests.world import (
    HOME,
    World,
    codes,
    problem,
)

PLACE = {"key": "duinen", "name": "De Duinen", "postcode": "1781AB"}
HOUSE = {
    "key": "huis",
    "name": "Gezinshuis",
    "careType": "gezinshuis",
    "ageMin": 4,
    "ageMax": 17,
    "locationKey": "duinen",
}
TEAM = {
    "key": "team",
    "name": "Team",
    "careType": "ambulante-begeleiding",
    "ageMin": 0,
    "ageMax": 17,
    "atHome": True,
    "genders": ["female", "other"],
    "specialisations": ["trauma", "hechting"],
    "serviceArea": [HOME],
    "productCodes": ["44A09"],
}
BOTH = {"locations": [PLACE], "requests": [HOUSE, TEAM]}


def _path(provider_id: str, *keys: str) -> str:
    return f"/v1/providers/{provider_id}/offers/_batch" + "?" * bool(keys) + "&".join(f"{key}=true" for key in keys)


async def _push(world: World, provider_id: str, body: Any, *keys: str, **headers: str) -> httpx.Response:
    return await world.http.post(_path(provider_id, *keys), json=body, headers=world.provider(provider_id) | headers)


async def _statuses(world: World, provider_id: str, body: Any, *keys: str) -> list[str]:
    """What came of the locations and then the offers; the counts must agree."""
    answer = (await _push(world, provider_id, body, *keys)).json()
    found = [each["status"] for each in answer["locations"] + answer["results"]]
    for status in ("created", "replaced", "unchanged", "rejected"):
        assert answer[status] == found.count(status)
    assert answer["ended"] == len(answer["endedOffers"])
    return found


async def _offers(world: World, provider_id: str, query: str = "?ended=true") -> dict[str, dict[str, Any]]:
    path = f"/v1/providers/{provider_id}/offers{query}"
    items = (await world.ok(world.http.get(path, headers=world.gi)))["items"]
    return {item["key"]: item for item in items}


async def test_needs_a_token(world: World) -> None:
    provider = await world.add_provider()
    problem(await world.http.post(_path(provider), json=BOTH), 401, "unauthenticated")


async def test_is_the_owners_alone(world: World) -> None:
    provider, other = await world.add_provider(), await world.add_provider()
    for headers in (world.provider(other), world.gi, world.region(), world.as_(Role.LOCAL_TEAM)):
        for path in (_path(provider), _path(provider, "dryRun")):
            problem(await world.http.post(path, json=BOTH, headers=headers), 403, "forbidden")
    assert await _offers(world, provider) == {}
    answer = await world.ok(world.http.post(_path(provider), json=BOTH, headers=world.admin))
    assert answer["created"] == 3


async def test_of_an_unknown_provider_is_404(world: World) -> None:
    problem(await _push(world, str(uuid4()), BOTH), 404, "not-found")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ([], {"#": "type"}),
        ({}, {"#/requests": "missing"}),
        ({"requests": {}}, {"#/requests": "type"}),
        ({"requests": []}, {"#/requests": "too-few"}),
        ({"requests": [], "locations": None}, {"#/locations": "type"}),
        ({"requests": [HOUSE], "offers": []}, {"#/offers": "unknown-field"}),
        ({"requests": [{}] * 5001}, {"#/requests": "too-many"}),
        ({"requests": [TEAM], "locations": [{}] * 5001}, {"#/locations": "too-many"}),
    ],
)
async def test_refuses_what_is_no_batch(world: World, body: Any, expected: dict[str, str]) -> None:
    assert codes(await _push(world, await world.add_provider(), body)) == expected


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        (None, {"#/requests/1": "type"}),
        ([], {"#/requests/1": "type"}),
        ({**TEAM, "key": None}, {"#/requests/1/key": "type"}),
        ({**TEAM, "key": "met spatie"}, {"#/requests/1/key": "pattern"}),
        ({**TEAM, "key": "123456782"}, {"#/requests/1/key": "bsn"}),
        ({**TEAM, "key": "huis"}, {"#/requests/1/key": "repeated"}),
        (
            {name: TEAM[name] for name in TEAM if name not in {"key", "ageMin"}},
            {"#/requests/1/key": "missing", "#/requests/1/ageMin": "missing"},
        ),
    ],
)
async def test_a_key_that_cannot_be_read_refuses_all(world: World, wrong: Any, expected: dict[str, str]) -> None:
    provider = await world.add_provider()
    assert codes(await _push(world, provider, {"requests": [TEAM | {"key": "huis"}, wrong]}, "endMissing")) == expected
    assert await _offers(world, provider) == {}


async def test_refuses_unknown_query_keys_and_other_types(world: World) -> None:
    provider = await world.add_provider()
    assert codes(await _push(world, provider, BOTH, "mirror")) == {"#/query/mirror": "unknown-query-key"}
    headers = world.provider(provider) | {"Content-Type": "text/csv"}
    problem(await world.http.post(_path(provider), content=b"key,name", headers=headers), 415, "unsupported-media-type")


async def test_takes_a_body_larger_than_others(world: World, settings: Settings) -> None:
    provider = await world.add_provider()
    headers = world.provider(provider) | {"Content-Type": "application/json"}
    padded = b'{"requests": []' + b" " * settings.max_body_bytes + b"}"
    assert codes(await world.http.post(_path(provider), content=padded, headers=headers)) == {"#/requests": "too-few"}
    over = b" " * (settings.max_bulk_body_bytes + 1)
    problem(await world.http.post(_path(provider), content=over, headers=headers), 413, "body-too-large")


async def test_makes_locations_and_the_offers_at_them(world: World) -> None:
    provider = await world.add_provider()
    await world.add_contract(provider)
    answer = await world.ok(_push(world, provider, BOTH))
    offers = await _offers(world, provider)
    assert answer == {
        "dryRun": False,
        "created": 3,
        "replaced": 0,
        "unchanged": 0,
        "ended": 0,
        "rejected": 0,
        "results": [
            {"key": key, "status": "created", "changes": [], "problem": None, "offerId": offers[key]["id"]}
            for key in ("huis", "team")
        ],
        "locations": [{"key": "duinen", "status": "created", "changes": [], "problem": None}],
        "endedOffers": [],
    }
    assert offers["huis"]["location"]["city"] == "Den Helder"
    assert {result["offer"]["id"] for result in (await world.match())["results"]} == {offers["huis"]["id"]}


async def test_comes_to_the_same_as_single_puts(world: World) -> None:
    one, many = await world.add_provider(name="A"), await world.add_provider(name="A")
    await world.add_location(one, **PLACE)
    for key, body in (("huis", HOUSE), ("team", TEAM)):
        await world.add_offer(one, key, **{name: body[name] for name in body if name != "key"})
    await _push(world, many, BOTH)
    single, batch = await _offers(world, one), await _offers(world, many)
    for key in ("huis", "team"):
        own = {"id", "providerId"}
        assert {n: v for n, v in single[key].items() if n not in own} == {
            n: v for n, v in batch[key].items() if n not in own
        }
    body = {name: HOUSE[name] for name in HOUSE if name != "key"}
    for provider in (one, many):
        path = f"/v1/providers/{provider}/offers/huis"
        put = await world.http.put(path, json=body, headers=world.provider(provider))
        assert (put.status_code, put.headers["etag"]) == (200, etag_of(1, 1, 1)), "the same again is no new version"


async def test_the_words_of_an_offer_find_it(world: World) -> None:
    provider = await world.add_provider()
    await _push(world, provider, BOTH)
    found = (await world.ok(world.http.get("/v1/offers?q=gezinshuis den helder", headers=world.gi)))["items"]
    assert [each["key"] for each in found] == ["huis"]
    await _push(world, provider, {"requests": [], "locations": [PLACE | {"city": "Julianadorp"}]})
    found = (await world.ok(world.http.get("/v1/offers?q=julianadorp", headers=world.gi)))["items"]
    assert [each["key"] for each in found] == ["huis"]


async def test_says_what_differs_field_by_field(world: World) -> None:
    provider = await world.add_provider()
    await _push(world, provider, BOTH)
    changed = {
        "locations": [PLACE, {"key": "elders", "name": "Elders", "municipality": "GM0361"}],
        "requests": [HOUSE | {"ageMax": 12, "locationKey": "elders"}, TEAM | {"serviceArea": None}],
    }
    answer = await world.ok(_push(world, provider, changed))
    assert [each["status"] for each in answer["locations"]] == ["unchanged", "created"]
    assert [each["changes"] for each in answer["results"]] == [
        [
            {"field": "ageMax", "old": 17, "new": 12},
            {"field": "locationKey", "old": "duinen", "new": "elders"},
        ],
        [{"field": "serviceArea", "old": [HOME], "new": None}],
    ]
    offers = await _offers(world, provider)
    assert (offers["huis"]["location"]["key"], offers["team"]["serviceArea"]) == ("elders", None)
    assert await _statuses(world, provider, changed) == ["unchanged"] * 4
    moved = {"locations": [PLACE | {"postcode": "1811AA"}], "requests": []}
    [location] = (await _push(world, provider, moved)).json()["locations"]
    assert {each["field"] for each in location["changes"]} == {
        *("postcode", "city", "municipality", "latitude", "longitude")
    }


async def test_what_is_wrong_is_rejected_and_the_others_are_not(world: World) -> None:
    provider = await world.add_provider()
    await world.add_location(await world.add_provider(), "van-een-ander")
    body = {
        "locations": [PLACE, {"key": "nergens", "name": "Nergens", "postcode": "0000"}, {"key": "zonder", "name": "Z"}],
        "requests": [
            HOUSE,
            HOUSE | {"key": "a", "locationKey": "nergens"},
            HOUSE | {"key": "b", "locationKey": "van-een-ander"},
            TEAM | {"key": "c", "ageMax": 200, "name": "voor 123456782", "plekken": 3},
            TEAM,
        ],
    }
    answer = await world.ok(_push(world, provider, body))
    assert [each["status"] for each in answer["locations"]] == ["created", "rejected", "rejected"]
    assert [each["status"] for each in answer["results"]] == ["created", *["rejected"] * 3, "created"]
    told = [each["problem"]["errors"] for each in answer["locations"] + answer["results"] if each["problem"]]
    assert [{error["pointer"]: error["code"] for error in each} for each in told] == [
        {"#/locations/1/postcode": "pc4"},
        {"#/locations/2/municipality": "missing"},
        {"#/requests/1/locationKey": "unknown-location"},
        {"#/requests/2/locationKey": "unknown-location"},
        {
            "#/requests/3/name": "bsn",
            "#/requests/3/ageMax": "out-of-range",
            "#/requests/3/plekken": "unknown-field",
        },
    ]
    assert set(await _offers(world, provider)) == {"huis", "team"}


async def test_an_offer_may_name_a_location_that_stays_as_it_was(world: World) -> None:
    provider = await world.add_provider()
    await world.add_location(provider, "duinen")
    assert await _statuses(world, provider, {"requests": [HOUSE]}) == ["created"]
    refused = {"locations": [PLACE | {"latitude": 52}], "requests": [HOUSE]}
    assert await _statuses(world, provider, refused) == ["rejected", "unchanged"]


@pytest.mark.parametrize(("language", "word"), [("nl", "verplicht"), ("en", "required")])
async def test_a_rejected_item_is_told_in_the_callers_language(world: World, language: str, word: str) -> None:
    provider = await world.add_provider()
    answer = await _push(world, provider, {"requests": [{"key": "a"}]}, **{"Accept-Language": language})
    [result] = answer.json()["results"]
    assert word in result["problem"]["errors"][0]["detail"]
    assert result["problem"]["instance"] == _path(provider)


async def test_all_or_nothing(world: World) -> None:
    provider = await world.add_provider()
    body = {"locations": [PLACE], "requests": [HOUSE, TEAM | {"ageMin": 18}]}
    for keys in (["atomic"], ["atomic", "dryRun"], ["atomic", "endMissing"]):
        answer = await _push(world, provider, body, *keys)
        content = problem(answer, 400, "invalid-input")
        assert codes(answer) == {"#/requests/1/ageMax": "order"}
        assert (content["created"], content["ended"], content["rejected"]) == (0, 0, 3)
        assert [each["problem"]["status"] for each in content["locations"] + content["results"]] == [409, 409, 400]
    assert await _offers(world, provider) == {}
    assert await _statuses(world, provider, body) == ["created", "created", "rejected"]
    assert await _statuses(world, provider, BOTH, "atomic") == ["unchanged", "unchanged", "created"]


async def test_what_is_not_in_the_list_ends_only_when_that_is_asked(world: World, clock: SettableClock) -> None:
    provider, other = await world.add_provider(), await world.add_provider()
    await world.add_contract(provider)
    await _push(world, other, BOTH)
    await _push(world, provider, BOTH)
    before = await _offers(world, provider)
    assert await _statuses(world, provider, {"requests": [TEAM]}) == ["unchanged"]
    assert set(await _offers(world, provider, "")) == {"huis", "team"}
    for _ in range(2):
        answer = await world.ok(_push(world, provider, {"requests": [TEAM | {"ageMin": 99}]}, "endMissing"))
        assert answer["rejected"] == 1, "what is rejected is in the list all the same"
    assert answer["endedOffers"] == []
    after = await _offers(world, provider)
    assert after["team"] == before["team"]
    assert after["huis"] == before["huis"] | {"endedAt": "2026-11-22T10:00:00Z"}
    assert (await world.match())["results"] == []
    assert set(await _offers(world, other, "")) == {"huis", "team"}
    clock.now = clock.now.replace(day=23)
    again = (await world.ok(_push(world, provider, BOTH)))["results"][0]
    assert again["status"] == "replaced"
    assert again["changes"] == [{"field": "endedAt", "old": "2026-11-22T10:00:00Z", "new": None}]
    assert await _offers(world, provider) == before


async def test_the_offers_that_end_are_told(world: World) -> None:
    provider = await world.add_provider()
    await _push(world, provider, BOTH)
    huis = (await _offers(world, provider))["huis"]
    dry = await world.ok(_push(world, provider, {"requests": [TEAM]}, "endMissing", "dryRun"))
    assert (await _offers(world, provider))["huis"] == huis
    answer = await world.ok(_push(world, provider, {"requests": [TEAM]}, "endMissing"))
    ended = {"key": "huis", "status": "ended", "changes": [], "problem": None, "offerId": huis["id"]}
    assert dry["endedOffers"] == answer["endedOffers"] == [ended]
    assert (dry["ended"], answer["ended"]) == (1, 1)


async def test_an_empty_list_does_not_end_all(world: World) -> None:
    provider = await world.add_provider()
    await _push(world, provider, BOTH)
    answer = await _push(world, provider, {"requests": [], "locations": [PLACE]}, "endMissing")
    assert codes(answer) == {"#/requests": "too-few"}
    assert set(await _offers(world, provider, "")) == {"huis", "team"}


async def test_a_dry_run_says_what_would_be_and_changes_nothing(world: World, statements: list[str]) -> None:
    provider = await world.add_provider()
    await _push(world, provider, BOTH)
    changed = {
        "locations": [PLACE | {"name": "Anders"}, PLACE | {"key": "nieuw"}],
        "requests": [HOUSE | {"locationKey": "nieuw"}, HOUSE | {"key": "tweede"}, TEAM | {"unit": "bedden"}],
    }
    before = await _offers(world, provider)
    key = {"Idempotency-Key": "een-sleutel"}
    statements.clear()
    dry = await world.ok(_push(world, provider, changed, "dryRun", **key))
    assert not [each for each in statements if each.startswith(("INSERT", "UPDATE")) or "FOR " in each]
    assert await _offers(world, provider) == before
    assert dry["dryRun"] is True
    done = await world.ok(_push(world, provider, changed, **key))
    assert done["dryRun"] is False
    assert [each["offerId"] is None for each in dry["results"]] == [False, True, True]
    for each in (*dry["results"], *done["results"]):
        each.pop("offerId")
    assert dry | {"dryRun": False} == done
    assert [each["status"] for each in done["locations"]] == ["replaced", "created"]
    assert done["results"][0]["changes"] == [{"field": "locationKey", "old": "duinen", "new": "nieuw"}]


async def test_an_idempotency_key_gives_the_same_answer(world: World) -> None:
    provider = await world.add_provider()
    key = {"Idempotency-Key": "levering-1"}
    first = await _push(world, provider, BOTH, **key)
    again = await _push(world, provider, BOTH, **key)
    assert first.json()["created"] == 3
    assert again.content == first.content
    problem(await _push(world, provider, {"requests": [TEAM]}, **key), 422, "idempotency-key-reused")
    problem(await _push(world, provider, BOTH, "endMissing", **key), 422, "idempotency-key-reused")


async def test_as_many_statements_for_two_offers_as_for_many(world: World, statements: list[str]) -> None:
    counts = []
    for many in (4, 300):
        provider = await world.add_provider()
        locations = [PLACE | {"key": f"l{number}"} for number in range(many)]
        offers = [HOUSE | {"key": f"o{number}", "locationKey": f"l{number}"} for number in range(many)]
        await _push(world, provider, {"locations": locations[::2], "requests": offers[::2]})
        changed = [each | {"name": "Anders"} for each in offers[:-1]]
        statements.clear()
        body = {"locations": [each | {"name": "Anders"} for each in locations], "requests": changed}
        found = await _statuses(world, provider, body, "endMissing")
        assert set(found) == {"created", "replaced"}
        counts.append(len([each for each in statements if " locations" in each or " offers" in each]))
    assert counts[0] == counts[1] <= 12


async def test_leaves_the_capacity_of_an_offer_alone(world: World) -> None:
    provider = await world.add_provider()
    await _push(world, provider, BOTH)
    huis = (await _offers(world, provider))["huis"]
    await world.report(huis | {"providerId": provider}, placesFree=3)
    await _push(world, provider, {"requests": [HOUSE | {"name": "Anders"}]})
    standing = await world.ok(world.http.get(f"/v1/offers/{huis['id']}/capacity", headers=world.gi))
    assert standing["placesFree"] == 3
