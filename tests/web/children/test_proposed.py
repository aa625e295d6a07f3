"""What the region proposed for a child, on that child's page; and from there to a referral."""

from datetime import timedelta
from typing import Any

from app.kit.security.callers import Role
from tests.conftest import NOW, SettableClock
from tests.dossiers.proposals.scene import made
from tests.dossiers.referrals.scene import OTHER_GI, decide
from tests.web.fitting.forms import value_of
from tests.web.pages import browser_of, page_of, text_of
from tests.world import World

Json = dict[str, Any]
LATE = {"measure": {"type": "21", "imposedOn": "2026-08-12"}}
PREFILLED = "form[action^='/passend/aanmelden']"


async def few_places(world: World) -> tuple[Json, Json]:
    """A child that is proposed the one place that there is, and a child that is not."""
    await world.report(await world.contracted_offer(name="Het Nest"), placesTotal=4, placesFree=1)
    placed, without = await world.add_request(child=LATE), await world.add_request()
    await made(world)
    return placed, without


async def test_says_what_is_proposed_to_whose_child_it_is(world: World) -> None:
    placed, without = await few_places(world)
    gi = await browser_of(world, Role.GI)
    words = text_of(await gi.get(f"/jeugdigen/{placed['id']}"))
    for part in ("Voorgesteld door de regio", "Het Nest", "nog niet aangemeld", "expertteam Kop van Noord-Holland",
                 "22 november 2026", "wie voorgaat, gaat voor", "keuze 1, nummer 1 op de eigen lijst",
                 "Aanbod nu", "Dit aanbod staat bovenaan"):  # fmt: skip
        assert part in words
    page = await gi.get(f"/jeugdigen/{without['id']}")
    words = text_of(page)
    for part in ("Geen plek", "geen aanmelding", "Een plek erbij voor dit kind bij Het Nest."):
        assert part in words
    assert page_of(page).css_first(PREFILLED) is None
    other = await browser_of(world, Role.GI, **OTHER_GI)
    assert (await other.get(f"/jeugdigen/{placed['id']}")).status_code == 404


async def test_a_child_without_a_proposal_has_no_such_part(world: World) -> None:
    request = await world.add_request()
    assert "Voorgesteld" not in text_of(await (await browser_of(world, Role.GI)).get(f"/jeugdigen/{request['id']}"))


async def test_from_a_line_it_is_one_page_to_a_referral(world: World) -> None:
    placed, _ = await few_places(world)
    gi = await browser_of(world, Role.GI)
    path = f"/jeugdigen/{placed['id']}"
    form = page_of(await gi.get(path)).css_first(PREFILLED)
    assert form is not None
    fields = {str(each.attributes["name"]): str(each.attributes["value"]) for each in form.css("input")}
    confirm = page_of(await gi.post(str(form.attributes["action"]), fields))
    assert "Het Nest" in confirm.text()
    assert (value_of(confirm, "#keuze option[selected]"), value_of(confirm, "#spoed option[selected]")) == (
        "1",
        "regular",
    )
    send = {str(each.attributes["name"]): str(each.attributes["value"]) for each in confirm.css("main input")}
    sent = await gi.post(f"/passend/versturen?jeugdige={placed['id']}", send | {"keuze": "1", "spoed": "regular"})
    assert sent.headers["location"] == path
    page = page_of(await gi.get(path))
    assert page.css_first(PREFILLED) is None
    assert "verstuurd, nog niet gezien" in page.css_first("[id^=verdeling-]").text()  # type: ignore[union-attr]  # fails
    [referral] = (await world.ok(world.http.get("/v1/referrals", headers=world.gi)))["items"]
    await world.ok(decide(world, referral, "decline", reason="no-place"))
    assert "afgewezen" in page_of(await gi.get(path)).css_first("[id^=verdeling-]").text()  # type: ignore[union-attr]  # as above


async def test_only_the_last_proposal_begins_a_referral(world: World, clock: SettableClock) -> None:
    placed, _ = await few_places(world)
    clock.now = NOW + timedelta(minutes=5)
    last = await made(world)
    page = page_of(await (await browser_of(world, Role.GI)).get(f"/jeugdigen/{placed['id']}"))
    assert len(page.css("[id^=verdeling-]")) == 2
    assert len(page.css(PREFILLED)) == 1
    assert page.css_first(f"#verdeling-{last['id']} {PREFILLED}") is not None
