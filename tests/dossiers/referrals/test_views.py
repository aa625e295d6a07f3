"""Who sees what of referrals: each side its own, a provider only what the referral says, a region only how many."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.kit.security.callers import Role
from tests.conftest import OWNER, SavepointDatabase, SettableClock
from tests.dossiers.referrals.scene import (
    OTHER_GI,
    OUTSIDE,
    brought_to,
    decide,
    get,
    items,
    post_referral,
    refer,
)
from tests.supply.providers.pages import flat, walk
from tests.world import World, codes, problem

PATH = "/v1/referrals"
Json = dict[str, Any]


@pytest.mark.parametrize("path", [PATH, "/v1/notices", "/v1/referral-counts", PATH + "/{id}"])
async def test_needs_a_token(world: World, path: str) -> None:
    referral = await refer(world, await world.contracted_offer())
    problem(await world.http.get(path.format(**referral)), 401, "unauthenticated")


@pytest.mark.parametrize("path", [PATH, "/v1/notices", PATH + "/{id}"])
@pytest.mark.parametrize("role", [Role.REGION, Role.SUPRAREGION, Role.INSPECTORATE, Role.ADMIN], ids=str)
async def test_is_of_the_two_sides_only(world: World, path: str, role: Role) -> None:
    referral = await refer(world, await world.contracted_offer())
    problem(await world.http.get(path.format(**referral), headers=world.as_(role)), 403, "forbidden")


async def test_an_expert_team_sees_no_referrals_either(world: World) -> None:
    referral = await refer(world, await world.contracted_offer())
    team = world.as_(Role.REGION, rights=frozenset({"expert-team"}))
    problem(await world.http.get(f"{PATH}/{referral['id']}", headers=team), 403, "forbidden")


async def test_anothers_looks_as_if_it_did_not_exist(world: World) -> None:
    referral = await refer(world, await world.contracted_offer())
    other = world.provider((await world.contracted_offer())["providerId"])
    for headers in (other, world.as_(Role.GI, **OTHER_GI), world.as_(Role.LOCAL_TEAM)):
        mine = await world.http.get(f"{PATH}/{referral['id']}", headers=headers)
        none = await world.http.get(f"{PATH}/{uuid4()}", headers=headers)
        assert problem(mine, 404, "not-found")["detail"] == problem(none, 404, "not-found")["detail"]
        assert await items(world, PATH, headers) == []
        assert await items(world, "/v1/notices", headers) == []


async def test_a_provider_sees_what_the_referral_says_and_nothing_of_the_dossier(world: World) -> None:
    request = await world.add_request(
        careWorker="w-12",
        wishes=["broers-zussen"],
        siblingGroup="gezin-31",
        characteristics=["weglopen"],
        choices=[{"careType": "gezinshuis"}, {"careType": "pleegzorg-voltijd"}],
    )
    told = {"characteristics": [], "urgency": "regular"}
    shown = await world.ok(world.http.get(f"/v1/requests/{request['id']}/matches", headers=world.gi))
    referral = await refer(world, await world.contracted_offer(), request, summary=told)
    own = world.provider(referral["providerId"])
    seen = await get(world, referral, own)
    children = [{**referral["children"][0], "requestId": None}]
    hidden = {"requestId": None, "childReference": None, "rankingId": None, "children": children}
    assert seen == referral | hidden | {"possible": ["see", "accept", "waitlist", "decline"]}
    history = await world.ok(world.http.get(f"{PATH}/{referral['id']}/history", headers=own))
    notices = await world.ok(world.http.get("/v1/notices", headers=own))
    listed = await world.ok(world.http.get(PATH, headers=own))
    everything = json.dumps([seen, history, notices, listed])
    secret = (request["id"], request["childReference"], "w-12", "gezin-31", "weglopen", "2014-05", "1781", "pleegzorg")
    for each in (*secret, "broers-zussen", "2026-10-12", shown["rankingId"]):
        assert each not in everything
    assert listed["items"] == [seen]


async def test_a_provider_cannot_ask_by_request(world: World) -> None:
    referral = await refer(world, await world.contracted_offer())
    own = world.provider(referral["providerId"])
    answer = await world.http.get(f"{PATH}?request={referral['requestId']}", headers=own)
    assert codes(answer) == {"#/query/request": "not-applicable"}


async def test_reading_is_not_seeing(world: World) -> None:
    referral = await refer(world, await world.contracted_offer())
    own = world.provider(referral["providerId"])
    assert (await get(world, referral, own))["status"] == "sent"
    await world.ok(decide(world, referral, "see"))
    assert (await get(world, referral))["status"] == "seen"


async def test_the_list_is_in_pages_and_filtered(world: World, clock: SettableClock) -> None:
    request, offer = await world.add_request(), await world.contracted_offer()
    referrals = []
    for status in ("sent", "seen", "waitlisted", "declined", "sent"):
        clock.now += timedelta(minutes=1)
        to = offer if status == "declined" else await world.contracted_offer()
        of = request if status in {"seen", "declined"} else await world.add_request()
        referrals.append(await brought_to(world, await refer(world, to, of), status))
    ids = [each["id"] for each in referrals]
    pages = await walk(world, f"{PATH}?limit=2", world.gi)
    assert [len(page) for page in pages] == [2, 2, 1]
    assert flat(pages) == ids
    asked = {
        "status=sent": [0, 4],
        "status=ended": [],
        "status=ended&status=sent": [0, 4],
        f"request={request['id']}": [1, 3],
        f"offer={offer['id']}": [3],
        f"offer={offer['id']}&status=sent": [],
        f"request={uuid4()}": [],
        "overdue=false": [0, 1, 2, 3, 4],
        "overdue=true": [],
    }
    for query, places in asked.items():
        found = await items(world, f"{PATH}?{query}", world.gi)
        assert [each["id"] for each in found] == [ids[place] for place in places], query
    own = world.provider(offer["providerId"])
    assert [each["id"] for each in await items(world, PATH, own)] == [ids[3]]


async def test_unknown_query_keys_and_values_are_refused(world: World) -> None:
    answer = await world.http.get(f"{PATH}?status=nieuw&overdue=soms&child=1", headers=world.gi)
    expected = {"#/query/status/0": "unknown-code", "#/query/overdue": "type", "#/query/child": "unknown-query-key"}
    assert codes(answer) == expected


async def test_is_overdue_from_when_the_answer_was_due(world: World, clock: SettableClock) -> None:
    referrals = {
        status: await brought_to(world, await refer(world, await world.contracted_offer()), status)
        for status in ("sent", "seen", "waitlisted", "accepted", "declined", "withdrawn", "started", "ended")
    }
    assert {each["answerDueAt"] for each in referrals.values()} == {"2026-11-27T23:00:00Z"}
    for day, late in ((27, set()), (28, {"sent", "seen"})):
        clock.now = clock.now.replace(day=day)
        for status, referral in referrals.items():
            for headers in (world.gi, world.provider(referral["providerId"])):
                assert (await get(world, referral, headers))["overdue"] == (status in late), (day, status)
        found = await items(world, f"{PATH}?overdue=true", world.gi)
        assert {each["status"] for each in found} == late
        assert len(await items(world, f"{PATH}?overdue=false", world.gi)) == 8 - len(late)


async def test_a_region_settles_within_how_many_days_is_answered(world: World) -> None:
    path = "/v1/regions/JZ03/agreements"
    standing = await world.http.get(path, headers=world.region())
    body = {**standing.json(), "referralAnswerDays": 2}
    del body["region"]
    based = world.region() | {"If-Match": standing.headers["etag"]}
    await world.ok(world.http.put(path, json=body, headers=based))
    here = await refer(world, await world.contracted_offer())
    elsewhere = await world.add_request(child={"municipality": "GM0361"})
    offer = await world.add_offer()
    await world.add_contract(offer["providerId"], regions=["JZ06"])
    there = await refer(world, offer, elsewhere)
    assert (here["answerDueAt"], there["answerDueAt"]) == ("2026-11-24T23:00:00Z", "2026-11-27T23:00:00Z")


async def test_a_crisis_that_waits_comes_before_all_others_page_by_page(world: World, clock: SettableClock) -> None:
    provider = await world.add_provider()
    sent = {}
    for urgency, status in (("regular", "sent"), ("crisis", "accepted"), ("urgent", "sent"), ("crisis", "seen")):
        clock.now += timedelta(minutes=1)
        offer = await world.contracted_offer(provider)
        referral = await refer(world, offer, summary={"urgency": urgency})
        sent[urgency, status] = (await brought_to(world, referral, status))["id"]
    order = [("crisis", "seen"), ("regular", "sent"), ("crisis", "accepted"), ("urgent", "sent")]
    found, path = [], f"{PATH}?limit=1"
    while path:
        page = await world.ok(world.http.get(path, headers=world.provider(provider)))
        found += [each["id"] for each in page["items"]]
        path = page["_links"].get("next", {}).get("href")
    assert found == [sent[each] for each in order]


async def test_the_etag_changes_when_it_becomes_overdue(world: World, clock: SettableClock) -> None:
    referral = await refer(world, await world.contracted_offer())
    path = f"{PATH}/{referral['id']}"
    first = await world.http.get(path, headers=world.gi)
    same = await world.http.get(path, headers=world.gi | {"If-None-Match": first.headers["etag"]})
    assert same.status_code == 304
    clock.now += timedelta(days=7)
    later = await world.http.get(path, headers=world.gi | {"If-None-Match": first.headers["etag"]})
    assert (later.status_code, later.json()["overdue"]) == (200, True)


async def test_notices_tell_each_side_what_the_other_did(world: World, clock: SettableClock) -> None:
    referral = await refer(world, await world.contracted_offer())
    await refer(world, await world.contracted_offer())
    own = world.provider(referral["providerId"])
    clock.now += timedelta(minutes=1)
    since = clock.now.isoformat().replace("+", "%2B")
    await decide(world, referral, "see")
    await decide(world, referral, "decline", reason="family-declined", note="Gezin belde af.")
    assert [each["decision"] for each in await items(world, "/v1/notices", own)] == ["send"]
    told = await items(world, "/v1/notices", world.gi)
    assert [(each["decision"], each["referralId"]) for each in told] == [
        ("see", referral["id"]),
        ("decline", referral["id"]),
    ]
    assert told[1]["details"] == {"reason": "family-declined", "note": "Gezin belde af."}
    assert await items(world, f"/v1/notices?since={since}", own) == []
    assert await items(world, f"/v1/notices?since={since}", world.gi) == told
    assert flat(await walk(world, "/v1/notices?limit=1", world.gi), "decision") == ["see", "decline"]


@pytest.mark.parametrize(
    "role",
    [Role.PROVIDER, Role.GI, Role.LOCAL_TEAM, Role.SUPRAREGION, Role.INSPECTORATE, Role.ADMIN],
    ids=str,
)
async def test_counts_are_of_regions_only(world: World, role: Role) -> None:
    problem(await world.http.get("/v1/referral-counts", headers=world.as_(role)), 403, "forbidden")


async def test_a_region_counts_its_own_children_only(world: World) -> None:
    problem(await world.http.get("/v1/referral-counts?region=JZ06", headers=world.region()), 403, "forbidden")
    answer = await world.http.get("/v1/referral-counts?region=JZ99", headers=world.region())
    assert codes(answer) == {"#/query/region": "unknown-code"}
    await world.ok(post_referral(world, await world.add_request(child={"municipality": "GM0361"}), OUTSIDE))
    counted = await world.ok(world.http.get("/v1/referral-counts?region=JZ03", headers=world.region()))
    assert counted == {
        "region": "JZ03",
        "total": 0,
        "overdue": 0,
        "byStatus": [],
        "byMunicipality": [],
        "byProvider": [],
        "byInstitution": [],
        "despite": [],
    }


async def test_a_region_sees_how_many_by_municipality_provider_institution_and_status(
    world: World, clock: SettableClock
) -> None:
    offer = await world.contracted_offer()
    other_gi = world.as_(Role.GI, **OTHER_GI)
    await refer(world, offer)
    await brought_to(world, await refer(world, offer), "declined")
    schagen = await world.add_request(other_gi, child={"municipality": "GM0441"})
    await world.ok(post_referral(world, schagen, OUTSIDE, other_gi))
    clock.now += timedelta(days=7)
    answer = await world.http.get("/v1/referral-counts", headers=world.region())
    counted = answer.json()
    assert (counted["region"], counted["total"], counted["overdue"]) == ("JZ03", 3, 2)
    assert counted["byStatus"] == [{"status": "sent", "count": 2}, {"status": "declined", "count": 1}]
    provider = await world.ok(world.http.get(f"/v1/providers/{offer['providerId']}", headers=world.gi))
    two = {"total": 2, "overdue": 1, "byStatus": [{"status": "sent", "count": 1}, {"status": "declined", "count": 1}]}
    one = {"total": 1, "overdue": 1, "byStatus": [{"status": "sent", "count": 1}]}
    assert counted["byMunicipality"] == [
        {"code": "GM0400", "name": "Den Helder", **two},
        {"code": "GM0441", "name": "Schagen", **one},
    ]
    assert counted["byProvider"] == [
        {"code": None, "name": None, **one},
        {"code": offer["providerId"], "name": provider["name"], **two},
    ]
    assert counted["byInstitution"] == [
        {"code": str(UUID(int=2)), "name": "De Jeugd- en Gezinsbeschermers", **two},
        {"code": str(OTHER_GI["organisation_id"]), "name": "Een andere GI", **one},
    ]


async def test_refusals_stand_in_the_breakthrough_list_and_before_the_expert_team(
    world: World, clock: SettableClock
) -> None:
    request = await world.add_request(child={"measure": {"type": "21", "imposedOn": "2026-06-01"}})
    offer = await world.contracted_offer()
    referral = await refer(world, offer, request)
    await refer(world, await world.contracted_offer(), request)
    clock.now += timedelta(days=1)
    await world.ok(decide(world, referral, "decline", reason="contra-indication", criteria=["weglopen"]))
    outside = await world.ok(post_referral(world, request, OUTSIDE))
    clock.now += timedelta(minutes=1)
    await world.ok(decide(world, outside, "decline", reason="no-place"))
    body = {"step": "expert-team", "reason": "no-suitable-offer", "asked": "Wie?", "skipReason": "Al betrokken."}
    await world.ok(world.http.post(f"/v1/requests/{request['id']}/escalations", json=body, headers=world.gi))
    [child] = await items(world, "/v1/breakthrough-list", world.gi)
    [escalated] = await items(world, "/v1/escalated-requests", world.expert_team())
    told = {"specialisations": [], "on": "2026-11-23"}
    assert escalated["refusals"] == child["refusals"]
    assert child["refusals"] == [
        {
            "providerName": referral["providerName"],
            "offerId": offer["id"],
            "reason": "contra-indication",
            "criteria": ["weglopen"],
            **told,
        },
        {"providerName": "Demo De Es", "offerId": None, "reason": "no-place", "criteria": [], **told},
    ]


async def test_a_page_takes_as_many_statements_whatever_is_on_it(world: World, statements: list[str]) -> None:
    for _ in range(3):
        await refer(world, await world.contracted_offer())
    for path in (PATH, "/v1/notices", "/v1/referral-counts"):
        statements.clear()
        headers = world.region() if "counts" in path else world.gi
        await world.ok(world.http.get(path, headers=headers))
        reads = {PATH: 6, "/v1/notices": 1, "/v1/referral-counts": 2}[path]
        assert len([each for each in statements if each.startswith("SELECT")]) == reads, "what belongs to them, apart"
        assert len(statements) <= reads + 5, "of which four are the test's own savepoints, and one is the audit log's"


@pytest.mark.parametrize(
    "statement",
    ["UPDATE referral_events SET client_id = 'x'", "DELETE FROM referral_events", "TRUNCATE referral_events"],
)
async def test_the_history_is_never_changed(world: World, database: SavepointDatabase, statement: str) -> None:
    await refer(world, await world.contracted_offer())
    with pytest.raises(DBAPIError, match="referral_events is a history: rows are added, never changed or deleted"):
        async with database.write(OWNER) as session:
            await session.execute(text(statement))
