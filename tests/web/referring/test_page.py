"""A referral on one page: filled in already, explained where that has to be, and sent once."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from app.kit.security.callers import Role
from tests.dossiers.referrals.scene import OTHER_GI, refer
from tests.web.fitting.forms import value_of
from tests.web.pages import Browser, browser_of, page_of, text_of
from tests.world import World

Json = dict[str, Any]


def _paths(child: Json) -> list[str]:
    return [f"/passend/{each}?jeugdige={child['id']}" for each in ("aanmelden", "versturen")]


async def _referrals(world: World) -> list[Json]:
    items: list[Json] = (await world.ok(world.http.get("/v1/referrals", headers=world.gi)))["items"]
    return items


async def _offer(world: World, **fields: Any) -> Json:
    offer = await world.contracted_offer(**fields)
    await world.report(offer, placesTotal=4)
    return offer


async def test_is_of_who_keeps_the_dossier(world: World) -> None:
    child, offer = await world.add_request(), await _offer(world)
    form = {"aanbod": offer["id"]}
    stranger = await browser_of(world, Role.GI, **OTHER_GI)
    for path in _paths(child):
        assert (await Browser(world).post(path, form)).status_code == 303
        for role in (Role.PROVIDER, Role.REFERRER, Role.REGION):
            assert (await (await browser_of(world, role)).post(path, form)).status_code == 403
        assert (await stranger.post(path, form)).status_code == 404
        answer = await (await browser_of(world, Role.GI)).post(path, form, Sec_Fetch_Site="cross-site")
        assert answer.status_code == 403
    assert await _referrals(world) == []


async def test_one_page_and_it_is_sent(world: World) -> None:
    offer, child = await _offer(world, name="Het Nest"), await world.add_request(characteristics=["weglopen"])
    matched = await world.ok(world.http.get(f"/v1/requests/{child['id']}/matches", headers=world.gi))
    look, send = _paths(child)
    gi = await browser_of(world, Role.GI)
    form = {"aanbod": offer["id"], "keuze": "1", "rangschikking": matched["rankingId"]}
    answer = await gi.post(look, form)
    assert answer.headers["cache-control"] == "no-store"
    words = text_of(answer)
    for part in ("Het Nest", "meisje, 12 jaar", "Den Helder", "Frequent weglopen", "Eerste keuze: Gezinshuis"):
        assert part in words
    assert child["childReference"] not in words
    page = page_of(answer)
    assert value_of(page, "#keuze option[selected]") == "1"
    hidden = page.css("main form input[type=hidden]")
    kept = {str(each.attributes["name"]): each.attributes["value"] for each in hidden}
    assert await _referrals(world) == []

    filled = {**kept, "keuze": "1", "spoed": "urgent", "start": "2026-12-14", "opmerking": "Graag eerst bellen."}
    sent = await gi.post(send, filled)
    assert (sent.status_code, sent.headers["location"]) == (303, f"/jeugdigen/{child['id']}")
    [referral] = await _referrals(world)
    assert referral["offerId"] == offer["id"]
    assert referral["standsFor"] == 1
    assert referral["summary"]["urgency"] == "urgent"
    assert referral["summary"]["wishedStart"] == "2026-12-14"
    assert referral["summary"]["characteristics"] == ["weglopen"]
    assert referral["remark"] == "Graag eerst bellen."
    assert referral["rankingId"] == matched["rankingId"]

    again = await gi.post(send, filled)
    assert (again.status_code, again.headers["location"]) == (303, f"/jeugdigen/{child['id']}")
    changed = await gi.post(send, {**filled, "opmerking": "Iets anders."})
    assert "al verstuurd" in text_of(changed, "[role=alert]", 409)
    anew = await gi.post(send, {**filled, "sleutel": str(uuid4())})
    assert "loopt al een aanmelding" in text_of(anew, "[role=alert]", 409)
    assert len(await _referrals(world)) == 1


async def test_two_clicks_at_once_send_one(committing_world: World) -> None:
    world = committing_world
    offer, child = await _offer(world), await world.add_request()
    _, send = _paths(child)
    gi = await browser_of(world, Role.GI)
    form = {"aanbod": offer["id"], "sleutel": str(uuid4())}
    answers = await asyncio.gather(*(gi.post(send, form) for _ in range(3)))
    assert {each.status_code for each in answers} == {303}
    assert len(await _referrals(world)) == 1


async def test_what_stands_in_the_way_is_explained(world: World) -> None:
    offer, child = await world.add_offer(genders=["male"]), await world.add_request()
    look, send = _paths(child)
    gi = await browser_of(world, Role.GI)
    page = page_of(await gi.post(look, {"aanbod": offer["id"], "reden": "not-contracted"}))
    assert len(page.css("textarea[name=waarom]")) == 1, "what the list has told is asked at once"
    form = {"aanbod": offer["id"], "sleutel": str(uuid4()), "opmerking": "Bel ons."}
    said = {"reden": ["not-contracted"], "waarom": ["De gemeente regelt een licht contract."]}
    answer = await gi.post(send, form | said)
    assert "valt nu af" in text_of(answer, "[role=alert]", 409)
    assert text_of(answer, "#fout-waarom-gender", 409) == "Leg uit waarom het toch kan."
    assert text_of(answer, "#fout-waarom-not-contracted", 409) == ""
    assert text_of(answer, "#waarom-not-contracted", 409) == "De gemeente regelt een licht contract."
    assert text_of(answer, "#opmerking", 409) == "Bel ons."
    assert await _referrals(world) == []
    both = {"reden": ["gender", "not-contracted"], "waarom": ["In overleg.", *said["waarom"]]}
    assert (await gi.post(send, form | both)).status_code == 303
    [referral] = await _referrals(world)
    assert {each["reason"]: each["because"] for each in referral["despite"]} == {
        "gender": "In overleg.",
        "not-contracted": "De gemeente regelt een licht contract.",
    }


async def test_a_word_on_what_is_not_in_the_way(world: World) -> None:
    offer, child = await _offer(world), await world.add_request()
    _, send = _paths(child)
    gi = await browser_of(world, Role.GI)
    form = {"aanbod": offer["id"], "sleutel": str(uuid4()), "reden": ["age"]}
    answer = await gi.post(send, form | {"waarom": ["Bijna jarig."]})
    assert "staat nu niet in de weg" in text_of(answer, "#fout-waarom-age", 400)
    assert (await gi.post(send, form | {"waarom": [""]})).status_code == 303


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("keuze", "3", "heeft nu 1 keuze"),
        ("keuze", "iets", "Kies een keuze"),
        ("spoed", "heel-snel", "Kies een van"),
        ("start", "morgen", "Vul een datum in."),
        ("opmerking", "Het BSN is 123456782.", "BSN"),
    ],
)
async def test_what_is_wrong_stands_at_its_field(world: World, field: str, value: str, told: str) -> None:
    offer, child = await _offer(world), await world.add_request()
    _, send = _paths(child)
    gi = await browser_of(world, Role.GI)
    form = {"aanbod": offer["id"], "sleutel": str(uuid4()), field: value}
    answer = await gi.post(send, form)
    assert told in text_of(answer, f"#fout-{field}", 400)
    assert value_of(page_of(answer, 400), "input[name=sleutel]") == form["sleutel"]
    assert await _referrals(world) == []
    assert (await gi.post(send, form | {field: {"keuze": "1", "spoed": "crisis"}.get(field, "")})).status_code == 303


async def test_what_is_not_there_or_open_no_more(world: World) -> None:
    offer, child = await _offer(world), await world.add_request()
    look, send = _paths(child)
    gi = await browser_of(world, Role.GI)
    assert (await gi.post(look, {"aanbod": str(uuid4())})).status_code == 404
    assert (await gi.post(look, {"aanbod": "iets"})).status_code == 400
    await refer(world, offer, child)
    answer = await gi.post(send, {"aanbod": offer["id"], "sleutel": str(uuid4())})
    assert "loopt al een aanmelding" in text_of(answer, "[role=alert]", 409)
