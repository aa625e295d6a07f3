"""Target lines: the list, the form, and the plot that places are held against them in."""

from typing import Any

from app.kit.security.callers import Role
from tests.web.pages import Browser, browser_of, page_of, text_of
from tests.world import World

PATH = "/overzicht/streeflijnen"
FIELDS: dict[str, Any] = {
    "titel": "Minder gesloten plekken",
    "bron": "Regionaal plan",
    "grens": "at-most",
    "zorgvorm": ["jeugdzorgplus"],
    "dag": ["2026-01-01", "2027-12-31", ""],
    "plekken": ["12,5", "6", ""],
}


async def _added(world: World) -> tuple[Browser, str]:
    region = await browser_of(world, Role.REGION)
    assert (await region.post(f"{PATH}/nieuw", FIELDS)).headers["location"] == PATH
    [link] = page_of(await region.get(PATH)).css("#streeflijnen h2 a")
    return region, str(link.attributes["href"])


async def test_who_may_see_them(world: World) -> None:
    _, mine = await _added(world)
    for path in (PATH, f"{PATH}/nieuw", mine):
        assert (await Browser(world).get(path)).status_code == 303
        assert (await (await browser_of(world, Role.GI)).get(path)).status_code == 403
    elsewhere = await browser_of(world, Role.REGION, region="JZ06")
    assert (await elsewhere.get(mine)).status_code == 404
    assert (await elsewhere.post(mine, FIELDS)).status_code == 404
    assert (await elsewhere.post(f"{mine}/intrekken", {"waarom": "Zomaar."})).status_code == 404
    above = await browser_of(world, Role.SUPRAREGION)
    assert page_of(await above.get(mine)).css("main form") == []
    assert (await (await browser_of(world, Role.NATIONAL)).post(f"{PATH}/nieuw", FIELDS)).status_code == 403


async def test_a_line_is_added_and_places_are_held_against_it(world: World) -> None:
    region, path = await _added(world)
    words = text_of(await region.get(PATH), "#streeflijnen")
    assert "Hooguit 12,5 op 1 januari 2026; hooguit 6 op 31 december 2027" in words
    [kept] = (await world.ok(world.http.get("/v1/insight/targets", headers=world.region())))["items"]
    assert kept["points"] == [{"on": "2026-01-01", "places": 12.5}, {"on": "2027-12-31", "places": 6}]
    assert (kept["careTypes"], kept["bound"], kept["providerId"]) == (["jeugdzorgplus"], "at-most", None)
    figure = page_of(await region.get(path)).css_first(f"main a[href$='streeflijn={kept['id']}']")
    assert figure is not None
    assert "Minder gesloten plekken" in text_of(await region.get(str(figure.attributes["href"])))


async def test_places_that_are_not_shown_are_not_linked_to(world: World) -> None:
    """A region reads the line of its supraregion, but not the places of the other regions in it."""
    above = await browser_of(world, Role.SUPRAREGION)
    assert (await above.post(f"{PATH}/nieuw", FIELDS)).status_code == 303
    for role, reads in ((Role.SUPRAREGION, True), (Role.NATIONAL, True), (Role.REGION, False)):
        somebody = await browser_of(world, role)
        listed = page_of(await somebody.get(PATH))
        [own] = [str(each.attributes["href"]) for each in listed.css("#streeflijnen h2 a")]
        chosen = page_of(await somebody.get("/overzicht/cijfers/plekken")).css("#streeflijn option:not([value=''])")
        assert (role, len(chosen)) == (role, int(reads))
        for page in (listed, page_of(await somebody.get(own))):
            links = [str(each.attributes["href"]) for each in page.css("main a[href*='streeflijn=']")]
            assert (role, len(links)) == (role, int(reads))
            for link in links:
                assert (await somebody.get(link)).status_code == 200


async def test_what_is_wrong_is_listed_by_the_label_that_a_person_sees(world: World) -> None:
    region = await browser_of(world, Role.REGION)
    wrong = FIELDS | {"titel": "", "dag": ["2026-01-01", "2027-12-31"], "plekken": ["veel", "6"]}
    answer = await region.post(f"{PATH}/nieuw", wrong)
    listed = {
        each.attributes["href"]: each.text().partition(":")[0] for each in page_of(answer, 400).css("[role=alert] a")
    }
    assert listed == {"#titel": "Wat is het doel", "#plekken-1": "Plekken"}
    for field in listed:
        assert page_of(answer, 400).css_first(f"input{field}[aria-invalid=true]") is not None
    assert "op volgorde" in text_of(
        await region.post(f"{PATH}/nieuw", FIELDS | {"dag": ["2027-01-01", "2026-01-01", ""]}), "[role=alert]", 400
    )
    assert (await world.ok(world.http.get("/v1/insight/targets", headers=world.region())))["items"] == []


async def test_a_line_is_changed_by_who_read_it_last_and_withdrawn_with_a_reason(world: World) -> None:
    region, path = await _added(world)
    changed = FIELDS | {"plekken": ["12,5", "4", ""], "versie": "1"}
    assert (await region.post(path, changed)).headers["location"] == path
    assert "31 december 2027 → 12,5 op 1 januari 2026; 4 op" in text_of(await region.get(path))
    assert "Iemand anders" in text_of(await region.post(path, FIELDS | {"versie": "1"}), "[role=alert]", 400)
    assert text_of(await region.post(f"{path}/intrekken", {"versie": "2"}), "#waarom-fout", 400)
    assert (await region.post(f"{path}/intrekken", {"versie": "2", "waarom": "Dubbel."})).headers["location"] == PATH
    assert "nog geen streeflijnen" in text_of(await region.get(PATH))
    assert "Dubbel." in text_of(await region.get(path))
    assert page_of(await region.get(path)).css("main form") == []
