"""The figures of a region: who sees them, and that pages, CSV and the API say the same."""

import csv
import io
from datetime import date
from typing import Any

import httpx
import pytest

from app.insight.answers.periods import on_day, period_of
from app.kit.security.callers import Role
from app.reference.lists import reference
from app.web.overview.figures.figures import FIGURES
from app.web.plots.plot import Missing, Unit
from app.web.plots.wording import period_in_words, value_in_words
from tests.insight.asked import bring_supply
from tests.insight.children import Child, add_children
from tests.insight.scene import bring
from tests.web.pages import Browser, browser_of, page_of, text_of
from tests.world import World

Json = dict[str, Any]
DEN_HELDER, SCHAGEN, ALKMAAR = "GM0400", "GM0441", "GM0361"
ZEELAND = next(each.code for each in reference().regions.values() if each.name == "Zeeland")
MONTHS = {"van": "2026-09", "tot": "2026-11"}
RESOURCES = {
    "normen": "norms",
    "wachtenden": "waiting-children",
    "keuzen": "choices",
    "plekken": "capacity",
    "afwijzingen": "declines",
    "versheid": "freshness",
}
PATHS = ["/overzicht", *(f"/overzicht/cijfers/{slug}" for slug in FIGURES), "/overzicht/dashboard.csv"]


@pytest.fixture
async def region(world: World) -> None:
    """A region with children of two municipalities, one of another region, and two offers of a provider."""
    due = date(2026, 7, 10)  # the term of three months ended in October
    october = date(2026, 10, 5)
    await add_children(
        world,
        [
            *(Child(DEN_HELDER, due, help_on=october, known_on=due) for _ in range(9)),
            Child(DEN_HELDER, due),
            Child(SCHAGEN, date(2026, 6, 1), help_on=date(2026, 9, 2)),
            Child(SCHAGEN, date(2026, 11, 2)),
            *(Child(ALKMAAR, due) for _ in range(7)),
        ],
    )
    provider = await world.add_provider(name="Demo Zorg")
    await world.report(await world.add_offer(provider), placesTotal=4, placesFree=1)
    await world.add_offer(provider)
    await bring(world)
    await bring_supply(world)


def table_of(answer: httpx.Response, figure: str) -> list[list[str]]:
    """The table of a plot as a list of rows, its heading first."""
    found = page_of(answer).css_first(f"figure#{figure} table")
    assert found is not None, f"no table of {figure}"
    return [[cell.text() for cell in row.css("th, td")] for row in found.css("tr")]


def rows_of(answer: httpx.Response) -> list[dict[str, str]]:
    """The rows of a CSV."""
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))


def unit_of(name: str) -> Unit:
    """In what a measure is written."""
    return "share" if name.endswith("Share") else "number"


def said(value: float | str | None, unit: Unit, empty: set[str]) -> set[str]:
    """What a page may say of a value of the API, or of the CSV; of one that is empty `empty`."""
    if value is None or value == "":
        return empty
    return {value_in_words(float(str(value).replace(",", ".")), unit)}


async def test_who_may_see_it(world: World) -> None:
    for path in PATHS:
        answer = await Browser(world).get(path)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/aanmelden?naar=/overzicht")
        for role in (Role.GI, Role.PROVIDER, Role.REFERRER):
            answer = await (await browser_of(world, role)).get(path)
            assert answer.status_code == 403
        answer = await (await browser_of(world, Role.REGION)).get(f"{path}?regio=JZ06")
        assert answer.status_code == 403
        assert "uw eigen regio" in text_of(answer, status=403)
    region = await browser_of(world, Role.REGION)
    assert (await region.get("/overzicht/cijfers/geen")).status_code == 404
    assert (await region.get("/overzicht/geen.csv")).status_code == 404


async def test_what_cannot_be_asked_is_told_at_its_field(world: World) -> None:
    region = await browser_of(world, Role.REGION)
    for query, field, words in (
        ("van=november", "van", "Schrijf een maand als"),
        ("tot=2027-05", "tot", "nog niet begonnen"),
        ("van=2026-11&tot=2026-10", "van", "na de laatste"),
    ):
        answer = await region.get(f"/overzicht/cijfers/normen?{query}")
        assert words in text_of(answer, f"#{field}-fout"), text_of(answer)
        assert (await region.get(f"/overzicht/normen.csv?{query}")).status_code == 400
    national = await browser_of(world, Role.NATIONAL)
    assert "uit de lijst" in text_of(await national.get("/overzicht?regio=JZ99"), "#regio-fout")


@pytest.mark.usefixtures("region")
async def test_the_tiles_say_what_the_dashboard_says(world: World) -> None:
    region = await browser_of(world, Role.REGION)
    answer = await region.get("/overzicht")
    dashboard = await world.ok(world.http.get("/v1/insight/dashboard", headers=world.region()))
    tiles = page_of(answer).css("li.tile")
    assert len(tiles) == 5
    for tile, said_ in zip(tiles, dashboard["tiles"], strict=True):
        words = " ".join(tile.text().split())
        assert said_["title"] in words
        assert (f"{said_['count']} van {said_['of']}" if said_["share"] is not None else "niets geteld") in words
        assert (
            ({"green": "✓ groen", "amber": "! oranje", "red": "✕ rood", None: "niets geteld"}[said_["light"]]) in words
        )
        link = tile.css_first("h2 a")
        assert link is not None
        assert (await region.get(str(link.attributes["href"]))).status_code == 200
    assert "Den Helder" in text_of(answer)
    one = await region.get(f"/overzicht?gemeente={SCHAGEN}")
    late, waiting, *_ = page_of(one).css("li.tile")
    assert "niets geteld Schagen, oktober 2026" in " ".join(late.text().split())
    assert "0 van 1" in waiting.text()
    [towns, providers] = [[row.text() for row in table.css("tbody th")] for table in page_of(one).css("table")]
    assert (towns, providers) == (["Schagen"], ["Demo Zorg"])


@pytest.mark.usefixtures("region")
async def test_tables_of_the_dashboard_are_its_csv(world: World) -> None:
    region = await browser_of(world, Role.REGION)
    rows = rows_of(await region.get("/overzicht/dashboard.csv"))
    wants = {"Accept": "text/csv", "Accept-Language": "nl"}
    api = await world.http.get("/v1/insight/dashboard", headers=world.region() | wants)
    assert rows == rows_of(api)
    [towns, _] = page_of(await region.get("/overzicht")).css("table")
    shown = {cells[0].text(): cells[1].text() for line in towns.css("tbody tr") if (cells := line.css("th, td"))}
    late = [row for row in rows if row["tegel"] == "Passende hulp te laat" and row["code"].startswith("GM")]
    assert {row["naam"] for row in late} == shown.keys()
    for row in late:
        assert ("niets geteld" if row["van"] == "0" else f"{row['aantal']} van {row['van']}") in shown[row["naam"]]


@pytest.mark.usefixtures("region")
@pytest.mark.parametrize("role", [Role.REGION, Role.INSPECTORATE])
@pytest.mark.parametrize("slug", FIGURES)
async def test_each_plot_has_the_table_of_its_csv_and_of_the_api(world: World, slug: str, role: Role) -> None:
    browser, figure = await browser_of(world, role), FIGURES[slug]
    query = "regio=JZ03&" + "&".join(f"{name}={value}" for name, value in MONTHS.items())
    page = await browser.get(f"/overzicht/cijfers/{slug}?{query}&maand=2026-10")
    rows = rows_of(await browser.get(f"/overzicht/{slug}.csv?{query}"))
    link = page_of(page).css_first(".plot__download a")
    assert link is not None
    assert rows == rows_of(await browser.get(str(link.attributes["href"])))
    headers = world.region() if role is Role.REGION else world.as_(role)
    totals, items, definitions = await _asked(world, slug, figure.by, headers)
    titles = {each["name"]: each["title"] for each in definitions}
    names = [each for each in figure.course if each != "target"]

    heading, *lines = table_of(page, f"verloop-{slug}")
    is_of_days = figure.slug == "wachtenden"
    assert heading == ["Dag" if is_of_days else "Periode", *(titles[name] for name in names)]
    in_file = [row for row in rows if not row["code"]]
    assert len(lines) == len(totals) == len(in_file) == 3
    for line, total, row in zip(lines, totals, in_file, strict=True):
        first = date.fromisoformat(total["firstDay"])
        period = period_in_words(on_day(first) if is_of_days else period_of(first, "month"))
        assert line[0].removesuffix(" (voorlopig)") == period
        for cell, name in zip(line[1:], names, strict=True):
            empty = {Missing.HIDDEN.value, Missing.UNKNOWN.value}
            assert cell in said(total[name], unit_of(name), empty), (slug, period, name)
            assert cell in said(row[titles[name]], unit_of(name), empty)

    october = [each for each in items if each["period"].startswith("2026-10")]
    if not october:
        assert "In deze maand is er niets geteld" in text_of(page)
        return
    heading, *lines = table_of(page, f"delen-{slug}")
    assert heading == ["Naam", *(titles[name] for name in figure.parts)]
    assert {line[0] for line in lines} == {each["name"] for each in october}
    for line in lines:
        [item] = [each for each in october if each["name"] == line[0]]
        [row] = [each for each in rows if each["code"] == item["code"] and each["periode"] == item["period"]]
        for cell, name in zip(line[1:], figure.parts, strict=True):
            empty = {Missing.HIDDEN.value, Missing.UNKNOWN.value}
            assert cell in said(item[name], "number", empty)
            assert cell in said(row[titles[name]], "number", empty)


async def _asked(
    world: World, slug: str, by: str, headers: dict[str, str]
) -> tuple[list[Json], list[Json], list[Json]]:
    """What the API answers to the same: its totals, its rows, and what each figure says."""
    path, query = f"/v1/insight/{RESOURCES[slug]}", {"region": "JZ03", "by": by}
    if slug != "wachtenden":
        months = {"firstMonth": MONTHS["van"], "lastMonth": MONTHS["tot"]}
        answer = await world.ok(world.http.get(path, params=query | months, headers=headers))
        return answer["totals"], answer["items"], answer["definitions"]
    days = ("2026-09-30", "2026-10-31", "2026-11-22")
    answers = [await world.ok(world.http.get(path, params=query | {"asOf": day}, headers=headers)) for day in days]
    return (
        [total for each in answers for total in each["totals"]],
        [item for each in answers for item in each["items"]],
        answers[0]["definitions"],
    )


@pytest.mark.usefixtures("region")
async def test_who_sees_no_small_counts_is_told_so_and_never_reads_0(world: World) -> None:
    inspectorate = await browser_of(world, Role.INSPECTORATE)
    words = text_of(await inspectorate.get("/overzicht?regio=JZ03"))
    assert "Passende hulp te laat niet getoond" in words
    assert "minder dan 5 kinderen" in words
    page = await inspectorate.get("/overzicht/cijfers/normen?regio=JZ03&maand=2026-10")
    shown = dict(line[:1] + line[2:] for line in table_of(page, "delen-normen")[1:])
    assert shown["Den Helder"] == "niet getoond"
    region = await browser_of(world, Role.REGION)
    assert "minder dan 5" not in text_of(await region.get("/overzicht"))


@pytest.mark.usefixtures("region")
async def test_whoever_is_above_regions_sees_all_of_them_until_one_is_chosen(world: World) -> None:
    above = await browser_of(world, Role.SUPRAREGION)
    page = page_of(await above.get("/overzicht"))
    names = [each.text() for each in page.css("select#regio option")]
    assert "Kop van Noord-Holland" in names
    assert "Zeeland" not in names
    assert len(page.css("li.tile")) == 5
    line = next(row for row in page.css("tbody tr") if "Kop van Noord-Holland" in row.text())
    link = line.css_first("a")
    assert link is not None
    assert link.attributes["href"] == "/overzicht?regio=JZ03"
    assert "niet getoond" in line.text(), "small counts of one region"
    headers = world.as_(Role.SUPRAREGION, supraregion="noord-holland")
    answer = await world.ok(world.http.get("/v1/insight/freshness", headers=headers))
    now = answer["totals"][-1]
    assert f"{now['stale'] + now['missing']} van {now['offers']}" in page.css("li.tile")[3].text()
    lines = table_of(await above.get("/overzicht/cijfers/wachtenden"), "delen-wachtenden")
    assert "Kop van Noord-Holland" in [line[0] for line in lines]
    assert (await above.get("/overzicht?regio=JZ03")).status_code == 200
    assert (await above.get(f"/overzicht?regio={ZEELAND}")).status_code == 403


@pytest.mark.usefixtures("region")
async def test_htmx_gets_the_plot_alone(world: World) -> None:
    region = await browser_of(world, Role.REGION)
    [first, *rest] = page_of(await region.get("/overzicht")).css("section.course")
    assert len(rest) == len(FIGURES) - 1
    answer = await region.get(str(first.attributes["hx-get"]), HX_Request="true")
    assert page_of(answer).css_first("h1") is None
    assert len(page_of(answer).css("figure.plot")) == 1


async def test_places_stand_beside_the_target_line_that_is_chosen(world: World) -> None:
    provider = await world.add_provider()
    await world.report(await world.add_offer(provider), placesTotal=4, placesFree=1)
    await bring_supply(world)
    body = {
        "title": "Meer gezinshuizen",
        "source": "Regioplan",
        "careTypes": ["gezinshuis"],
        "bound": "at-least",
        "points": [{"on": "2026-01-01", "places": 12}],
    }
    line = await world.ok(world.http.post("/v1/insight/targets", json=body, headers=world.region()))
    region = await browser_of(world, Role.REGION)
    courses = page_of(await region.get("/overzicht")).css("section.course a")
    [address] = [href for each in courses if "plekken" in (href := str(each.attributes["href"]))]
    page = await region.get(address)
    heading, *lines = table_of(page, "verloop-plekken")
    assert heading[-1] == "streefaantal plekken"
    assert lines[-1][1:] == ["4", "1", "12"]
    assert "Meer gezinshuizen" in text_of(page)
    answer = await world.ok(
        world.http.get("/v1/insight/capacity", params={"target": line["id"]}, headers=world.region())
    )
    assert (answer["totals"][-1]["placesTotal"], answer["totals"][-1]["target"]) == (4, 12)
    assert "streefaantal" not in table_of(await region.get("/overzicht/cijfers/plekken"), "verloop-plekken")[0][-1]
    unknown = "/overzicht/cijfers/plekken?streeflijn=0b6a4f0e-3f55-5d51-8a53-0d0f6a0c7b21"
    assert (await region.get(unknown)).status_code == 404
    assert "streeflijn-fout" in (await region.get("/overzicht/cijfers/plekken?streeflijn=x")).text
