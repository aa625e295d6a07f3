"""Calls that were put to a provider: the list, and answering one."""

from typing import Any
from uuid import UUID

from app.kit.security.callers import Role
from tests.dossiers.calls.scene import contracted, get, publish
from tests.web.pages import Browser, browser_of, page_of, text_of
from tests.world import World

PATH = "/oproepen"


async def scene(world: World) -> tuple[Browser, dict[str, Any], dict[str, Any]]:
    """A provider at its browser, its offer, and a call that was put to it."""
    offer = await contracted(world, name="Het Nest")
    call = await publish(world, remark="Liefst bij dieren.")
    return await browser_of(world, Role.PROVIDER, provider_id=UUID(offer["providerId"])), offer, call


async def own_answer(world: World, call: dict[str, Any], offer: dict[str, Any]) -> dict[str, Any] | None:
    found: dict[str, Any] | None = (await get(world, call, world.provider(offer["providerId"])))["ownAnswer"]
    return found


async def test_who_may(world: World) -> None:
    _, _, call = await scene(world)
    assert (await Browser(world).get(PATH)).headers["location"] == "/aanmelden?naar=/oproepen"
    gi = await browser_of(world, Role.GI)
    own = f"{PATH}/{call['id']}"
    for answer in (await gi.get(PATH), await gi.get(own), await gi.post(f"{own}/antwoord")):
        assert "aanbieder" in text_of(answer, status=403)
    other = await browser_of(world, Role.PROVIDER, provider_id=UUID(await world.add_provider()))
    page_of(await other.get(own), 404)
    page_of(await other.post(f"{own}/antwoord", {"answer": "can", "startOn": "2026-12-14"}), 404)


async def test_another_site_answers_nothing(world: World) -> None:
    provider, offer, call = await scene(world)
    body = {"answer": "can", "startOn": "2026-12-14"}
    answer = await provider.post(f"{PATH}/{call['id']}/antwoord", body, Sec_Fetch_Site="cross-site")
    assert "niet van deze site" in text_of(answer, status=403)
    assert await own_answer(world, call, offer) is None


async def test_what_is_wrong_stands_at_its_field(world: World) -> None:
    provider, offer, call = await scene(world)
    body = {"answer": "can", "startOn": "2026-01-01", "places": "drie", "conditions": "Na kennismaking."}
    answer = await provider.post(f"{PATH}/{call['id']}/antwoord", body)
    assert "'drie' is dat niet" in text_of(answer, "#kan-places-fout", status=400)
    assert "Na kennismaking." in text_of(answer, "#kan-conditions", status=400)
    answer = await provider.post(f"{PATH}/{call['id']}/antwoord", body | {"places": "1"})
    assert "al voorbij" in text_of(answer, "#kan-startOn-fout", status=400)
    assert await own_answer(world, call, offer) is None


async def test_a_call_is_answered_and_the_answer_changed(world: World) -> None:
    provider, offer, call = await scene(world)
    assert "nog geen antwoord" in text_of(await provider.get(PATH), f"#oproep-{call['id']}")
    page = await provider.get(f"{PATH}/{call['id']}")
    for part in ("Meisje, 12 tot en met 15 jaar", "Gezinshuis", "Liefst bij dieren."):
        assert part in text_of(page)
    for private in (call["requestId"], call["childReference"]):
        assert private not in page.text
    body = {"answer": "can", "startOn": "2026-12-14", "offerId": offer["id"], "places": "1", "hoursPerWeek": ""}
    answer = await provider.post(f"{PATH}/{call['id']}/antwoord", body)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PATH}/{call['id']}")
    given = await own_answer(world, call, offer)
    assert given is not None
    assert (given["answer"], given["offerName"], given["places"]) == ("can", "Het Nest", 1)
    assert "u kunt, vanaf 14 december 2026" in text_of(await provider.get(f"{PATH}?stand=beantwoord"))
    await provider.post(f"{PATH}/{call['id']}/antwoord", {"answer": "decline", "reason": "no-place"})
    given = await own_answer(world, call, offer)
    assert given is not None
    assert given["answer"] == "decline"
