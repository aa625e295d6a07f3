"""The statement over HTTP: whose it is, which quarters there are, JSON and CSV."""

import csv
from datetime import date, timedelta
from io import StringIO
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import update

from app.domain.dates import Quarter
from app.kit.security.callers import Role
from app.supply.offers.tables import OfferRow
from app.supply.providers.tables import ProviderRow
from tests.conftest import NOW, SettableClock
from tests.world import World, codes, problem

LAST = "2026-Q3"
NOW_ON = "2026-Q4"


async def scene(world: World) -> dict[str, Any]:
    """An offer in Den Helder, made in June, that reported 3 who wait on 1 and 30 September."""
    provider_id = await world.add_provider(agbCode="22220001", kvkNumber="12345678")
    offer = await world.add_offer(provider_id)
    async with world.parts.database.write() as session:
        created = update(OfferRow).where(OfferRow.id == UUID(offer["id"])).values(created_at=NOW - timedelta(days=160))
        await session.execute(created)
    for day in ("2026-09-01", "2026-09-30"):
        waits = {"waitingCount": 3, "waitDaysIntake": 7, "waitDaysTreatment": 14}
        await world.report(offer, placesFree=0, observedAt=f"{day}T09:00:00Z", **waits)
    return offer


def path(offer: dict[str, Any], quarter: str = LAST) -> str:
    return f"/v1/providers/{offer['providerId']}/statements/{quarter}"


async def test_it_takes_a_token(world: World) -> None:
    problem(await world.http.get(path(await scene(world))), 401, "unauthenticated")


@pytest.mark.parametrize("role", [Role.GI, Role.LOCAL_TEAM, Role.REGION, Role.SUPRAREGION])
async def test_others_have_no_right_to_it(world: World, role: Role) -> None:
    problem(await world.http.get(path(await scene(world)), headers=world.as_(role)), 403, "forbidden")


async def test_another_providers_is_not_there(world: World) -> None:
    other = world.provider(await world.add_provider())
    problem(await world.http.get(path(await scene(world)), headers=other), 404, "not-found")


async def test_a_provider_that_does_not_exist_has_none(world: World) -> None:
    nobody = {"providerId": str(uuid4())}
    problem(await world.http.get(path(nobody), headers=world.admin), 404, "not-found")


@pytest.mark.parametrize(
    "quarter", ["2026-Q5", "2026-Q0", "2026-q3", "2026Q3", "26-Q3", "2026-Q33", "0000-Q1", "3000-Q1", "2026-Q٣", "x"]
)
async def test_what_is_no_quarter_is_refused_in_words(world: World, quarter: str) -> None:
    answer = await world.http.get(path(await scene(world), quarter), headers=world.admin)
    assert codes(answer) == {"#/path/quarter": "format"}
    assert "2026-Q1" in answer.json()["errors"][0]["detail"]


async def test_a_query_key_is_refused(world: World) -> None:
    answer = await world.http.get(path(await scene(world)) + "?format=csv", headers=world.admin)
    assert codes(answer) == {"#/query/format": "unknown-query-key"}


async def test_what_it_says(world: World) -> None:
    offer = await scene(world)
    found = await world.ok(world.http.get(path(offer), headers=world.provider(offer["providerId"])))
    assert found.pop("providerName").startswith("Demo Aanbieder")
    counts = {
        "offers": 1,
        "offersKnown": 1,
        "offersAtEnd": 1,
        "offersKnownAtEnd": 1,
        "offerDays": 92,
        "offerDaysKnown": 30,
        "share": 0.3261,
    }
    assert found == {
        "providerId": offer["providerId"],
        "agbCode": "22220001",
        "kvkNumber": "12345678",
        "quarter": LAST,
        "firstDay": "2026-07-01",
        "lastDay": "2026-09-30",
        "provisional": False,
        "completeness": counts,
        "items": [
            {
                "careType": "gezinshuis",
                "region": "JZ03",
                "figures": {
                    "waitingCountAtEnd": 3,
                    "waitingCountAverage": 3.0,
                    "waitDaysAtEnd": 21.0,
                    "waitDaysAverage": 21.0,
                    "waitDaysIntakeAtEnd": 7.0,
                    "waitDaysIntakeAverage": 7.0,
                    "waitDaysTreatmentAtEnd": 14.0,
                    "waitDaysTreatmentAverage": 14.0,
                },
                "completeness": counts,
            }
        ],
    }


async def test_the_inspectorate_and_an_admin_see_it_too(world: World) -> None:
    offer = await scene(world)
    own = await world.ok(world.http.get(path(offer), headers=world.provider(offer["providerId"])))
    for headers in (world.as_(Role.INSPECTORATE), world.admin):
        assert await world.ok(world.http.get(path(offer), headers=headers)) == own


async def test_a_quarter_that_is_not_over_is_provisional(world: World, clock: SettableClock) -> None:
    offer = await scene(world)
    found = await world.ok(world.http.get(path(offer, NOW_ON), headers=world.admin))
    assert (found["provisional"], found["firstDay"], found["lastDay"]) == (True, "2026-10-01", "2026-11-22")
    assert found["completeness"]["offerDays"] == 53
    clock.now = clock.now.replace(month=12, day=31, hour=22)
    assert (await world.ok(world.http.get(path(offer, NOW_ON), headers=world.admin)))["provisional"] is True
    clock.now += timedelta(hours=1)
    assert (await world.ok(world.http.get(path(offer, NOW_ON), headers=world.admin)))["provisional"] is False


async def test_a_quarter_that_has_yet_to_begin_has_no_statement(world: World, clock: SettableClock) -> None:
    offer = await scene(world)
    problem(await world.http.get(path(offer, "2027-Q1"), headers=world.admin), 404, "not-found")
    clock.now = clock.now.replace(year=2027, month=1, day=1)
    assert (await world.http.get(path(offer, "2027-Q1"), headers=world.admin)).status_code == 200


async def test_a_quarter_before_there_was_anything_is_empty(world: World) -> None:
    found = await world.ok(world.http.get(path(await scene(world), "1900-Q1"), headers=world.admin))
    assert found["items"] == []
    assert found["completeness"]["share"] is None


@pytest.mark.parametrize(
    ("fields", "region"),
    [
        ({}, "JZ03"),
        ({"atHome": True, "serviceArea": ["GM0400", "GM0441"]}, "JZ03"),
        ({"atHome": True, "serviceArea": ["GM0400", "GM0363"]}, None),
        ({"atHome": True, "serviceArea": None}, None),
        ({"atHome": True, "serviceArea": ["GM0363"], "locationKey": "here"}, "JZ03"),
    ],
)
async def test_the_region_is_where_the_help_is_given(world: World, fields: dict[str, Any], region: str | None) -> None:
    provider_id = await world.add_provider()
    await world.add_location(provider_id)
    offer = await world.add_offer(provider_id, **fields)
    await world.report(offer)
    found = await world.ok(world.http.get(path(offer, NOW_ON), headers=world.admin))
    assert [item["region"] for item in found["items"]] == [region]


async def test_it_has_an_etag_that_holds_until_the_figures_change(world: World) -> None:
    offer = await scene(world)
    first = await world.http.get(path(offer), headers=world.admin)
    again = await world.http.get(path(offer), headers=world.admin | {"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    await world.report(offer, waitingCount=9, observedAt="2026-09-15T09:00:00Z")
    changed = await world.http.get(path(offer), headers=world.admin | {"If-None-Match": first.headers["etag"]})
    assert changed.status_code == 200


async def table(world: World, offer: dict[str, Any], **headers: str) -> tuple[Any, list[dict[str, str]]]:
    answer = await world.http.get(path(offer), headers=world.admin | {"Accept": "text/csv", **headers})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "Accept" in answer.headers["vary"]
    text = answer.content.decode()
    assert text.startswith("\ufeff")
    assert text.count("\r\n") == text.count("\n")
    delimiter = "," if "Accept-Language" in headers else ";"
    return answer, list(csv.DictReader(StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=delimiter))


async def test_the_table_in_dutch(world: World) -> None:
    offer = await scene(world)
    await world.report(offer, waitingCount=4, waitDaysIntake=8, observedAt="2026-09-08T09:00:00Z")
    answer, (row,) = await table(world, offer)
    assert answer.headers["content-disposition"] == 'attachment; filename="kwartaalopgave-2026-Q3.csv"'
    assert row.pop("aanbieder").startswith("Demo Aanbieder")
    assert row == {
        "AGB-code": "22220001",
        "KvK-nummer": "12345678",
        "kwartaal": "2026-Q3",
        "geteld tot en met": "2026-09-30",
        "voorlopig": "nee",
        "vorm van jeugdhulp": "Gezinshuis",
        "vorm (code)": "gezinshuis",
        "jeugdregio": "Kop van Noord-Holland",
        "jeugdregio (code)": "JZ03",
        "wachtenden op de laatste dag": "3",
        "wachtenden gemiddeld": "3,7",
        "geschatte wachttijd in dagen op de laatste dag": "21",
        "geschatte wachttijd in dagen gemiddeld": "11,5",
        "waarvan tot intake op de laatste dag": "7",
        "waarvan tot intake gemiddeld": "7,7",
        "waarvan tot behandeling op de laatste dag": "14",
        "waarvan tot behandeling gemiddeld": "14",
        "aanbod": "1",
        "aanbod met cijfers": "1",
        "aanbod op de laatste dag": "1",
        "aanbod met cijfers op de laatste dag": "1",
        "dagen aanbod": "92",
        "dagen met cijfers": "30",
        "volledigheid (deel van de dagen)": "0,3261",
    }


async def test_the_table_in_english(world: World) -> None:
    answer, (row,) = await table(world, await scene(world), **{"Accept-Language": "en"})
    assert answer.headers["content-disposition"] == 'attachment; filename="statement-2026-Q3.csv"'
    assert (row["provisional"], row["completeness (share of the days)"]) == ("no", "0.3261")


async def test_a_name_is_no_formula(world: World) -> None:
    offer = await scene(world)
    async with world.parts.database.write() as session:
        named = update(ProviderRow).where(ProviderRow.id == UUID(offer["providerId"]))
        await session.execute(named.values(name='=HYPERLINK("http://x";"y")'))
    _, (row,) = await table(world, offer)
    assert row["aanbieder"] == '\'=HYPERLINK("http://x";"y")'


def test_a_quarter_knows_its_days() -> None:
    days = [(str(each), each.first_day, each.last_day) for each in (Quarter(2026, n) for n in (1, 2, 3, 4))]
    assert days == [
        ("2026-Q1", date(2026, 1, 1), date(2026, 3, 31)),
        ("2026-Q2", date(2026, 4, 1), date(2026, 6, 30)),
        ("2026-Q3", date(2026, 7, 1), date(2026, 9, 30)),
        ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31)),
    ]
    assert Quarter.parse("2999-Q4").last_day == date(2999, 12, 31)
