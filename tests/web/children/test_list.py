"""The page of children."""

from uuid import UUID

import pytest

from app.kit.security.callers import Role
from tests.access.clients import add_organisation
from tests.web.pages import Browser, browser_of, page_of, text_of
from tests.world import World

OTHER = {"organisation_id": UUID(int=77), "client_id": "other-gi"}


async def test_who_has_not_signed_in_is_led_there(world: World) -> None:
    for path in ("/jeugdigen", f"/jeugdigen/{UUID(int=1)}", f"/jeugdigen/{UUID(int=1)}/sluiten"):
        answer = await Browser(world).get(path)
        assert answer.status_code == 303
        assert answer.headers["location"] == f"/aanmelden?naar={path}"


@pytest.mark.parametrize("role", [Role.PROVIDER, Role.REFERRER, Role.REGION, Role.INSPECTORATE])
async def test_others_are_told_whose_page_it_is(world: World, role: Role) -> None:
    somebody = await browser_of(world, role)
    for path in ("/jeugdigen", f"/jeugdigen/{UUID(int=1)}", f"/jeugdigen/{UUID(int=1)}/sluiten"):
        assert "gecertificeerde instelling of lokaal team" in text_of(await somebody.get(path), status=403)


async def test_the_next_deadline_stands_first_with_what_to_do(world: World) -> None:
    late = await world.add_request(
        childReference="K-laat-1", child={"measure": {"type": "21", "imposedOn": "2026-08-03"}}
    )
    none = await world.add_request(childReference="K-zonder-2", child={"measure": None})
    soon = await world.add_request(
        childReference="K-straks-3", child={"measure": {"type": "21", "imposedOn": "2026-11-16"}}
    )
    gi = await browser_of(world, Role.GI)
    page = page_of(await gi.get("/jeugdigen"))
    rows = page.css("ol.rows > li")
    assert [row.attributes["id"] for row in rows] == [f"jeugdige-{each['id']}" for each in (late, soon, none)]
    words = [" ".join(row.text().split()) for row in rows]
    for part in (
        "K-laat-1",
        "12 jaar · Den Helder · Gezinshuis",
        "te laat",
        "Vaste jeugdbeschermer, uiterlijk 10 augustus",
    ):
        assert part in words[0]
    assert "nog 1 dag" in words[1]
    assert "geen termijn" in words[2]
    hrefs = [str(each.attributes["href"]) for each in page.css("ol.rows > li a.utrecht-button")]
    assert hrefs[0] == f"/jeugdigen/{late['id']}/mijlpaal/protection-worker"
    assert hrefs[2] == f"/jeugdigen/{none['id']}"


async def test_another_organisations_are_not_in_it(world: World) -> None:
    await world.add_request(childReference="K-2026-91")
    other = await browser_of(world, Role.GI, **OTHER)
    shown = text_of(await other.get("/jeugdigen"))
    assert "K-2026-91" not in shown
    assert "heeft nog geen lopende jeugdigen" in shown
    assert "Niemand gevonden" in text_of(await other.get("/jeugdigen?toon=gesloten"))
    assert "Niemand gevonden" in text_of(await other.post("/jeugdigen", {"zoek": "K-van-ons"}))


async def test_a_filter_by_how_far_it_is(world: World) -> None:
    await world.add_request(childReference="K-open-1")
    helped = await world.add_request(childReference="K-geholpen-2")
    path = f"/v1/requests/{helped['id']}/milestones/help"
    await world.ok(world.http.put(path, json={"date": "2026-11-10"}, headers=world.gi | {"If-Match": "*"}))
    gi = await browser_of(world, Role.GI)
    found = text_of(await gi.get("/jeugdigen?toon=hulp", HX_Request="true"), "#jeugdigen")
    assert "K-geholpen-2" in found
    assert "K-open-1" not in found
    assert "K-open-1" in text_of(await gi.get("/jeugdigen?toon=te-laat"))


async def test_searching_by_reference_or_municipality_leaves_nothing_in_the_address(world: World) -> None:
    await world.add_request(childReference="K-100%-1".replace("%", ""), careWorker="w-55")
    await world.add_request(childReference="K-ander-2", child={"municipality": "GM0361", "postcode": None})
    gi = await browser_of(world, Role.GI)
    for text, reference in (("w-55", "K-100-1"), ("alkm", "K-ander-2"), ("k-100", "K-100-1")):
        page = page_of(await gi.post("/jeugdigen", {"zoek": text}))
        names = [each.text() for each in page.css("ol.rows strong")]
        assert names == [reference], text
        form = page.css_first("form.filter")
        assert form is not None
        assert form.attributes["method"] == "post"
    assert "Niemand gevonden" in text_of(await gi.post("/jeugdigen", {"zoek": "%"}))
    assert "Hooguit 100 tekens" in text_of(await gi.post("/jeugdigen", {"zoek": "x" * 150}), status=400)


async def test_a_search_of_another_site_is_refused(world: World) -> None:
    gi = await browser_of(world, Role.GI)
    assert (await gi.post("/jeugdigen", {"zoek": "K"}, Sec_Fetch_Site="cross-site")).status_code == 403


async def test_pages_follow_each_other(world: World) -> None:
    made = [await world.add_request(childReference=f"K-rij-{number}") for number in range(27)]
    gi = await browser_of(world, Role.GI)
    seen = set[str]()
    page = page_of(await gi.get("/jeugdigen"))
    seen |= {str(row.attributes["id"]) for row in page.css("ol.rows > li")}
    assert len(seen) == 25
    following = page.css_first("a[rel=next]")
    assert following is not None
    last = page_of(await gi.get(str(following.attributes["href"])))
    assert last.css_first("a[rel=next]") is None
    seen |= {str(row.attributes["id"]) for row in last.css("ol.rows > li")}
    assert seen == {f"jeugdige-{each['id']}" for each in made}
    searched = page_of(await gi.post("/jeugdigen", {"zoek": "K-rij"}))
    button = searched.css_first("button[name=na]")
    assert button is not None
    more = page_of(await gi.post("/jeugdigen", {"zoek": "K-rij", "na": str(button.attributes["value"])}))
    assert len(more.css("ol.rows > li")) == 2


async def test_what_is_shared_has_no_reference_and_is_not_found_by_one(world: World) -> None:
    made = await world.add_request(childReference="K-geheim-9")
    team = await add_organisation(world, name="Wijkteam", role="local-team")
    path, sent = f"/v1/requests/{made['id']}/shares/{team['id']}", world.gi | {"If-Match": "*"}
    await world.ok(world.http.put(path, json={"may": "read"}, headers=sent))
    local = await browser_of(world, Role.LOCAL_TEAM, organisation_id=UUID(team["id"]), client_id="wijkteam")
    shown = text_of(await local.get("/jeugdigen"))
    assert "K-geheim-9" not in shown
    assert "Gedeeld door" in shown
    assert "Bekijk dossier" in shown
    assert "Niemand gevonden" in text_of(await local.post("/jeugdigen", {"zoek": "K-geheim"}))
    assert "Gedeeld door" in text_of(await local.post("/jeugdigen", {"zoek": "Den Helder"}))
