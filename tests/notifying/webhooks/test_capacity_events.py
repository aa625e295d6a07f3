"""Changes of capacity: written by the database itself, whoever changes it, where somebody asks for them."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from app.kit.security.callers import Role
from app.notifying.webhooks.courier import Courier
from tests.conftest import SettableClock
from tests.dossiers.referrals.scene import decide, refer
from tests.notifying.webhooks.conftest import add_webhook
from tests.notifying.webhooks.receiver import Json, Receiver
from tests.supply.capacity_reports.sending import push
from tests.world import World


async def outbox(world: World) -> list[Json]:
    """What the events say that are to be told of capacities, in their order."""
    statement = text("SELECT data FROM outbox_events WHERE type = 'capacity.changed' ORDER BY id")
    async with world.parts.database.read() as session:
        return list(await session.scalars(statement))


async def test_nothing_is_written_where_nobody_asks(world: World, receiver: Receiver) -> None:
    offer = await world.add_offer()
    await world.report(offer)
    await add_webhook(world, receiver, "referral.decided")
    await world.report(offer, placesFree=2)
    paused = await add_webhook(world, receiver)
    headers = world.gi | {"If-Match": "*"}
    await world.ok(world.http.patch(f"/v1/webhooks/{paused['id']}", json={"active": False}, headers=headers))
    await world.report(offer, placesFree=3)
    other = await world.add_provider()
    await add_webhook(world, receiver, headers=world.provider(other))
    await world.report(offer, placesFree=4)
    await world.report(await world.add_offer())
    assert await outbox(world) == []


async def test_a_report_is_still_one_statement(world: World, receiver: Receiver, statements: list[str]) -> None:
    offer = await world.add_offer()
    await add_webhook(world, receiver)
    statements.clear()
    await world.report(offer)
    assert len([each for each in statements if "capacity_reports" in each]) == 1
    assert not [each for each in statements if "outbox" in each]
    assert len(await outbox(world)) == 1


async def test_a_change_says_what_the_capacity_is_now(world: World, receiver: Receiver) -> None:
    await add_webhook(world, receiver)
    offer = await world.add_offer()
    figures: Json = {"placesTotal": 8, "placesOccupied": 6, "placesReserved": 1, "placesFree": 1, "waitingCount": 3}
    figures |= {"nextFreeOn": "2027-01-11", "waitDaysIntake": 7, "waitDaysTreatment": 14, "acceptsReferrals": True}
    await world.report(offer, **figures, note="Bel even", observedAt="2026-11-22T10:30:00.5+01:00")
    assert await outbox(world) == [
        figures
        | {
            "offerId": offer["id"],
            "providerId": offer["providerId"],
            "careType": "gezinshuis",
            "regions": ["JZ03"],
            "observedAt": "2026-11-22T09:30:00.500000Z",
            "counted": False,
        }
    ]


@pytest.mark.parametrize(
    ("fields", "regions"),
    [
        ({}, ["JZ03"]),
        ({"atHome": True}, None),  # everywhere
        ({"atHome": True, "serviceArea": ["GM0400", "GM0361", "GM0363"]}, ["JZ03", "JZ05", "JZ08"]),
        ({"locationKey": "here", "serviceArea": ["GM0363"]}, ["JZ03"]),  # given there, to children of elsewhere
    ],
)
async def test_where_the_help_is_given(
    world: World, receiver: Receiver, fields: Json, regions: list[str] | None
) -> None:
    await add_webhook(world, receiver)
    provider = await world.add_provider()
    await world.add_location(provider)
    await world.report(await world.add_offer(provider, **fields))
    (event,) = await outbox(world)
    found = event["regions"]
    if regions is None:
        assert found is None
    else:
        codes = {row["code"]: row["region"] for row in (await _municipalities(world))}
        areas = ["GM0400"] if not fields.get("atHome") else fields["serviceArea"]
        assert found == sorted({codes[code] for code in areas})


async def _municipalities(world: World) -> list[Json]:
    items: list[Json] = []
    path = "/v1/municipalities?limit=200"
    while path:
        page = await world.ok(world.http.get(path))
        items += page["items"]
        path = page["_links"].get("next", {}).get("href", "")
    return items


async def test_what_says_nothing_new_is_not_told(world: World, receiver: Receiver, clock: SettableClock) -> None:
    await add_webhook(world, receiver)
    offer = await world.add_offer()
    await world.report(offer, placesFree=1)
    confirm = f"/v1/offers/{offer['id']}/capacity/confirmations"
    headers = world.provider(offer["providerId"])
    clock.now += timedelta(days=1)
    await world.report(offer, placesFree=1, note="Nog steeds")
    await world.ok(world.http.post(confirm, headers=headers))
    await world.report(offer, placesFree=9, observedAt="2026-11-01T10:00:00Z")  # older than what stands
    assert len(await outbox(world)) == 1
    clock.now += timedelta(days=31)  # nobody relied on it any more
    await world.ok(world.http.post(confirm, headers=headers))
    assert len(await outbox(world)) == 2


async def test_many_at_once_are_told_each(world: World, receiver: Receiver) -> None:
    await add_webhook(world, receiver)
    provider = await world.add_provider()
    offers = [await world.add_offer(provider, str(number)) for number in range(5)]
    headers = world.provider(provider)
    reports: list[Json] = [{"offerId": offer["id"], "placesFree": 1} for offer in offers]
    await push(world, headers, *reports)
    assert sorted(each["offerId"] for each in await outbox(world)) == sorted(offer["id"] for offer in offers)
    await push(world, headers, *reports[:4], reports[4] | {"placesFree": 2})
    assert [each["placesFree"] for each in (await outbox(world))[5:]] == [2]


async def test_a_place_that_a_referral_takes_is_told(world: World, receiver: Receiver) -> None:
    offer = await world.contracted_offer()
    await world.report(offer, placesFree=1)
    await add_webhook(world, receiver)
    await world.ok(decide(world, await refer(world, offer), "accept"))
    (event,) = await outbox(world)
    assert (event["placesFree"], event["placesReserved"], event["counted"]) == (0, 1, True)


async def test_a_refused_report_tells_nothing(world: World, receiver: Receiver) -> None:
    await add_webhook(world, receiver)
    offer = await world.add_offer()
    path, body = f"/v1/offers/{offer['id']}/capacity", {"placesFree": 1}
    other = world.provider(await world.add_provider())
    assert (await world.http.put(path, json=body, headers=other)).status_code == 403
    assert await outbox(world) == []


FILTERS: list[tuple[Json, list[str]]] = [
    ({}, ["a", "b", "c"]),
    ({"careTypes": ["logeren"]}, ["b"]),
    ({"careTypes": ["logeren", "gezinshuis"]}, ["a", "b", "c"]),
    ({"regions": ["JZ06"]}, ["c"]),
    ({"regions": ["JZ06", "JZ03"]}, ["a", "b", "c"]),
    ({"providers": ["first"]}, ["a", "b"]),
    ({"providers": ["first"], "careTypes": ["logeren"], "regions": ["JZ03"]}, ["b"]),
    ({"providers": ["first"], "regions": ["JZ06"]}, []),
]


async def test_a_webhook_is_told_what_it_asks_for(
    committing_world: World, receiver: Receiver, courier: Courier
) -> None:
    world = committing_world
    first, second = await world.add_provider(), await world.add_provider()
    await world.add_location(second, "there", postcode="1811AA")
    offers = {
        "a": await world.add_offer(first),
        "b": await world.add_offer(first, careType="logeren"),
        "c": await world.add_offer(second, locationKey="there"),
    }
    for number, (filters, _) in enumerate(FILTERS):
        named = {"providers": [first]} if "providers" in filters else {}
        await add_webhook(world, receiver, url=f"{receiver.url}/{number}", **filters | named)
    for offer in offers.values():
        await world.report(offer)
    await courier.deliver_all()
    for number, (filters, told) in enumerate(FILTERS):
        assert told_at(receiver, number) == sorted(offers[name]["id"] for name in told), filters


def told_at(receiver: Receiver, place: object) -> list[str]:
    """The offers of which one of several webhooks was told."""
    return sorted(each.event["subject"] for each in receiver.messages if each.path == f"/hook/{place}")


async def test_a_provider_is_told_of_its_own_offers_and_others_of_all(
    committing_world: World, receiver: Receiver, courier: Courier
) -> None:
    world = committing_world
    offer, other = await world.add_offer(), await world.add_offer()
    callers = {role.value: world.as_(role) for role in Role if role not in {Role.PROVIDER, Role.REFERRER}}
    for name, headers in callers.items():
        await add_webhook(world, receiver, headers=headers, url=f"{receiver.url}/{name}")
    own = world.provider(offer["providerId"])
    await add_webhook(world, receiver, headers=own, url=f"{receiver.url}/own")
    for each in (offer, other):
        await world.report(each)
    await courier.deliver_all()
    both = sorted([offer["id"], other["id"]])
    assert {name: told_at(receiver, name) for name in callers} == dict.fromkeys(callers, both)
    assert told_at(receiver, "own") == [offer["id"]]


async def test_the_changes_of_an_offer_come_in_their_order(
    committing_world: World, receiver: Receiver, courier: Courier
) -> None:
    world = committing_world
    await add_webhook(world, receiver)
    offer = await world.add_offer()
    for free in range(6):
        await world.report(offer, placesFree=free)
    await courier.deliver_all()
    assert [message.data["placesFree"] for message in receiver.messages] == list(range(6))
    sequences = [message.event["sequence"] for message in receiver.messages]
    assert sequences == sorted(sequences)
