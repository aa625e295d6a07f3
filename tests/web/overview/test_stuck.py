"""The breakthrough list and what stands before the own step: who sees which children, and the decision in place."""

from typing import Any
from uuid import uuid4

import httpx

from app.kit.security.callers import Right, Role
from tests.web.pages import Browser, browser_of, page_of, text_of
from tests.world import World

Json = dict[str, Any]
LIST, STEP = "/overzicht/doorbraak", "/overzicht/voorgelegd"


async def expert_team(world: World, region: str = "JZ03") -> Browser:
    return await browser_of(world, Role.REGION, region=region, rights=frozenset({Right.EXPERT_TEAM}))


async def escalate(world: World, made: Json, step: str = "expert-team") -> Json:
    body = {"step": step, "reason": "no-suitable-offer", "asked": "Wie heeft een gezinshuis?"}
    skipped = {"skipReason": "Al betrokken."}
    path = f"/v1/requests/{made['id']}/escalations"
    return await world.ok(world.http.post(path, json=body | skipped, headers=world.gi))


def hidden(answer: httpx.Response) -> dict[str, str | None]:
    """What a form sends without anybody filling it in."""
    fields = page_of(answer).css("main form input[type=hidden]")
    return {str(each.attributes["name"]): each.attributes["value"] for each in fields}


async def test_who_may_see_them(world: World) -> None:
    made = await world.add_request()
    step = await escalate(world, made)
    for path in (LIST, STEP, f"{STEP}/{made['id']}"):
        assert (await Browser(world).get(path)).status_code == 303
        region = await (await browser_of(world, Role.REGION)).get(path)
        assert "expertteam" in text_of(region, status=403)
        for role in (Role.GI, Role.INSPECTORATE, Role.PROVIDER):
            assert (await (await browser_of(world, role)).get(path)).status_code == 403
    elsewhere = await expert_team(world, "JZ06")
    assert (await elsewhere.get(f"{STEP}/{made['id']}")).status_code == 404
    assert (await elsewhere.post(f"{STEP}/{made['id']}", {"uitkomst": "Plek.", "stap": step["id"]})).status_code == 404
    mine = await expert_team(world)
    assert (await mine.get(f"{STEP}/{uuid4()}")).status_code == 404
    assert (await mine.post(f"{STEP}/{made['id']}", {}, Sec_Fetch_Site="cross-site")).status_code == 403
    words = text_of(await elsewhere.get(LIST)), text_of(await elsewhere.get(STEP))
    assert ["Geen kind wacht langer" in words[0], "Er ligt nu niets voor" in words[1]] == [True, True]


async def test_a_child_over_the_norm_with_what_is_possible(world: World) -> None:
    offer = await world.contracted_offer(name="Het Nest")
    await world.report(offer)
    await world.add_request(childReference="kind-2026-31")
    team = await expert_team(world)
    words = text_of(await team.get(LIST), "#doorbraak")
    for part in ("Kind van 12 jaar uit Den Helder", "over de norm", "nog nergens voorgelegd", "Het Nest", "Gezinshuis"):
        assert part in words
    assert "kind-2026-31" not in (await team.get(LIST)).text


async def test_the_decision_is_made_in_the_list(world: World) -> None:
    made = await world.add_request(childReference="kind-2026-31")
    escalation = await escalate(world, made)
    team = await expert_team(world)
    [link] = page_of(await team.get(LIST)).css("#doorbraak a[hx-get]")
    form = await team.get(str(link.attributes["hx-get"]), HX_Request="true")
    assert page_of(form).css_first("h1") is None
    page = await team.get(str(link.attributes["href"]))
    assert "Wie heeft een gezinshuis?" in text_of(page)
    assert "kind-2026-31" not in page.text
    sent = hidden(page) | {"terug": "doorbraak", "soort": "help"}
    answer = await team.post(f"{STEP}/{made['id']}", sent)
    assert answer.status_code == 400, "a kind of outcome without an outcome"
    sent |= {"uitkomst": "Plek in een gezinshuis.", "team": "ret-kop", "aanbieder": "Demo De Horizon"}
    answer = await team.post(f"{STEP}/{made['id']}", sent)
    assert text_of(answer, f"#hulp-{made['id']}-fout", 400)
    typed = page_of(answer, 400).css_first("textarea[name=uitkomst]")
    assert typed is not None
    assert typed.text() == "Plek in een gezinshuis."
    sent |= {"hulp": "Een plek vanaf maandag.", "les": "Bel Den Helder."}
    ticked = page_of(page).css("input[type=checkbox][checked]")
    assert [each.attributes["value"] for each in ticked] == ["gezinshuis", "no-suitable-offer"]
    sent |= {str(each.attributes["name"]): each.attributes["value"] for each in ticked}
    answer = await team.post(f"{STEP}/{made['id']}", sent)
    assert "Den Helder" in text_of(answer, f"#les-{made['id']}-fout", 400)
    answer = await team.post(f"{STEP}/{made['id']}", sent | {"les": "Een tweede begeleider gaf vertrouwen."})
    assert (answer.status_code, answer.headers["location"]) == (303, LIST)
    path = f"/v1/requests/{made['id']}/escalations/{escalation['id']}"
    kept = await world.ok(world.http.get(path, headers=world.gi))
    assert (kept["outcome"], kept["outcomeKind"], kept["takenBy"]) == ("Plek in een gezinshuis.", "help", "ret-kop")
    assert kept["offer"]["providerName"] == "Demo De Horizon"
    assert kept["lesson"]["text"] == "Een tweede begeleider gaf vertrouwen."
    assert (kept["lesson"]["careTypes"], kept["lesson"]["causes"]) == (["gezinshuis"], ["no-suitable-offer"])
    assert "Er ligt nu niets voor" in text_of(await team.get(STEP))
    assert (await team.post(f"{STEP}/{made['id']}", sent)).status_code == 404


async def test_a_decision_that_says_nothing_is_not_taken(world: World) -> None:
    made = await world.add_request()
    await escalate(world, made)
    team, path = await expert_team(world), f"{STEP}/{made['id']}"
    answer = await team.post(path, hidden(await team.get(path)))
    assert "Vul in wat eruit komt" in text_of(answer, "[role=alert]", 400)


async def test_whoever_was_second_is_told(world: World) -> None:
    made = await world.add_request()
    escalation = await escalate(world, made)
    path = f"/v1/requests/{made['id']}/escalations/{escalation['id']}"
    headers = world.expert_team() | {"If-Match": "*"}
    await world.ok(world.http.patch(path, json={"takenBy": "ret-anders"}, headers=headers))
    team = await expert_team(world)
    answer = await team.post(
        f"{STEP}/{made['id']}", {"stap": escalation["id"], "team": "ret-kop", "uitkomst": "Plek.", "versie": "1"}
    )
    assert "Iemand anders heeft dit intussen gewijzigd" in text_of(answer, status=400)


async def test_a_supraregion_and_the_national_table_have_their_own_step(world: World) -> None:
    made = await world.add_request()
    await escalate(world, made, "national")
    national = await browser_of(world, Role.NATIONAL)
    assert "Meisje van 12 jaar uit Den Helder" in text_of(await national.get(STEP), "#voorgelegd")
    supraregion = await browser_of(world, Role.SUPRAREGION)
    assert "Er ligt nu niets voor" in text_of(await supraregion.get(STEP))
    assert (await supraregion.get(LIST)).status_code == 403
