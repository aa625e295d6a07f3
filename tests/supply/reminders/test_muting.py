"""Doing without reminders by mail for a while: they are given all the same."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from app.kit.security.callers import Role
from app.notifying.mails.tables import MailRow
from app.supply.reminders.service import remind
from tests.conftest import NOW, SettableClock
from tests.world import World, codes, problem


async def scene(world: World, days: int = 8) -> tuple[str, dict[str, str], dict[str, Any]]:
    """The path of a provider's mute, its headers, and an offer whose figures are so old."""
    provider = await world.add_provider(contact={"email": "aanmelden@vuurtoren.example"})
    offer = await world.add_offer(provider)
    await world.report(offer, observedAt=(NOW - timedelta(days=days)).isoformat())
    return f"/v1/providers/{provider}/reminder-mute", world.provider(provider), offer


async def reminders(world: World, headers: dict[str, str]) -> list[dict[str, Any]]:
    async with world.parts.database.write() as session:
        await remind(session, world.parts.clock())
    found: list[dict[str, Any]] = (await world.ok(world.http.get("/v1/reminders", headers=headers)))["items"]
    return found


async def mails(world: World) -> int:
    async with world.parts.database.read() as session:
        return len((await session.scalars(select(MailRow))).all())


async def test_it_takes_a_token(world: World) -> None:
    path, _, _ = await scene(world)
    problem(await world.http.get(path), 401, "unauthenticated")
    problem(await world.http.put(path, json={"until": None}), 401, "unauthenticated")


@pytest.mark.parametrize("role", [Role.GI, Role.REGION])
async def test_it_is_the_providers_own(world: World, role: Role) -> None:
    path, _, _ = await scene(world)
    for headers in (world.as_(role), world.as_(Role.PROVIDER, provider_id=UUID(int=7))):
        problem(await world.http.get(path, headers=headers), 403, "forbidden")
        problem(await world.http.put(path, json={"until": None}, headers=headers), 403, "forbidden")


async def test_another_provider_does_not_exist(world: World) -> None:
    path = f"/v1/providers/{UUID(int=9)}/reminder-mute"
    problem(await world.http.get(path, headers=world.admin), 404, "not-found")
    problem(await world.http.put(path, json={"until": None}, headers=world.admin), 404, "not-found")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "missing"),
        ({"until": "2026-11-21"}, "in-past"),
        ({"until": "2027-02-23"}, "too-late"),
        ({"until": "morgen"}, "format"),
    ],
)
async def test_what_is_no_day_to_come_is_refused(world: World, body: dict[str, str], code: str) -> None:
    path, headers, _ = await scene(world)
    assert codes(await world.http.put(path, json=body, headers=headers)) == {"#/until": code}


async def test_no_mail_goes_and_the_reminder_stands(world: World) -> None:
    path, headers, offer = await scene(world)
    assert await world.ok(world.http.get(path, headers=headers)) == {"until": None}
    muted = await world.ok(world.http.put(path, json={"until": "2026-11-22"}, headers=headers))
    assert muted == {"until": "2026-11-22"} == await world.ok(world.http.get(path, headers=headers))
    [item] = await reminders(world, headers)
    assert (item["offerId"], item["mail"]) == (offer["id"], "muted")
    assert await mails(world) == 0


async def test_mail_goes_again_after_the_day_or_when_it_is_asked(world: World, clock: SettableClock) -> None:
    path, headers, _ = await scene(world)
    await world.ok(world.http.put(path, json={"until": "2026-11-22"}, headers=headers))
    clock.now += timedelta(days=8)
    assert await world.ok(world.http.get(path, headers=headers)) == {"until": None}
    [item] = await reminders(world, headers)
    assert (item["reason"], item["mail"]) == ("older-than-14-days", "off")
    path, headers, _ = await scene(world)
    await world.ok(world.http.put(path, json={"until": "2026-12-22"}, headers=headers))
    assert await world.ok(world.http.put(path, json={"until": None}, headers=headers)) == {"until": None}
    [item] = await reminders(world, headers)
    assert item["mail"] == "off"


async def test_of_two_providers_one_is_mailed(world: World) -> None:
    path, headers, _ = await scene(world)
    _, others, _ = await scene(world)
    await world.ok(world.http.put(path, json={"until": "2026-11-30"}, headers=headers))
    assert [item["mail"] for item in await reminders(world, headers)] == ["muted"]
    assert [item["mail"] for item in await reminders(world, others)] == ["off"]
    assert await mails(world) == 1
