"""Steps of the ladder: the party that is asked is told, and whose request it is of what came out; no word of either."""

from typing import Any
from uuid import UUID

from app.kit.security.callers import Role
from app.notifying.webhooks.courier import Courier
from tests.access.clients import add_organisation
from tests.notifying.webhooks.conftest import add_webhook
from tests.notifying.webhooks.receiver import Receiver, receiving
from tests.world import World

TYPE = "escalation.changed"


async def test_each_side_is_told_what_the_other_did(
    committing_world: World, receiver: Receiver, courier: Courier
) -> None:
    world = committing_world
    table = await add_organisation(world, name="Landelijke tafel", role="national")
    network = await add_organisation(world, name="NW4", role="supraregion", supraregion="nw4")
    national = world.as_(Role.NATIONAL, organisation_id=UUID(table["id"]))
    other = world.as_(Role.SUPRAREGION, organisation_id=UUID(network["id"]), supraregion="nw4")
    async with receiving() as party, receiving() as others:
        await add_webhook(world, receiver, TYPE)
        await add_webhook(world, party, TYPE, headers=national)
        for headers in (other, world.region()):
            await add_webhook(world, others, TYPE, headers=headers)
        request = await world.add_request()
        path = f"/v1/requests/{request['id']}/escalations"
        asking = {"step": "national", "reason": "no-suitable-offer", "asked": "Wie?", "skipReason": "Alles gevraagd."}
        step = await world.ok(world.http.post(path, json=asking, headers=world.gi))
        for headers, body in (
            (national, {"takenBy": "tafel-3"}),  # of that nobody is told
            (national, {"outcomeKind": "question", "outcome": "Is de school akkoord?"}),
            (world.gi, {"answer": "Ja."}),
        ):
            sent = world.http.patch(f"{path}/{step['id']}", json=body, headers=headers | {"If-Match": "*"})
            await world.ok(sent)
        await courier.deliver_all()
        ids = {"escalationId": step["id"], "step": "national", "requestId": request["id"]}
        is_open: dict[str, Any] = {**ids, "status": "open", "outcomeKind": None}
        assert [message.data for message in party.messages] == [is_open, is_open]
        assert [message.data for message in receiver.messages] == [
            {**ids, "status": "answered", "outcomeKind": "question"}
        ]
        assert others.messages == []


async def test_a_region_learns_that_its_team_is_asked_and_not_of_which_request(
    committing_world: World, receiver: Receiver, courier: Courier
) -> None:
    world = committing_world
    region = await add_organisation(world, name="Kop", role="region", region="JZ03")
    headers = world.as_(Role.REGION, organisation_id=UUID(region["id"]))
    await add_webhook(world, receiver, TYPE, headers=headers)
    request = await world.add_request()
    asking = {"step": "expert-team", "reason": "no-suitable-offer", "asked": "Wie?", "skipReason": "Al betrokken."}
    step = await world.ok(world.http.post(f"/v1/requests/{request['id']}/escalations", json=asking, headers=world.gi))
    await courier.deliver_all()
    assert [message.data for message in receiver.messages] == [
        {"escalationId": step["id"], "step": "expert-team", "status": "open", "outcomeKind": None}
    ]
