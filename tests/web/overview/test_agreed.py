"""What a region decides and agrees: arrangements, contracts, placement stops and agreements, through their forms."""

from typing import Any
from uuid import uuid4

import pytest

from app.kit.security.callers import Role
from app.reference.lists import reference
from tests.dossiers.arrangements.scene import asked, get
from tests.web.pages import Browser, browser_of, page_of, text_of
from tests.world import World

ARRANGEMENTS, CONTRACTS = "/overzicht/regelingen", "/overzicht/contracten"
STOPS, AGREEMENTS = "/overzicht/plaatsingsstops", "/overzicht/afspraken"
AGREED = {
    "lokaalteam": "14",
    "expertteam": "",
    "machtiging": "28",
    "vervolgplek": "42",
    "aanmelding": "5",
    "spoed": "2",
    "crisis": "24",
    "regeling": "5",
    "trede": ["local-team", "expert-team"],
    "bovenregio": "noord-holland",
}


@pytest.mark.parametrize("path", [ARRANGEMENTS, CONTRACTS, f"{CONTRACTS}/nieuw", STOPS, f"{STOPS}/nieuw", AGREEMENTS])
async def test_who_may_see_them(world: World, path: str) -> None:
    assert (await Browser(world).get(path)).status_code == 303
    for role in (Role.GI, Role.PROVIDER, Role.SUPRAREGION, Role.INSPECTORATE):
        assert "jeugdregio" in text_of(await (await browser_of(world, role)).get(path), status=403)
    region = await browser_of(world, Role.REGION)
    assert (await region.get(path)).status_code == 200
    posted = path if path in {f"{CONTRACTS}/nieuw", f"{STOPS}/nieuw", AGREEMENTS} else f"{path}/{uuid4()}"
    assert (await region.post(posted, {}, Sec_Fetch_Site="cross-site")).status_code == 403


async def test_an_arrangement_is_granted_or_refused_at_its_row(world: World) -> None:
    _, _, made = await asked(world, "light-contract")
    region = await browser_of(world, Role.REGION)
    words = text_of(await region.get(ARRANGEMENTS), "#regelingen")
    for part in ("Licht contract:", "Enige plek voor dit kind.", "antwoord uiterlijk", "Den Helder"):
        assert part in words
    path = f"{ARRANGEMENTS}/{made['id']}"
    answer = await region.post(path, {"besluit": "refuse", "tot": "2027-01-31"})
    row = text_of(answer, f"#regeling-{made['id']} [role=alert]", 400)
    assert "Zeg waarom het wordt geweigerd." in row
    kept = page_of(answer, 400).css_first(f"#tot-{made['id']}")
    assert kept is not None
    assert kept.attributes["value"] == "2027-01-31"
    assert "al voorbij" in text_of(await region.post(path, {"besluit": "grant", "tot": "2026-11-01"}), status=400)
    elsewhere = await browser_of(world, Role.REGION, region="JZ06")
    assert (await elsewhere.post(path, {"besluit": "grant"})).status_code == 404
    answer = await region.post(path, {"besluit": "grant", "toelichting": "Akkoord.", "tot": "2027-01-31"})
    assert (answer.status_code, answer.headers["location"]) == (303, ARRANGEMENTS)
    assert (await get(world, made))["decision"]["validTo"] == "2027-01-31"
    assert "Er is nu niets te beslissen" in text_of(await region.get(ARRANGEMENTS))
    assert "toegestaan op 22 november 2026" in text_of(await region.get(f"{ARRANGEMENTS}?stand=granted"))
    again = await region.post(path, {"besluit": "grant"})
    assert "Deze regeling is toegestaan" in text_of(again, status=400)
    assert "licht" in text_of(await region.get(CONTRACTS), "#contracten").lower()


async def test_a_contract_of_the_whole_country_names_no_region(world: World) -> None:
    provider = await world.add_provider(name="Demo Jeugdhulp De Vuurtoren")
    await world.add_contract(provider, kind="national", regions=sorted(reference().regions))
    words = text_of(await (await browser_of(world, Role.REGION)).get(CONTRACTS), "#contracten")
    assert "Landelijk · alle jeugdregio's" in words
    assert "Drenthe" not in words


async def test_a_contract_is_added_for_a_provider_that_is_found(world: World) -> None:
    provider = await world.add_provider(name="Demo Jeugdhulp De Vuurtoren")
    region = await browser_of(world, Role.REGION)
    found = page_of(await region.get(f"{CONTRACTS}/nieuw?zoek=vuurtoren")).css("ul.rows a")
    [address] = [str(each.attributes["href"]) for each in found]
    assert address == f"{CONTRACTS}/nieuw?aanbieder={provider}"
    assert "Contract met Demo Jeugdhulp De Vuurtoren" in text_of(await region.get(address))
    sent: dict[str, Any] = {"aanbieder": provider, "soort": "regional", "van": "2027-01-01", "tot": "2026-01-01"}
    answer = await region.post(f"{CONTRACTS}/nieuw", sent | {"gemeente": ["GM0400"]})
    assert "ligt vóór" in text_of(answer, "#tot-fout", 400)
    ticked = page_of(answer, 400).css_first("#gemeente-GM0400")
    assert ticked is not None
    assert "checked" in ticked.attributes
    too_long = await region.post(f"{CONTRACTS}/nieuw", sent | {"tot": "", "productcodes": "43A10, 43A1012"})
    assert "tekens" in text_of(too_long, "#productcodes-fout", 400)
    sent |= {"tot": "", "gemeente": ["GM0400"], "zorgvorm": ["gezinshuis"], "productcodes": "43A10, 43A12"}
    answer = await region.post(f"{CONTRACTS}/nieuw", sent)
    assert (answer.status_code, answer.headers["location"]) == (303, CONTRACTS)
    [kept] = (await world.ok(world.http.get("/v1/contracts", headers=world.region())))["items"]
    assert (kept["municipalities"], kept["careTypes"], kept["productCodes"]) == (
        ["GM0400"],
        ["gezinshuis"],
        ["43A10", "43A12"],
    )
    assert "Den Helder" in text_of(await region.get(CONTRACTS), "#contracten")
    for junk in ("", "geen-id", str(uuid4())):
        assert (await region.post(f"{CONTRACTS}/nieuw", sent | {"aanbieder": junk})).status_code == 400


async def test_a_ceiling_is_reached_and_a_contract_withdrawn(world: World) -> None:
    provider = await world.add_provider()
    made = await world.add_contract(provider)
    other = await world.add_contract(provider, regions=["JZ06"])
    region = await browser_of(world, Role.REGION)
    path = f"{CONTRACTS}/{made['id']}"
    assert (await region.get(f"{CONTRACTS}/{other['id']}")).status_code == 404
    sent = {"van": "2026-01-01", "plafond": "ja", "uitzondering": "ja", "versie": "1"}
    assert (await region.post(path, sent)).status_code == 303
    assert "bereikt, niet voor kinderen met een maatregel" in text_of(await region.get(CONTRACTS))
    answer = await region.post(path, {"van": "2026-02-01", "versie": "1"})
    words = text_of(answer, "[role=alert]", 400)
    assert "Iemand anders heeft dit intussen gewijzigd" in words
    assert "Eerste dag1 januari 2026" in words
    assert text_of(await region.post(f"{path}/intrekken", {"versie": "2"}), "#waarom-fout", 400)
    answer = await region.post(f"{path}/intrekken", {"versie": "2", "waarom": "Dubbel ingevoerd"})
    assert answer.status_code == 303
    assert "Er zijn geen contracten" in text_of(await region.get(CONTRACTS))
    assert "Dubbel ingevoerd" in text_of(await region.get(f"{CONTRACTS}?ingetrokken=ja"))


async def test_a_contract_of_others_is_read_and_not_changed(world: World) -> None:
    """Such as a supraregional one: it holds for children of the region, which does not write it."""
    made = await world.add_contract(await world.add_provider(), kind="supraregional")
    region, path = await browser_of(world, Role.REGION), f"{CONTRACTS}/{made['id']}"
    page = page_of(await region.get(path))
    assert (page.css("main form"), "Bovenregionaal" in text_of(await region.get(path), "#gegevens")) == ([], True)
    told = text_of(await region.post(f"{path}/intrekken", {"versie": "1", "waarom": ""}), "[role=alert]", 400)
    assert told.startswith("Dit kan niet meer")


async def test_a_stop_is_imposed_and_lifted(world: World) -> None:
    provider = await world.add_provider(name="Demo Jeugdhulp De Vuurtoren")
    await world.add_location(provider, "de-duinen")
    theirs = await world.add_stop(provider)
    region = await browser_of(world, Role.REGION)
    page = await region.get(f"{STOPS}/nieuw?aanbieder={provider}")
    assert "de-duinen" in text_of(page, "select#locatie")
    sent = {"aanbieder": provider, "locatie": "de-duinen", "van": "2026-11-20", "tot": "", "reden": ""}
    assert text_of(await region.post(f"{STOPS}/nieuw", sent), "#reden-fout", 400)
    assert (await region.post(f"{STOPS}/nieuw", sent | {"reden": "Verscherpt toezicht."})).status_code == 303
    words = text_of(await region.get(STOPS), "#stops")
    for part in ("Locatie de-duinen", "Opgelegd door de jeugdregio: Verscherpt toezicht.", "door de aanbieder zelf"):
        assert part in words
    [link] = page_of(await region.get(STOPS)).css("#stops h2 a")
    path = str(link.attributes["href"])
    lifted = {"van": "2026-11-20", "tot": "2026-11-21", "reden": "Opgelost.", "versie": "1"}
    assert "ligt vóór" in text_of(await region.post(path, lifted | {"tot": "2026-11-01"}), "#tot-fout", 400)
    assert (await region.post(path, lifted)).status_code == 303
    assert "Opgelost." not in text_of(await region.get(STOPS))
    assert "Opgelost." in text_of(await region.get(f"{STOPS}?alle=ja"))
    assert page_of(await region.get(f"{STOPS}/{theirs['id']}")).css("main form.sheet") == []
    answer = await region.post(f"{STOPS}/{theirs['id']}", lifted)
    assert "namens zichzelf" in text_of(answer, status=400)
    elsewhere = await browser_of(world, Role.REGION, region="JZ06")
    assert (await elsewhere.get(path)).status_code == 404


async def test_a_stop_is_imposed_on_one_offer(world: World) -> None:
    provider = await world.add_provider()
    await world.add_location(provider, "de-duinen")
    offer = await world.add_offer(provider)
    region = await browser_of(world, Role.REGION)
    sent = {"aanbieder": provider, "aanbod": offer["id"], "van": "2026-11-20", "reden": "Verscherpt toezicht."}
    both = await region.post(f"{STOPS}/nieuw", sent | {"locatie": "de-duinen"})
    assert "Noem een locatie of een aanbod" in text_of(both, "#aanbod-fout", 400)
    assert (await region.post(f"{STOPS}/nieuw", sent)).status_code == 303
    [kept] = (await world.ok(world.http.get("/v1/placement-stops", headers=world.region())))["items"]
    assert (kept["offerId"], kept["locationKey"]) == (offer["id"], None)
    assert page_of(await region.get(STOPS)).css_first(f"#stops a[href='/aanbod/{offer['id']}']") is not None


async def test_agreements_are_set(world: World) -> None:
    region = await browser_of(world, Role.REGION)
    wrong = AGREED | {"aanmelding": "honderd", "crisis": "0", "trede": [], "versie": "1"}
    answer = await region.post(AGREEMENTS, wrong)
    assert "getal" in text_of(answer, "#aanmelding-fout", 400)
    assert text_of(answer, "#crisis-fout", 400)
    typed = page_of(answer, 400).css_first("input#aanmelding")
    assert typed is not None
    assert typed.attributes["value"] == "honderd"
    version = page_of(await region.get(AGREEMENTS)).css_first("input[name=versie]")
    assert version is not None
    sent = AGREED | {"versie": version.attributes["value"]}
    answer = await region.post(AGREEMENTS, sent)
    assert answer.status_code == 303
    assert "De afspraken zijn opgeslagen" in text_of(await region.get(answer.headers["location"]))
    kept = await world.ok(world.http.get("/v1/regions/JZ03/agreements", headers=world.region()))
    assert (kept["contactLocalTeamDays"], kept["expertTeamDays"]) == (14, None)
    assert kept["escalationLadder"] == ["local-team", "expert-team"]
    late = await region.post(AGREEMENTS, sent | {"aanmelding": "7"})
    words = text_of(late, "[role=alert]", 400)
    assert "Iemand anders" in words
    assert "Werkdagen voor antwoord op een aanmelding5" in words
