"""Closing a request: all that is open in its dossier ends with it, or nothing does."""

from uuid import uuid4

from app.kit.security.callers import Role
from tests.dossiers.calls.scene import contracted, publish
from tests.dossiers.referrals.scene import refer
from tests.dossiers.watches.scene import add_watch
from tests.world import World, problem

CLOSING = {"status": "closed", "closedReason": "help-not-needed"}
OPEN = ["sent", "open", "active"]


async def test_ends_all_that_is_open_in_its_dossier_or_nothing(world: World, statements: list[str]) -> None:
    offer, request = await contracted(world), await world.add_request()
    call = await publish(world, request)
    referral = await refer(world, offer, request)
    watch = await add_watch(world, requestId=request["id"])
    paths = [f"/v1/referrals/{referral['id']}", f"/v1/calls/{call['id']}", f"/v1/watches/{watch['id']}"]
    path = f"/v1/requests/{request['id']}"

    async def statuses() -> list[str]:
        return [(await world.ok(world.http.get(each, headers=world.gi)))["status"] for each in paths]

    assert await statuses() == OPEN
    problem(await world.http.patch(path, json=CLOSING), 401, "unauthenticated")
    other = world.as_(Role.GI, organisation_id=uuid4()) | {"If-Match": "*"}
    problem(await world.http.patch(path, json=CLOSING, headers=other), 404, "not-found")
    stale = world.gi | {"If-Match": '"9"'}
    problem(await world.http.patch(path, json=CLOSING, headers=stale), 412, "stale-version")
    assert await statuses() == OPEN
    statements.clear()
    closed = await world.ok(world.http.patch(path, json=CLOSING, headers=world.gi | {"If-Match": "*"}))
    assert closed["status"] == "closed"
    assert sum("FROM requests" in each and "FOR UPDATE" in each for each in statements) == 2, "the family, and it"
    assert await statuses() == ["withdrawn", "closed", "ended"]
    history = (await world.ok(world.http.get(f"{path}/history", headers=world.gi)))["items"]
    assert [each["what"] for each in history[-3:]] == ["referral-withdrawn", "call-closed", "closed"]
