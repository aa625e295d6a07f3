"""Referrals received: the list by their clocks, and deciding on one."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from app.kit.security.callers import Role
from tests.conftest import SettableClock
from tests.dossiers.referrals.scene import decide, refer
from tests.web.pages import Browser, browser_of, page_of, text_of
from tests.world import World

PATH = "/aanmeldingen"


async def scene(world: World, **fields: Any) -> tuple[Browser, dict[str, Any], dict[str, Any]]:
    """A provider at its browser, its offer with one free place, and a referral to it."""
    offer = await world.contracted_offer(name="Het Nest")
    await world.report(offer, placesTotal=4, placesFree=1)
    referral = await refer(world, offer, **fields)
    return await browser_of(world, Role.PROVIDER, provider_id=UUID(offer["providerId"])), offer, referral


async def status_of(world: World, referral: dict[str, Any]) -> str:
    found = await world.ok(world.http.get(f"/v1/referrals/{referral['id']}", headers=world.gi))
    return str(found["status"])


def form_of(answer: httpx.Response, decision: str) -> dict[str, Any]:
    """The hidden fields of the form of a decision."""
    found = page_of(answer, answer.status_code).css_first(f"form:has([name=decision][value={decision}])")
    assert found is not None
    return {str(each.attributes["name"]): each.attributes["value"] for each in found.css("input[type=hidden]")}


async def post(provider: Browser, referral: dict[str, Any], decision: str, **fields: Any) -> httpx.Response:
    """Opens a referral, and decides on it."""
    path = f"{PATH}/{referral['id']}"
    return await provider.post(f"{path}/besluit", form_of(await provider.get(path), decision) | fields)


async def test_who_has_not_signed_in_is_led_there(world: World) -> None:
    answer = await Browser(world).get(PATH)
    assert (answer.status_code, answer.headers["location"]) == (303, "/aanmelden?naar=/aanmeldingen")


async def test_it_is_of_providers_alone(world: World) -> None:
    _, _, referral = await scene(world)
    gi = await browser_of(world, Role.GI)
    own = f"{PATH}/{referral['id']}"
    for answer in (await gi.get(PATH), await gi.get(own), await gi.post(f"{own}/besluit", {"decision": "accept"})):
        assert "aanbieder" in text_of(answer, status=403)


async def test_another_provider_finds_none_of_it(world: World) -> None:
    _, _, referral = await scene(world)
    other = await browser_of(world, Role.PROVIDER, provider_id=UUID(await world.add_provider()))
    own = f"{PATH}/{referral['id']}"
    page_of(await other.get(own), 404)
    page_of(await other.post(f"{own}/besluit", {"decision": "accept"}), 404)
    assert "Er wacht niemand" in text_of(await other.get(PATH))
    assert await status_of(world, referral) == "sent"


async def test_another_site_decides_nothing(world: World) -> None:
    provider, _, referral = await scene(world)
    answer = await provider.post(
        f"{PATH}/{referral['id']}/besluit", {"decision": "accept"}, Sec_Fetch_Site="cross-site"
    )
    assert "niet van deze site" in text_of(answer, status=403)
    assert await status_of(world, referral) == "sent"


async def test_a_crisis_comes_first_and_then_the_oldest(world: World, clock: SettableClock) -> None:
    provider, offer, first = await scene(world)
    clock.now += timedelta(minutes=1)
    second = await refer(world, offer)
    clock.now += timedelta(minutes=1)
    crisis = await refer(world, offer, summary={"urgency": "crisis"})
    answer = await provider.get(PATH)
    assert [each.attributes["id"] for each in page_of(answer).css("ol.rows > li")] == [
        f"aanmelding-{each['id']}" for each in (crisis, first, second)
    ]
    words = text_of(answer, f"#aanmelding-{crisis['id']}")
    for part in ("Meisje, 12 jaar, Den Helder", "Het Nest", "crisis", "antwoord nodig"):
        assert part in words


async def test_a_referral_says_what_is_known_and_no_more(world: World) -> None:
    provider, _, referral = await scene(
        world, remark="Graag eerst bellen.", summary={"urgency": "urgent", "characteristics": ["weglopen"]}
    )
    answer = await provider.get(f"{PATH}/{referral['id']}")
    words = text_of(answer)
    for part in ("meisje, 12 jaar", "Den Helder", "Graag eerst bellen.", "spoed", "eerste keuze van het kind"):
        assert part in words
    for private in (referral["requestId"], referral["childReference"]):
        assert private not in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert await status_of(world, referral) == "sent", "looking changes nothing"


async def test_accept(world: World) -> None:
    provider, _, referral = await scene(world)
    answer = await post(provider, referral, "accept", expectedStart="2026-12-14")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PATH}/{referral['id']}")
    assert await status_of(world, referral) == "accepted"
    words = text_of(await provider.get(f"{PATH}/{referral['id']}"))
    assert "aangenomen" in words
    assert "14 december 2026" in words
    assert "Het Nest" in text_of(await provider.get(f"{PATH}?stand=aangenomen"), "ol.rows")


async def test_no_place_is_told(world: World) -> None:
    provider, offer, referral = await scene(world)
    await world.report(offer, placesTotal=4, placesFree=0)
    answer = await post(provider, referral, "accept")
    assert "vrij volgens de cijfers: 0" in text_of(answer, "[role=alert]", status=409)


async def test_what_changed_meanwhile_is_told(world: World) -> None:
    provider, _, referral = await scene(world)
    form = form_of(await provider.get(f"{PATH}/{referral['id']}"), "accept")
    await world.ok(decide(world, referral, "see"))
    answer = await provider.post(f"{PATH}/{referral['id']}/besluit", form)
    assert "Intussen is deze aanmelding gewijzigd" in text_of(answer, "[role=alert]", status=409)
    assert await status_of(world, referral) == "seen"


async def test_what_the_match_has_against_it_takes_a_word_why(world: World) -> None:
    provider, offer, referral = await scene(world)
    await world.add_stop(offer["providerId"])
    await world.parts.follower.catch_up()
    answer = await post(provider, referral, "accept")
    page = page_of(answer, 400)
    field = page.css_first("[name=waarom-placement-stop]")
    assert field is not None
    assert "Zeg waarom het toch kan." in text_of(answer, f"#{field.attributes['id']}-fout", status=400)
    done = await post(provider, referral, "accept", **{"waarom-placement-stop": "De stop is voor een ander huis."})
    assert done.status_code == 303
    assert "De stop is voor een ander huis." in text_of(await provider.get(f"{PATH}/{referral['id']}"))


async def test_what_is_wrong_with_a_decision_that_cannot_be_taken_any_more(world: World) -> None:
    """Its form is gone from the page, so that what is wrong is told without it."""
    provider, _, referral = await scene(world)
    assert (await post(provider, referral, "decline", reason="no-place")).status_code == 303
    answer = await provider.post(f"{PATH}/{referral['id']}/besluit", {"decision": "waitlist"})
    told = text_of(answer, "[role=alert]", 409)
    assert told.startswith("Dit kan niet meer")


async def test_decline_with_a_reason(world: World) -> None:
    provider, _, referral = await scene(world)
    answer = await post(provider, referral, "decline", note="Misschien in januari.")
    assert "Kies een reden." in text_of(answer, "#fout-reason", status=400)
    told = page_of(answer, 400).css_first("[role=alert][autofocus]")
    assert told is not None
    assert [each.attributes["href"] for each in told.css("a")] == ["#reason-1"]
    assert "Misschien in januari." in text_of(answer, "textarea#afwijzen-note", status=400)
    answer = await post(provider, referral, "decline", reason="contra-indication")
    assert "Noem bij een contra-indicatie" in text_of(answer, "#fout-criteria", status=400)
    answer = await post(provider, referral, "decline", reason="contra-indication", criteria=["weglopen"])
    assert answer.status_code == 303
    found = await world.ok(world.http.get(f"/v1/referrals/{referral['id']}", headers=world.gi))
    assert found["declined"] == {"reason": "contra-indication", "criteria": ["weglopen"], "specialisations": []}


@pytest.mark.parametrize(
    ("decision", "fields", "status"),
    [
        ("see", {}, "seen"),
        ("waitlist", {"expectedStart": "2027-01-11", "note": "Na de kerst."}, "waitlisted"),
    ],
)
async def test_other_decisions(world: World, decision: str, fields: dict[str, str], status: str) -> None:
    provider, _, referral = await scene(world)
    assert (await post(provider, referral, decision, **fields)).status_code == 303
    assert await status_of(world, referral) == status


async def test_a_day_that_has_passed_is_told_at_its_field(world: World) -> None:
    provider, _, referral = await scene(world)
    answer = await post(provider, referral, "waitlist", expectedStart="2026-01-11")
    field = page_of(answer, 400).css_first("#waitlist-expectedStart")
    assert field is not None
    assert field.attributes["value"] == "2026-01-11"
    assert "al voorbij" in text_of(answer, "#waitlist-expectedStart-fout", status=400)
