"""GET /availability: which offers, in which order, on which page, and what the public sees."""

from typing import Any

import pytest

from app.finding.search.schemas import AvailabilityItem
from app.kit.pages import Page, encode_cursor
from app.kit.security.callers import Role
from tests.conftest import SettableClock, serving
from tests.world import World, codes, problem

PATH = "/v1/availability"


async def _found(world: World, **query: Any) -> list[dict[str, Any]]:
    content = await world.ok(world.http.get(PATH, params=query, headers=world.gi))
    items: list[dict[str, Any]] = content["items"]
    return items


async def _ids(world: World, **query: Any) -> list[str]:
    return [item["offer"]["id"] for item in await _found(world, **query)]


async def _place(world: World, postcode: str, **fields: Any) -> dict[str, Any]:
    """An offer of a provider of its own at a postcode."""
    provider = await world.add_provider()
    await world.add_location(provider, "here", postcode=postcode)
    return await world.add_offer(provider, locationKey="here", **fields)


async def test_needs_a_token(world: World) -> None:
    problem(await world.http.get(PATH), 401, "unauthenticated")


@pytest.mark.parametrize("role", list(Role))
async def test_every_professional_role_may_ask(world: World, role: Role) -> None:
    offer = await world.add_offer()
    await world.report(offer, placesFree=2)
    content = await world.ok(world.http.get(PATH, headers=world.as_(role)))
    assert content["items"][0]["availability"]["placesFree"] == 2


async def test_lists_all_errors_at_once(world: World) -> None:
    answer = await world.http.get(
        f"{PATH}?careType=magie&region=JZ40&municipality=Schagen&contractedFor=PV27&postcode=123&radiusKm=0"
        "&age=-1&gender=x&specialisation=magie&status=vol&provider=1&sort=cheapest&limit=0&vrij=ja",
        headers=world.gi,
    )
    found = codes(answer)
    assert found == {
        "#/query/careType/0": "unknown-code",
        "#/query/region/0": "unknown-code",
        "#/query/municipality/0": "municipality-code",
        "#/query/contractedFor": "unknown-code",
        "#/query/postcode": "pc4",
        "#/query/radiusKm": "out-of-range",
        "#/query/age": "out-of-range",
        "#/query/gender": "unknown-code",
        "#/query/specialisation/0": "unknown-code",
        "#/query/status/0": "unknown-code",
        "#/query/provider": "format",
        "#/query/sort": "unknown-code",
        "#/query/limit": "out-of-range",
        "#/query/vrij": "unknown-query-key",
    }


async def test_distance_needs_a_postcode(world: World) -> None:
    answer = await world.http.get(PATH, params={"radiusKm": 5, "sort": "nearest"}, headers=world.gi)
    assert codes(answer) == {"#/query/radiusKm": "needs-postcode", "#/query/sort": "needs-postcode"}


@pytest.mark.parametrize(
    ("report", "status", "start"),
    [
        ({"placesFree": 1}, "free", "2026-11-22"),
        ({"placesFree": 1, "waitingCount": 1}, "waiting", None),  # the place is for who waits
        ({"placesFree": 0, "nextFreeOn": "2026-12-20"}, "soon", "2026-12-20"),  # the 28th day
        ({"placesFree": 0, "nextFreeOn": "2026-12-21"}, "waiting", "2026-12-21"),
        ({"placesFree": 0, "waitDaysIntake": 7, "waitDaysTreatment": 7}, "soon", "2026-12-06"),
        ({"placesFree": 0}, "waiting", None),
        ({"placesFree": 1, "acceptsReferrals": False}, "closed", "2026-11-22"),
        ({"placesFree": 1, "observedAt": "2026-10-22T22:00:00Z"}, "free", "2026-11-22"),  # 30 days old
        ({"placesFree": 1, "observedAt": "2026-10-22T21:59:59Z"}, "unknown", None),  # 31 days old
        ({"placesFree": 1, "observedAt": "2026-10-01T00:00:00Z", "acceptsReferrals": False}, "closed", None),
        (None, "unknown", None),
    ],
)
async def test_status_and_start(world: World, report: dict[str, Any] | None, status: str, start: str | None) -> None:
    offer = await world.add_offer()
    if report is not None:
        await world.report(offer, **report)
    (item,) = await _found(world)
    assert (item["availability"]["status"], item["availability"]["expectedStart"]) == (status, start)
    assert await _ids(world, status=status) == [offer["id"]]
    assert await _ids(world, status=[each for each in ("free", "soon", "waiting", "unknown") if each != status]) == []


async def test_a_stop_in_force_closes(world: World) -> None:
    offer = await world.add_offer()
    await world.report(offer)
    await world.add_contract(offer["providerId"], regions=["JZ03", "JZ06"])
    await world.add_stop(offer["providerId"], world.region("JZ06"), imposedBy="region")
    assert [item["availability"]["status"] for item in await _found(world, contractedFor="GM0400")] == ["free"]
    assert [item["availability"]["status"] for item in await _found(world, contractedFor="JZ06")] == ["closed"]
    assert [item["availability"]["status"] for item in await _found(world)] == ["closed"]


async def test_shows_what_a_referrer_needs(world: World) -> None:
    offer = await world.add_offer()
    await world.report(offer, placesFree=1, waitingCount=0, waitDaysIntake=3, observedAt="2026-11-20T23:30:00-01:00")
    await world.add_contract(offer["providerId"])
    provider = world.provider(offer["providerId"])
    etag = (await world.http.get(f"/v1/providers/{offer['providerId']}", headers=world.gi)).headers["etag"]
    body = {"contact": {"phone": "088 000 0123"}}
    await world.ok(
        world.http.patch(f"/v1/providers/{offer['providerId']}", json=body, headers=provider | {"If-Match": etag})
    )
    answer = await world.http.get(PATH, params={"contractedFor": "GM0400", "postcode": "1781"}, headers=world.gi)
    (item,) = Page[AvailabilityItem].model_validate_json(answer.content).items
    assert item.provider.contact.phone == "088 000 0123"
    assert item.availability.model_dump(by_alias=False, mode="json") == {
        "note": None,
        "places_total": None,
        "wait_days_intake": 3,
        "wait_days_treatment": None,
        "status": "soon",
        "expected_start": "2026-11-24",
        "wait_days": 3,
        "observed_at": "2026-11-21T00:30:00Z",
        "age_days": 1,
        "places_free": 1,
        "waiting_count": 0,
    }
    assert item.distance_km == 0
    assert item.contract is not None
    assert (item.contract.kind, item.contract.ceiling_reached) == ("regional", False)


async def test_contracted_for_shows_only_what_is_contracted_there(world: World) -> None:
    regional, light, expired, none = [await world.add_offer() for _ in range(4)]
    await world.add_contract(regional["providerId"], ceiling={"reached": True})
    await world.add_contract(light["providerId"], kind="light", regions=[], municipalities=["GM0441"])
    await world.add_contract(expired["providerId"], validTo="2026-11-21")
    assert set(await _ids(world)) == {each["id"] for each in (regional, light, expired, none)}
    of_den_helder = await _found(world, contractedFor="GM0400")
    assert [item["offer"]["id"] for item in of_den_helder] == [regional["id"]]
    assert of_den_helder[0]["contract"] == {"kind": "regional", "ceilingReached": True}
    assert set(await _ids(world, contractedFor="GM0441")) == {regional["id"], light["id"]}
    assert await _ids(world, contractedFor="JZ03") == [regional["id"]]


async def test_filters(world: World) -> None:
    girls = await _place(world, "1781AB", genders=["female"], ageMin=12, specialisations=["trauma", "ass"])
    young = await _place(world, "1811AB", careType="pleegzorg-voltijd", ageMax=11, specialisations=["trauma"])
    assert await _ids(world, careType=["gezinshuis"]) == [girls["id"]]
    assert set(await _ids(world, careType=["gezinshuis", "pleegzorg-voltijd"])) == {girls["id"], young["id"]}
    assert await _ids(world, gender="male") == [young["id"]]
    assert await _ids(world, age=11) == [young["id"]]
    assert await _ids(world, age=12) == [girls["id"]]
    assert await _ids(world, specialisation=["trauma", "ass"]) == [girls["id"]]
    assert await _ids(world, region="JZ03") == [girls["id"]]
    assert await _ids(world, municipality="GM0361") == [young["id"]]
    assert await _ids(world, municipality="GM0361", region="JZ03") == []
    assert await _ids(world, provider=young["providerId"]) == [young["id"]]


async def test_help_at_home_is_given_where_its_service_area_says(world: World) -> None:
    provider = await world.add_provider()
    await world.add_location(provider, "office", postcode="6211AB")
    serving = await world.add_offer(provider, atHome=True, locationKey="office", serviceArea=["GM0400"])
    await world.add_offer(provider, atHome=True, locationKey="office", serviceArea=None)
    await world.add_offer(provider, locationKey="office", serviceArea=["GM0400"])
    assert await _ids(world, municipality="GM0400") == [serving["id"]]
    assert await _ids(world, region="JZ03") == [serving["id"]]
    offers = await world.ok(world.http.get("/v1/offers?municipality=GM0400", headers=world.gi))
    assert [item["id"] for item in offers["items"]] == [serving["id"]]
    content = await world.match()
    assert [each["offer"]["id"] for each in content["alternatives"]] == [serving["id"]]


async def test_radius_and_nearest(world: World) -> None:
    amsterdam = await _place(world, "1011AB")
    alkmaar = await _place(world, "1811AB")
    home = await world.add_offer(atHome=True)
    provider = await world.add_provider()
    nowhere = await world.add_offer(provider, locationKey=None)
    assert await _ids(world, postcode="1781", sort="nearest") == [
        each["id"] for each in (home, alkmaar, amsterdam, nowhere)
    ]
    within = await _ids(world, postcode="1781", radiusKm=45)
    assert set(within) == {home["id"], alkmaar["id"], nowhere["id"]}


async def test_orders(world: World) -> None:
    closed, later, free, unknown = [await world.add_offer() for _ in range(4)]
    await world.report(closed, acceptsReferrals=False, observedAt="2026-11-21T12:00:00Z")
    await world.report(later, placesFree=0, nextFreeOn="2026-12-01", observedAt="2026-11-22T09:00:00Z")
    await world.report(free, observedAt="2026-11-20T12:00:00Z")
    assert await _ids(world) == [each["id"] for each in (free, later, unknown, closed)]
    assert await _ids(world, sort="freshest") == [each["id"] for each in (later, closed, free, unknown)]


@pytest.mark.parametrize("sort", ["soonest", "nearest", "freshest"])
async def test_pages_show_each_place_once_also_over_midnight(world: World, clock: SettableClock, sort: str) -> None:
    provider = await world.add_provider()
    await world.add_location(provider)
    offers = [await world.add_offer(provider, f"o{number}", locationKey="here") for number in range(7)]
    for number, offer in enumerate(offers[:5]):
        await world.report(offer, placesFree=number % 2, nextFreeOn="2026-11-23")
    seen: list[str] = []
    path: str | None = f"{PATH}?limit=2&postcode=1781&sort={sort}"
    while path is not None:
        answer = await world.http.get(path, headers=world.gi)
        content = answer.json()
        assert len(content["items"]) <= 2
        seen += [item["offer"]["id"] for item in content["items"]]
        path = content["_links"].get("next", {}).get("href")
        assert ("link" in answer.headers) == (path is not None)
        clock.now = clock.now.replace(day=23)
    assert sorted(seen) == sorted(offer["id"] for offer in offers)


async def test_a_cursor_of_another_list_is_refused(world: World) -> None:
    for number in range(3):
        await world.add_provider(name=f"Demo {number}")
    content = await world.ok(world.http.get("/v1/providers?limit=1", headers=world.gi))
    cursor = content["_links"]["next"]["href"].split("cursor=")[1]
    for given in (cursor, "x", "bnVsbA"):
        answer = await world.http.get(f"{PATH}?cursor={given}", headers=world.gi)
        assert codes(answer) == {"#/query/cursor": "invalid-cursor"}


@pytest.mark.parametrize("day", ["0001-01-01", "2026-11-20", "2026-11-23", "9999-12-31"])
async def test_a_cursor_of_another_day_is_refused(world: World, day: str) -> None:
    await world.report(await world.add_offer())
    cursor = encode_cursor(PATH, [day, 0.0, 0.0, ""])
    assert codes(await world.http.get(PATH, params={"cursor": cursor}, headers=world.gi)) == {
        "#/query/cursor": "invalid-cursor"
    }


async def test_the_public_sees_status_and_wait_where_the_setting_allows(world: World) -> None:
    offer = await world.add_offer()
    await world.report(offer, placesFree=0, waitingCount=4, waitDaysIntake=60, note="Bel Noord.")
    settings = world.parts.settings.model_copy(update={"public_access": True})
    async with serving(settings, world.parts.database, world.parts.clock) as public:
        (item,) = (await public.ok(public.http.get(PATH)))["items"]
        assert item["availability"]["status"] == "waiting"
        assert item["availability"]["waitDays"] == 60
        assert not {"placesFree", "waitingCount", "note"} & item["availability"].keys()
        (counted,) = (await public.ok(public.http.get(PATH, headers=public.gi)))["items"]
        assert counted["availability"]["waitingCount"] == 4
        for path in ("/v1/offers", f"/v1/offers/{offer['id']}", "/v1/providers"):
            assert "Bel Noord" not in (await public.http.get(path)).text
            await public.ok(public.http.get(path))
        problem(await public.http.get(f"/v1/offers/{offer['id']}/capacity"), 401, "unauthenticated")
        bad = {"Authorization": "Bearer x"}
        problem(await public.http.get(PATH, headers=bad), 401, "unauthenticated")


async def test_asks_the_database_nothing(world: World, statements: list[str]) -> None:
    for _ in range(5):
        await world.report(await world.add_offer())
    statements.clear()
    assert len(await _found(world, contractedFor="GM0400", postcode="1781", limit=3)) == 0
    assert len(await _found(world, limit=3)) == 3
    assert statements == []


async def test_the_public_is_limited_by_address(world: World) -> None:
    settings = world.parts.settings.model_copy(update={"public_access": True, "rate_limit": "2/minute"})
    async with serving(settings, world.parts.database, world.parts.clock) as public:
        for _ in range(2):
            await public.ok(public.http.get(PATH))
        refused = await public.http.get(PATH)
        problem(refused, 429, "too-many-requests")
        assert int(refused.headers["retry-after"]) > 0
        await public.ok(public.http.get(PATH, headers=public.gi))
