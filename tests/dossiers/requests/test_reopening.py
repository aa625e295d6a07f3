"""Whether help fits is judged, and help that broke down or did not fit is looked for again from the same dossier."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.kit.security.callers import Role
from tests.conftest import SavepointDatabase, SettableClock
from tests.dossiers.referrals.scene import OTHER_GI, brought_to, decide, get, refer, request_of
from tests.world import World, codes, problem

Json = dict[str, Any]


async def _helped(world: World, started_on: str = "2026-11-10") -> tuple[Json, Json]:
    """A request whose help started on that day, and its referral."""
    request = await world.add_request()
    referral = await brought_to(world, await refer(world, await world.contracted_offer(), request), "accepted")
    return request, await world.ok(decide(world, referral, "start", date=started_on))


async def _judge(world: World, request: Json, headers: dict[str, str] | None = None, **fields: Any) -> httpx.Response:
    body = {"by": "professional", "fits": "yes", **fields}
    return await world.http.post(f"/v1/requests/{request['id']}/judgements", json=body, headers=headers or world.gi)


async def _reopen(
    world: World, request: Json, on: str = "2026-11-20", headers: dict[str, str] | None = None
) -> httpx.Response:
    body = {"neededAgainOn": on, "why": "De plaatsing is afgebroken."}
    return await world.http.post(f"/v1/requests/{request['id']}/reopenings", json=body, headers=headers or world.gi)


def _help_clock(request: Json) -> tuple[str, str, str]:
    clock = next(each for each in request["clocks"] if each["clock"] == "help")
    return clock["startsOn"], clock["dueOn"], clock["light"]


@pytest.mark.parametrize("ask", [_judge, _reopen])
async def test_is_its_institutions_own(world: World, ask: Any) -> None:
    request, _ = await _helped(world)
    for headers, status in (
        ({"Authorization": ""}, 401),
        (world.region(), 403),
        (world.provider(await world.add_provider()), 403),
        (world.as_(Role.GI, **OTHER_GI), 404),
    ):
        assert (await ask(world, request, headers=headers)).status_code == status


async def test_the_last_judgement_of_each_is_shown_and_all_are_kept(world: World, clock: SettableClock) -> None:
    request, _ = await _helped(world)
    assert (await request_of(world, request))["judgements"] == []
    await world.ok(_judge(world, request, by="family", fits="no", word="Te ver van school."))
    await world.ok(_judge(world, request, fits="yes", on="2026-11-15"))
    clock.now += timedelta(days=10)
    last = await world.ok(_judge(world, request, fits="partly"))
    assert last == {"by": "professional", "fits": "partly", "on": "2026-12-02", "word": None}
    shown = (await request_of(world, request))["judgements"]
    assert {each["by"]: each["fits"] for each in shown} == {"professional": "partly", "family": "no"}
    path = f"/v1/requests/{request['id']}/judgements"
    kept = (await world.ok(world.http.get(path, headers=world.gi)))["items"]
    assert [each["fits"] for each in kept] == ["yes", "no", "partly"]


async def test_help_that_is_not_there_fits_nobody(world: World) -> None:
    request = await world.add_request()
    problem(await _judge(world, request), 409, "conflict")
    problem(await _reopen(world, request), 409, "conflict")
    helped, _ = await _helped(world)
    assert codes(await _judge(world, helped, on="2026-11-09")) == {"#/on": "order"}
    assert codes(await _judge(world, helped, on="2026-11-23")) == {"#/on": "in-future"}
    assert codes(await _judge(world, helped, fits="misschien")) == {"#/fits": "unknown-code"}


async def test_help_that_is_needed_again_has_its_own_norm_and_the_earlier_help_stays(world: World) -> None:
    request, earlier = await _helped(world)
    await world.ok(decide(world, earlier, "end", date="2026-11-18", reason="as-planned"))
    assert codes(await _reopen(world, request, "2026-11-10")) == {"#/neededAgainOn": "order"}
    assert codes(await _reopen(world, request, "2026-11-23")) == {"#/neededAgainOn": "in-future"}
    opened = await world.ok(_reopen(world, request))
    assert (opened["status"], opened["neededAgainOn"]) == ("open", "2026-11-20")
    assert _help_clock(opened) == ("2026-11-20", "2027-02-20", "green")
    assert [(each["neededAgainOn"], each["helpedOn"]) for each in opened["reopenings"]] == [
        ("2026-11-20", "2026-11-10")
    ]
    assert (await get(world, earlier))["status"] == "ended"
    matches = await world.ok(world.http.get(f"/v1/requests/{request['id']}/matches", headers=world.gi))
    assert matches["deadline"] == "2027-02-20"
    again = await brought_to(world, await refer(world, await world.contracted_offer(), request), "accepted")
    assert (await request_of(world, request))["status"] == "placed"
    await world.ok(decide(world, again, "start", date="2026-11-21"))
    now = await request_of(world, request)
    assert (now["status"], [each["date"] for each in now["milestones"] if each["name"] == "help"]) == (
        "helped",
        ["2026-11-21"],
    )


async def test_a_search_can_start_while_help_that_does_not_fit_goes_on(world: World) -> None:
    request, running = await _helped(world)
    await world.ok(_judge(world, request, fits="no"))
    await world.ok(_reopen(world, request))
    assert (await request_of(world, request))["status"] == "open"
    assert (await get(world, running))["status"] == "started"
    await world.ok(decide(world, running, "end", date="2026-11-21", reason="as-planned"))
    assert (await request_of(world, request))["status"] == "open", "the earlier help does not come back"


@pytest.mark.parametrize("table", ["judgements", "reopenings"])
async def test_what_was_said_is_never_changed(world: World, database: SavepointDatabase, table: str) -> None:
    request, _ = await _helped(world)
    await world.ok(_judge(world, request))
    await world.ok(_reopen(world, request))
    with pytest.raises(DBAPIError, match=f"{table} is a history"):
        async with database.write() as session:
            await session.execute(text(f"DELETE FROM {table}"))  # noqa: S608 - one of two names
