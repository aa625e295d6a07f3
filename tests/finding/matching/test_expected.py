"""The ranking by the waits that we expect: only where it is asked, shown as ours, and made again from what is kept."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from app.cli import main
from app.finding.catalogue.catalogue import Catalogue
from app.finding.matching import expected
from app.finding.matching.answer_schemas import MatchAnswer
from app.kit.http.parts import parts_of
from app.kit.security.callers import Role
from app.parts import Parts
from app.supply.capacity.expected_waits import expected_waits
from tests.conftest import NOW, SettableClock
from tests.supply.capacity.test_expected_waits import full_offer, waits
from tests.world import World, codes, match_request

Json = dict[str, Any]
ASKED: Json = {"waitSource": "expected"}


async def contracted(world: World, **fields: Any) -> Json:
    offer = await full_offer(world, **fields)
    await world.add_contract(offer["providerId"])
    return offer


def catalogue_of(world: World) -> Catalogue:
    return parts_of(world.app, Parts).follower.catalogue


def by_offer(answer: Json) -> dict[str, Json]:
    return {each["offer"]["id"]: each for each in answer["results"]}


async def test_our_estimate_takes_the_place_of_the_stated_wait(world: World) -> None:
    boasts, slow = await contracted(world, waitDaysIntake=1), await contracted(world)
    await world.report(slow, placesTotal=6, placesOccupied=1, placesFree=5, waitingCount=3, waitDaysIntake=90)
    stated, ours = await world.match(), await world.match(**ASKED)
    MatchAnswer.model_validate(ours)
    assert [each["offer"]["id"] for each in stated["results"]] == [boasts["id"], slow["id"]]
    assert [each["offer"]["id"] for each in ours["results"]] == [slow["id"], boasts["id"]]
    assert ours["waitSource"] == "expected"
    for offer in (boasts, slow):
        shown = by_offer(ours)[offer["id"]]
        assert shown["expectedWait"] == await waits(world, offer)
        assert shown["factors"]["start"] == shown["expectedWait"]["days"]


async def test_it_is_counted_from_today_and_the_wait_to_treatment_stays(world: World, clock: SettableClock) -> None:
    offer = await contracted(world, waitDaysTreatment=14)
    clock.now = NOW + timedelta(days=2)
    shown = by_offer(await world.match(**ASKED))[offer["id"]]
    assert shown["factors"]["start"] == shown["expectedWait"]["days"] + 14 > 14


async def test_what_is_not_asked_is_as_it_was(world: World) -> None:
    await contracted(world)
    answers = [
        await world.http.post("/v1/matches", json=match_request(**fields), headers=world.gi)
        for fields in ({}, {"waitSource": "stated"})
    ]
    assert answers[0].content == answers[1].content
    assert b"expectedWait" not in answers[0].content
    assert b"waitSource" not in answers[0].content


@pytest.mark.parametrize("fields", [{"weeks": 3}, {"unit": "hours-per-week"}], ids=str)
async def test_what_its_provider_states_stands_where_we_know_too_little(world: World, fields: Json) -> None:
    offer = await contracted(world, **fields)
    stated, ours = by_offer(await world.match())[offer["id"]], by_offer(await world.match(**ASKED))[offer["id"]]
    assert ours == stated | {"expectedWait": None}


async def test_an_offer_that_ends_while_reports_are_read_is_left_out(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Others keep their own names and estimates."""
    ends, stays = sorted([await contracted(world), await contracted(world)], key=lambda each: each["id"])

    async def read(*given: Any) -> Any:
        found = await expected_waits(*given)
        catalogue_of(world).remove_offer(ends["id"])
        return found

    monkeypatch.setattr(expected, "expected_waits", read)
    [shown] = (await world.match(**ASKED))["results"]
    assert shown["offer"]["id"] == stays["id"]
    assert shown["expectedWait"] == await waits(world, stays)


async def test_siblings_wait_for_as_many_places(world: World) -> None:
    offer = await contracted(world)
    one = by_offer(await world.match(**ASKED))[offer["id"]]["expectedWait"]
    three = by_offer(await world.match(places=3, **ASKED))[offer["id"]]["expectedWait"]
    assert three["days"] > one["days"]


async def test_alternatives_have_it_too(world: World) -> None:
    await full_offer(world)
    [alternative] = (await world.match(**ASKED))["alternatives"]
    assert alternative["needs"] == "light-contract"
    assert alternative["expectedWait"]["statedDays"] == 30


async def test_another_word_is_refused(world: World) -> None:
    answer = await world.http.post("/v1/matches", json=match_request(waitSource="ours"), headers=world.gi)
    assert codes(answer) == {"#/waitSource": "unknown-code"}


async def test_a_ranking_of_a_request_is_kept_with_it_and_made_again(world: World, tmp_path: Path) -> None:
    offer = await contracted(world)
    path = f"/v1/requests/{(await world.add_request())['id']}"
    shown = await world.ok(world.http.get(f"{path}/matches?waitSource=expected", headers=world.gi))
    plain = await world.ok(world.http.get(f"{path}/matches", headers=world.gi))
    case = await world.ok(world.http.get(f"{path}/rankings/{shown['rankingId']}", headers=world.gi))
    stated = await world.ok(world.http.get(f"{path}/rankings/{plain['rankingId']}", headers=world.gi))
    assert case["waitSource"] == "expected"
    own = {name: value for name, value in shown["results"][0]["expectedWait"].items() if name != "statedDays"}
    assert case["expectedWaits"] == {offer["id"]: own}
    assert (case["offers"], case["request"]) == (stated["offers"], stated["request"])
    assert {"waitSource", "expectedWaits"}.isdisjoint(stated)
    assert case["expected"] != stated["expected"]
    assert case["expected"]["results"][0]["expectedStart"] == shown["results"][0]["expectedStart"]
    file = tmp_path / "case.json"
    file.write_text(json.dumps(case), encoding="utf-8")
    assert json.loads(CliRunner().invoke(main, ["rank", str(file)]).output) == case["expected"]


async def test_who_the_request_is_not_of_sees_nothing(world: World) -> None:
    path = f"/v1/requests/{(await world.add_request())['id']}/matches?waitSource=expected"
    assert (await world.http.get(path)).status_code == 401
    assert (await world.http.get(path, headers=world.as_(Role.PROVIDER))).status_code == 403
