"""What is kept of a day and a month: the cases that a random history seldom meets, and the job."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from unittest.mock import AsyncMock
from uuid import UUID

import pytest
from sqlalchemy import func, select, update

from app.insight.answers.tables import InsightSourceRow
from app.insight.history.tables import LAST_DAY
from app.insight.supply_history.job import keeping_supply
from app.insight.supply_history.service import bring_up_to_date
from app.insight.supply_history.tables import OfferVersionRow, SupplyDayRow, SupplyMonthRow
from app.insight.supply_sums import repository as sums
from app.insight.supply_sums.tables import SupplySumRow
from app.kit.database.sessions import WriteSession
from tests.conftest import SavepointDatabase, SettableClock
from tests.dossiers.referrals.scene import brought_to, refer
from tests.insight.asked import bring_supply
from tests.insight.supply_history.oracle import Offer, Report, State, added_up, days_figures
from tests.insight.supply_history.telling import Telling, kept
from tests.world import World

NOVEMBER = date(2026, 11, 1)
TODAY = date(2026, 11, 22)
KEY = ("JZ03", "gezinshuis")


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of November 2026 in the Netherlands."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC) - timedelta(hours=1)


@pytest.fixture
async def session(database: SavepointDatabase) -> AsyncIterator[WriteSession]:
    async with database.write() as opened:
        yield opened


async def offer_of(session: WriteSession, made: datetime, state: State | None = None) -> tuple[Telling, Offer]:
    """An offer of a new provider."""
    telling = Telling(session)
    offer = Offer(await telling.add_provider(), made, [(made, state or State())])
    await telling.add_offer(offer)
    return telling, offer


async def test_what_is_committed_late_is_taken_in_for_the_day_on_which_it_came(session: WriteSession) -> None:
    """Two reports of the 9th that came in on the 10th before midnight and after it, the first committed last."""
    await bring_up_to_date(session, at(9, 8))
    telling, offer = await offer_of(session, at(9, 9))
    await bring_up_to_date(session, at(10, 23, 50))
    await telling.report(offer, Report(at(9, 10), at(11, 0, 2), free=2))
    await bring_up_to_date(session, at(11, 0, 5))
    await telling.report(offer, Report(at(9, 11), at(10, 23, 58), free=3))
    await bring_up_to_date(session, at(11, 0, 15))
    for day in (9, 10):
        for known in (9, 10, 11):
            if day <= known:
                found = await kept(session, SupplyDayRow, date(2026, 11, day), date(2026, 11, known))
                assert found == days_figures([offer], date(2026, 11, day), date(2026, 11, known)), (day, known)
    found = await kept(session, SupplyDayRow, date(2026, 11, 10), date(2026, 11, 10))
    assert found[KEY]["places_free"] == 3


async def test_what_is_counted_at_the_moment_of_a_report_gives_way_to_it(session: WriteSession) -> None:
    telling, offer = await offer_of(session, at(9, 9))
    await telling.report(offer, Report(at(9, 10), at(9, 10), free=2))
    await telling.report(offer, Report(at(9, 10), at(9, 12), free=1, counted=at(9, 12)))
    await telling.report(offer, Report(at(9, 12), at(9, 12), free=4))
    await bring_up_to_date(session, at(9, 13))
    assert (await kept(session, SupplyDayRow, date(2026, 11, 9), date(2026, 11, 9)))[KEY]["places_free"] == 4


async def test_what_is_known_stays_known(session: WriteSession) -> None:
    telling, offer = await offer_of(session, at(9, 9))
    await telling.report(offer, Report(at(9, 10), at(9, 10)))
    for moment in (at(9, 12), at(9, 12), at(9, 13), at(11, 9), at(11, 10)):
        await bring_up_to_date(session, moment)
    rows = (await session.execute(select(SupplyDayRow.day, SupplyDayRow.known_from, SupplyDayRow.known_to))).all()
    assert sorted(rows) == [(date(2026, 11, day), date(2026, 11, day), LAST_DAY) for day in (9, 10, 11)]
    months = (await session.execute(select(SupplyMonthRow.month, SupplyMonthRow.known_from))).all()
    assert months == [(NOVEMBER, NOVEMBER)]


async def test_the_first_time_takes_over_what_was_reported_before(session: WriteSession) -> None:
    """An offer that reports since the 3rd, made here on the 9th: it was there when its first report came in."""
    telling, offer = await offer_of(session, at(9, 9))
    for day in (3, 5, 9):
        await telling.report(offer, Report(at(day, 10), at(day, 10), free=day))
    await bring_up_to_date(session, at(11, 12))
    for day in range(3, 12):
        found = await kept(session, SupplyDayRow, date(2026, 11, day), date(2026, 11, day))
        assert found[KEY]["places_free"] == (3 if day < 5 else 5 if day < 9 else 9)
    assert await kept(session, SupplyDayRow, date(2026, 11, 2), date(2026, 11, 11)) == {}


async def test_where_an_offer_counts(world: World, clock: SettableClock) -> None:
    """At its location, also where it serves others; at home in the one region that it serves, or in none."""
    provider = await world.add_provider()
    await world.add_location(provider, "nearby", postcode="1811AB")
    ways: dict[str, dict[str, Any]] = {
        "JZ03": {"locationKey": "here"},
        "JZ06": {"locationKey": "nearby", "atHome": True, "serviceArea": ["GM0363"]},
        "JZ13": {"atHome": True, "serviceArea": ["GM0363"]},
        "": {"atHome": True, "serviceArea": ["GM0363", "GM0400"]},
    }
    await world.add_location(provider)
    offers = {region: (await world.add_offer(provider, **fields))["id"] for region, fields in ways.items()}
    offers["anywhere"] = (await world.add_offer(provider, atHome=True))["id"]
    await bring_supply(world)
    found = await regions(world)
    assert found == {UUID(offer): "" if region == "anywhere" else region for region, offer in offers.items()}
    clock.now += timedelta(days=1)
    await world.add_location(provider, "nearby", postcode="1011AB")
    await bring_supply(world)
    moved = UUID(offers["JZ06"])
    assert await regions(world) == found | {moved: "JZ13"}, "it goes with its location"
    assert await regions(world, TODAY) == found, "and was where it was"


async def regions(world: World, day: date | None = None) -> dict[UUID, str]:
    """Where each offer counts on a day, the last unless said."""
    row = OfferVersionRow
    on = day or date(9999, 12, 30)
    statement = select(row.offer_id, row.region_code).where(row.known_from <= on, row.known_to > on)
    async with world.parts.database.read() as session:
        return {found[0]: found[1] for found in await session.execute(statement)}


async def test_an_offer_that_ends_and_is_given_again(world: World, clock: SettableClock) -> None:
    offer = await world.add_offer()
    await world.report(offer)
    counts = []
    for change in (None, "end", None, "give", None):
        if change == "end":
            path = f"/v1/offers/{offer['id']}"
            await world.http.delete(path, headers=world.provider(offer["providerId"]))
        if change == "give":
            await world.add_offer(offer["providerId"], offer["key"])
        await bring_supply(world)
        async with world.parts.database.write() as session:
            found = await kept(session, SupplyDayRow, clock.now.date(), clock.now.date())
        counts.append(found[KEY]["offers"] if found else 0)
        clock.now += timedelta(days=1)
    assert counts == [1, 0, 0, 1, 1]


async def test_a_report_of_the_interface_came_in_by_the_clock_of_the_service(
    world: World, clock: SettableClock
) -> None:
    """One report, one of many, one that confirms, and one that was counted from a decision."""
    offer = await world.contracted_offer()
    headers, path = world.provider(offer["providerId"]), f"/v1/offers/{offer['id']}"
    start = clock.now

    def later() -> None:
        clock.now += timedelta(days=1)

    await world.report(offer)
    later()
    line = {"offerId": offer["id"], "placesFree": 2}
    assert (await world.http.post("/v1/capacity-reports", json=[line], headers=headers)).is_success
    later()
    await world.ok(world.http.post(f"{path}/capacity/confirmations", headers=headers))
    later()
    await brought_to(world, await refer(world, offer), "accepted")
    history = await world.ok(world.http.get(f"{path}/capacity-history", headers=headers))
    received = [datetime.fromisoformat(each["receivedAt"]) for each in history["items"]]
    assert received == [start + timedelta(days=number) for number in range(4)]


async def test_the_job_takes_the_clock_of_the_service(world: World, clock: SettableClock) -> None:
    job = keeping_supply(clock)
    await world.report(await world.add_offer())
    async with world.parts.database.write() as session:
        await job.run(session)
        assert await session.scalar(select(func.max(SupplyDayRow.day))) == TODAY


async def test_two_at_once_write_each_day_once(committing_world: World) -> None:
    world = committing_world
    await world.report(await world.add_offer(), placesFree=2)
    await asyncio.gather(*(bring_supply(world) for _ in range(4)))
    async with world.parts.database.read() as session:
        rows = (await session.execute(select(SupplyDayRow.day, SupplyDayRow.places_free))).all()
        assert rows == [(TODAY, 2)]
        assert await session.scalar(select(func.count()).select_from(SupplyMonthRow)) == 1
        assert await session.scalar(select(func.count()).select_from(OfferVersionRow)) == 1


async def test_days_are_added_up_as_they_became_known(session: WriteSession) -> None:
    """On 4 November a report of the 31st comes in, and after that one of the 30th is committed that came in on the 3rd.

    The second counts in what was known on the 3rd, and in what has been known since the first came in.
    """
    october = datetime(2026, 10, 29, 9, tzinfo=UTC)
    telling, offer = await offer_of(session, october)
    other = Offer(await telling.add_provider(), october, [(october, State())])
    await telling.add_offer(other)
    for each in (offer, other):
        await telling.report(each, Report(october, october, free=1))
    await telling.report(offer, Report(at(1, 9) - timedelta(days=1), at(1, 9), free=1))
    await bring_up_to_date(session, at(3, 23, 55))
    await telling.report(other, Report(at(1, 9) - timedelta(days=1), at(4, 0, 1), free=5))
    await bring_up_to_date(session, at(4, 0, 2))
    await telling.report(offer, Report(at(1, 9) - timedelta(days=2), at(3, 23, 58), free=4))
    await bring_up_to_date(session, at(4, 0, 4))
    found = {
        day: (await kept(session, SupplySumRow, date(2026, 10, 1), date(2026, 11, day)))[KEY]["places_free"]
        for day in (2, 3, 4)
    }
    assert found == {2: 6, 3: 9, 4: 13}  # of the 29th to the 31st: 2, 2, 2; then 2, 5, 2; then 2, 5, 6
    for day, added in found.items():
        of_days = [
            (await kept(session, SupplyDayRow, date(2026, 10, each), date(2026, 11, day)))[KEY]["places_free"]
            for each in (29, 30, 31)
        ]
        assert added == sum(of_days)


async def test_what_a_worker_of_an_earlier_release_left_is_added_up_the_day_after(
    session: WriteSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It writes late figures of October, the last of October itself, and of a care type that nobody had: no sums."""
    october = datetime(2026, 10, 29, 9, tzinfo=UTC)
    telling, offer = await offer_of(session, october)
    await telling.report(offer, Report(october, october, free=1))
    await bring_up_to_date(session, october + timedelta(hours=1))

    with monkeypatch.context() as earlier:
        earlier.setattr(sums, "add_up", AsyncMock())
        state = State("pleegzorg-voltijd")
        other = Offer(await telling.add_provider(), october + timedelta(days=1), [(october + timedelta(days=1), state)])
        await telling.add_offer(other)
        await telling.report(other, Report(october + timedelta(days=1), october + timedelta(days=1), free=3))
        await bring_up_to_date(session, at(2, 9))
        await telling.report(offer, Report(october + timedelta(days=1), at(3, 9), free=4))
        await bring_up_to_date(session, at(3, 10))
    await session.execute(update(InsightSourceRow).values(added_up_on=date(2026, 10, 29)))
    expected = added_up([offer, other], date(2026, 10, 29), date(2026, 10, 31), date(2026, 11, 3))
    assert await october_sums(session, 3) != expected
    await bring_up_to_date(session, at(4, 0, 5))
    for day in (1, 2, 3, 4):
        known = date(2026, 11, day)
        expected = added_up([offer, other], date(2026, 10, 29), date(2026, 10, 31), known)
        assert await october_sums(session, day) == expected, day


async def october_sums(session: WriteSession, known: int) -> dict[tuple[Any, ...], Any]:
    """The days of October added up, as known on a day of November."""
    return await kept(session, SupplySumRow, date(2026, 10, 1), date(2026, 11, known))


async def test_how_many_offers_there_are_is_counted(session: WriteSession) -> None:
    """One that has reported, and one that never did."""
    telling, offer = await offer_of(session, at(9, 9))
    await telling.report(offer, Report(at(9, 10), at(9, 10), free=2))
    await offer_of(session, at(9, 9))
    row = InsightSourceRow
    for moment in (at(9, 12), at(11, 12)):
        await bring_up_to_date(session, moment)
        counted = await session.execute(select(row.offers, row.offers_known).where(row.source == "supply"))
        assert counted.one() == (2, 1)
