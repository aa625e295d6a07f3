"""Reminders: at 7, 14 and 30 days to the day, once each whoever reminds, by mail and event; a new report ends them."""

import asyncio
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from app.domain.dates import dutch_day, dutch_midnight
from app.kit.database.sessions import Database, WriteSession, connect
from app.notifying.mails.sender import Sender
from app.notifying.mails.tables import MailRow
from app.notifying.outbox.tables import OutboxEventRow
from app.supply.offers.tables import OfferRow
from app.supply.reminders.repository import add_due
from app.supply.reminders.service import remind
from app.supply.reminders.tables import ReminderRow
from tests.conftest import NOW, SettableClock
from tests.notifying.mails.post import open_post, words
from tests.patience import PATIENCE
from tests.world import World

TO = "aanmelden@vuurtoren.example"
BASE = "https://wijzer.example"


async def run(world: World, now: datetime = NOW, **options: Any) -> int:
    async with world.parts.database.write() as session:
        return await remind(session, now, **options)


async def rows(world: World, row: Any) -> list[Any]:
    async with world.parts.database.read() as session:
        return list((await session.scalars(select(row).order_by(row.id))).all())


async def events(world: World) -> list[OutboxEventRow]:
    return [row for row in await rows(world, OutboxEventRow) if row.type == "reminder.due"]


async def reasons(world: World) -> list[str]:
    return [row.reason for row in await rows(world, ReminderRow)]


async def provider(world: World, **contact: Any) -> str:
    return await world.add_provider(contact={"email": TO, **contact})


async def reported(world: World, at: datetime, provider_id: str | None = None, **fields: Any) -> dict[str, Any]:
    offer = await world.add_offer(provider_id or await provider(world), **fields)
    await world.report(offer, observedAt=at.isoformat())
    return offer


MIDNIGHT = dutch_midnight(dutch_day(NOW))


def began(days: int) -> datetime:
    """When the day so many days ago began in the Netherlands: thirty days ago it was summer time."""
    return dutch_midnight(dutch_day(NOW) - timedelta(days=days))


INSTANT = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("observed_at", "reason"),
    [
        (MIDNIGHT, None),
        (began(7), None),  # 7 days old: not older
        (began(7) - INSTANT, "older-than-7-days"),
        (began(14), "older-than-7-days"),
        (began(14) - INSTANT, "older-than-14-days"),
        (began(30), "older-than-14-days"),
        (began(30) - INSTANT, "older-than-30-days"),
        (MIDNIGHT - timedelta(days=3000), "older-than-30-days"),
    ],
)
async def test_the_bounds_are_exact_to_the_day(world: World, observed_at: datetime, reason: str | None) -> None:
    await reported(world, observed_at)
    await run(world)
    assert await reasons(world) == [reason] * (reason is not None)


async def test_older_than_30_days_is_where_the_figure_becomes_unknown(world: World, clock: SettableClock) -> None:
    offer = await reported(world, began(30))

    async def status() -> str:
        found = await world.ok(world.http.get(f"/v1/availability?provider={offer['providerId']}", headers=world.gi))
        return str(found["items"][0]["availability"]["status"])

    assert (await status(), await run(world)) == ("free", 1)
    clock.now += timedelta(days=1)
    assert (await status(), await run(world, clock.now)) == ("unknown", 1)
    assert await reasons(world) == ["older-than-14-days", "older-than-30-days"]


async def test_a_series_goes_step_by_step_and_each_step_once(world: World) -> None:
    await reported(world, NOW)
    given = {day: await run(world, NOW + timedelta(days=day)) for day in range(100)}
    assert [day for day, count in given.items() if count] == [8, 15, 31]
    assert len(await rows(world, MailRow)) == 3
    assert len(await events(world)) == 3


async def test_a_new_report_ends_the_series_and_begins_one(world: World, clock: SettableClock) -> None:
    offer = await reported(world, NOW - timedelta(days=8))
    await run(world)
    clock.now += timedelta(days=1)
    path = f"/v1/offers/{offer['id']}/capacity/confirmations"
    await world.ok(world.http.post(path, headers=world.provider(offer["providerId"])))
    given = {day: await run(world, NOW + timedelta(days=day)) for day in range(1, 20)}
    assert [day for day, count in given.items() if count] == [9, 16]
    assert await reasons(world) == ["older-than-7-days", "older-than-7-days", "older-than-14-days"]


async def test_a_report_just_in_time_leaves_nothing_to_say(world: World, clock: SettableClock) -> None:
    offer = await reported(world, MIDNIGHT - timedelta(days=8))
    clock.now = MIDNIGHT + timedelta(hours=5)
    await world.report(offer)
    assert await run(world) == 0


async def test_a_late_report_that_is_older_changes_nothing(world: World) -> None:
    offer = await reported(world, NOW - timedelta(days=8))
    assert await run(world) == 1
    await world.report(offer, observedAt=(NOW - timedelta(days=20)).isoformat())
    assert await run(world) == 0


async def test_places_counted_from_a_referral_begin_no_series(world: World) -> None:
    offer = await reported(world, NOW - timedelta(days=8))
    assert await run(world) == 1
    await world.add_contract(offer["providerId"])
    request = await world.add_request()
    sent = {"standsFor": 1, "offerId": offer["id"], "summary": {"urgency": "urgent"}}
    referral = await world.ok(world.http.post(f"/v1/requests/{request['id']}/referrals", json=sent, headers=world.gi))
    decided = {"decision": "accept"}
    path, headers = f"/v1/referrals/{referral['id']}/decisions", world.provider(offer["providerId"])
    await world.ok(world.http.post(path, json=decided, headers=headers))
    standing = await world.ok(world.http.get(f"/v1/offers/{offer['id']}/capacity", headers=world.gi))
    assert standing["countedAt"] is not None
    assert await run(world) == 0


async def test_ended_offers_are_left_alone(world: World) -> None:
    offer = await reported(world, NOW - timedelta(days=8))
    await world.http.delete(f"/v1/offers/{offer['id']}", headers=world.provider(offer["providerId"]))
    assert await run(world) == 0


async def created(world: World, offer: dict[str, Any], at: datetime) -> None:
    async with world.parts.database.write() as session:
        statement = update(OfferRow).where(OfferRow.id == UUID(offer["id"])).values(created_at=at)
        await session.execute(statement)


async def test_an_offer_that_was_never_reported_is_named_once(world: World) -> None:
    offer = await world.add_offer(await provider(world))
    await created(world, offer, NOW)
    given = {day: await run(world, NOW + timedelta(days=day)) for day in range(40)}
    assert [day for day, count in given.items() if count] == [8]
    assert await reasons(world) == ["never-reported"]
    (mail,) = await rows(world, MailRow)
    assert f"  - Gezinshuis De Duinen: {offer['id']}\n" in mail.body


async def test_a_provider_gets_one_mail_for_all_its_offers(world: World) -> None:
    provider_id = await provider(world)
    ages = {"Week": 8, "Nog een week": 14, "Twee weken": 15, "Maand": 31, "Vers": 7}
    offers = {
        name: await reported(world, NOW - timedelta(days=days), provider_id, name=name) for name, days in ages.items()
    }
    other = await world.add_provider(contact={"email": "ander@anker.example"})
    await reported(world, NOW - timedelta(days=8), other)
    assert await run(world, base=BASE) == 5
    mine, theirs = sorted(await rows(world, MailRow), key=lambda row: str(row.recipient), reverse=False)
    assert (mine.recipient, theirs.recipient) == (TO, "ander@anker.example")
    assert mine.subject == "Meld uw beschikbaarheid: 4 keer aanbod"
    assert theirs.subject == "Meld uw beschikbaarheid: 1 aanbod"
    places = [mine.body.index(f"  - {name}, gemeld op ") for name in ("Maand", "Twee weken", "Nog een week", "Week")]
    assert places == sorted(places), "the oldest first"
    assert "Vers" not in mine.body
    assert f"  - Week, gemeld op 14 november 2026: {offers['Week']['id']}\n" in mine.body
    assert f"POST {BASE}/v1/offers/<kenmerk>/capacity/confirmations\n" in mine.body


async def test_the_mail_can_be_in_english_and_do_without_an_address_of_the_service(world: World) -> None:
    offer = await reported(world, NOW - timedelta(days=31))
    await run(world, language="en")
    (mail,) = await rows(world, MailRow)
    assert mail.subject == "Report your availability: 1 offer"
    assert "Their availability is therefore unknown now" in mail.body
    assert f"reported on 22 October 2026: {offer['id']}" in mail.body
    assert "  POST /v1/offers/<id>/capacity/confirmations\n" in mail.body


async def test_a_name_cannot_write_a_mail_of_its_own(world: World) -> None:
    provider_id = await world.add_provider(name="Kwaad\n\nBetaal hier {base}", contact={"email": TO})
    await reported(world, NOW - timedelta(days=8), provider_id, name="Huis {offer}\r\n  - Nep")
    await run(world)
    (mail,) = await rows(world, MailRow)
    assert mail.body.startswith("Aan Kwaad Betaal hier {base}\n")
    assert "  - Huis {offer} - Nep, gemeld op" in mail.body


async def test_a_long_list_is_cut(world: World) -> None:
    provider_id = await provider(world)
    await world.add_location(provider_id)
    for number in range(101):
        await reported(world, NOW - timedelta(days=8), provider_id, name=f"Huis {number:03}", locationKey="here")
    await run(world)
    (mail,) = await rows(world, MailRow)
    assert mail.body.count("  - Huis") == 100
    assert "  - en nog 1\n" in mail.body


async def test_without_an_address_there_is_no_mail_but_an_event(world: World) -> None:
    await reported(world, NOW - timedelta(days=8), await world.add_provider())
    assert await run(world) == 1
    assert await rows(world, MailRow) == []
    assert (await rows(world, ReminderRow))[0].mail_key is None
    assert len(await events(world)) == 1


async def test_the_event_says_what_is_due_and_till_when_the_figures_count(world: World) -> None:
    offer = await reported(world, NOW - timedelta(days=15))
    await run(world)
    (event,) = await events(world)
    assert (event.type, event.subject, event.time) == ("reminder.due", offer["id"], NOW)
    assert (event.provider_id, event.organisation_id) == (UUID(offer["providerId"]), None)
    assert event.data == {
        "offerId": offer["id"],
        "providerId": offer["providerId"],
        "careType": "gezinshuis",
        "reason": "older-than-14-days",
        "dueOn": "2026-12-07",
    }


async def test_the_mail_arrives_and_how_to_mend_it_in_it_works(world: World, clock: SettableClock) -> None:
    offer = await reported(world, NOW - timedelta(days=8))
    await run(world, base=BASE)
    async with open_post() as post:
        sender = Sender(world.parts.database, post.mailer, clock)
        await post.stop()
        await sender.send_due()
        assert post.received == [], "the server is away"
        await post.start()
        await run(world, base=BASE)
        await sender.send_due()
        await sender.send_due()
        (message,) = post.to(TO)
    text = words(message)
    line = next(line for line in text.splitlines() if "confirmations" in line)
    method, url = line.replace("<kenmerk>", offer["id"]).split()
    headers = world.provider(offer["providerId"])
    answer = await world.http.request(method, url.removeprefix(BASE), headers=headers)
    assert answer.status_code == 201
    assert await run(world) == 0


async def test_a_reminder_that_fails_leaves_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    await reported(world, NOW - timedelta(days=8))

    async def fail(*_: object) -> None:
        raise ConnectionError

    with monkeypatch.context() as patch:
        patch.setattr("app.supply.reminders.service.write_events", fail)
        with pytest.raises(ConnectionError):
            await run(world)
    assert await reasons(world) == []
    assert await rows(world, MailRow) == []
    assert await run(world) == 1


async def test_several_workers_give_each_reminder_once(
    committing_world: World, clock: SettableClock, fresh_database_url: str
) -> None:
    world = committing_world
    for number in range(3):
        provider_id = await world.add_provider(contact={"email": f"{number}@vuurtoren.example"})
        for age in (8, 15, 31):
            await reported(world, NOW - timedelta(days=age), provider_id)
    others = [connect(fresh_database_url, pool_size=2) for _ in range(4)]

    async def work(database: Database) -> int:
        async with database.write() as session:
            return await remind(session, NOW)

    async with open_post() as post:
        given = await asyncio.gather(*map(work, others))
        assert sum(given) == 9
        await asyncio.gather(*(Sender(each, post.mailer, clock).send_due() for each in others))
        assert sorted(recipients[0] for recipients, _ in post.received) == [
            "0@vuurtoren.example",
            "1@vuurtoren.example",
            "2@vuurtoren.example",
        ]
    assert len(await events(world)) == 9
    for each in others:
        await each.close()


async def test_one_that_comes_while_another_is_at_it_waits_and_does_nothing(committing_world: World) -> None:
    world = committing_world
    await reported(world, NOW - timedelta(days=8))
    database: Database = world.parts.database

    async def second() -> int:
        async with database.write() as session:
            return await remind(session, NOW)

    async with database.write() as session:
        assert await remind(session, NOW) == 1
        waiting = asyncio.create_task(second())
        await _until_it_waits(database)
    assert await waiting == 0
    assert len(await rows(world, MailRow)) == 1


async def _until_it_waits(database: Database) -> None:
    statement = "SELECT count(*) FROM pg_locks WHERE NOT granted"
    async with asyncio.timeout(PATIENCE), database.engine.connect() as connection:
        while (await connection.exec_driver_sql(statement)).scalar_one() == 0:  # noqa: ASYNC110 - nothing tells it
            await asyncio.sleep(0)


async def test_a_job_that_dies_halfway_is_done_by_the_next(committing_world: World) -> None:
    world = committing_world
    await reported(world, NOW - timedelta(days=8))
    database: Database = world.parts.database

    async def die(session: WriteSession) -> None:
        await add_due(session, NOW)
        raise asyncio.CancelledError

    async def dying() -> None:
        async with database.write() as session:
            await die(session)

    with pytest.raises(asyncio.CancelledError):
        await dying()
    assert await reasons(world) == []
    assert await run(world) == 1
