"""Granting, refusing and withdrawing: the contract or the exception that follows, who is told, and what is counted."""

from datetime import timedelta
from typing import Any

import pytest

from tests.conftest import NOW, SavepointDatabase, SettableClock
from tests.dossiers.arrangements.scene import (
    KINDS,
    addressee,
    alternative,
    ask,
    asked,
    contracts,
    decide,
    get,
    matches,
)
from tests.dossiers.referrals.scene import brought_to, items, refer
from tests.world import HOME, World, codes, problem

Json = dict[str, Any]


def _ids(match: Json, part: str) -> list[str]:
    return [each["offer"]["id"] for each in match[part]]


@pytest.mark.parametrize("kind", KINDS)
async def test_each_decision_is_of_its_own_side(world: World, kind: str) -> None:
    _, _, made = await asked(world, kind)
    problem(await world.http.post(f"/v1/arrangements/{made['id']}/decisions", json={}), 401, "unauthenticated")
    for decision in ("grant", "refuse"):
        problem(await decide(world, made, decision, world.gi), 403, "forbidden")
    problem(await decide(world, made, "withdraw", addressee(world, made)), 403, "forbidden")
    assert (await get(world, made))["status"] == "asked"


async def test_bad_input_is_named(world: World) -> None:
    _, _, made = await asked(world, "ceiling-exception")
    assert codes(await decide(world, made, "refuse", why=None)) == {"#/why": "missing"}
    assert codes(await decide(world, made, "refuse", validTo="2027-01-01")) == {"#/validTo": "not-applicable"}
    assert codes(await decide(world, made, "grant", validTo="2026-11-21")) == {"#/validTo": "in-past"}
    assert codes(await decide(world, made, "grant", why="Kind 123456782")) == {"#/why": "bsn"}
    assert codes(await decide(world, made, "accept", world.region())) == {"#/decision": "unknown-code"}
    headers = world.region() | {"If-Match": '"9"'}
    problem(await decide(world, made, "grant", headers), 412, "stale-version")
    assert (await get(world, made))["status"] == "asked"


async def test_a_light_contract_that_is_granted_is_made(world: World) -> None:
    request, offer = await alternative(world, "light-contract", productCodes=["43A10"])
    made = await world.ok(ask(world, request, offer, "light-contract"))
    granted = await world.ok(decide(world, made, "grant", why="Akkoord", validTo="2027-06-30"))
    assert granted["decision"] == {
        "decision": "grant",
        "at": "2026-11-22T10:00:00Z",
        "why": "Akkoord",
        "validTo": "2027-06-30",
    }
    (contract,) = await contracts(world)
    assert contract == {
        "id": granted["contractId"],
        "providerId": offer["providerId"],
        "kind": "light",
        "regions": [],
        "municipalities": [HOME],
        "careTypes": ["gezinshuis"],
        "productCodes": ["43A10"],
        "validFrom": "2026-11-22",
        "validTo": "2027-06-30",
        "ceiling": {"reached": False, "exemptsMeasure": False},
        "arrangementId": made["id"],
        "withdrawnAt": None,
        "why": None,
    }
    match = await matches(world, request)
    assert _ids(match, "results") == [offer["id"]]
    assert match["results"][0]["contract"] == {"kind": "light", "ceilingReached": False}
    assert [each["status"] for each in match["arrangements"]] == ["granted"]


@pytest.mark.parametrize("kind", KINDS[1:])
async def test_an_exception_is_for_this_child_and_ends(world: World, clock: SettableClock, kind: str) -> None:
    request, offer, made = await asked(world, kind)
    other = await world.add_request(choices=request["choices"], child={"postcode": request["child"]["postcode"]})
    await world.ok(decide(world, made, "grant", validTo="2026-11-25"))
    for days in (0, 3):
        clock.now = NOW + timedelta(days=days)
        match = await matches(world, request)
        assert _ids(match, "results") == [offer["id"]]
        (result,) = match["results"]
        assert result["contract"] == {"kind": "regional", "ceilingReached": kind == "ceiling-exception"}
        assert "exception-granted" in [each["code"] for each in result["warnings"]]
        assert match["excluded"]["total"] == 0
        assert _ids(await matches(world, other), "alternatives") == [offer["id"]]
    clock.now = NOW + timedelta(days=4)
    assert _ids(await matches(world, request), "alternatives") == [offer["id"]]
    assert (await ask(world, request, offer, kind)).status_code == 201, "it can be asked anew"


async def test_an_exception_is_in_the_kept_ranking_and_in_no_match_of_others(world: World) -> None:
    request, offer, made = await asked(world, "ceiling-exception")
    await world.ok(decide(world, made, "grant"))
    ranking = (await matches(world, request))["rankingId"]
    path = f"/v1/requests/{request['id']}/rankings/{ranking}"
    case = await world.ok(world.http.get(path, headers=world.gi))
    given = [{"offerId": offer["id"], "reason": "budget-ceiling"}]
    assert case["request"]["exceptions"] == given
    assert [each["offerId"] for each in case["expected"]["results"]] == [offer["id"]]
    body = {"child": {"birthMonth": "2014-05", "gender": "female", "municipality": HOME}, "exceptions": given}
    body["choices"] = [{"careType": "gezinshuis"}]
    answer = await world.http.post("/v1/matches", json=body, headers=world.gi)
    assert codes(answer) == {"#/exceptions": "unknown-field"}


async def test_a_watch_and_the_breakthrough_list_know_it(world: World, clock: SettableClock) -> None:
    request, offer, made = await asked(world, "ceiling-exception")
    await world.ok(decide(world, made, "grant"))
    watch = await world.ok(
        world.http.post("/v1/watches", json={"requestId": request["id"], "channels": ["sse"]}, headers=world.gi)
    )
    found = await items(world, f"/v1/watches/{watch['id']}/matches", world.gi)
    assert [each["offerId"] for each in found] == [offer["id"]]
    clock.now = NOW + timedelta(days=1)  # the protection worker should have been there long ago
    (over,) = await items(world, "/v1/breakthrough-list", world.gi)
    assert _ids(over, "results") == [offer["id"]]


async def test_a_refusal_says_why_and_the_next_match_shows_it(world: World) -> None:
    request, offer, made = await asked(world, "ceiling-exception")
    refused = await world.ok(decide(world, made, "refuse", why="Er is elders plek."))
    match = await matches(world, request)
    assert _ids(match, "alternatives") == [offer["id"]]
    (shown,) = match["arrangements"]
    assert (shown["id"], shown["status"], shown["decision"]) == (made["id"], "refused", refused["decision"])
    assert refused["decision"]["why"] == "Er is elders plek."
    assert await contracts(world) != []
    assert all(each["arrangementId"] is None for each in await contracts(world))


@pytest.mark.parametrize("decision", ["grant", "refuse", "withdraw"])
async def test_what_was_decided_stays(world: World, decision: str) -> None:
    _, _, made = await asked(world, "light-contract")
    decided = await world.ok(decide(world, made, decision))
    status = {"grant": "granted", "refuse": "refused", "withdraw": "withdrawn"}[decision]
    assert (decided["status"], decided["possible"]) == (status, [])
    for again in ("grant", "refuse", "withdraw"):
        told = problem(await decide(world, made, again), 409, "arrangement-decided")
        assert told["arrangementStatus"] == status
    assert len(await contracts(world)) == (decision == "grant")


@pytest.mark.parametrize("how", ["closed", "started", "milestone"])
async def test_what_nobody_waits_for_any_more_ends(world: World, how: str) -> None:
    request, _, made = await asked(world, "light-contract")
    headers, path = world.gi | {"If-Match": "*"}, f"/v1/requests/{request['id']}"
    if how == "closed":
        await world.ok(world.http.patch(path, json={"status": "closed", "closedReason": "as-planned"}, headers=headers))
    elif how == "milestone":
        await world.ok(world.http.put(f"{path}/milestones/help", json={"date": "2026-11-20"}, headers=headers))
    else:
        help_ = await world.add_offer()
        await world.add_contract(help_["providerId"])
        await world.report(help_)
        await brought_to(world, await refer(world, help_, request), "started")
    ended = await get(world, made)
    because = "request-closed" if how == "closed" else "help-started"
    assert (ended["status"], ended["endedBecause"], ended["possible"]) == ("ended", because, [])
    told = problem(await decide(world, made, "grant"), 409, "arrangement-decided")
    assert told["arrangementStatus"] == "ended"


async def test_the_ground_that_moved_is_said(world: World) -> None:
    request, _, made = await asked(world, "light-contract")
    headers = world.gi | {"If-Match": "*"}
    moved = {"child": {"municipality": "GM0361"}}
    await world.ok(world.http.patch(f"/v1/requests/{request['id']}", json=moved, headers=headers))
    problem(await decide(world, made, "grant"), 409, "ground-moved")
    assert (await decide(world, made, "refuse")).status_code == 201
    _, offer, gone = await asked(world, "provider-consent")
    own = world.provider(offer["providerId"])
    assert (await world.http.delete(f"/v1/offers/{offer['id']}", headers=own)).status_code == 204
    problem(await decide(world, gone, "grant"), 409, "ground-moved")
    assert not [each for each in await contracts(world) if each["arrangementId"]]


async def test_both_sides_are_told_and_the_history_keeps_it(world: World, database: SavepointDatabase) -> None:
    body = {"name": "Regio Kop", "role": "region", "region": "JZ03"}
    region = (await world.ok(world.http.post("/v1/organisations", json=body, headers=world.admin)))["id"]
    request, offer, made = await asked(world, "ceiling-exception")
    await world.ok(decide(world, made, "grant"))
    consent, of_provider, other = await asked(world, "provider-consent")
    await world.ok(decide(world, other, "withdraw"))
    async with database.driver() as driver:
        rows = await driver.fetch(
            "SELECT type, organisation_id::text, provider_id::text, subject, data::text FROM outbox_events "
            "WHERE type LIKE 'arrangement%' ORDER BY id"
        )
    told = [(row["type"], row["organisation_id"] or row["provider_id"], row["subject"]) for row in rows]
    gi = str((await world.ok(world.http.get("/v1/me", headers=world.gi)))["organisationId"])
    assert told == [
        ("arrangement.asked", region, offer["id"]),
        ("arrangement.decided", gi, offer["id"]),
        ("arrangement.asked", of_provider["providerId"], of_provider["id"]),
        ("arrangement.decided", of_provider["providerId"], of_provider["id"]),
    ]
    assert [request["id"] in row["data"] or consent["id"] in row["data"] for row in rows] == [False, True, False, False]
    history = await items(world, f"/v1/requests/{request['id']}/history", world.gi)
    assert [(each["what"], each["clientId"]) for each in history][-2:] == [
        ("arrangement-asked", "test-gi"),
        ("arrangement-granted", "test-region-JZ03"),
    ]
    field = f"arrangements.{made['id']}"
    assert history[-1]["changes"] == [{"field": field, "old": "asked", "new": "granted"}]


async def test_a_region_sees_them_counted_by_kind_and_care_type(world: World, clock: SettableClock) -> None:
    made = [await asked(world, kind) for kind in ("light-contract", *["ceiling-exception"] * 4, "provider-consent")]
    for days, (_, _, arrangement) in zip((1, 3, 8), made[1:4], strict=True):
        clock.now = NOW + timedelta(days=days)
        await world.ok(decide(world, arrangement, "refuse" if days == 8 else "grant"))
    counts = await world.ok(world.http.get("/v1/arrangement-counts", headers=world.region()))
    assert (counts["region"], counts["total"]) == ("JZ03", 6)
    none = {"granted": 0, "refused": 0, "withdrawn": 0, "ended": 0, "medianDaysTaken": None, "mostDaysTaken": None}
    waits = none | {"careType": "gezinshuis", "asked": 1, "overdue": 1}
    answered = {"granted": 2, "refused": 1, "medianDaysTaken": 3, "mostDaysTaken": 8}
    assert counts["byKind"] == [
        waits | {"kind": "ceiling-exception"} | answered,
        waits | {"kind": "light-contract"},
        waits | {"kind": "provider-consent"},
    ]
    other = await world.ok(world.http.get("/v1/arrangement-counts", headers=world.region("JZ06")))
    assert (other["total"], other["byKind"]) == (0, [])
    problem(await world.http.get("/v1/arrangement-counts", headers=world.gi), 403, "forbidden")
