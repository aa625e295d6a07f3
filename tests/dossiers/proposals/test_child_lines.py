"""What proposals say of one child, to whose child it is: its own line, nothing of others; and from it to a referral."""

import json
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from app.kit.http.rows import rows_of
from app.kit.security.callers import Role
from tests.conftest import NOW, SettableClock
from tests.dossiers.proposals.scene import ask, lines, made
from tests.dossiers.referrals.scene import decide
from tests.dossiers.transfers.scene import add_institution, handed_over
from tests.world import World, caller, problem

Json = dict[str, Any]
LATE: Final = {"measure": {"type": "21", "imposedOn": "2026-08-12"}}


def path_of(request: Json) -> str:
    return f"/v1/requests/{request['id']}/proposal-lines"


async def lines_of(world: World, request: Json, headers: dict[str, str] | None = None) -> list[Json]:
    """What proposals say of a child."""
    items: list[Json] = (await world.ok(world.http.get(path_of(request), headers=headers or world.gi)))["items"]
    return items


async def test_is_of_whose_child_it_is_alone(world: World) -> None:
    offer = await world.contracted_offer()
    await world.report(offer)
    request = await world.add_request()
    await made(world)
    problem(await world.http.get(path_of(request)), 401, "unauthenticated")
    team = await add_institution(world, Role.LOCAL_TEAM, "Wijkteam")
    share = f"/v1/requests/{request['id']}/shares/{team.id}"
    await world.ok(world.http.put(share, json={"may": "escalate"}, headers=world.gi | {"If-Match": "*"}))
    for headers in ((await add_institution(world)).headers, team.headers, world.as_(Role.LOCAL_TEAM)):
        problem(await world.http.get(path_of(request), headers=headers), 404, "not-found")
    for headers in (world.provider(offer["providerId"]), world.expert_team(), world.as_(Role.SUPRAREGION)):
        problem(await world.http.get(path_of(request), headers=headers), 403, "forbidden")
    elsewhere = {"requestId": str(UUID(int=7)), "id": str(UUID(int=7))}
    problem(await world.http.get(path_of(elsewhere), headers=world.gi), 404, "not-found")


async def test_shows_the_line_of_the_region_and_the_facts_of_its_proposal(world: World) -> None:
    offer = await world.contracted_offer()
    await world.report(offer)
    placed, without = await world.add_request(child=LATE), await world.add_request()
    proposal = await made(world, horizonDays=60)
    for request in (placed, without):
        [line] = await lines_of(world, request)
        [seen] = [each for each in await lines(world, proposal) if each["requestId"] == request["id"]]
        about = line.pop("proposal")
        assert line == {name: seen[name] for name in line}
        assert about == {
            "id": proposal["id"],
            "madeAt": proposal["madeAt"],
            "madeOn": proposal["madeOn"],
            "horizonDays": 60,
            "method": "stable",
            "region": "JZ03",
            "supraregion": None,
        }
    assert placed["id"] not in json.dumps(await lines_of(world, without))


async def test_what_is_not_made_says_nothing(world: World) -> None:
    request = await world.add_request()
    await ask(world, children="listed", requests=[request["id"]])
    assert await lines_of(world, request) == []


async def test_from_a_line_a_referral_is_one_call_and_both_sides_see_what_became_of_it(world: World) -> None:
    offer, other = await world.contracted_offer(), await world.contracted_offer()
    await world.report(offer)
    request = await world.add_request()
    proposal = await made(world)
    [line] = await lines_of(world, request)
    send = line["toSend"]
    referral = await world.ok(world.http.request(send["method"], send["href"], json=send["body"], headers=world.gi))
    for decision in (None, "decline"):
        if decision:
            referral = await world.ok(decide(world, referral, decision, reason="no-place"))
        [line], [seen] = await lines_of(world, request), await lines(world, proposal)
        assert line["referral"]["status"] == seen["referral"]["status"] == referral["status"]
        assert (line["toSend"], seen["toSend"]) == (None, None)
    body = send["body"] | {"offerId": other["id"]}
    elsewhere = await world.ok(world.http.post(send["href"], json=body, headers=world.gi))
    await world.ok(decide(world, elsewhere, "accept"))
    [line] = await lines_of(world, request)
    assert (line["toSend"], line["otherReferral"]["status"]) == (None, "accepted")


async def test_each_proposal_counts_what_was_sent_since_it_and_the_last_stands_first(
    world: World, clock: SettableClock
) -> None:
    offer = await world.contracted_offer()
    await world.report(offer)
    request = await world.add_request()
    first = await made(world)
    [line] = await lines_of(world, request)
    referral = await world.ok(world.http.post(line["toSend"]["href"], json=line["toSend"]["body"], headers=world.gi))
    clock.now = NOW + timedelta(minutes=5)
    await world.ok(decide(world, referral, "withdraw", headers=world.gi))
    later = await made(world)
    found = await lines_of(world, request)
    assert [each["proposal"]["id"] for each in found] == [later["id"], first["id"]]
    assert [each["referral"] and each["referral"]["status"] for each in found] == [None, "withdrawn"]
    pages, path = [], f"{path_of(request)}?limit=1"
    while path:
        page = await world.ok(world.http.get(path, headers=world.gi))
        pages.append([each["proposal"]["id"] for each in page["items"]])
        path = page["_links"].get("next", {}).get("href")
    assert pages == [[later["id"]], [first["id"]]]


async def test_goes_with_the_child_to_another_institution(world: World) -> None:
    await world.report(await world.contracted_offer())
    request = await world.add_request()
    await made(world)
    receiver = await add_institution(world)
    await handed_over(world, request, receiver)
    assert len(await lines_of(world, request, receiver.headers)) == 1
    problem(await world.http.get(path_of(request), headers=world.gi), 404, "not-found")


async def test_the_database_gives_an_institution_no_more_of_a_proposal(world: World) -> None:
    """Also where a statement forgets to ask: no row of proposals, no line and no facts of another's child."""
    own = await world.add_request()
    other = await add_institution(world)
    theirs = await world.add_request(other.headers)
    await made(world)
    gi = caller(Role.GI)
    async with world.parts.database.read(rows_of(gi)) as session:
        assert await session.scalar(text("SELECT count(*) FROM proposals")) == 0
        assert await session.scalar(text("SELECT count(*) FROM proposal_lines")) == 1
        facts = text("SELECT count(*) FROM caller_proposals(CAST(:id AS uuid))")
        assert [await session.scalar(facts, {"id": each["id"]}) for each in (own, theirs)] == [1, 0]


async def test_statements_do_not_grow_with_the_proposals(world: World, statements: list[str]) -> None:
    await world.report(await world.contracted_offer())
    request, counts = await world.add_request(), []
    for times in (1, 3):
        for _ in range(times):
            await made(world)
        statements.clear()
        await lines_of(world, request)
        counts.append(len(statements))
    assert counts[0] == counts[1]
