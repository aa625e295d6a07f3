"""Whom a call goes to: contracted by the match's own rules, however full, and not under a stop."""

from typing import Any

import pytest

from tests.dossiers.calls.scene import (
    contracted,
    listed,
    post_call,
    publish,
)
from tests.world import World, problem

Json = dict[str, Any]
ALKMAAR = "GM0361"
"""Of another region, JZ06."""
SCHAGEN = "GM0441"
"""Of the same region as Den Helder."""


async def _receives(world: World, provider_id: str) -> Json | None:
    """The one call that a provider sees, if any."""
    found = await listed(world, "/v1/calls", world.provider(provider_id))
    assert len(found) <= 1
    return found[0] if found else None


@pytest.mark.parametrize(
    ("contract", "receives"),
    [
        ({}, True),  # of the whole region
        ({"kind": "light"}, True),
        ({"kind": "national", "regions": ["JZ01", "JZ03"]}, True),
        ({"regions": [], "municipalities": ["GM0400"]}, True),
        ({"regions": [], "municipalities": [SCHAGEN]}, False),
        ({"regions": ["JZ06"]}, False),
        ({"regions": ["JZ06"], "municipalities": ["GM0400"]}, True),
        ({"careTypes": ["gezinshuis", "crisisopvang"]}, True),
        ({"careTypes": ["crisisopvang"]}, False),
        ({"validFrom": "2026-11-22"}, True),
        ({"validFrom": "2026-11-23"}, False),
        ({"validTo": "2026-11-22"}, True),
        ({"validTo": "2026-11-21"}, False),
        ({"ceiling": {"reached": True}}, True),  # the region can make an exception
    ],
    ids=str,
)
async def test_goes_to_whom_a_contract_covers(world: World, contract: Json, receives: bool) -> None:
    await contracted(world)
    offer = await world.add_offer()
    await world.add_contract(offer["providerId"], **contract)
    await publish(world)
    assert (await _receives(world, offer["providerId"]) is not None) is receives


async def test_contracts_count_on_the_day_that_help_is_wished(world: World) -> None:
    from_january, to_december = await world.add_offer(), await world.add_offer()
    await world.add_contract(from_january["providerId"], validFrom="2027-01-01")
    await world.add_contract(to_december["providerId"], validTo="2026-12-31")
    call = await publish(world, wishedStart="2027-01-01")
    assert call["counts"]["addressed"] == 1
    assert await _receives(world, from_january["providerId"]) is not None
    assert await _receives(world, to_december["providerId"]) is None


@pytest.mark.parametrize(
    "report",
    [
        None,
        {"placesFree": 0, "waitingCount": 9},
        {"placesFree": 0, "acceptsReferrals": False},
        {"placesFree": 0, "observedAt": "2026-09-01T00:00:00Z"},
    ],
    ids=str,
)
async def test_goes_to_the_full_the_silent_and_the_closed_too(world: World, report: Json | None) -> None:
    offer = await contracted(world)
    if report is not None:
        await world.report(offer, **report)
    await publish(world)
    assert await _receives(world, offer["providerId"]) is not None


async def test_goes_to_those_whose_offers_do_not_fit_as_they_are_described(world: World) -> None:
    offers = [
        await contracted(world, ageMin=16),
        await contracted(world, genders=["male"]),
        await contracted(world, exclusionCriteria=["weglopen"]),
        await contracted(world, atHome=True, serviceArea=[ALKMAAR]),
    ]
    call = await publish(world, characteristics=["weglopen"], needs=["trauma"])
    assert call["counts"]["addressed"] == len(offers)


@pytest.mark.parametrize(
    ("stop", "receives"),
    [
        ({}, False),
        ({"from": "2026-11-22", "to": "2026-11-22"}, False),  # today
        ({"from": "2026-12-14", "to": "2026-12-14"}, False),  # on the wished start
        ({"from": "2026-11-01", "to": "2026-11-21"}, True),
        ({"from": "2026-12-15"}, True),
    ],
    ids=str,
)
async def test_goes_to_nobody_under_a_stop(world: World, stop: Json, receives: bool) -> None:
    await contracted(world)
    offer = await contracted(world)
    await world.add_stop(offer["providerId"], **stop)
    await publish(world, wishedStart="2026-12-14")
    assert (await _receives(world, offer["providerId"]) is not None) is receives


async def test_a_stop_of_another_region_binds_its_own_children_only(world: World) -> None:
    offer = await contracted(world)
    await world.add_stop(offer["providerId"], world.region("JZ06"), imposedBy="region")
    await publish(world)
    assert await _receives(world, offer["providerId"]) is not None
    await world.add_stop(offer["providerId"], world.region("JZ03"), imposedBy="region")
    problem(await post_call(world, await world.add_request()), 409, "nobody-to-call")


async def test_a_stop_on_one_of_two_offers_leaves_the_other(world: World) -> None:
    first = await contracted(world)
    second = await contracted(world, first["providerId"])
    await world.add_stop(first["providerId"], offerId=first["id"])
    assert (await publish(world))["counts"]["addressed"] == 1
    await world.add_stop(first["providerId"], offerId=second["id"])
    problem(await post_call(world, await world.add_request()), 409, "nobody-to-call")


async def test_an_offer_that_has_ended_is_no_ground_to_ask(world: World) -> None:
    offer = await contracted(world)
    await world.http.delete(f"/v1/offers/{offer['id']}", headers=world.provider(offer["providerId"]))
    problem(await post_call(world, await world.add_request()), 409, "nobody-to-call")


async def test_a_provider_with_many_offers_is_asked_once(world: World) -> None:
    first = await contracted(world)
    for _ in range(3):
        await contracted(world, first["providerId"])
    await contracted(world, first["providerId"], careType="pleegzorg-voltijd")
    await world.add_contract(first["providerId"], kind="national")
    request = await world.add_request(choices=[{"careType": "gezinshuis"}, {"careType": "pleegzorg-voltijd"}])
    assert (await publish(world, request))["counts"]["addressed"] == 1


async def test_the_municipality_is_told_only_where_the_contract_is_of_it(world: World) -> None:
    regional, municipal, both = [await world.add_offer() for _ in range(3)]
    of_municipality: Json = {"regions": [], "municipalities": ["GM0400"]}
    await world.add_contract(regional["providerId"])
    await world.add_contract(municipal["providerId"], **of_municipality)
    await world.add_contract(municipal["providerId"], validTo="2026-11-21")  # of the region, and over
    await world.add_contract(both["providerId"], **of_municipality)
    await world.add_contract(both["providerId"], kind="light")
    await publish(world)
    told = {}
    for offer in (regional, municipal, both):
        call = await _receives(world, offer["providerId"])
        assert call is not None
        told[offer["id"]] = (call["child"]["region"], call["child"]["municipality"])
    assert told == {
        regional["id"]: ("JZ03", None),
        municipal["id"]: ("JZ03", "GM0400"),
        both["id"]: ("JZ03", None),
    }


@pytest.mark.parametrize("first", ["gezinshuis", "pleegzorg-voltijd"])
async def test_one_contract_of_the_region_is_enough_to_keep_the_municipality_back(world: World, first: str) -> None:
    offer = await world.add_offer()
    await world.add_offer(offer["providerId"], careType="pleegzorg-voltijd")
    await world.add_contract(offer["providerId"], regions=[], municipalities=["GM0400"], careTypes=["gezinshuis"])
    await world.add_contract(offer["providerId"], kind="light", careTypes=["pleegzorg-voltijd"])
    await publish(world, careTypes=sorted(["gezinshuis", "pleegzorg-voltijd"], key=lambda each: each != first))
    call = await _receives(world, offer["providerId"])
    assert call is not None
    assert (call["careTypes"][0], call["child"]["municipality"]) == (first, None)


async def test_the_best_contract_is_kept_and_whether_it_can_be_used(world: World) -> None:
    reached: Json = {"ceiling": {"reached": True}}
    exempting: Json = {"ceiling": {"reached": True, "exemptsMeasure": True}}
    wanted: list[tuple[list[Json], Json]] = [
        ([{"kind": "light"}, {"kind": "national"}], {"kind": "national", "ceilingReached": False}),
        ([{**reached}, {"kind": "light"}], {"kind": "light", "ceilingReached": False}),
        ([{**reached}], {"kind": "regional", "ceilingReached": True}),
        ([{**exempting}], {"kind": "regional", "ceilingReached": False}),
    ]
    offers = []
    for contracts, _ in wanted:
        offer = await world.add_offer()
        for contract in contracts:
            await world.add_contract(offer["providerId"], **contract)
        offers.append(offer)
    call = await publish(world)
    for offer, (_, contract) in zip(offers, wanted, strict=True):
        headers = world.provider(offer["providerId"])
        body = {"answer": "decline", "reason": "no-place"}
        sent = world.http.post(f"/v1/calls/{call['id']}/answers", json=body, headers=headers)
        assert (await world.ok(sent))["ownAnswer"]["contract"] == contract


@pytest.mark.parametrize(("measure", "reached"), [("21", False), ("41", False), ("31", True)])
async def test_a_ceiling_exempts_no_child_with_a_preventive_measure(world: World, measure: str, reached: bool) -> None:
    provider_id = (await world.add_offer())["providerId"]
    await world.add_contract(provider_id, ceiling={"reached": True, "exemptsMeasure": True})
    request = await world.add_request(child={"measure": {"type": measure, "imposedOn": "2026-10-12"}})
    call = await publish(world, request)
    body = {"answer": "decline", "reason": "no-place"}
    sent = world.http.post(f"/v1/calls/{call['id']}/answers", json=body, headers=world.provider(provider_id))
    assert (await world.ok(sent))["ownAnswer"]["contract"] == {"kind": "regional", "ceilingReached": reached}


async def test_asks_whom_the_match_would_not_leave_out_for_contract_or_stop(world: World) -> None:
    """The same rules: whatever else keeps an offer out of the results does not keep its provider out of a call."""
    made = [
        await contracted(world),
        await contracted(world, ageMin=16),
        await contracted(world, exclusionCriteria=["weglopen"]),
        await world.add_offer(),  # near, and not contracted
        await contracted(world),
        await world.add_offer(),
    ]
    await world.report(made[0])
    await world.add_stop(made[4]["providerId"])
    await world.add_contract(made[5]["providerId"], ceiling={"reached": True})
    request = await world.add_request(characteristics=["weglopen"])
    path = f"/v1/requests/{request['id']}/matches?explain=true"
    match = await world.ok(world.http.get(path, headers=world.gi))
    kept_out = {"not-contracted", "placement-stop"}
    expected = {each["offer"]["id"] for each in match["results"]} | {
        each["offerId"] for each in match["excluded"]["offers"] if kept_out.isdisjoint(each["reasons"])
    }
    await publish(world, request)
    asked = {each["id"] for each in made if await _receives(world, each["providerId"]) is not None}
    assert asked == expected
    assert len(asked) == 4
