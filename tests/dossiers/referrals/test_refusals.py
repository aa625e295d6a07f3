"""What follows on a refusal: a criterion is proposed to the institution, and want of room asks for new figures."""

from datetime import timedelta
from typing import Any

import pytest

from app.kit.security.callers import Role
from tests.conftest import SettableClock
from tests.dossiers.referrals.scene import OTHER_GI, decide, items, refer, request_of
from tests.world import World, problem

Json = dict[str, Any]


async def _declined(world: World, request: Json, *criteria: str) -> Json:
    """A referral of the request that was declined for these criteria."""
    referral = await refer(world, await world.contracted_offer(), request)
    sent = decide(world, referral, "decline", reason="contra-indication", criteria=list(criteria))
    return await world.ok(sent)


async def test_a_criterion_that_a_provider_names_is_proposed_and_never_taken_over(world: World) -> None:
    request = await world.add_request(characteristics=["psychose"])
    declined = await _declined(world, request, "weglopen", "psychose")
    now = await request_of(world, request)
    assert now["characteristics"] == ["psychose"]
    assert now["proposedCharacteristics"] == [
        {"code": "weglopen", "by": declined["providerName"], "on": "2026-11-22"}
    ], "of the other it is known"
    path = f"/v1/requests/{request['id']}"
    taken = {"characteristics": ["psychose", "weglopen"]}
    now = await world.ok(world.http.patch(path, json=taken, headers=world.gi | {"If-Match": "*"}))
    assert now["proposedCharacteristics"] == []


async def test_a_proposal_is_dismissed_until_it_is_made_anew(world: World) -> None:
    request = await world.add_request()
    await _declined(world, request, "weglopen", "brandstichting")
    path = f"/v1/requests/{request['id']}/proposed-characteristics/"
    based = world.gi | {"If-Match": "*"}
    problem(await world.http.delete(path + "weglopen"), 401, "unauthenticated")
    problem(await world.http.delete(path + "weglopen", headers=world.as_(Role.PROVIDER)), 403, "forbidden")
    other = world.as_(Role.GI, **OTHER_GI) | {"If-Match": "*"}
    problem(await world.http.delete(path + "weglopen", headers=other), 404, "not-found")
    problem(await world.http.delete(path + "psychose", headers=based), 404, "not-found")
    problem(await world.http.delete(path + "weglopen", headers=world.gi), 428, "if-match-required")
    now = await world.ok(world.http.delete(path + "weglopen", headers=based))
    assert [each["code"] for each in now["proposedCharacteristics"]] == ["brandstichting"]
    problem(await world.http.delete(path + "weglopen", headers=based), 404, "not-found")
    *_, event = await items(world, f"/v1/requests/{request['id']}/history", world.gi)
    assert (event["what"], event["changes"][0]["old"]) == ("proposal-dismissed", "weglopen")
    await _declined(world, request, "weglopen")
    assert [each["code"] for each in (await request_of(world, request))["proposedCharacteristics"]] == [
        "brandstichting",
        "weglopen",
    ]


async def test_a_decline_that_is_taken_back_proposes_nothing(world: World) -> None:
    request = await world.add_request()
    declined = await _declined(world, request, "weglopen")
    body = {"what": "decline", "value": None, "why": "Verkeerde aanmelding."}
    path = f"/v1/referrals/{declined['id']}/corrections"
    await world.ok(world.http.post(path, json=body, headers=world.provider(declined["providerId"])))
    assert (await request_of(world, request))["proposedCharacteristics"] == []


@pytest.mark.parametrize("reason", ["no-place", "staff-shortage"])
async def test_want_of_room_asks_for_new_figures_once_until_there_are(
    world: World, clock: SettableClock, reason: str
) -> None:
    provider = await world.add_provider(contact={"email": "plaatsing@example.org"})
    offer = await world.contracted_offer(provider)
    await world.report(offer, placesTotal=4, placesFree=2)

    async def reminders() -> list[Json]:
        return await items(world, "/v1/reminders", world.provider(provider))

    await world.ok(decide(world, await refer(world, offer), "decline", reason="insufficient-information"))
    assert await reminders() == [], "that says nothing of room"
    for _ in range(2):
        await world.ok(decide(world, await refer(world, offer), "decline", reason=reason))
        [told] = await reminders()
        assert (told["offerId"], told["reason"]) == (offer["id"], "refused-for-want-of-room")
        assert (told["observedAt"], told["knownUntil"]) == ("2026-11-22T10:00:00Z", "2026-12-22")
    assert told["mail"] is not None
    assert await items(world, "/v1/reminders", world.region()) == [], "it is between the provider and its figures"
    clock.now += timedelta(minutes=1)
    await world.report(offer, placesTotal=4, placesFree=0)
    assert await reminders() == []
    await world.ok(decide(world, await refer(world, offer), "decline", reason=reason))
    assert len(await reminders()) == 1, "asked anew, by the new figures"


async def test_want_of_room_of_an_offer_that_never_reported(world: World) -> None:
    offer = await world.contracted_offer()
    await world.ok(decide(world, await refer(world, offer), "decline", reason="no-place"))
    [told] = await items(world, "/v1/reminders", world.provider(offer["providerId"]))
    assert (told["reason"], told["observedAt"], told["mail"]) == ("refused-for-want-of-room", None, "no-address")
