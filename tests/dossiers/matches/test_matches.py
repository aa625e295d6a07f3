"""The live ranking of a request, and what is kept of each that was shown."""

import asyncio
import json
import os
import sys
import zlib
from asyncio.subprocess import PIPE
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from app import VERSION
from app.dossiers.rankings.repository import add_ranking, keep_ranking, prune_rankings
from app.finding.matching.answer_schemas import MatchAnswer
from app.finding.matching.case_file import CaseFile
from app.kit.security.callers import Role
from tests.conftest import NOW, SavepointDatabase, SettableClock
from tests.dossiers.lost_municipality import lose_municipality
from tests.dossiers.referrals.scene import decide, refer
from tests.supply.providers.pages import flat, walk
from tests.world import World, codes, matched_child, problem

PATH = "/v1/requests/{}/matches"
OWN = {"rankingId", "calls", "callAnswers", "arrangements"}
"""What a match of no request has not."""
READS = ["matches", "rankings", f"rankings/{UUID(int=9)}"]


async def _offer(world: World, **fields: Any) -> dict[str, Any]:
    """An offer that is contracted for JZ03 and has a free place, unless said."""
    offer = await world.add_offer(**fields)
    await world.add_contract(offer["providerId"])
    await world.report(offer)
    return offer


async def _matches(world: World, made: dict[str, Any], query: str = "") -> dict[str, Any]:
    return await world.ok(world.http.get(PATH.format(made["id"]) + query, headers=world.gi))


async def _rankings(world: World, made: dict[str, Any]) -> list[dict[str, Any]]:
    pages = await walk(world, f"/v1/requests/{made['id']}/rankings?limit=2", world.gi)
    return [item for items in pages for item in items]


async def _case_file(world: World, made: dict[str, Any], ranking_id: str) -> dict[str, Any]:
    return await world.ok(world.http.get(f"/v1/requests/{made['id']}/rankings/{ranking_id}", headers=world.gi))


@pytest.mark.parametrize("path", READS)
async def test_is_of_the_requests_own_organisation_only(world: World, path: str) -> None:
    made = await world.add_request()
    href = f"/v1/requests/{made['id']}/{path}"
    problem(await world.http.get(href), 401, "unauthenticated")
    for role in (Role.PROVIDER, Role.REGION, Role.SUPRAREGION, Role.INSPECTORATE, Role.ADMIN):
        problem(await world.http.get(href, headers=world.as_(role)), 403, "forbidden")
    other = world.as_(Role.GI, organisation_id=uuid4())
    problem(await world.http.get(href, headers=other), 404, "not-found")


async def test_a_ranking_of_another_request_does_not_exist(world: World) -> None:
    made, other = await world.add_request(), await world.add_request()
    ranking_id = (await _matches(world, made))["rankingId"]
    answer = await world.http.get(f"/v1/requests/{other['id']}/rankings/{ranking_id}", headers=world.gi)
    problem(answer, 404, "not-found")


async def test_bad_input_is_named(world: World) -> None:
    made = await world.add_request()
    answer = await world.http.get(PATH.format(made["id"]) + "?policy=cheap&limit=0&uitleg=ja", headers=world.gi)
    assert codes(answer) == {
        "#/query/policy": "unknown-code",
        "#/query/limit": "out-of-range",
        "#/query/uitleg": "unknown-query-key",
    }


async def test_ranks_as_a_match_with_the_same_data_does(world: World) -> None:
    near, far = await _offer(world), await _offer(world, name="Ver weg", specialisations=["trauma"])
    fields: dict[str, Any] = {"wishes": ["trauma"], "neededBy": "2026-12-15"}
    made = await world.add_request(**fields)
    shown = await _matches(world, made, "?policy=nearest-first&explain=true")
    ranking = {name: value for name, value in shown.items() if name not in OWN}
    MatchAnswer.model_validate(ranking)
    matched = await world.http.post(
        "/v1/matches?explain=true",
        json={"child": matched_child(made), "choices": made["choices"], "policy": "nearest-first", **fields},
        headers=world.gi,
    )
    assert matched.json() == ranking
    assert [each["offer"]["id"] for each in shown["results"]] == [far["id"], near["id"]]
    assert len((await _matches(world, made, "?limit=1"))["results"]) == 1


async def test_wijzer_rank_makes_the_same_again(world: World, tmp_path: Path) -> None:
    await _offer(world)
    await _offer(world, exclusionCriteria=["weglopen"])
    await world.add_offer(ageMin=16)
    made = await world.add_request(characteristics=["weglopen"])
    shown = await _matches(world, made)
    content = await _case_file(world, made, shown["rankingId"])
    file = tmp_path / "case.json"
    file.write_text(json.dumps(content), encoding="utf-8")
    outcome = json.loads(await _ranked_by_the_command(file))
    assert outcome == content["expected"]
    assert [each["offerId"] for each in outcome["results"]] == [each["offer"]["id"] for each in shown["results"]]
    assert outcome["deadline"] == shown["deadline"]
    assert len(outcome["excluded"]) == shown["excluded"]["total"] == 2


async def _ranked_by_the_command(file: Path) -> bytes:
    """What `wijzer rank` says in a process of its own, where nothing knows of a database."""
    command = [sys.executable, "-m", "app.cli", "rank", str(file)]
    away = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    ran = await asyncio.create_subprocess_exec(*command, env=away, stdout=PIPE, stderr=PIPE)
    said, complaint = await ran.communicate()
    assert (ran.returncode, complaint) == (0, b"")
    return said


async def test_stays_as_it_was_whatever_happens_later(world: World, clock: SettableClock) -> None:
    offer = await _offer(world)
    made = await world.add_request()
    first = (await _matches(world, made))["rankingId"]
    before = await _case_file(world, made, first)
    clock.now = NOW + timedelta(days=1)
    await world.report(offer, placesFree=0, waitDaysIntake=90)
    second = (await _matches(world, made))["rankingId"]
    assert second != first
    assert await _case_file(world, made, first) == before
    assert (await _case_file(world, made, second))["offers"] != before["offers"]


async def test_the_same_ranking_is_kept_once_and_listed_last_shown_first(world: World, clock: SettableClock) -> None:
    made = await world.add_request()
    first = (await _matches(world, made))["rankingId"]
    clock.now = NOW + timedelta(minutes=1)
    second = (await _matches(world, made, "?policy=soonest-first"))["rankingId"]
    clock.now = NOW + timedelta(minutes=2)
    third = (await _matches(world, made, "?policy=choice-first"))["rankingId"]
    clock.now = NOW + timedelta(minutes=3)
    assert (await _matches(world, made))["rankingId"] == first, "the same ranking again"
    listed = await _rankings(world, made)
    assert [each["id"] for each in listed] == [first, third, second]
    assert listed[0] == {
        "id": first,
        "shownAt": "2026-11-22T10:03:00Z",
        "policy": "timely-first",
        "productVersion": VERSION,
        "rules": 2,
        "kept": False,
    }


async def test_siblings_are_ranked_for_a_place_each(world: World) -> None:
    offer = await _offer(world)
    await world.report(offer, placesTotal=2, placesFree=2)
    made = [await world.add_request(siblingGroup="gezin-31") for _ in range(3)]
    await world.add_request(siblingGroup="gezin-32")
    await world.add_request(headers=world.as_(Role.GI, organisation_id=uuid4()), siblingGroup="gezin-31")
    assert (await _matches(world, made[0]))["excluded"]["byReason"][0]["reason"] == "too-few-places"
    leaving = world.gi | {"If-Match": "*"}
    await world.ok(world.http.patch(f"/v1/requests/{made[2]['id']}", json={"siblingGroup": None}, headers=leaving))
    shown = await _matches(world, made[0])
    assert [each["offer"]["id"] for each in shown["results"]] == [offer["id"]]
    assert (await _case_file(world, made[0], shown["rankingId"]))["request"]["places"] == 2
    alone = await _matches(world, made[2])
    assert (await _case_file(world, made[2], alone["rankingId"]))["request"]["places"] == 1


async def test_more_places_than_siblings_stay_asked(world: World) -> None:
    made = await world.add_request(siblingGroup="gezin-31", places=3)
    shown = await _matches(world, made)
    assert (await _case_file(world, made, shown["rankingId"]))["request"]["places"] == 3


async def test_what_no_referral_names_goes_after_seven_days(world: World, database: SavepointDatabase) -> None:
    made = await world.add_request()
    kept = (await _matches(world, made))["rankingId"]
    gone = (await _matches(world, made, "?policy=soonest-first"))["rankingId"]
    async with database.write() as session:
        await keep_ranking(session, UUID(made["id"]), UUID(kept))
        assert await prune_rankings(session, NOW + timedelta(days=7)) == 0
    assert {each["id"]: each["kept"] for each in await _rankings(world, made)} == {kept: True, gone: False}
    async with database.write() as session:
        assert await prune_rankings(session, NOW + timedelta(days=7, seconds=1)) == 1
    assert flat([await _rankings(world, made)]) == [kept]
    await _case_file(world, made, kept)


async def test_a_municipality_that_is_no_more_is_said(world: World, database: SavepointDatabase) -> None:
    made = await world.add_request()
    await lose_municipality(database, made)
    problem(await world.http.get(PATH.format(made["id"]), headers=world.gi), 409, "conflict")


async def test_an_offer_that_declined_this_child_is_left_out(world: World, clock: SettableClock) -> None:
    declining, other = await _offer(world), await _offer(world, name="Een ander")
    made, sibling = await world.add_request(), await world.add_request()
    clock.now = NOW.replace(hour=23, minute=30)  # the 23rd in the Netherlands
    declined = await decide(world, await refer(world, declining, made), "decline", reason="insufficient-information")
    assert declined.is_success, declined.text
    await decide(world, await refer(world, other, sibling), "decline", reason="insufficient-information")
    shown = await _matches(world, made)
    assert [each["offer"]["id"] for each in shown["results"]] == [other["id"]]
    [alternative] = shown["alternatives"]
    assert (alternative["offer"]["id"], alternative["needs"]) == (declining["id"], "ask-again")
    assert "op 23 november 2026 (aanmelding onvolledig)" in alternative["explanation"]
    case = await _case_file(world, made, shown["rankingId"])
    assert case["request"]["declines"] == [
        {"offerId": declining["id"], "declinedOn": "2026-11-23", "reason": "insufficient-information"}
    ]
    for days, count in ((27, 1), (28, 2)):
        clock.now = NOW + timedelta(days=1 + days)
        assert len((await _matches(world, made))["results"]) == count


async def test_a_refusal_for_want_of_room_ends_with_a_later_report(world: World, clock: SettableClock) -> None:
    offer, made = await _offer(world), await world.add_request()
    await decide(world, await refer(world, offer, made), "decline", reason="no-place")
    assert (await _matches(world, made))["results"] == []
    clock.now = NOW + timedelta(days=1)
    await world.report(offer)
    assert [each["offer"]["id"] for each in (await _matches(world, made))["results"]] == [offer["id"]]


async def test_a_kept_ranking_of_the_first_rules_is_shown_as_it_was(world: World, database: SavepointDatabase) -> None:
    made = await world.add_request()
    file = {"today": "2026-10-01", "policy": "timely-first", "request": {"places": 1}, "offers": [], "expected": {}}
    row = {
        "id": UUID(int=5),
        "request_id": UUID(made["id"]),
        "shown_at": NOW,
        "product_version": "1.0.0",
        "policy": "timely-first",
        "case_file": zlib.compress(json.dumps(file).encode()),
    }
    async with database.write() as session:
        await add_ranking(session, row)
    assert await _case_file(world, made, str(UUID(int=5))) == file
    assert [each["rules"] for each in await _rankings(world, made)] == [1]


async def test_a_kept_ranking_is_a_case_file(world: World) -> None:
    await _offer(world, unit="hours-per-week")
    made = await world.add_request()
    content = await _case_file(world, made, (await _matches(world, made))["rankingId"])
    file = CaseFile.model_validate(content)
    assert (file.rules, content["offers"][0]["unit"]) == (2, "hours-per-week")
    assert file.model_dump(mode="json") == content


async def test_an_authorisation_that_has_run_out_is_none(world: World, clock: SettableClock) -> None:
    await _offer(world, careType="jeugdzorgplus", needsCourtAuthorisation=True)
    child = {"courtAuthorisation": True, "courtAuthorisationUntil": "2026-11-23"}
    made = await world.add_request(child=child, choices=[{"careType": "jeugdzorgplus"}])
    clock.now = NOW.replace(day=23, hour=22, minute=59)  # the last minute of the 23rd in the Netherlands
    assert len((await _matches(world, made))["results"]) == 1
    clock.now += timedelta(minutes=1)
    shown = await _matches(world, made)
    assert shown["results"] == []
    assert [each["reason"] for each in shown["excluded"]["byReason"]] == ["court-authorisation"]
