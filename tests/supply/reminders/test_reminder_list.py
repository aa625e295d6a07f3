"""The list of reminders: a provider's own, for a region those of care under its contracts, from the second on."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete

from app.kit.security.callers import Role
from app.notifying.mails.sender import Sender
from app.notifying.mails.tables import MailRow
from app.settings import Settings
from app.supply.reminders.service import remind
from tests.conftest import (
    NOW,
    SavepointDatabase,
    SettableClock,
    serving,
)
from tests.notifying.mails.post import SENDER, open_post
from tests.supply.providers.pages import flat, walk
from tests.world import World, codes, problem

TO = "aanmelden@vuurtoren.example"
PATH = "/v1/reminders"


async def stale(world: World, days: int, provider_id: str | None = None, **fields: Any) -> dict[str, Any]:
    provider_id = provider_id or await world.add_provider(contact={"email": TO})
    offer = await world.add_offer(provider_id, **fields)
    await world.report(offer, observedAt=(NOW - timedelta(days=days)).isoformat())
    return offer


async def run(world: World, now: datetime = NOW) -> None:
    async with world.parts.database.write() as session:
        await remind(session, now)


async def items(world: World, headers: dict[str, str], query: str = "") -> list[dict[str, Any]]:
    found = await world.ok(world.http.get(PATH + query, headers=headers))
    return list(found["items"])


async def shown(world: World, headers: dict[str, str], query: str = "") -> list[str]:
    return [item["offerId"] for item in await items(world, headers, query)]


async def test_it_takes_a_token(world: World) -> None:
    problem(await world.http.get(PATH), 401, "unauthenticated")


@pytest.mark.parametrize("role", [Role.GI, Role.LOCAL_TEAM, Role.SUPRAREGION, Role.INSPECTORATE])
async def test_it_is_for_providers_regions_and_admins(world: World, role: Role) -> None:
    problem(await world.http.get(PATH, headers=world.as_(role)), 403, "forbidden")


async def test_bad_queries(world: World) -> None:
    answer = await world.http.get(f"{PATH}?provider=x&reason=old&limit=0&cursor=zz&what=1", headers=world.admin)
    assert codes(answer).keys() == {"#/query/provider", "#/query/reason/0", "#/query/limit", "#/query/what"}
    assert codes(await world.http.get(f"{PATH}?cursor=zz", headers=world.admin)) == {"#/query/cursor": "invalid-cursor"}


async def test_a_provider_sees_its_own_and_no_other(world: World) -> None:
    mine, theirs = await stale(world, 8), await stale(world, 31)
    await run(world)
    assert await shown(world, world.provider(mine["providerId"])) == [mine["id"]]
    assert await shown(world, world.provider(mine["providerId"]), f"?provider={theirs['providerId']}") == []
    assert await shown(world, world.admin) == [theirs["id"], mine["id"]]


async def test_what_it_says(world: World, clock: SettableClock) -> None:
    offer = await stale(world, 15, name="Huis")
    await run(world)
    clock.now += timedelta(days=1)
    (item,) = await items(world, world.provider(offer["providerId"]))
    assert item.pop("providerName").startswith("Demo Aanbieder")
    assert item == {
        "doubts": 0,
        "offerId": offer["id"],
        "offerName": "Huis",
        "providerId": offer["providerId"],
        "careType": "gezinshuis",
        "reason": "older-than-14-days",
        "observedAt": "2026-11-07T10:00:00Z",
        "ageDays": 16,
        "knownUntil": "2026-12-07",
        "remindedAt": "2026-11-22T10:00:00Z",
        "mail": "off",
    }


async def test_a_region_sees_from_the_second_reminder_on_what_it_has_contracted(world: World) -> None:
    offers = [await stale(world, days) for days in (8, 15, 31)]
    for offer in offers:
        await world.add_contract(offer["providerId"])
    await run(world)
    assert await shown(world, world.region()) == [offers[2]["id"], offers[1]["id"]]
    assert await shown(world, world.region("JZ06")) == [], "another region sees nothing"
    assert await shown(world, world.region(), "?reason=older-than-14-days") == [offers[1]["id"]]


@pytest.mark.parametrize(
    ("contract", "seen"),
    [
        ({}, True),
        ({"regions": ["JZ06"]}, False),
        ({"regions": [], "municipalities": ["GM0400"]}, True),
        ({"regions": [], "municipalities": ["GM0363"]}, False),
        ({"careTypes": ["gezinshuis"]}, True),
        ({"careTypes": ["pleegzorg-voltijd"]}, False),
        ({"validTo": "2026-11-22"}, True),
        ({"validTo": "2026-11-21"}, False),
        ({"validFrom": "2026-11-22"}, True),
        ({"validFrom": "2026-11-23"}, False),
    ],
)
async def test_a_contract_counts_while_it_holds_for_the_care(
    world: World, contract: dict[str, Any], seen: bool
) -> None:
    offer = await stale(world, 15)
    await world.add_contract(offer["providerId"], **contract)
    await run(world)
    assert await shown(world, world.region()) == [offer["id"]] * seen


async def test_two_contracts_show_an_offer_once(world: World) -> None:
    offer = await stale(world, 15)
    for _ in range(2):
        await world.add_contract(offer["providerId"])
    await run(world)
    assert await shown(world, world.region()) == [offer["id"]]


async def test_the_last_reminder_shows_and_a_report_ends_it(world: World, clock: SettableClock) -> None:
    offer = await stale(world, 8)
    headers = world.provider(offer["providerId"])
    await run(world)
    await run(world, NOW + timedelta(days=7))
    clock.now += timedelta(days=7)
    assert [item["reason"] for item in await items(world, headers)] == ["older-than-14-days"]
    await world.report(offer)
    assert await shown(world, headers) == []


async def test_an_offer_that_has_ended_shows_no_more(world: World) -> None:
    offer = await stale(world, 8)
    headers = world.provider(offer["providerId"])
    await run(world)
    await world.http.delete(f"/v1/offers/{offer['id']}", headers=headers)
    assert await shown(world, headers) == []


async def test_what_was_never_reported_has_no_age(world: World, clock: SettableClock) -> None:
    offer = await world.add_offer()
    await world.add_contract(offer["providerId"])
    clock.now = NOW + timedelta(days=3650)
    await run(world, clock.now)
    (item,) = await items(world, world.region())
    assert item["reason"] == "never-reported"
    assert [item[name] for name in ("observedAt", "ageDays", "knownUntil", "mail")] == [None, None, None, "no-address"]


async def test_pages_hold_every_reminder_once(world: World) -> None:
    provider_id = await world.add_provider()
    expected = [(await stale(world, days, provider_id))["id"] for days in (40, 31, 15, 15, 15, 9, 8)]
    await run(world)
    pages = await walk(world, f"{PATH}?limit=2", world.provider(provider_id))
    assert sorted(flat(pages, "offerId")) == sorted(expected)
    assert flat(pages, "ageDays") == [40, 31, 15, 15, 15, 9, 8]


async def test_it_says_what_became_of_the_mail(
    settings: Settings, database: SavepointDatabase, clock: SettableClock, world: World
) -> None:
    gone = await world.add_provider(contact={"email": "weg@vuurtoren.example"})
    offers = [await stale(world, 8), await stale(world, 9, gone), await stale(world, 10, await world.add_provider())]
    await run(world)
    async with open_post(replies={"weg@vuurtoren.example": "550 no such mailbox"}) as post:
        with_mail = Settings(**settings.model_dump() | {"mail_from": SENDER, "smtp_url": post.url})
        async with serving(with_mail, database, clock) as mailing:

            async def outcomes() -> dict[str, str]:
                return {each["offerId"]: each["mail"] for each in await items(mailing, mailing.admin)}

            waiting = dict(zip((each["id"] for each in offers), ("waiting", "waiting", "no-address"), strict=True))
            assert await outcomes() == waiting
            await Sender(database, post.mailer, clock).send_due()
            done = dict(zip((each["id"] for each in offers), ("sent", "refused", "no-address"), strict=True))
            assert await outcomes() == done
            async with database.write() as session:
                await session.execute(delete(MailRow))
            assert (await outcomes())[offers[0]["id"]] is None
