"""The figures of a statement, on histories of all kinds, against an independent count of the definition."""

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert

from app.domain.dates import Quarter
from app.kit.database.sessions import Database
from app.kit.security.callers import Caller, Role
from app.supply.capacity.tables import CapacityReportRow
from app.supply.offers.tables import OfferRow
from app.supply.providers.tables import LocationRow, ProviderRow
from app.supply.statements.service import get_statement
from tests.conftest import SavepointDatabase
from tests.supply.statements.oracle import Offer, Report, statement

QUARTER = Quarter(2026, 3)
PLACES = {"JZ03": "GM0400", "JZ13": "GM0363"}
AREAS: dict[str | None, list[str] | None] = {"JZ03": ["GM0400"], None: ["GM0400", "GM0363"]}
START = datetime(2026, 6, 30, 22, tzinfo=UTC)
"""The midnight, in the Netherlands, at which the quarter begins."""


async def keep(database: Database, offers: list[Offer]) -> UUID:
    """Puts the offers in the database, as those of a new provider; the provider's id."""
    async with database.write() as session:
        provider = ProviderRow(id=uuid4(), name="Demo")
        session.add(provider)
        await session.flush()
        for offer in offers:
            location = LocationRow(
                id=uuid4(),
                provider_id=provider.id,
                key=uuid4().hex,
                name="Hier",
                municipality_code=PLACES[offer.region or "JZ03"],
            )
            at_home = offer.region is None
            session.add(location)
            await session.flush()
            row = OfferRow(
                id=uuid4(),
                provider_id=provider.id,
                key=uuid4().hex,
                name="Aanbod",
                care_type=offer.care_type,
                age_min=0,
                age_max=17,
                genders=[],
                specialisations=[],
                exclusion_criteria=[],
                location_id=None if at_home else location.id,
                at_home=at_home,
                service_area=AREAS[None] if at_home else None,
                needs_court_authorisation=False,
                product_codes=[],
                unit="places",
                created_at=offer.created_at,
                ended_at=offer.ended_at,
            )
            session.add(row)
            await session.flush()
            for report in offer.reports:
                await session.execute(insert(CapacityReportRow).values(_values(row.id, report)))
    return provider.id


def _values(offer_id: UUID, report: Report) -> dict[str, Any]:
    return {
        "offer_id": offer_id,
        "places_free": 0,
        "waiting_count": report.waiting,
        "wait_days_intake": report.intake,
        "wait_days_treatment": report.treatment,
        "accepts_referrals": True,
        "observed_at": report.observed_at,
        "client_id": "test",
        "counted_at": report.observed_at + timedelta(days=3) if report.counted else None,
    }


async def counted(database: Database, provider_id: UUID, today: date) -> dict[tuple[str, str | None], dict[str, Any]]:
    caller = Caller("test", UUID(int=1), Role.INSPECTORATE)
    async with database.read() as session:
        found = await get_statement(session, caller, provider_id, QUARTER, today)
    lines = found.model_dump(mode="json")["items"]
    for line in lines:
        line["completeness"].pop("share")
    keys = [(each["careType"], each["region"]) for each in lines]
    assert keys == sorted(keys, key=lambda key: (key[0], key[1] or "~")), "by care type and region, no region last"
    return {key: each["figures"] | each["completeness"] for key, each in zip(keys, lines, strict=True)}


def history(chance: random.Random) -> list[Report]:
    """Reports at moments that meet every edge: midnight, the same moment twice, gaps of 30 days and more, late ones."""
    moments = [START + timedelta(days=chance.randint(-70, 130)) for _ in range(chance.choice([0, 1, 2, 5, 12]))]
    moments += chance.choices(moments, k=chance.randint(0, 2)) if moments else []
    moments = [
        moment + chance.choice([timedelta(), timedelta(hours=chance.randint(0, 23)), timedelta(microseconds=-1)])
        for moment in moments
    ]
    return [
        Report(
            moment,
            chance.choice([None, *range(20)]),
            chance.choice([None, chance.randint(0, 90)]),
            chance.choice([None, chance.randint(0, 200)]),
            counted=chance.random() < 0.15,
        )
        for moment in moments
    ]


def random_offer(chance: random.Random) -> Offer:
    reports = history(chance)
    created_at = START + timedelta(days=chance.randint(-100, 110), hours=chance.randint(0, 23))
    ended_at = created_at + timedelta(days=chance.randint(0, 120)) if chance.random() < 0.3 else None
    care_type = chance.choice(["gezinshuis", "pleegzorg-voltijd"])
    return Offer(care_type, chance.choice(["JZ03", "JZ13", None]), created_at, ended_at, reports)


@pytest.mark.parametrize("seed", range(40))
async def test_the_figures_are_those_of_a_count_day_by_day(database: SavepointDatabase, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - no secret
    offers = [random_offer(chance) for _ in range(chance.choice([1, 3, 9, 30]))]
    provider_id = await keep(database, offers)
    today = chance.choice([date(2026, 7, 1), date(2026, 8, 17), date(2026, 9, 30), date(2026, 12, 24)])
    expected = statement(offers, QUARTER.first_day, min(today, QUARTER.last_day))
    assert await counted(database, provider_id, today) == expected


def test_the_random_histories_meet_what_matters() -> None:
    """So that the comparison above says something."""
    offers = [random_offer(random.Random(seed)) for seed in range(400)]  # noqa: S311 - no secret
    days = [QUARTER.first_day + timedelta(days=number) for number in range(92)]
    known = [[offer.on(day) is not None for day in days if offer.is_given(day)] for offer in offers]
    assert sum(any(row) and not all(row) for row in known) > 50, "gaps"
    assert sum(bool(row) and not any(row) for row in known) > 20, "offers without figures"
    assert sum(not row for row in known) > 5, "offers of other times"
    assert sum(len({each.observed_at for each in offer.reports}) < len(offer.reports) for offer in offers) > 20


async def line(database: Database, *reports: Report, ended_at: datetime | None = None) -> dict[str, Any]:
    created_at = START - timedelta(days=100)
    provider_id = await keep(database, [Offer("gezinshuis", "JZ03", created_at, ended_at, list(reports))])
    found = await counted(database, provider_id, date(2026, 12, 1))
    return found["gezinshuis", "JZ03"]


@pytest.mark.parametrize(
    ("days", "known"),
    [
        (-31, 0),  # a report of 31 May is 31 days old on 1 July
        (-30, 1),
        (0, 31),
        (61, 31),  # 31 August
        (62, 30),
        (91, 1),
        (92, 0),  # after the quarter
    ],
)
async def test_a_report_counts_for_its_day_and_30_more(database: SavepointDatabase, days: int, known: int) -> None:
    found = await line(database, Report(START + timedelta(days=days), 4, 7, 14))
    assert (found["offerDays"], found["offerDaysKnown"]) == (92, known)
    assert found["waitingCountAverage"] == (4.0 if known else None)
    assert found["waitDaysAverage"] == (21.0 if known else None)
    assert found["waitingCountAtEnd"] == (4 if days in {61, 62, 91} else None)


async def test_an_average_weighs_days(database: SavepointDatabase) -> None:
    found = await line(database, Report(START, 10, None, 10), Report(START + timedelta(days=1), 1, None, 20))
    assert found["waitingCountAverage"] == round((10 + 31) / 32, 1)
    assert found["waitDaysAverage"] == round((10 + 31 * 20) / 32, 1)
    assert found["waitDaysIntakeAverage"] is None
    assert found["waitDaysTreatmentAverage"] == found["waitDaysAverage"]


async def test_a_late_report_counts_for_the_days_that_it_is_about(database: SavepointDatabase) -> None:
    found = await line(
        database, Report(START + timedelta(days=61), 8, 1, 1), Report(START + timedelta(days=31), 2, 1, 1)
    )
    assert found["offerDaysKnown"] == 30 + 31
    assert found["waitingCountAverage"] == round((30 * 2 + 31 * 8) / 61, 1)


async def test_an_offer_counts_up_to_the_day_that_it_ended(database: SavepointDatabase) -> None:
    found = await line(database, Report(START, 3, 1, 1), ended_at=START + timedelta(days=9))
    assert (found["offerDays"], found["offerDaysKnown"]) == (10, 10)
    assert (found["offersAtEnd"], found["waitingCountAtEnd"]) == (0, None)


async def test_a_report_that_does_not_say_who_waits_is_not_known(database: SavepointDatabase) -> None:
    one = await line(database, Report(START, 6, None, None), Report(START + timedelta(days=10), None, 7, None))
    assert (one["waitingCountAtEnd"], one["waitingCountAverage"]) == (None, 6.0)
    assert (one["offersKnown"], one["offerDaysKnown"]) == (1, 10)
    assert one["waitDaysAverage"] == 7.0
    none = await line(database, Report(START, None, None, None))
    assert (none["waitingCountAverage"], none["offersKnown"], none["offerDaysKnown"]) == (None, 0, 0)


@pytest.mark.parametrize(("before", "days"), [(timedelta(), 31), (timedelta(microseconds=1), 30)])
async def test_a_quarter_begins_at_dutch_midnight(database: SavepointDatabase, before: timedelta, days: int) -> None:
    found = await line(database, Report(START - before, 6, None, None))
    assert found["offerDaysKnown"] == days
