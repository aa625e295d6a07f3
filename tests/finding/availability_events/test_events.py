"""GET /availability/events: what is told to whom, in which order, and from where a reader goes on."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from app.finding.availability_events import topics
from app.finding.availability_events.event_id import EventId
from app.finding.catalogue.position import Position
from app.kit.database.sessions import connect
from app.kit.security.callers import Role
from app.main import create_app
from app.settings import Settings
from tests.conftest import NOW, SettableClock
from tests.http import (
    Event,
    Reader,
    Served,
    serving_http,
)
from tests.patience import PATIENCE
from tests.world import World, codes, problem

PATH = "/v1/availability/events"


@pytest.fixture
async def served(settings: Settings, fresh_database_url: str, clock: SettableClock) -> AsyncIterator[Served]:
    """The service on a database of its own, over HTTP."""
    database = connect(fresh_database_url, pool_size=5)
    async with serving_http(create_app(settings, database=database, clock=clock)) as made:
        yield made


async def follow(served: Served, query: str = "", headers: dict[str, str] | None = None) -> Reader:
    """A reader whose stream is open; what was changed before has been told."""
    await served.parts.publisher.publish()
    reader = await served.open(PATH + query, served.gi if headers is None else headers)
    assert reader.status == 200, reader.head
    await reader.greeting()
    return reader


async def told(reader: Reader) -> Event:
    """The next event, which there must be."""
    event = await reader.next()
    assert event is not None
    return event


async def all_told(reader: Reader, served: Served) -> list[Event]:
    """All events up to the end of the stream, which is asked for here."""
    served.stop()
    events = []
    while event := await reader.next():
        events.append(event)
    return events


async def test_needs_a_token(world: World) -> None:
    problem(await world.http.get(PATH), 401, "unauthenticated")


@pytest.mark.parametrize("role", list(Role))
async def test_every_professional_role_may_follow(world: World, role: Role) -> None:
    answer = await world.http.head(PATH, headers=world.as_(role))
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-accel-buffering"] == "no"
    assert "content-length" not in answer.headers


async def test_lists_all_errors_at_once(world: World) -> None:
    query = "?careType=magie&region=JZ40&radiusKm=5&limit=1&cursor=x&sort=soonest"
    assert codes(await world.http.get(PATH + query, headers=world.gi)) == {
        "#/query/careType/0": "unknown-code",
        "#/query/region/0": "unknown-code",
        "#/query/limit": "unknown-query-key",
        "#/query/cursor": "unknown-query-key",
        "#/query/sort": "unknown-query-key",
    }
    headers = world.gi | {"Last-Event-ID": "x"}
    assert codes(await world.http.get(f"{PATH}?radiusKm=5", headers=headers)) == {
        "#/query/radiusKm": "needs-postcode",
        "#/header/Last-Event-ID": "invalid-event-id",
    }


@pytest.mark.parametrize("given", ["x", "MjAyNg", "é", "MjAyNi0xMS0yMiAxOjE6eA", "A" * 1001])
async def test_an_id_of_no_event_is_refused(world: World, given: str) -> None:
    headers = {name.encode(): value.encode() for name, value in (world.gi | {"Last-Event-ID": given}).items()}
    answer = await world.http.get(PATH, headers=headers)
    assert codes(answer).keys() == {"#/header/Last-Event-ID"}


async def test_tells_of_a_report_what_the_list_shows(served: Served) -> None:
    offer = await served.add_offer()
    reader = await follow(served)
    await served.report(offer, placesFree=2)
    event = await told(reader)
    (item,) = (await served.ok(served.http.get("/v1/availability", headers=served.gi)))["items"]
    assert (event.name, event.data) == ("availability.changed", item)
    assert event.id
    assert event.data["availability"]["placesFree"] == 2


async def test_tells_of_what_was_committed_alone(served: Served) -> None:
    one, other = await served.add_offer(), await served.add_offer()
    reader = await follow(served)
    body = {"placesFree": 1, "placesTotal": 0}
    refused = await served.http.put(
        f"/v1/offers/{one['id']}/capacity", json=body, headers=served.provider(one["providerId"])
    )
    assert refused.status_code == 400
    await served.report(other)
    assert (await told(reader)).data["offer"]["id"] == other["id"]
    assert await all_told(reader, served) == []


async def test_tells_of_an_offer_that_no_longer_fits_or_has_ended_and_of_no_other(served: Served) -> None:
    offer, ended, elsewhere = await served.add_offer(), await served.add_offer(), await served.add_offer()
    await served.report(offer)
    await served.report(ended)
    reader = await follow(served, "?status=free")
    await served.report(elsewhere, placesFree=0)  # it never fitted
    await served.report(offer, placesFree=0)
    event = await told(reader)
    assert (event.name, event.data) == ("availability.gone", {"offerId": offer["id"]})
    owner = served.provider(ended["providerId"])
    version = (await served.http.get(f"/v1/offers/{ended['id']}", headers=owner)).headers["etag"]
    answer = await served.http.delete(f"/v1/offers/{ended['id']}", headers=owner | {"If-Match": version})
    assert answer.is_success, answer.text
    assert (await told(reader)).data == {"offerId": ended["id"]}
    assert await all_told(reader, served) == []


async def test_the_question_is_that_of_the_list(served: Served) -> None:
    provider = await served.add_provider()
    await served.add_location(provider, "far", postcode="6211AA")
    near, far = await served.add_offer(provider), await served.add_offer(provider, locationKey="far")
    other = await served.add_offer(careType="dagbehandeling")
    await served.add_contract(provider)
    reader = await follow(
        served, "?careType=gezinshuis&contractedFor=GM0400&postcode=1781&radiusKm=25&age=9&specialisation=trauma"
    )
    for each in (other, far, near):
        await served.report(each)
    await served.add_offer(provider, near["key"], specialisations=["trauma"])
    event = await told(reader)
    assert event.data["offer"]["id"] == near["id"]
    assert event.data["contract"] == {"kind": "regional", "ceilingReached": False}
    assert event.data["distanceKm"] < 25
    assert await all_told(reader, served) == []


async def test_a_contract_and_a_stop_of_the_provider_are_told_too(served: Served) -> None:
    offer = await served.add_offer()
    await served.report(offer)
    reader = await follow(served, "?contractedFor=JZ03")
    contract = await served.add_contract(offer["providerId"])
    assert (await told(reader)).name == "availability.changed"
    await served.add_stop(offer["providerId"])
    assert (await told(reader)).data["availability"]["status"] == "closed"
    version = (await served.http.get(f"/v1/contracts/{contract['id']}", headers=served.admin)).headers["etag"]
    body = {"regions": ["JZ06"]}
    headers = served.admin | {"If-Match": version}
    await served.ok(served.http.patch(f"/v1/contracts/{contract['id']}", json=body, headers=headers))
    assert (await told(reader)).name == "availability.gone"


async def test_the_public_sees_no_counts(settings: Settings, fresh_database_url: str, clock: SettableClock) -> None:
    database = connect(fresh_database_url, pool_size=5)
    public = settings.model_copy(update={"public_access": True})
    async with serving_http(create_app(public, database=database, clock=clock)) as served:
        offer = await served.add_offer()
        anyone, professional = await follow(served, headers={}), await follow(served)
        await served.report(offer, placesFree=0, waitingCount=4, note="Bel Noord.")
        shown, counted = (await told(anyone)).data, (await told(professional)).data
        assert not {"placesFree", "waitingCount", "note"} & shown["availability"].keys()
        assert counted["availability"]["waitingCount"] == 4


def _offer_of(event: Event) -> str:
    return str(event.data.get("offerId") or event.data["offer"]["id"])


async def test_goes_on_where_it_left_off_on_another_worker(
    served: Served, settings: Settings, fresh_database_url: str, clock: SettableClock
) -> None:
    offers = [await served.add_offer() for _ in range(4)]
    for offer in offers:
        await served.report(offer)
    reader = await follow(served, "?status=free")
    await served.report(offers[0], placesFree=2)
    last_id = (await told(reader)).id
    await reader.close()
    await served.report(offers[1], placesFree=3)
    await served.report(offers[2], placesFree=0)
    owner = served.provider(offers[3]["providerId"])
    await served.http.delete(f"/v1/offers/{offers[3]['id']}", headers=owner | {"If-Match": "*"})
    database = connect(fresh_database_url, pool_size=5)
    async with serving_http(create_app(settings, database=database, clock=clock)) as other:
        again = await other.open(f"{PATH}?status=free", other.gi | {"Last-Event-ID": last_id})
        events = [await told(again)]
        while not events[-1].id:  # the last of those that are told together has one
            events.append(await told(again))
    found = {_offer_of(event): event for event in events}
    found.pop(offers[0]["id"], None)  # perhaps twice, where its id was of before that report was read back
    assert {each: found[each].name for each in found} == {
        offers[1]["id"]: "availability.changed",
        offers[2]["id"]: "availability.gone",
        offers[3]["id"]: "availability.gone",
    }
    assert found[offers[1]["id"]].data["availability"]["placesFree"] == 3
    assert events[-1].id != last_id  # who breaks off between them has them told again


async def test_where_the_changes_are_kept_no_more_the_list_is_to_be_read_again(served: Served) -> None:
    lost = str(EventId(NOW.date(), Position(3, 3, ())))
    async with served.parts.database.write() as session:
        connection = await session.connection()
        await connection.exec_driver_sql("UPDATE catalogue_marks SET xid = 4")
    served.parts.follower._continuous = False  # noqa: SLF001 - as after a fail-over
    await served.parts.follower.catch_up()
    reader = await served.open(PATH, served.gi | {"Last-Event-ID": lost})
    event = await told(reader)
    assert (event.name, event.data) == ("reset", {})
    assert event.id not in {"", lost}
    offer = await served.add_offer()
    assert (await told(reader)).data["offer"]["id"] == offer["id"]


async def test_an_id_of_the_future_starts_again(served: Served) -> None:
    ahead = str(EventId(NOW.date(), Position(2**40, 2**40, ())))
    reader = await served.open(PATH, served.gi | {"Last-Event-ID": ahead})
    assert (await told(reader)).name == "reset"


async def test_what_changes_by_the_thousand_is_read_again(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(topics, "MOST_AT_ONCE", 1)
    provider = await served.add_provider()
    offers = [await served.add_offer(provider) for _ in range(2)]
    reader, gone_home = await follow(served, "?status=free"), await follow(served, "?status=free")
    await gone_home.close()
    lines = [{"offerId": offer["id"], "placesFree": 1} for offer in offers]
    await served.ok(served.http.post("/v1/capacity-reports", json=lines, headers=served.provider(provider)))
    assert (await told(reader)).name == "reset"
    await served.report(offers[0], placesFree=0)
    assert (await told(reader)).data == {"offerId": offers[0]["id"]}
    again = await served.open(f"{PATH}?status=free", served.gi | {"Last-Event-ID": gone_home.last_id})
    assert (await told(again)).name == "reset"


async def test_a_round_that_fails_has_all_start_again_and_go_on(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer = await served.add_offer()
    reader = await follow(served)

    def fail(*_: object) -> None:
        raise LookupError

    with monkeypatch.context() as patched:
        patched.setattr(topics.Topic, "tell", fail)
        await served.report(offer)
        assert (await told(reader)).name == "reset"
    await served.report(offer, placesFree=3)
    assert (await told(reader)).data["availability"]["placesFree"] == 3


async def test_a_catalogue_that_is_loaded_anew_loses_nothing(served: Served) -> None:
    offer, other = await served.add_offer(), await served.add_offer()
    await served.report(other)
    reader = await follow(served, "?status=free")
    follower = served.parts.follower
    served.parts.database.after_commit = None
    async with follower._turn:  # noqa: SLF001 - while this lasts it hears nothing
        await served.report(offer)
        await served.report(other, placesFree=0)
        follower._continuous = False  # noqa: SLF001 - as after a fail-over
    await follower.catch_up()
    events = [await told(reader), await told(reader)]
    assert {event.name: _offer_of(event) for event in events} == {
        "availability.changed": offer["id"],
        "availability.gone": other["id"],
    }


async def test_a_day_that_brings_a_place_near_is_told(served: Served, clock: SettableClock) -> None:
    offer, other = await served.add_offer(), await served.add_offer()
    await served.report(offer, placesFree=0, nextFreeOn="2026-12-21")
    await served.report(other, placesFree=0, nextFreeOn="2027-01-15")
    reader, gone_home = await follow(served, "?status=soon"), await follow(served, "?status=soon")
    await gone_home.close()
    clock.now += timedelta(days=1)
    await served.parts.publisher.publish()
    again = await served.open(f"{PATH}?status=soon", served.gi | {"Last-Event-ID": gone_home.last_id})
    for each in (reader, again):
        event = await told(each)
        assert event.data["offer"]["id"] == offer["id"]
        assert event.data["availability"]["status"] == "soon"


async def test_a_silent_stream_shows_that_it_lives(
    settings: Settings, fresh_database_url: str, clock: SettableClock
) -> None:
    database = connect(fresh_database_url, pool_size=5)
    quick = settings.model_copy(update={"heartbeat_seconds": 0.05})
    async with serving_http(create_app(quick, database=database, clock=clock)) as served:
        offer = await served.add_offer()
        reader = await follow(served, "?careType=dagbehandeling")
        await served.report(offer)
        async with asyncio.timeout(PATIENCE):
            heartbeats = [await reader.block(), await reader.block()]
        assert heartbeats == [[": heartbeat"]] * 2  # an id with it would be an empty event to a simple reader


async def test_ends_with_the_token(served: Served) -> None:
    token = served.token(Role.GI, lifetime=timedelta(seconds=2))
    reader = await follow(served, headers={"Authorization": f"Bearer {token}"})
    assert await reader.next() is None


async def test_more_than_a_worker_may_have_is_refused(
    settings: Settings, fresh_database_url: str, clock: SettableClock
) -> None:
    database = connect(fresh_database_url, pool_size=5)
    one = settings.model_copy(update={"max_streams": 1})
    async with serving_http(create_app(one, database=database, clock=clock)) as served:
        reader = await follow(served)
        for headers, status in ((served.gi, 429), (served.admin, 503)):
            refused = await served.open(PATH, headers)
            assert refused.status == status, "of the client, and of the worker"
            assert "retry-after" in refused.head.lower()
        await reader.close()
        while served.parts.streams.count:  # noqa: ASYNC110 - until the service has noticed
            await asyncio.sleep(0)
        await follow(served)


async def test_a_stopping_service_ends_its_streams(served: Served) -> None:
    readers = [await follow(served) for _ in range(20)]
    served.stop()
    assert [await reader.next() for reader in readers] == [None] * 20


async def test_asks_the_database_nothing(world: World, statements: list[str]) -> None:
    await world.report(await world.add_offer())
    statements.clear()
    assert (await world.http.head(PATH, headers=world.gi)).status_code == 200
    assert statements == []
