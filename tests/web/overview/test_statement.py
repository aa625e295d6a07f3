"""The monthly statement: its counts are the API's, and it says who has not delivered."""

import csv
import io
from datetime import date

import pytest

from app.kit.security.callers import Role
from tests.insight.children import Child, add_children
from tests.insight.scene import bring
from tests.web.pages import Browser, browser_of, page_of, text_of
from tests.world import World

PATH = "/overzicht/wachtlijst"
DEN_HELDER, SCHAGEN, ALKMAAR = "GM0400", "GM0441", "GM0361"


@pytest.fixture
async def waiting(world: World) -> None:
    """Children who wait in two municipalities of a region, and one elsewhere."""
    since = date(2026, 6, 1)
    await add_children(
        world,
        [*(Child(DEN_HELDER, since) for _ in range(6)), Child(SCHAGEN, date(2026, 11, 10)), Child(ALKMAAR, since)],
    )
    await bring(world)


async def test_who_may_see_it(world: World) -> None:
    answer = await Browser(world).get(f"{PATH}?peildatum=2026-10-31")
    assert answer.headers["location"] == "/aanmelden?naar=/overzicht/wachtlijst%3Fpeildatum%3D2026-10-31"
    for path in (PATH, f"{PATH}.csv"):
        assert (await (await browser_of(world, Role.GI)).get(path)).status_code == 403
        assert (await (await browser_of(world, Role.REGION)).get(f"{path}?regio=JZ06")).status_code == 403


async def test_a_day_that_is_none_or_has_yet_to_come_is_told_at_its_field(world: World) -> None:
    region = await browser_of(world, Role.REGION)
    assert "nog niet gekomen" in text_of(await region.get(f"{PATH}?peildatum=2026-12-31"), "#peildatum-fout")
    assert "datum" in text_of(await region.get(f"{PATH}?peildatum=gisteren"), "#peildatum-fout")


@pytest.mark.usefixtures("waiting")
@pytest.mark.parametrize("role", [Role.REGION, Role.INSPECTORATE])
async def test_its_table_is_its_csv_and_the_answer_of_the_api(world: World, role: Role) -> None:
    browser = await browser_of(world, role)
    query = "regio=JZ03&peildatum=2026-11-15"
    page = page_of(await browser.get(f"{PATH}?{query}"))
    shown = [[cell.text() for cell in row.css("th, td")] for row in page.css("table#wachtlijst tr")]
    answer = await browser.get(f"{PATH}.csv?{query}")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    api = await world.ok(
        world.http.get(
            "/v1/insight/waiting-children?region=JZ03&by=municipality&asOf=2026-11-15",
            headers=world.region() if role is Role.REGION else world.as_(role),
        )
    )
    named = {each["name"]: each["title"] for each in api["definitions"]}
    assert shown[0] == ["Gemeente", *named.values()]
    expected = [("Totaal", api["totals"][0], rows[0])]
    for item in sorted(api["items"], key=lambda item: item["name"]):
        [row] = [each for each in rows if each["code"] == item["code"]]
        expected.append((item["name"], item, row))
    assert [line[0] for line in shown[1:]] == [name for name, _, _ in expected]
    for line, (_, item, row) in zip(shown[1:], expected, strict=True):
        for cell, (name, title) in zip(line[1:], named.items(), strict=True):
            assert cell == ("niet getoond" if item[name] is None else str(item[name]))
            assert cell == (row[title] or "niet getoond")
    assert ("niet getoond" in shown[-1]) is (role is Role.INSPECTORATE)


@pytest.mark.usefixtures("waiting")
async def test_it_says_who_has_not_delivered(world: World) -> None:
    await world.ok(world.http.post("/v1/deliveries", json={"month": "2026-11"}, headers=world.gi))
    region = await browser_of(world, Role.REGION)
    lines = [" ".join(each.text().split()) for each in page_of(await region.get(PATH)).css("#leveringen > li")]
    api = await world.ok(world.http.get("/v1/deliveries?month=2026-11&limit=200", headers=world.region()))
    assert len(lines) == len(api["items"])
    assert sum("✓ bevestigd" in line for line in lines) == 1
    assert all("✕ niet geleverd" in line for line in lines[:-1])
    assert "✓ bevestigd" in lines[-1]
    earlier = page_of(await region.get(f"{PATH}?peildatum=2026-10-31")).css("#leveringen > li")
    assert all("niet geleverd" in each.text() for each in earlier)
    national = await browser_of(world, Role.NATIONAL)
    assert page_of(await national.get(PATH)).css("#leveringen") == []
