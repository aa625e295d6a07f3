"""What fits, by the waits that we expect: only when asked, marked as ours, beside what the provider states."""

from typing import Any

import pytest

from app.kit.security.callers import Role
from tests.finding.matching.test_expected import contracted
from tests.web.fitting.forms import filled, value_of
from tests.web.pages import browser_of, page_of, text_of
from tests.world import World

OURS = "onze schatting"


async def _shown(world: World, **fields: Any) -> str:
    gi = await browser_of(world, Role.GI)
    return text_of(await gi.post("/passend", filled(**fields)), "#uitkomst")


async def _expected(world: World) -> dict[str, Any]:
    answer = await world.match(waitSource="expected")
    found: dict[str, Any] = answer["results"][0]["expectedWait"]
    return found


async def test_ours_stands_beside_what_is_stated(world: World) -> None:
    await contracted(world)
    ours = await _expected(world)
    words = await _shown(world, wachttijd="expected")
    assert f"{OURS} ongeveer {ours['days']} dagen ({ours['soonest']} tot {ours['latest']})" in words
    assert "aanbieder zegt 30 dagen" in words
    assert "Op onze verwachte wachttijd" in words


@pytest.mark.parametrize("asked", [{}, {"wachttijd": "stated"}], ids=str)
async def test_it_is_shown_only_when_asked(world: World, asked: dict[str, str]) -> None:
    await contracted(world)
    words = await _shown(world, **asked)
    assert OURS not in words
    assert "verwachte wachttijd" not in words


async def test_where_we_know_too_little_the_provider_counts(world: World) -> None:
    await contracted(world, weeks=4)
    assert "van ons geen schatting; de opgave van de aanbieder telt" in await _shown(world, wachttijd="expected")


async def test_another_word_is_refused_at_its_field(world: World) -> None:
    gi = await browser_of(world, Role.GI)
    answer = await gi.post("/passend", filled(wachttijd="geraden"))
    assert text_of(answer, "#fout-wachttijd", status=400)


async def test_the_form_keeps_it_and_a_comparison_shows_it(world: World) -> None:
    offers = [await contracted(world), await contracted(world)]
    gi = await browser_of(world, Role.GI)
    page = page_of(await gi.post("/passend", filled(wachttijd="expected")))
    assert value_of(page, "#wachttijd option[selected]") == "expected"
    compared = await gi.post(
        "/passend/vergelijken", filled(wachttijd="expected", vergelijk=[each["id"] for each in offers])
    )
    assert text_of(compared).count(OURS) == 2
    assert value_of(page_of(compared), "main form input[name=wachttijd]") == "expected"
    assert compared.request.url.query == b""


async def test_a_known_childs_list_is_kept_with_it(world: World) -> None:
    await contracted(world)
    child = await world.add_request()
    gi = await browser_of(world, Role.GI)
    address = f"/passend?jeugdige={child['id']}"
    answer = await gi.post(address, filled(wachttijd="expected"))
    words = text_of(answer, "#uitkomst")
    assert OURS in words
    assert "wijkt af" not in words, "it is no other question about the child"
    ranking = value_of(page_of(answer), "input[type=hidden][name=rangschikking][form=passend]")
    kept = await gi.get(f"/jeugdigen/{child['id']}/zoekresultaat/{ranking}")
    assert "op onze verwachte wachttijd" in text_of(kept)
    other = await gi.post(address, filled(wachttijd="expected", gewenst=["trauma"]))
    assert OURS in text_of(other, "#uitkomst"), "what is only tried goes by it too"
