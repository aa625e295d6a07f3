"""Whom to reach of a referral or a call: the sender's desk or team, and the intake desk, as they are now."""

from typing import Any
from uuid import UUID

from app.kit.security.callers import Role
from tests.dossiers.referrals.scene import get, post_referral, refer, referral_body
from tests.notifying.contacts.test_contacts import CONTACT, TEAM, put
from tests.world import World, codes

DESK = {name: CONTACT[name] for name in ("name", "phone", "email", "openingHours")}
OF_TEAM = {name: TEAM[name] for name in ("name", "phone", "email", "openingHours")}


async def test_a_referral_shows_both_sides_how_the_other_is_reached_now(world: World) -> None:
    provider = await world.add_provider(contact={"intakeDesk": "Aanmeldteam", "phone": "088 000 0123"})
    offer = await world.contracted_offer(provider)
    referral = await refer(world, offer)
    assert referral["senderContact"] is None
    assert referral["providerContact"]["intakeDesk"] == "Aanmeldteam"
    await world.ok(put(world, CONTACT))
    seen = await get(world, referral, world.provider(provider))
    assert seen["senderContact"] == {**DESK, "team": None}
    await world.ok(put(world, {"name": "Andere balie", "phone": "0223"}))
    (listed,) = (await world.ok(world.http.get("/v1/referrals", headers=world.provider(provider))))["items"]
    assert (listed["senderContact"]["name"], listed["senderContact"]["email"]) == ("Andere balie", None)
    headers = world.admin | {"If-Match": "*"}
    body = {"contact": {"phone": "088 000 0999"}}
    await world.ok(world.http.patch(f"/v1/providers/{provider}", json=body, headers=headers))
    assert (await get(world, referral))["providerContact"]["phone"] == "088 000 0999"


async def test_the_team_of_the_child_is_shown_or_the_one_that_the_referral_names(world: World) -> None:
    bare = {"key": "bijdorp", "name": "Team Bijdorp"}
    await world.ok(put(world, CONTACT | {"teams": [TEAM, bare]}))
    request, offer = await world.add_request(team="kop"), await world.contracted_offer()
    assert request["team"] == "kop"
    of_child = await refer(world, offer, request)
    assert of_child["senderContact"] == {**OF_TEAM, "team": "kop"}
    named = await refer(world, await world.contracted_offer(), request, team="bijdorp")
    as_seen = await get(world, named, world.provider(named["providerId"]))
    assert as_seen["senderContact"] == {**DESK, "name": "Team Bijdorp", "team": "bijdorp"}  # the rest is the desk's
    await world.ok(put(world, CONTACT | {"teams": [bare]}))
    assert (await get(world, of_child))["senderContact"] == {**DESK, "team": None}


async def test_a_team_is_one_of_the_institutions_own(world: World) -> None:
    await world.ok(put(world, CONTACT))
    other = world.as_(Role.GI, organisation_id=UUID(int=77))
    request = await world.add_request()
    body = {**_bare(request), "childReference": "K-77", "team": "kop"}
    answer = await world.http.post("/v1/requests", json=body, headers=other)
    assert codes(answer) == {"#/team": "unknown-code"}
    answer = await world.http.post("/v1/requests", json=body | {"team": "elders"}, headers=world.gi)
    assert codes(answer) == {"#/team": "unknown-code"}
    assert "kop" in answer.json()["errors"][0]["detail"]
    sent = await post_referral(world, request, referral_body(await world.contracted_offer(), team="elders"))
    assert codes(sent) == {"#/team": "unknown-code"}
    path, headers = f"/v1/requests/{request['id']}", world.gi | {"If-Match": "*"}
    assert codes(await world.http.patch(path, json={"team": "elders"}, headers=headers)) == {"#/team": "unknown-code"}
    changed = await world.ok(world.http.patch(path, json={"team": "kop"}, headers=headers))
    assert changed["team"] == "kop"
    history = await world.ok(world.http.get(f"{path}/history", headers=world.gi))
    assert history["items"][-1]["changes"] == [{"field": "team", "old": None, "new": "kop"}]
    assert (await world.ok(world.http.patch(path, json={"team": None}, headers=headers)))["team"] is None


def _bare(request: dict[str, Any]) -> dict[str, Any]:
    child = {name: value for name, value in request["child"].items() if name != "region"}
    return {"child": child, "choices": [{"careType": "gezinshuis"}]}


async def test_a_call_shows_the_institutions_desk_and_never_where_the_child_lives(world: World) -> None:
    offer = await world.contracted_offer()
    await world.add_contract(offer["providerId"])
    await world.ok(put(world, CONTACT))
    team = world.as_(Role.LOCAL_TEAM)
    await world.ok(put(world, {"name": "Wijkteam Den Helder", "municipalities": ["GM0400"]}, team))
    of_gi, of_team = await world.add_request(team="kop"), await world.add_request(team)
    for request, headers in ((of_gi, world.gi), (of_team, team)):
        await world.ok(world.http.post(f"/v1/requests/{request['id']}/calls", json={}, headers=headers))
    listed = await world.ok(world.http.get("/v1/calls", headers=world.provider(offer["providerId"])))
    shown = {each["institution"]: each["senderContact"] for each in listed["items"]}
    assert shown == {"De Jeugd- en Gezinsbeschermers": {**DESK, "team": None}, None: None}
