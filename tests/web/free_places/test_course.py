"""The course of an offer's figures on its page: the plot, its table, its CSV and the API say the same."""

import csv
from datetime import date, timedelta
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest

from app.domain.dates import dutch_day
from app.kit.security.callers import Role
from app.web.free_places.course import weeks_until
from tests.conftest import NOW
from tests.web.pages import Browser, browser_of, page_of, text_of
from tests.world import World

TODAY = dutch_day(NOW)
REPORTS = ((80, 1), (60, 2), (20, 0), (8, 5), (0, 3))
"""How many days ago, and how many places were free."""


async def reported(world: World) -> dict[str, Any]:
    offer = await world.add_offer()
    for days, free in REPORTS:
        observed = (NOW - timedelta(days=days, hours=1)).isoformat()
        await world.report(offer, placesFree=free, placesTotal=6, waitingCount=days, observedAt=observed)
    return offer


def stood(day: date) -> int | None:
    """What was free at the end of a day, as the reports say; None where none did, or it had grown stale."""
    of_day = [(TODAY - timedelta(days=days), free) for days, free in REPORTS]
    before = [(on, free) for on, free in of_day if on <= day]
    return before[-1][1] if before and (day - before[-1][0]).days <= 30 else None


async def test_who_may_have_the_csv(world: World) -> None:
    path = f"/aanbod/{(await reported(world))['id']}/verloop/plekken.csv"
    assert (await Browser(world).get(path)).status_code == 303
    assert (await (await browser_of(world, Role.REFERRER)).get(path)).status_code == 403
    gi = await browser_of(world, Role.GI)
    assert (await gi.get(path.replace("plekken", "anders"))).status_code == 404
    assert (await gi.get(f"/aanbod/{uuid4()}/verloop/plekken.csv")).status_code == 404
    assert (await gi.get(path)).headers["content-type"] == "text/csv; charset=utf-8"


async def test_the_plot_its_table_and_its_csv_say_what_stood_at_the_end_of_each_week(world: World) -> None:
    offer = await reported(world)
    gi = await browser_of(world, Role.GI)
    page = page_of(await gi.get(f"/aanbod/{offer['id']}"))
    assert len(page.css("#plekken path.plot__line")) == 6  # three series in each of two sizes
    table = [[cell.text().strip() for cell in row.css("th, td")] for row in page.css("#plekken tr")]
    assert table[0] == ["Tot en met", "Vrij", "In totaal", "Wachtenden"]
    frees = [stood(each.last) for each in weeks_until(TODAY)]
    assert None in frees[3:], "a figure that had grown stale is tried"
    assert [row[1] for row in table[1:]] == ["onbekend" if each is None else str(each) for each in frees]
    link = page.css_first("#plekken .plot__download a")
    assert link is not None
    answer = await gi.get(link.attributes["href"] or "")
    rows = list(csv.reader(StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert rows[0] == table[0]
    assert [row[0] for row in rows[1:]] == [each.last.isoformat() for each in weeks_until(TODAY)]
    assert [["onbekend" if each == "" else each for each in row[1:]] for row in rows[1:]] == [
        row[1:] for row in table[1:]
    ]


async def test_a_wait_has_a_plot_of_its_own(world: World) -> None:
    offer = await world.add_offer()
    await world.report(offer, placesFree=0, waitDaysIntake=10, waitDaysTreatment=4)
    gi = await browser_of(world, Role.GI)
    page = page_of(await gi.get(f"/aanbod/{offer['id']}"))
    last = page.css("#wachttijd tbody tr")[-1]
    assert " ".join(last.text().split()).endswith("14 dagen")


@pytest.mark.parametrize("role", [Role.REFERRER, Role.GI])
async def test_there_is_no_plot_of_nothing_nor_for_who_may_not_read_it(world: World, role: Role) -> None:
    offer = await world.add_offer() if role is Role.GI else await reported(world)
    someone = await browser_of(world, role)
    assert page_of(await someone.get(f"/aanbod/{offer['id']}")).css("figure") == []


async def test_our_estimate_of_the_wait_stands_beside_the_providers(world: World) -> None:
    offer = await world.add_offer()
    for week in range(20, -1, -1):
        figures = {"placesTotal": 4, "placesFree": 0, "waitingCount": 3 + week // 2, "waitDaysIntake": 30}
        await world.report(offer, **figures, observedAt=(NOW - timedelta(weeks=week)).isoformat())
    path = f"/aanbod/{offer['id']}"
    found = await world.ok(world.http.get(f"/v1/offers/{offer['id']}/expected-wait", headers=world.gi))
    words = text_of(await (await browser_of(world, Role.GI)).get(path), "#cijfers")
    said = f"ongeveer {found['days']} dagen ({found['soonest']} tot {found['latest']}), naar 10 plekken die in 20 weken"
    assert "30 dagen" in words
    assert f"{said} vrijkwamen" in words
    assert "onze schatting" not in text_of(await (await browser_of(world, Role.REFERRER)).get(path), "#cijfers")
