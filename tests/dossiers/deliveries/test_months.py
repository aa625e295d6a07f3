"""Who has delivered, or confirmed, which month, and who has not: to the institution itself, and to those above it."""

from typing import Any
from uuid import UUID

import pytest

from app.kit.security.callers import Role
from tests.access.clients import add_organisation
from tests.dossiers.deliveries.scene import child, deliver, other_gi
from tests.dossiers.transfers.scene import add_institution
from tests.supply.providers.pages import walk
from tests.world import World, codes, problem

PATH = "/v1/deliveries"
GI = "De Jeugd- en Gezinsbeschermers"
IN_JZ03 = {GI, "William Schrikker Stichting", "Leger des Heils Jeugdbescherming & Reclassering"}
OTHERS = [Role.PROVIDER, Role.REFERRER, Role.NATIONAL, Role.ADMIN]


async def _months(world: World, headers: dict[str, str], month: str = "2026-11") -> list[dict[str, Any]]:
    pages = await walk(world, f"{PATH}?month={month}&limit=2", headers)
    return [item for items in pages for item in items]


async def _states(world: World, headers: dict[str, str], month: str = "2026-11") -> dict[str | None, str]:
    return {each["institution"]: each["state"] for each in await _months(world, headers, month)}


async def _confirm(world: World, month: Any = "2026-11", headers: dict[str, str] | None = None) -> Any:
    return await world.http.post(PATH, json={"month": month}, headers=headers or world.gi)


async def test_needs_a_token(world: World) -> None:
    problem(await world.http.get(PATH), 401, "unauthenticated")
    problem(await world.http.post(PATH, json={"month": "2026-11"}), 401, "unauthenticated")


@pytest.mark.parametrize("role", OTHERS, ids=str)
async def test_is_not_of_others(world: World, role: Role) -> None:
    problem(await world.http.get(PATH, headers=world.as_(role)), 403, "forbidden")
    problem(await _confirm(world, headers=world.as_(role)), 403, "forbidden")


@pytest.mark.parametrize("role", [Role.REGION, Role.SUPRAREGION, Role.INSPECTORATE], ids=str)
async def test_only_an_institution_confirms(world: World, role: Role) -> None:
    problem(await _confirm(world, headers=world.as_(role)), 403, "forbidden")


@pytest.mark.parametrize(
    ("month", "code"), [("2026-13", "invalid"), ("2026", "invalid"), ("2026-12", "in-future"), (None, "type")]
)
async def test_a_month_is_one_that_has_begun(world: World, month: Any, code: str) -> None:
    assert codes(await _confirm(world, month)) == {"#/month": code}
    asked = await world.http.get(f"{PATH}?month=2026-13", headers=world.gi)
    assert codes(asked) == {"#/query/month": "invalid"}


async def test_an_institution_sees_what_it_delivered_and_nothing_of_others(world: World) -> None:
    body = child()
    await deliver(world, body, child(birthMonth="mei"))
    await deliver(world, child(), headers=other_gi(world))
    await deliver(world, child(), query="?referenceDay=2026-10-31&endMissing=true&reason=measure-ended")
    assert (await _confirm(world)).status_code == 201
    [own] = await _months(world, world.gi)
    assert (own["institution"], own["month"], own["state"]) == (GI, "2026-11", "delivered")
    confirmed, delivered = own["deliveries"]
    assert (confirmed["kind"], confirmed["lines"], confirmed["referenceDay"]) == ("confirmed", 0, "2026-11-22")
    assert delivered == {
        "kind": "delivered",
        "month": "2026-11",
        "referenceDay": "2026-11-22",
        "lines": 2,
        "accepted": 1,
        "unchanged": 0,
        "rejected": 1,
        "closed": 0,
        "at": "2026-11-22T10:00:00Z",
        "clientId": "test-gi",
    }
    [october] = await _months(world, world.gi, "2026-10")
    assert [(each["accepted"], each["closed"]) for each in october["deliveries"]] == [(1, 1)]
    assert [each["state"] for each in await _months(world, world.gi, "2026-09")] == ["missing"]
    assert await world.ok(world.http.get(PATH, headers=world.gi)) == await world.ok(
        world.http.get(PATH, headers=world.gi)
    ), "this month unless said"


async def test_a_month_is_missing_until_a_line_of_it_is_taken_in_or_it_is_confirmed(world: World) -> None:
    await deliver(world, child(birthMonth="mei"))
    [own] = await _months(world, world.gi)
    assert (own["state"], len(own["deliveries"])) == ("missing", 1)
    key = world.gi | {"Idempotency-Key": "november"}
    first, again = await _confirm(world, headers=key), await _confirm(world, headers=key)
    assert first.content == again.content
    [own] = await _months(world, world.gi)
    assert (own["state"], len(own["deliveries"])) == ("confirmed", 2)


async def test_a_region_sees_who_keeps_its_children_and_who_is_contracted_there(world: World) -> None:
    here, there = await add_institution(world, name="GI Noord"), await add_institution(world, name="GI Zuid")
    contracted = await add_organisation(world, name="WSS", role="gi", institution="William Schrikker Stichting")
    team = await add_organisation(world, name="Wijkteam Noord", role="local-team")
    own_team = world.as_(Role.LOCAL_TEAM, organisation_id=UUID(team["id"]))
    await deliver(world, child(), headers=here.headers)
    await deliver(world, child(municipality="GM0361"), headers=there.headers)  # in JZ06
    await world.add_request(own_team)
    await _confirm(world, headers=own_team)
    unknown = other_gi(world)
    await world.add_request(unknown)
    expected: dict[str | None, str] = {
        **dict.fromkeys(IN_JZ03, "missing"),
        "GI Noord": "delivered",
        "Wijkteam Noord": "confirmed",
        None: "missing",  # of an issuer of its own, so that nobody knows its name
    }
    assert await _states(world, world.region("JZ03")) == expected
    by_name = {each["institution"]: each for each in await _months(world, world.region("JZ03"))}
    assert by_name["William Schrikker Stichting"]["organisationId"] == contracted["id"]
    assert by_name[GI]["organisationId"] is None
    assert by_name["GI Noord"]["organisationId"] == here.id
    [delivery] = by_name["GI Noord"]["deliveries"]
    assert (delivery["lines"], delivery["clientId"]) == (1, None)
    assert "GI Zuid" in await _states(world, world.region("JZ06"))
    for role in (Role.SUPRAREGION, Role.INSPECTORATE):
        states = await _states(world, world.as_(role))
        assert (states["GI Noord"], states["GI Zuid"], states["Wijkteam Noord"]) == (
            *("delivered", "delivered"),
            "confirmed",
        )
    names = [each["institution"] or "" for each in await _months(world, world.as_(Role.INSPECTORATE))]
    assert names == sorted(names)


async def test_a_region_sees_those_of_whom_a_child_waited_that_month(world: World) -> None:
    institutions = [await add_institution(world, name=f"GI {name}") for name in ("later", "eerder", "geholpen")]
    later, earlier, helped = institutions
    await deliver(world, child(requestedOn="2026-11-10"), headers=later.headers)
    gone = child(requestedOn="2026-08-01", measureImposedOn="2026-08-01")
    await deliver(world, gone | {"closedReason": "measure-ended", "closedOn": "2026-09-30"}, headers=earlier.headers)
    body = child(requestedOn="2026-08-01", measureImposedOn="2026-08-01", helpOn="2026-10-05")
    await deliver(world, body, headers=helped.headers)
    assert {
        month: {name for name in await _states(world, world.region(), month) if name and name.startswith("GI ")}
        for month in ("2026-08", "2026-09", "2026-10", "2026-11")
    } == {
        "2026-08": {"GI eerder", "GI geholpen"},
        "2026-09": {"GI eerder", "GI geholpen"},
        "2026-10": {"GI geholpen"},
        "2026-11": {"GI later"},
    }
