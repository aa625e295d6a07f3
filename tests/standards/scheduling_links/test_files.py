"""The NDJSON files: what each line holds, which lines there are, and how they are read."""

import json
from datetime import timedelta
from typing import Any

import pytest

from app.kit.database.sessions import ReplicaReader, connect
from app.standards.fhir.service import View
from app.standards.scheduling_links import service
from tests.conftest import SavepointDatabase, SettableClock, serving
from tests.standards.fhir.checking import date_all
from tests.standards.scheduling_links.publishing import (
    lines,
    manifest,
    published,
    slot_of,
    value_of,
)
from tests.world import World


async def test_a_location_has_all_that_is_required(world: World) -> None:
    provider = await world.add_provider(contact={"phone": "088", "email": "a@example.org", "website": "https://x.nl"})
    await world.add_location(provider, street="Kanaalweg", houseNumber="1")
    await world.add_offer(provider, locationKey="here")
    (found,) = await published(world, "Location")
    assert found["name"] == "Locatie"
    assert [(each["system"], each["value"]) for each in found["telecom"]] == [("phone", "088"), ("url", "https://x.nl")]
    assert found["address"].items() >= {"city": "Den Helder", "state": "NH", "postalCode": "1781AB"}.items()
    assert found["address"]["line"] == ["Kanaalweg 1"]
    assert all(each["system"] and each["value"] for each in found["identifier"])


async def test_what_a_location_lacks_is_filled_in(world: World) -> None:
    provider = await world.add_provider(contact={"email": "a@example.org"})
    await world.add_location(provider, name="\x01", postcode="1781")
    await world.add_offer(provider, locationKey="here")
    (found,) = await published(world, "Location")
    here = f"http://test/fhir/Location/{found['id']}"
    assert found["name"] == found["id"]
    assert found["address"]["line"] == [found["id"]]
    assert found["telecom"] == [{"system": "url", "value": here, "use": "work"}]
    assert (await world.http.get(here, headers=world.gi)).status_code == 200


async def test_a_schedule_and_a_slot_belong_to_an_offer_at_a_location(world: World) -> None:
    offer = await world.add_offer(specialisations=["trauma"])
    await world.report(offer)
    (place,) = await published(world, "Location")
    (schedule,) = await published(world, "Schedule")
    (slot,) = await published(world, "Slot")
    assert [each["reference"] for each in schedule["actor"]] == [f"Location/{place['id']}"]
    assert schedule["serviceType"][0]["coding"][0]["code"] == "gezinshuis"
    assert schedule["comment"] == "Gezinshuis De Duinen"
    assert schedule["active"] is True
    url = schedule["identifier"][0]["value"]
    assert url == f"http://test/fhir/HealthcareService/{offer['id']}"
    assert (await world.http.get(url, headers=world.gi)).json()["id"] == offer["id"]
    assert slot["schedule"] == {"reference": f"Schedule/{schedule['id']}"}
    assert slot["meta"]["extension"] == [
        {"url": "http://hl7.org/fhir/StructureDefinition/lastSourceSync", "valueDateTime": "2026-11-22T10:00:00Z"}
    ]


@pytest.mark.parametrize(
    ("report", "slot", "capacity", "availability"),
    [
        ({"placesFree": 3}, ("free", "2026-11-22"), 3, "some"),
        ({"placesFree": 3, "waitingCount": 1}, ("free", "2026-11-22"), 2, "some"),
        ({"placesFree": 0, "nextFreeOn": "2026-12-01"}, ("free", "2026-12-01"), 1, "some"),
        ({"placesFree": 0, "nextFreeOn": "2027-07-01"}, ("free", "2027-07-01"), 1, "some"),
        ({"placesFree": 0, "waitingCount": 9, "waitDaysIntake": 8}, ("free", "2026-11-30"), 1, "some"),
        ({"placesFree": 0}, ("busy", "2026-11-22"), None, "unknown"),
        ({"placesFree": 1, "acceptsReferrals": False}, ("busy", "2026-11-22"), None, "none"),
        ({"placesFree": 1, "observedAt": "2026-10-01T00:00:00Z"}, ("busy", "2026-11-22"), None, "unknown"),
        (None, ("busy", "2026-11-22"), None, "unknown"),
    ],
)
async def test_a_slot_is_free_from_when_help_can_start(
    world: World, report: dict[str, Any] | None, slot: tuple[str, str], capacity: int | None, availability: str
) -> None:
    offer = await world.add_offer()
    if report is not None:
        await world.report(offer, **report)
    found = await slot_of(world, offer)
    assert (found["status"], found["start"][:10]) == slot
    assert value_of(found, "slot-capacity") == capacity
    (schedule,) = await published(world, "Schedule")
    assert value_of(schedule, "has-availability") == availability


@pytest.mark.parametrize("report", [{"nextFreeOn": "2026-11-24"}, {"waitDaysIntake": 2}], ids=str)
async def test_a_place_that_should_have_come_free_is_not_offered(
    world: World, clock: SettableClock, report: dict[str, Any]
) -> None:
    offer = await world.add_offer()
    await world.report(offer, placesFree=0, **report)
    clock.now += timedelta(days=3)
    assert (await slot_of(world, offer))["status"] == "busy"
    (schedule,) = await published(world, "Schedule")
    assert value_of(schedule, "has-availability") == "unknown"


async def test_a_slot_lasts_a_day_in_dutch_time_also_where_the_clock_goes_back(world: World) -> None:
    offer = await world.add_offer()
    await world.report(offer, placesFree=0, nextFreeOn="2027-03-28")
    found = await slot_of(world, offer)
    assert (found["start"], found["end"]) == ("2027-03-28T00:00:00+01:00", "2027-03-29T00:00:00+02:00")


async def test_hours_a_week_are_no_places(world: World) -> None:
    offer = await world.add_offer(unit="hours-per-week")
    await world.report(offer, placesFree=12)
    assert value_of(await slot_of(world, offer), "slot-capacity") is None


async def test_the_intake_desk_is_called_to_book(world: World) -> None:
    provider = await world.add_provider(contact={"phone": "088 000 0123"})
    await world.add_location(provider)
    offer = await world.add_offer(provider, locationKey="here")
    assert value_of(await slot_of(world, offer), "booking-phone") is None
    await world.report(offer)
    assert value_of(await slot_of(world, offer), "booking-phone") == "088 000 0123"


async def test_a_stop_makes_it_busy(world: World) -> None:
    offer = await world.add_offer()
    await world.report(offer)
    await world.add_stop(offer["providerId"])
    assert (await slot_of(world, offer))["status"] == "busy"


async def test_since_gives_what_changed_also_what_ended(world: World, database: SavepointDatabase) -> None:
    offers = [await world.add_offer() for _ in range(3)]
    for offer in offers:
        await world.report(offer)
    await date_all(database, "2026-11-22T08:00:00Z")
    headers = world.provider(offers[0]["providerId"])
    await world.http.delete(f"/v1/offers/{offers[0]['id']}", headers=headers)
    assert (await manifest(world))["transactionTime"] == "2026-11-22T10:00:00Z"
    changed = await published(world, "Schedule", _since="2026-11-22T11:00:30+01:00")  # the minute before counts as well
    assert [(each["id"], each["active"]) for each in changed] == [(offers[0]["id"], False)]
    (slot,) = await published(world, "Slot", _since="2026-11-22T10:00:00Z")
    assert (slot["id"], slot["status"]) == (offers[0]["id"], "busy")
    assert {each["id"] for each in await published(world, "Schedule")} == {each["id"] for each in offers[1:]}
    assert await published(world, "Slot", _since="2026-11-22T10:01:01Z") == []
    assert len(await published(world, "Slot", _since="2026-11-22T00:00:59Z")) == 3  # today's are not yesterday's
    assert await published(world, "Location", _since="2026-11-22T10:01:01Z") == []


async def test_changes_that_were_being_written_count_as_well(world: World) -> None:
    await world.report(await world.add_offer())
    moment = (await manifest(world))["transactionTime"]
    assert len(await published(world, "Location", _since=moment)) == 1


async def test_files_are_read_in_stretches_that_give_each_line_once(
    world: World, statements: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "STRETCH", 2)
    provider = await world.add_provider()
    await world.add_location(provider)
    ids = {(await world.add_offer(provider, f"o{number}", locationKey="here"))["id"] for number in range(5)}
    assert sorted(each["id"] for each in await published(world, "Slot")) == sorted(ids)
    edition = await _edition(world)
    stream = service.lines(_reader(world), edition, "NH", "Slot")
    statements.clear()
    first = await anext(stream)
    assert first.count(b"\n") == 2
    assert len(_selects(statements)) == 1  # no more is read than was asked for
    rest = [chunk async for chunk in stream]
    assert [chunk.count(b"\n") for chunk in rest] == [2, 1]
    assert len(_selects(statements)) == 4


def _selects(statements: list[str]) -> list[str]:
    return [each for each in statements if each.lstrip().startswith("SELECT offers")]


class _Reader(ReplicaReader):
    def __init__(self, database: Any) -> None:
        self._database = database


def _reader(world: World) -> ReplicaReader:
    return _Reader(world.parts.database)


async def _edition(world: World) -> service.Edition:
    state = world.parts
    view = View(state.follower.catalogue, state.clock(), "nl", public=False)
    return await service.get_edition(_reader(world), state.follower, view, "http://test/fhir", None)


async def test_what_another_worker_took_in_is_in_the_file_whose_etag_says_so(
    committing_world: World, fresh_database_url: str
) -> None:
    writer = committing_world
    offer = await writer.add_offer()
    settings, clock = writer.parts.settings, writer.parts.clock
    database = connect(fresh_database_url, pool_size=2)
    async with serving(settings, database, clock) as reader:  # which does not follow by itself in a test
        await writer.report(offer, placesFree=4)
        assert value_of(await slot_of(reader, offer), "slot-capacity") == 4
    await database.engine.dispose()


async def test_lines_are_minified_json(world: World) -> None:
    await world.add_offer()
    answer = await world.http.get("/fhir/bulk-publish/NH/Slot.ndjson", headers=world.gi)
    (found,) = lines(answer)
    assert answer.text == json.dumps(found, separators=(",", ":"), ensure_ascii=False) + "\n"
