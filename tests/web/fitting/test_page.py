"""What fits a child that nobody has kept: the form, its ranking, and keeping the child."""

from typing import Any

import pytest

from app.kit.security.callers import Role
from tests.web.fitting.forms import filled, value_of
from tests.web.pages import Browser, browser_of, page_of, text_of
from tests.world import World

PATHS = ["/passend", "/passend/vergelijken", "/passend/bewaren"]


async def _offer(world: World, **fields: Any) -> dict[str, Any]:
    offer = await world.contracted_offer(**fields)
    await world.report(offer, placesTotal=4)
    return offer


async def test_who_has_not_signed_in_is_led_there(world: World) -> None:
    answer = await Browser(world).get("/passend")
    assert (answer.status_code, answer.headers["location"]) == (303, "/aanmelden?naar=/passend")
    for path in PATHS:
        assert (await Browser(world).post(path, filled())).status_code == 303


@pytest.mark.parametrize("role", [Role.PROVIDER, Role.REGION, Role.INSPECTORATE])
async def test_a_role_that_asks_nothing_is_told_who_does(world: World, role: Role) -> None:
    other = await browser_of(world, role)
    assert "gecertificeerde instelling" in text_of(await other.get("/passend"), status=403)
    for path in PATHS:
        assert (await other.post(path, filled())).status_code == 403


async def test_a_form_of_another_site_is_refused(world: World) -> None:
    gi = await browser_of(world, Role.GI)
    for path in PATHS:
        answer = await gi.post(path, filled(), Sec_Fetch_Site="cross-site")
        assert "niet van deze site" in text_of(answer, status=403)


async def test_an_empty_form_asks_and_blames_nothing(world: World) -> None:
    answer = await (await browser_of(world, Role.REFERRER)).get("/passend")
    assert answer.headers["cache-control"] == "no-store"
    page = page_of(answer)
    assert len(page.css("h1")) == 1
    assert all(not each.text() for each in page.css(".error"))
    assert "verschijnt hier" in text_of(answer, "#uitkomst")


async def test_seven_fields_make_a_ranking(world: World) -> None:
    offer = await _offer(world, name="Het Nest")
    seven = {name: value for name, value in filled().items() if name in {"geboortemaand", "geslacht", "gemeente"}}
    seven |= {"maatregel": "21", "uitgesproken": "2026-10-12", "zorgvorm": "gezinshuis", "afstand": "40"}
    assert len(seven) == 7
    referrer = await browser_of(world, Role.REFERRER)
    answer = await referrer.post("/passend", seven)
    [row] = page_of(answer).css("ol.ranked > li")
    assert row.attributes["id"] == f"rij-{offer['id']}"
    words = text_of(answer, "#uitkomst")
    for part in ("Het Nest", "Gezinshuis", "Den Helder", "regionaal contract", "kan nu starten", "voor de norm"):
        assert part in words
    assert "Hulp start uiterlijk 12 januari 2027" in words
    assert "Bewaar als jeugdige" not in words, "a referrer keeps no dossiers"
    assert "Meld aan" not in words


async def test_the_page_ranks_as_the_api_does(world: World) -> None:
    near, other = await _offer(world, name="Dichtbij"), await world.add_offer(name="Zonder contract")
    await world.add_offer(name="Alleen jongens", genders=["male"])
    ranked = await world.match()
    gi = await browser_of(world, Role.GI)
    answer = await gi.post("/passend", filled())
    page = page_of(answer)
    shown = [each.attributes["id"] for each in page.css("ol.ranked > li")]
    assert shown == [f"rij-{each['offer']['id']}" for each in ranked["results"]] == [f"rij-{near['id']}"]
    possible = {each.attributes["id"] for each in page.css("ul.ranked > li")}
    assert possible == {f"rij-{each['offer']['id']}" for each in ranked["alternatives"]}
    assert f"rij-{other['id']}" in possible
    words = text_of(answer, "#uitkomst")
    for each in [*ranked["results"], *ranked["alternatives"]]:
        assert each["explanation"] in words
    for each in ranked["excluded"]["byReason"]:
        assert f"{each['detail']} ({each['count']})" in words
    assert "Alleen jongens" in words
    assert "Licht contract nodig" in words
    assert "regel een licht contract met gemeente Den Helder" in words


@pytest.mark.parametrize("written", ["5-2014", "05-2014", "mei 2014", "Mei 2014", "2014-05", "5/2014"])
async def test_a_month_is_written_as_people_do(world: World, written: str) -> None:
    await _offer(world)
    gi = await browser_of(world, Role.GI)
    page = page_of(await gi.post("/passend", filled(geboortemaand=written)))
    assert len(page.css("ol.ranked > li")) == 1


@pytest.mark.parametrize(
    ("field", "value", "at", "told"),
    [
        ("geboortemaand", "", "geboortemaand", "Vul dit nog in."),
        ("geboortemaand", "lente 2014", "geboortemaand", "Schrijf maand en jaar, zoals 5-2014."),
        ("geboortemaand", "5-2030", "geboortemaand", "Deze dag ligt in de toekomst."),
        ("geslacht", "", "geslacht", "Vul dit nog in."),
        ("gemeente", "", "gemeente", "Vul dit nog in."),
        ("gemeente", "den", "gemeente", "Welke bedoelt u: Den Helder"),
        ("gemeente", "Nergens", "gemeente", "kennen we niet"),
        ("postcode", "12", "postcode", "1781"),
        ("uitgesproken", "", "uitgesproken", "Vul dit nog in."),
        ("maatregel", "", "maatregel", "Kies de maatregel"),
        ("zorgvorm", ["", "", ""], "zorgvorm-1", "Vul dit nog in."),
        ("zorgvorm", ["gezinshuis", "", "logeren-op-mars"], "zorgvorm-3", "uit de lijst"),
        ("afstand", ["ver", "", ""], "afstand-1", "Hier hoort een getal."),
        ("afstand", ["500", "", ""], "afstand-1", "Hooguit 400"),
        ("afstand", ["", "", "12"], "zorgvorm-3", "Vul dit nog in."),
        ("wens", ["aanbod:geen-id", "", ""], "wens-1", "Kies er een uit de lijst."),
        ("plekken", "0", "plekken", "Minstens 1."),
        ("uiterlijk", "morgen", "uiterlijk", "Vul een datum in."),
        ("nodig", ["niets"], "nodig", "uit de lijst"),
        ("volgorde", "mooiste", "volgorde", "Kies een van"),
    ],
)
async def test_what_is_wrong_stands_at_its_field_and_nothing_is_lost(
    world: World, field: str, value: Any, at: str, told: str
) -> None:
    gi = await browser_of(world, Role.GI)
    answer = await gi.post("/passend", filled(kenmerken=["weglopen"]) | {field: value})
    page = page_of(answer, 400)
    found = {each.attributes["id"]: each.text() for each in page.css(".error") if each.text()}
    assert list(found) == [f"fout-{at}"]
    assert told in found[f"fout-{at}"]
    assert page.css_first(f"#uitkomst a[href='#{at}']") is not None
    if field not in {"gemeente", "geboortemaand"}:
        assert value_of(page, "#gemeente") == "Den Helder"
    assert len(page.css("input[name=kenmerken][value=weglopen][checked]")) == 1


async def test_while_somebody_fills_it_in_only_what_changes_is_sent(world: World) -> None:
    await _offer(world)
    gi = await browser_of(world, Role.GI)
    answer = await gi.post("/passend", filled(geslacht=""), HX_Request="true")
    page = page_of(answer)
    assert page.css_first("form#passend") is None
    assert text_of(answer, "#uitkomst") == "Vul nog in: Geslacht."
    assert text_of(answer, "#fout-geslacht") == "", "nobody is blamed for what comes next"
    answer = await gi.post("/passend", filled(), HX_Request="true")
    assert len(page_of(answer).css("ol.ranked > li")) == 1


async def test_wishes_follow_the_care_type(world: World) -> None:
    offer, other = await _offer(world, name="Het Nest"), await _offer(world, careType="logeren", name="Logeerhuis")
    gi = await browser_of(world, Role.GI)
    page = page_of(await gi.post("/passend", filled(), HX_Request="true"))
    values = [each.attributes["value"] for each in page.css("#wens-1 option")]
    assert values == ["", f"aanbod:{offer['id']}", f"aanbieder:{offer['providerId']}"]
    key = value_of(page, "#veld-wens-1 input")
    wished = filled(wens=[f"aanbod:{offer['id']}", "", ""], wensvan=[key, "", ""])
    page = page_of(await gi.post("/passend", wished, HX_Request="true"))
    assert page.css_first("#wens-1") is None, "the browser has this list"
    assert [each.attributes["id"] for each in page.css("ol.ranked > li")] == [f"rij-{offer['id']}"]
    moved = wished | {"zorgvorm": ["logeren", "", ""]}
    page = page_of(await gi.post("/passend", moved, HX_Request="true"))
    assert [each.attributes["id"] for each in page.css("ol.ranked > li")] == [f"rij-{other['id']}"]
    whole = page_of(await gi.post("/passend", wished))
    assert value_of(whole, "#wens-1 option[selected]") == f"aanbod:{offer['id']}"


async def test_two_to_four_are_compared(world: World) -> None:
    first, second = (
        await _offer(world, name="Het Nest", specialisations=["trauma"]),
        await _offer(world, name="De Burcht"),
    )
    possible = await world.add_offer(name="Zonder contract")
    gi = await browser_of(world, Role.GI)
    ids = [first["id"], second["id"], possible["id"]]
    form = filled(gewenst=["trauma"])
    answer = await gi.post("/passend/vergelijken", form | {"vergelijk": ids})
    page = page_of(answer)
    assert len(page.css("thead th")) == 3
    words = text_of(answer)
    for part in ("Het Nest", "De Burcht", "nr. 1", "Licht contract nodig", "1 van 1", "0 van 1", "1 vrij van 4"):
        assert part in words
    kept = {each.attributes["name"] for each in page.css("main form input")}
    assert kept >= {"geboortemaand", "zorgvorm", "gewenst"}
    gone = await gi.post("/passend/vergelijken", form | {"vergelijk": [*ids[:2], ids[0].replace("-", "0-", 1)[:36]]})
    assert "1 aanbod staat niet meer in de lijst" in text_of(gone)
    for ticked in ([], ids[:1], [*ids, "een", "twee"]):
        answer = await gi.post("/passend/vergelijken", form | {"vergelijk": ticked})
        assert text_of(answer, "#fout-vergelijk") == "Vink 2 tot 4 keer aanbod aan om te vergelijken."
        assert len(page_of(answer).css("input[name=vergelijk][checked]")) == min(len(ticked), 3)


async def test_what_was_asked_is_kept_as_a_child(world: World) -> None:
    offer = await _offer(world)
    gi = await browser_of(world, Role.GI)
    form = filled(kenmerken=["weglopen"], afstand=["40", "", ""], wens=[f"aanbod:{offer['id']}", "", ""])
    answer = await gi.post("/passend/bewaren", form | {"kenmerk": "K-2026-7"})
    assert answer.status_code == 303
    path, _, key = answer.headers["location"].partition("?jeugdige=")
    assert path == "/passend"
    kept = await world.ok(world.http.get(f"/v1/requests/{key}", headers=world.gi))
    assert kept["childReference"] == "K-2026-7"
    assert kept["child"]["birthMonth"] == "2014-05"
    assert kept["child"]["measure"]["imposedOn"] == "2026-10-12"
    assert kept["choices"] == [
        {"careType": "gezinshuis", "offerId": offer["id"], "providerId": None, "maxDistanceKm": 40}
    ]
    assert kept["characteristics"] == ["weglopen"]
    again = await gi.post("/passend/bewaren", form | {"kenmerk": "K-2026-7"})
    assert "Er is al een hulpvraag" in text_of(again, "#fout-kenmerk", 400)
    assert value_of(page_of(again, 400), "#kenmerk") == "K-2026-7"


@pytest.mark.parametrize(
    ("reference", "told"),
    [("", "ten minste een cijfer"), ("Jan Jansen", "ten minste een cijfer"), ("123456782", "BSN")],
)
async def test_a_reference_that_is_none(world: World, reference: str, told: str) -> None:
    await _offer(world)
    gi = await browser_of(world, Role.GI)
    answer = await gi.post("/passend/bewaren", filled(kenmerk=reference))
    assert told in text_of(answer, "#fout-kenmerk", 400)
    assert len(page_of(answer, 400).css("ol.ranked > li")) == 1, "the list stays"


async def test_a_referrer_keeps_no_child(world: World) -> None:
    referrer = await browser_of(world, Role.REFERRER)
    answer = await referrer.post("/passend/bewaren", filled(kenmerk="K-1"))
    assert answer.status_code == 403


async def test_saving_what_cannot_be_asked(world: World) -> None:
    gi = await browser_of(world, Role.GI)
    answer = await gi.post("/passend/bewaren", filled(geslacht="", kenmerk="K-1"))
    assert "Vul dit nog in." in text_of(answer, "#fout-geslacht", 400)


async def test_what_changes_is_told_to_who_may_ask_what_fits(world: World) -> None:
    path = "/passend/live"
    assert (await Browser(world).post(path, filled())).status_code == 303
    for role in (Role.PROVIDER, Role.REGION):
        assert (await (await browser_of(world, role)).post(path, filled())).status_code == 403
    gi = await browser_of(world, Role.GI)
    assert (await gi.post(path, filled(zorgvorm=["", "", ""]))).status_code == 404
    assert (await gi.post(path, filled(), Sec_Fetch_Site="cross-site")).status_code == 403
