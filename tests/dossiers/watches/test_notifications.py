"""What goes out of a place that was found: by which channel, to whom, once, and nothing about a child."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import orjson
import pytest
from sqlalchemy import text

from app.dossiers.watches import publisher
from app.kit.database.sessions import connect
from app.kit.security.callers import Role
from app.main import create_app
from app.notifying.mails.sender import Sender
from app.settings import Settings
from tests.conftest import SettableClock, serving
from tests.dossiers.watches.scene import (
    PATH,
    add_watch,
    change,
    events,
    look,
    matches,
    other_gi,
)
from tests.http import (
    Event,
    Reader,
    Served,
    serving_http,
)
from tests.notifying.mails.post import open_post, words
from tests.world import World, codes

EVENTS = f"{PATH}/events"
TEAM = "team@example.org"


@pytest.fixture
async def served(settings: Settings, fresh_database_url: str, clock: SettableClock) -> AsyncIterator[Served]:
    """The service on a database of its own, over HTTP."""
    database = connect(fresh_database_url, pool_size=5)
    async with serving_http(create_app(settings, database=database, clock=clock), lifespan="off") as made:
        running = asyncio.create_task(made.parts.watch_publisher.run())
        yield made
        running.cancel()
    await made.parts.follower.close()
    await database.close()


@pytest.fixture
async def mailing(settings: Settings, fresh_database_url: str, clock: SettableClock) -> AsyncIterator[World]:
    """The service with a mail server in its settings."""
    database = connect(fresh_database_url, pool_size=5)
    given = settings.model_dump() | {"smtp_url": "smtp://127.0.0.1", "mail_from": "wijzer@example.org"}
    async with serving(Settings(**given), database, clock) as made:
        yield made
    await database.engine.dispose()


async def follow(served: Served, headers: dict[str, str] | None = None, *, after: str | None = None) -> Reader:
    """A reader whose stream is open."""
    reader = await served.open(EVENTS, (headers or served.gi) | ({"Last-Event-ID": after} if after else {}))
    assert reader.status == 200, reader.head
    await reader.greeting()
    return reader


async def told(reader: Reader) -> Event:
    event = await reader.next()
    assert event is not None
    return event


async def test_webhooks_get_ids_codes_and_dates(committing_world: World) -> None:
    world = committing_world
    offer = await world.add_offer()
    request = await world.add_request()
    await world.add_contract(offer["providerId"])
    silent = await add_watch(world)
    watch = await add_watch(world, channels=["webhook"], requestId=request["id"], label="Kind van W.")
    await world.report(offer)
    await look(world)
    (event,) = await events(world)
    (match,) = await matches(world, watch)
    assert event["subject"] == offer["id"]
    assert event["data"] == {
        "watchId": watch["id"],
        "matchId": match["id"],
        "offerId": offer["id"],
        "providerId": offer["providerId"],
        "careType": "gezinshuis",
        "regions": ["JZ03"],
        "status": "free",
        "expectedStart": "2026-11-22",
    }
    assert len(await matches(world, silent)) == 1


async def test_a_mail_says_who_when_and_where_and_nothing_of_the_child(mailing: World, clock: SettableClock) -> None:
    world = mailing
    provider = await world.add_provider(name="Demo\nBcc: iedereen@example.org")
    free = await world.add_offer(provider, name="Gezinshuis Noord")
    soon = await world.add_offer(provider, name="Gezinshuis Zuid")
    await world.add_contract(provider)
    request = await world.add_request(childReference="K-2026-MAIL")
    watch = await add_watch(world, requestId=request["id"], label="Kind van W.", channels=["email"], email=TEAM)
    search = {"careType": ["gezinshuis"], "postcode": "1781"}
    english = await add_watch(world, search=search, language="en", channels=["email"], email="en@example.org")
    await world.report(free)
    await world.report(soon, placesFree=0, nextFreeOn="2026-12-14")
    async with open_post() as post:
        sender = Sender(world.parts.database, post.mailer, clock)
        await look(world)
        await sender.send_due()
        await look(world)
        await sender.send_due()
        (mail,), (other,) = post.to(TEAM), post.to("en@example.org")
    said = words(mail)
    assert mail["Subject"] == "Er is een passende plek vrij"
    assert "Gezinshuis Noord, van Demo Bcc: iedereen@example.org, Den Helder: nu" in said
    assert (
        "Gezinshuis Zuid, van Demo Bcc: iedereen@example.org, Den Helder: naar verwachting vanaf 14 december 2026"
        in said
    )
    assert f"/v1/offers/{free['id']}" in said
    assert f"https://wijzer.example.org/v1/watches/{watch['id']}/matches" in said
    for word in ("K-2026-MAIL", "Kind van W.", request["id"], "2014", "1781", "km"):
        assert word not in said
    assert "km: now" in words(other)
    assert "expected from 14 December 2026" in words(other)
    assert f"/watches/{english['id']}/matches" in words(other)


async def test_a_mail_names_so_many_and_says_how_many_more(mailing: World, clock: SettableClock) -> None:
    world = mailing
    provider = await world.add_provider()
    offers = [await world.add_offer(provider) for _ in range(22)]
    await add_watch(world, channels=["email"], email=TEAM)
    for offer in offers:
        await world.report(offer)
    assert await look(world) == 22
    async with open_post() as post:
        await Sender(world.parts.database, post.mailer, clock).send_due()
        (mail,) = post.to(TEAM)
    assert words(mail).count("/v1/offers/") == 20
    assert "- en nog 2" in words(mail)


async def test_a_channel_that_is_left_is_told_no_more(mailing: World) -> None:
    world = mailing
    offer = await world.add_offer()
    watch = await add_watch(world, channels=["email", "webhook"], email=TEAM)
    await change(world, watch, channels=["sse"], email=None)
    await world.report(offer)
    assert await look(world) == 1
    assert await events(world) == []
    async with world.parts.database.read() as session:
        assert (await session.execute(text("SELECT count(*) FROM mails"))).scalar_one() == 0


async def test_followers_of_the_organisation_are_told_and_no_others(served: Served) -> None:
    offer = await served.add_offer()
    watch, _ = await add_watch(served), await add_watch(served, channels=["webhook"])
    others = await add_watch(served, other_gi(served))
    mine, theirs = await follow(served), await follow(served, other_gi(served))
    await served.report(offer)
    assert await look(served) == 3
    event = await told(mine)
    (match,) = await matches(served, watch)
    assert (event.name, event.data) == ("watch.matched", match)
    assert int(event.id) >= match["id"]
    assert (await told(theirs)).data["watchId"] == others["id"]
    served.stop()
    assert await mine.next() is None
    assert await theirs.next() is None


async def test_goes_on_where_it_left_off(served: Served) -> None:
    offers = [await served.add_offer() for _ in range(3)]
    await add_watch(served)
    reader = await follow(served)
    await served.report(offers[0])
    await look(served)
    first = await told(reader)
    await reader.close()
    for offer in offers[1:]:
        await served.report(offer)
        await look(served)
    again = await follow(served, after=first.id)
    found = [await told(again), await told(again)]
    assert [event.data["offerId"] for event in found] == [offer["id"] for offer in offers[1:]]
    assert int(found[1].id) > int(first.id)
    theirs = await follow(served, other_gi(served), after="0")
    served.stop()
    assert await again.next() is None
    assert await theirs.next() is None  # what was found is not theirs


async def test_where_too_much_was_missed_the_lists_are_to_be_read(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publisher, "MOST_AT_ONCE", 1)
    offers = [await served.add_offer() for _ in range(2)]
    await add_watch(served)
    for offer in offers:
        await served.report(offer)
    await look(served)
    reader = await follow(served, after="0")
    assert (await told(reader)).name == "reset"


@pytest.mark.parametrize("given", ["x", "-1", "1.5", "9" * 19, "9" * 30, "²"])
async def test_an_id_of_no_event_is_refused(world: World, given: str) -> None:
    headers = {name.encode(): value.encode() for name, value in (world.gi | {"Last-Event-ID": given}).items()}
    assert codes(await world.http.get(EVENTS, headers=headers)) == {"#/header/Last-Event-ID": "invalid-event-id"}


async def test_a_stream_ends_with_its_token(served: Served) -> None:
    token = served.token(Role.GI, lifetime=timedelta(seconds=2))
    reader = await follow(served, {"Authorization": f"Bearer {token}"})
    assert await reader.next() is None


async def test_the_job_does_it_in_the_running_service(
    settings: Settings, fresh_database_url: str, clock: SettableClock
) -> None:
    database = connect(fresh_database_url, pool_size=5)
    async with serving_http(create_app(settings, database=database, clock=clock)) as served:
        offer = await served.add_offer()
        await add_watch(served)
        reader = await follow(served)
        await served.report(offer)
        event = await told(reader)
        assert event.data["offerId"] == offer["id"]
        assert orjson.dumps(event.data).count(b"child") == 0
