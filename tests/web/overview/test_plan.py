"""The plan: the report of a month, and the form of an action with its history."""

import csv
import io

import pytest

from app.kit.security.callers import Role
from tests.insight.plans.scene import add_action, change, supraregion
from tests.web.pages import Browser, browser_of, page_of, text_of
from tests.world import World

PATH = "/overzicht/plan"
FIELDS = {
    "richting": "Hulp dichtbij",
    "nummer": "2",
    "titel": "Gezinshuizen werven",
    "trekker": "Projectleider",
    "resultaat": "Zes nieuwe plekken.",
    "uiterlijk": "2026-12-31",
    "stand": "running",
    "licht": "amber",
    "toelichting": "Twee van de vier zijn gevonden.",
}


async def test_who_may_see_it(world: World) -> None:
    mine = await add_action(world)
    other = await add_action(world, world.region("JZ06"))
    for path in (PATH, f"{PATH}/nieuw", f"{PATH}/{mine['id']}"):
        answer = await Browser(world).get(path)
        assert answer.headers["location"].startswith("/aanmelden?naar=/overzicht/plan")
        assert (await (await browser_of(world, Role.GI)).get(path)).status_code == 403
    region = await browser_of(world, Role.REGION)
    assert (await region.get(f"{PATH}/{other['id']}")).status_code == 404
    assert (await region.get(f"{PATH}?van=JZ06")).status_code == 404
    assert (await region.post(f"{PATH}/{other['id']}", FIELDS)).status_code == 404
    for role in (Role.NATIONAL, Role.INSPECTORATE):
        above = await browser_of(world, role)
        assert "Gezinshuizen werven" in text_of(await above.get(f"{PATH}/{mine['id']}"))
        assert (await above.post(f"{PATH}/{mine['id']}", FIELDS)).status_code == 403
    page = page_of(await (await browser_of(world, Role.SUPRAREGION)).get(f"{PATH}/{mine['id']}"))
    assert page.css("main form") == []


async def test_a_form_of_another_site_is_refused(world: World) -> None:
    region = await browser_of(world, Role.REGION)
    answer = await region.post(f"{PATH}/nieuw", FIELDS, Sec_Fetch_Site="cross-site")
    assert answer.status_code == 403
    assert "nog geen acties" in text_of(await region.get(PATH))


async def test_what_is_wrong_stands_at_its_field_and_nothing_is_lost(world: World) -> None:
    region = await browser_of(world, Role.REGION)
    wrong = FIELDS | {"titel": "", "uiterlijk": "morgen", "nummer": "twee", "toelichting": "BSN 111222333"}
    answer = await region.post(f"{PATH}/nieuw", wrong)
    for field, words in (("titel", "Vul dit in"), ("uiterlijk", "datum"), ("nummer", "getal"), ("toelichting", "BSN")):
        assert words in text_of(answer, f"#{field}-fout", 400)
    page = page_of(answer, 400)
    trekker, resultaat = page.css_first("input#trekker"), page.css_first("textarea#resultaat")
    assert trekker is not None
    assert resultaat is not None
    assert (trekker.attributes["value"], resultaat.text()) == ("Projectleider", "Zes nieuwe plekken.")


async def test_an_action_is_added_and_its_light_and_word_change(world: World) -> None:
    region = await browser_of(world, Role.REGION)
    answer = await region.post(f"{PATH}/nieuw", FIELDS)
    assert (answer.status_code, answer.headers["location"]) == (303, PATH)
    words = text_of(await region.get(PATH))
    for part in ("1 actie: 0 groen, 1 oranje", "2. Hulp dichtbij", "! oranje", "Twee van de vier zijn gevonden."):
        assert part in words
    [link] = page_of(await region.get(PATH)).css("ul.cards h3 a")
    path = str(link.attributes["href"])
    version = page_of(await region.get(path)).css_first("input[name=versie]")
    assert version is not None
    changed = FIELDS | {"licht": "red", "toelichting": "Geen grond gevonden.", "versie": version.attributes["value"]}
    assert (await region.post(path, changed)).headers["location"] == path
    words = text_of(await region.get(path))
    assert "licht: oranje → rood" in words
    assert "toelichting: Twee van de vier zijn gevonden. → Geen grond gevonden." in words
    [kept] = (await world.ok(world.http.get("/v1/insight/actions", headers=world.region())))["items"]
    assert (kept["light"], kept["word"], kept["title"]) == ("red", "Geen grond gevonden.", "Gezinshuizen werven")


async def test_whoever_was_second_sees_what_is_stored_and_keeps_what_was_typed(world: World) -> None:
    action = await add_action(world)
    region = await browser_of(world, Role.REGION)
    await change(world, action, light="red")
    answer = await region.post(f"{PATH}/{action['id']}", FIELDS | {"versie": "1"})
    words = text_of(answer, "[role=alert]", 400)
    assert "Iemand anders heeft dit intussen gewijzigd" in words
    assert "Lichtrood" in words
    page = page_of(answer, 400)
    word, version = page.css_first("textarea#toelichting"), page.css_first("input[name=versie]")
    assert word is not None
    assert version is not None
    assert (word.text(), version.attributes["value"]) == (FIELDS["toelichting"], "2")
    again = await region.post(f"{PATH}/{action['id']}", FIELDS | {"versie": "2"})
    assert again.status_code == 303


async def test_the_figures_that_an_action_should_move_are_chosen_beside_it(world: World) -> None:
    region = await browser_of(world, Role.REGION)
    chosen = {"cijfer": ["capacity.placesTotal", "", "norms.helpLate"], "vorm": ["gezinshuis", "", ""]}
    assert (await region.post(f"{PATH}/nieuw", FIELDS | chosen)).status_code == 303
    [kept] = (await world.ok(world.http.get("/v1/insight/actions", headers=world.region())))["items"]
    assert [(each["name"], each["careType"]) for each in kept["figures"]] == [
        ("capacity.placesTotal", "gezinshuis"),
        ("norms.helpLate", None),
    ]
    assert "gezinshuis" in text_of(await region.get(PATH), "ul.cards dl.facts")
    path = f"{PATH}/{kept['id']}"
    shown = page_of(await region.get(path)).css("select[name=cijfer] option[selected]")
    assert [each.attributes["value"] for each in shown] == ["capacity.placesTotal", "norms.helpLate"]
    wrong = {"cijfer": ["capacity.placesTotal", "niets"], "vorm": ["", ""], "versie": "1"}
    answer = await region.post(path, FIELDS | wrong)
    assert "Dit cijfer bestaat niet" in text_of(answer, "#cijfer-2-fout", 400)
    none = FIELDS | {"cijfer": [""], "vorm": [""], "versie": "1"}
    assert (await region.post(path, none)).status_code == 303
    assert "cijfers:" in text_of(await region.get(path), "ol.cards")


async def test_an_action_is_withdrawn_with_a_reason(world: World) -> None:
    action = await add_action(world)
    region = await browser_of(world, Role.REGION)
    path = f"{PATH}/{action['id']}"
    assert text_of(await region.post(f"{path}/intrekken", {"versie": "1"}), "#waarom-fout", 400)
    elsewhere = await browser_of(world, Role.REGION, region="JZ06")
    assert (await elsewhere.post(f"{path}/intrekken", {"versie": "1", "waarom": "Zomaar."})).status_code == 404
    sent = {"versie": "1", "waarom": "Dubbel ingevoerd."}
    assert (await region.post(f"{path}/intrekken", sent)).headers["location"] == PATH
    assert "Dubbel ingevoerd." in text_of(await region.get(path))
    assert page_of(await region.get(path)).css("main form") == []
    assert (await world.ok(world.http.get("/v1/insight/actions", headers=world.region())))["items"] == []


@pytest.mark.parametrize("code", ["JZ03", "noord-holland"])
async def test_the_report_is_that_of_the_api_and_so_is_its_csv(world: World, code: str) -> None:
    headers = world.region() if code == "JZ03" else supraregion(world, code)
    await add_action(world, headers, light="red", dueOn="2026-11-01", figures=[{"name": "capacity.placesTotal"}])
    name = "region" if code == "JZ03" else "supraregion"
    report = await world.ok(world.http.get(f"/v1/insight/action-reports/2026-11?{name}={code}", headers=world.region()))
    region = await browser_of(world, Role.REGION)
    words = text_of(await region.get(f"{PATH}?van={code}&maand=2026-11"))
    assert "1 actie: 0 groen, 0 oranje, 1 rood; 1 over tijd" in words
    assert report["counts"]["overdue"] == 1
    assert "over tijd" in words
    wants = {"Accept": "text/csv", "Accept-Language": "nl"}
    api = await world.http.get(f"/v1/insight/action-reports/2026-11?{name}={code}", headers=world.region() | wants)
    ours = await region.get(f"/overzicht/maandbericht.csv?van={code}&maand=2026-11")
    assert ours.content == api.content
    [row] = csv.DictReader(io.StringIO(ours.content.decode("utf-8-sig")), delimiter=";")
    assert (row["licht"], row["over tijd"]) == ("rood", "ja")


async def test_a_month_that_is_none_or_has_yet_to_begin(world: World) -> None:
    region = await browser_of(world, Role.REGION)
    assert "Schrijf een maand als" in text_of(await region.get(f"{PATH}?maand=mei"), status=400)
    assert (await region.get(f"{PATH}?maand=2027-05")).status_code == 404
