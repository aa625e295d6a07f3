"""Asking for what an alternative needs: only that, once, of whom it is to be asked, within the region's term."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.kit.security.callers import Role
from tests.conftest import SettableClock
from tests.dossiers.arrangements.scene import KINDS, REASONS, addressee, alternative, ask, asked, decide, get, matches
from tests.dossiers.referrals.scene import OTHER_GI, items
from tests.world import HOME, World, codes, problem

OTHERS = [Role.PROVIDER, Role.REGION, Role.SUPRAREGION, Role.INSPECTORATE, Role.ADMIN, Role.REFERRER]


async def test_is_of_the_requests_own_institution(world: World) -> None:
    request, offer = await alternative(world, "light-contract")
    path = f"/v1/requests/{request['id']}/arrangements"
    problem(await world.http.post(path, json={}), 401, "unauthenticated")
    for role in OTHERS:
        problem(await ask(world, request, offer, "light-contract", world.as_(role)), 403, "forbidden")
    other = world.as_(Role.GI, **OTHER_GI)
    problem(await ask(world, request, offer, "light-contract", other), 404, "not-found")
    problem(await ask(world, {"id": uuid4()}, offer, "light-contract"), 404, "not-found")


async def test_bad_input_is_named(world: World) -> None:
    request, _ = await alternative(world, "light-contract")
    answer = await ask(world, request, {"id": "x"}, "ask-again", why="Kind 123456782", wens=1)
    assert codes(answer) == {
        "#/offerId": "format",
        "#/kind": "unknown-code",
        "#/why": "bsn",
        "#/wens": "unknown-field",
    }
    answer = await ask(world, request, {"id": UUID(int=9).hex}, "light-contract", why="  ")
    assert codes(answer) == {"#/why": "too-short"}
    unknown = {"id": str(UUID(int=9))}
    assert codes(await ask(world, request, unknown, "light-contract")) == {"#/offerId": "unknown-offer"}


@pytest.mark.parametrize("kind", KINDS)
async def test_is_put_to_who_can_decide_on_it(world: World, kind: str) -> None:
    request, offer = await alternative(world, kind)
    (before,) = (await matches(world, request))["alternatives"]
    assert (before["needs"], before["reason"]) == (kind, REASONS[kind])
    answer = await ask(world, request, offer, kind)
    made = answer.json()
    assert answer.headers["location"] == f"/v1/arrangements/{made['id']}"
    assert made == {
        "id": made["id"],
        "status": "asked",
        "possible": ["withdraw"],
        "kind": kind,
        "reason": REASONS[kind],
        "putTo": "provider" if kind == "provider-consent" else "region",
        "requestId": request["id"],
        "childReference": request["childReference"],
        "institution": "De Jeugd- en Gezinsbeschermers",
        "offerId": offer["id"],
        "offerName": offer["name"],
        "careType": "gezinshuis",
        "providerId": offer["providerId"],
        "providerName": offer["providerName"],
        "child": {"age": 12, "gender": "female", "municipality": HOME, "region": "JZ03"},
        "needs": [],
        "why": "Enige plek voor dit kind.",
        "askedAt": "2026-11-22T10:00:00Z",
        "dueOn": "2026-11-27",
        "light": "green",
        "decision": None,
        "daysTaken": None,
        "contractId": None,
        "endedBecause": None,
    }
    shown = made | {"possible": ["grant", "refuse"], "requestId": None, "childReference": None}
    assert await get(world, made, addressee(world, made)) == shown
    strangers = [world.as_(Role.GI, **OTHER_GI), world.region("JZ06"), world.provider(await world.add_provider())]
    strangers += [world.provider(offer["providerId"])] if made["putTo"] == "region" else [world.region()]
    for headers in strangers:
        path = f"/v1/arrangements/{made['id']}"
        problem(await world.http.get(path, headers=headers), 404, "not-found")
        problem(
            await world.http.post(f"{path}/decisions", json={"decision": "grant"}, headers=headers), 404, "not-found"
        )
        assert await items(world, "/v1/arrangements", headers) == []
    assert await items(world, "/v1/arrangements", addressee(world, made)) == [shown]


@pytest.mark.parametrize(
    ("offer", "contract", "stands", "reasons", "needs"),
    [
        ({}, {}, "fits", [], None),
        ({}, {"ceiling": {"reached": True}}, "alternative", ["budget-ceiling"], "ceiling-exception"),
        ({"ageMin": 13}, {}, "alternative", ["age"], "provider-consent"),
        ({"ageMin": 14}, {}, "excluded", ["age"], None),
        ({"ageMin": 13}, {"regions": ["JZ06"]}, "excluded", ["not-contracted", "age"], None),
        ({"careType": "logeren"}, {"regions": ["JZ06"]}, "no-candidate", [], None),
    ],
)
async def test_what_is_no_alternative_that_needs_it_says_what_it_is(
    world: World, offer: dict[str, Any], contract: dict[str, Any], stands: str, reasons: list[str], needs: str | None
) -> None:
    made = await world.add_offer(**offer)
    await world.add_contract(made["providerId"], **contract)
    await world.report(made)
    told = problem(await ask(world, await world.add_request(), made, "light-contract"), 409, "no-such-alternative")
    assert (told["stands"], told["reasons"], told["needs"]) == (stands, reasons, needs)
    assert await items(world, "/v1/arrangements", world.gi) == []


async def test_what_the_dossier_knows_counts(world: World) -> None:
    """A refusal by the offer is a second reason that keeps it out."""
    request, offer, made = await asked(world, "ceiling-exception")
    contract = (await items(world, "/v1/contracts", world.admin))[0]
    path, headers = f"/v1/contracts/{contract['id']}", world.admin | {"If-Match": "*"}
    await world.ok(world.http.patch(path, json={"ceiling": {"reached": False}}, headers=headers))
    referrals = f"/v1/requests/{request['id']}/referrals"
    body = {"standsFor": 1, "offerId": offer["id"], "summary": {"urgency": "regular"}}
    referral = await world.ok(world.http.post(referrals, json=body, headers=world.gi))
    declined = {"decision": "decline", "reason": "no-place"}
    decisions = f"/v1/referrals/{referral['id']}/decisions"
    await world.ok(world.http.post(decisions, json=declined, headers=world.provider(offer["providerId"])))
    await world.ok(world.http.patch(path, json={"ceiling": {"reached": True}}, headers=headers))
    await world.ok(decide(world, made, "withdraw"))
    told = problem(await ask(world, request, offer, "ceiling-exception"), 409, "no-such-alternative")
    assert told["reasons"] == ["budget-ceiling", "declined-earlier"]


async def test_the_same_is_asked_once_at_a_time(world: World) -> None:
    request, offer, made = await asked(world, "ceiling-exception")
    told = problem(await ask(world, request, offer, "ceiling-exception"), 409, "arrangement-open")
    assert told["arrangementId"] == made["id"]
    again = await world.add_request()
    assert (await ask(world, again, offer, "ceiling-exception")).status_code == 201, "of another child"
    await world.ok(decide(world, made, "refuse"))
    assert (await ask(world, request, offer, "ceiling-exception")).status_code == 201


async def test_a_key_asks_once(world: World) -> None:
    request, offer = await alternative(world, "ceiling-exception")
    headers = world.gi | {"Idempotency-Key": "een"}
    first, second = [await ask(world, request, offer, "ceiling-exception", headers) for _ in range(2)]
    assert first.status_code == second.status_code == 201
    assert first.json() == second.json()


async def test_a_closed_or_helped_request_asks_nothing(world: World) -> None:
    request, offer = await alternative(world, "ceiling-exception")
    headers = world.gi | {"If-Match": "*"}
    milestone = f"/v1/requests/{request['id']}/milestones/help"
    await world.ok(world.http.put(milestone, json={"date": "2026-11-20"}, headers=headers))
    problem(await ask(world, request, offer, "ceiling-exception"), 409, "conflict")
    await world.ok(world.http.delete(milestone, headers=headers))
    body = {"status": "closed", "closedReason": "as-planned"}
    await world.ok(world.http.patch(f"/v1/requests/{request['id']}", json=body, headers=headers))
    problem(await ask(world, request, offer, "ceiling-exception"), 409, "conflict")


async def test_the_term_is_the_regions_and_has_a_light(world: World, clock: SettableClock) -> None:
    path, headers = "/v1/regions/JZ03/agreements", world.region() | {"If-Match": "*"}
    body = {**(await world.ok(world.http.get(path, headers=world.gi))), "arrangementAnswerDays": 8}
    del body["region"]
    await world.ok(world.http.put(path, json=body, headers=headers))
    _, _, made = await asked(world, "provider-consent")
    assert made["dueOn"] == "2026-12-02"
    lights = {}
    for day in ("2026-11-29", "2026-11-30", "2026-12-02", "2026-12-03"):
        clock.now = datetime.fromisoformat(f"{day}T22:30:00").replace(tzinfo=UTC)
        lights[day] = (await get(world, made))["light"]
    assert lights == {"2026-11-29": "green", "2026-11-30": "amber", "2026-12-02": "amber", "2026-12-03": "red"}
    clock.now = datetime(2026, 12, 2, 23, 0, tzinfo=UTC)  # midnight in the Netherlands
    assert (await get(world, made))["light"] == "red"
    await world.ok(decide(world, made, "withdraw"))
    assert (await get(world, made))["light"] == "done"


async def test_the_list_has_filters_and_pages(world: World, clock: SettableClock) -> None:
    made = []
    for minute, kind in enumerate(("ceiling-exception", "light-contract", "ceiling-exception")):
        clock.now = datetime(2026, 11, 22, 10, minute, tzinfo=UTC)
        made.append(await asked(world, kind))
    await world.ok(decide(world, made[0][2], "refuse"))
    ids = [arrangement["id"] for _, _, arrangement in made]

    async def listed(query: str, headers: dict[str, str]) -> list[str]:
        return [each["id"] for each in await items(world, f"/v1/arrangements?{query}", headers)]

    for headers in (world.gi, world.region()):
        assert await listed("", headers) == ids
        assert await listed("status=asked", headers) == ids[1:]
        assert await listed("kind=ceiling-exception", headers) == [ids[0], ids[2]]
        assert await listed("limit=2", headers) == ids[:2]
        page = await world.ok(world.http.get("/v1/arrangements?limit=2", headers=headers))
        following = await world.ok(world.http.get(page["_links"]["next"]["href"], headers=headers))
        assert [each["id"] for each in following["items"]] == ids[2:]
    assert await listed(f"request={made[1][0]['id']}", world.gi) == [ids[1]]
    answer = await world.http.get(f"/v1/arrangements?request={made[1][0]['id']}", headers=world.region())
    assert codes(answer) == {"#/query/request": "not-applicable"}
    answer = await world.http.get("/v1/arrangements?status=open&kind=ask-again&limit=0", headers=world.gi)
    assert codes(answer) == {
        "#/query/status": "unknown-code",
        "#/query/kind": "unknown-code",
        "#/query/limit": "out-of-range",
    }
    for role in (Role.SUPRAREGION, Role.INSPECTORATE, Role.ADMIN, Role.REFERRER):
        problem(await world.http.get("/v1/arrangements", headers=world.as_(role)), 403, "forbidden")
