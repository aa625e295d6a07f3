"""Each step of the ladder is seen and answered by its own party, for as long as it stands; outcomes have a kind."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from app.kit.security.callers import Role
from tests.access.clients import add_organisation
from tests.conftest import SettableClock
from tests.supply.capacity.locks import meeting
from tests.supply.providers.pages import flat, walk
from tests.world import World, codes, problem

Json = dict[str, Any]

PATH = "/v1/escalated-requests"
STEPS = ("local-team", "expert-team", "supraregional-network", "national")
AGREED = {"contactLocalTeamDays": None, "expertTeamDays": None, "referralAnswerDays": 5, "escalationLadder": STEPS}


async def _parties(world: World) -> dict[str, dict[str, str]]:
    """The party of each step for a child of JZ03, and others like them."""
    team = await add_organisation(world, name="Wijkteam", role="local-team")
    return {
        "local-team": world.as_(Role.LOCAL_TEAM, organisation_id=UUID(team["id"])),
        "expert-team": world.expert_team("JZ03"),
        "supraregional-network": world.as_(Role.SUPRAREGION, supraregion="noord-holland"),
        "national": world.as_(Role.NATIONAL),
        "other local team": world.as_(Role.LOCAL_TEAM, organisation_id=uuid4()),
        "other expert team": world.expert_team("JZ06"),
        "other supraregion": world.as_(Role.SUPRAREGION, supraregion="nw4"),
    }


async def _team_of(world: World, parties: dict[str, dict[str, str]]) -> str:
    return str((await world.ok(world.http.get("/v1/me", headers=parties["local-team"])))["organisationId"])


async def _open(world: World, made: Json, step: str, **fields: Any) -> Json:
    body = {"step": step, "reason": "no-suitable-offer", "asked": "Wie heeft een plek?", **fields}
    if step != "local-team" and "skipReason" not in fields:
        body["skipReason"] = "Al betrokken."
    return await world.ok(world.http.post(f"/v1/requests/{made['id']}/escalations", json=body, headers=world.gi))


def _path(escalation: Json) -> str:
    return f"/v1/requests/{escalation['requestId']}/escalations/{escalation['id']}"


async def _patch(
    world: World, escalation: Json, body: Json, headers: dict[str, str], etag: str = "*"
) -> httpx.Response:
    return await world.http.patch(_path(escalation), json=body, headers=headers | {"If-Match": etag})


async def _seen_by(world: World, parties: dict[str, dict[str, str]], made: Json) -> set[str]:
    """Who of these sees a request in its list, and alone."""
    seen = set()
    for name, headers in parties.items():
        listed = flat([(await world.ok(world.http.get(PATH, headers=headers)))["items"]])
        alone = await world.http.get(f"{PATH}/{made['id']}", headers=headers)
        assert alone.status_code == (200 if made["id"] in listed else 404), name
        if made["id"] in listed:
            seen.add(name)
    return seen


@pytest.mark.parametrize("step", STEPS)
async def test_a_step_is_seen_and_answered_by_its_own_party(world: World, step: str) -> None:
    parties, made = await _parties(world), await world.add_request()
    named = {"localTeam": await _team_of(world, parties)} if step == "local-team" else {}
    escalation = await _open(world, made, step, **named)
    assert await _seen_by(world, parties, made) == {step}
    for name in parties.keys() - {step}:
        problem(await _patch(world, escalation, {"outcome": "Klaar."}, parties[name]), 404, "not-found")
        problem(await world.http.get(_path(escalation), headers=parties[name]), 404, "not-found")
    done = await _patch(world, escalation, {"outcome": "Kan niet.", "outcomeKind": "explanation"}, parties[step])
    assert (done.json()["outcomeKind"], done.json()["outcomeOn"]) == ("explanation", "2026-11-22")
    assert await _seen_by(world, parties, made) == set(), "what was answered is gone"
    dossier = await world.http.get(f"/v1/requests/{made['id']}", headers=parties[step])
    assert dossier.status_code == (404 if named else 403)


async def test_a_party_sees_what_lower_steps_said_and_nothing_of_higher_ones(
    world: World, clock: SettableClock
) -> None:
    parties, made = await _parties(world), await world.add_request()
    lower = await _open(world, made, "expert-team")
    clock.now += timedelta(hours=1)
    await _open(world, made, "national")
    below = await world.ok(world.http.get(f"{PATH}/{made['id']}", headers=parties["expert-team"]))
    assert ([each["step"] for each in below["escalations"]], below["escalatedTo"]) == (["expert-team"], "expert-team")
    above = await world.ok(world.http.get(f"{PATH}/{made['id']}", headers=parties["national"]))
    assert [each["step"] for each in above["escalations"]] == ["expert-team", "national"]
    own = await world.ok(world.http.get(f"/v1/requests/{made['id']}/escalations", headers=parties["national"]))
    assert [each["step"] for each in own["items"]] == ["national"]
    problem(await _patch(world, lower, {"outcome": "Klaar."}, parties["national"]), 404, "not-found")


async def test_the_supraregional_step_is_of_the_grouping_that_the_region_chose(world: World) -> None:
    parties, before, made = await _parties(world), await world.add_request(), await world.add_request()
    await _open(world, before, "supraregional-network")
    body, headers = AGREED | {"supraregion": "nw4"}, world.region() | {"If-Match": "*"}
    await world.ok(world.http.put("/v1/regions/JZ03/agreements", json=body, headers=headers))
    assert (await _open(world, made, "supraregional-network"))["supraregion"] == "nw4"
    assert await _seen_by(world, parties, made) == {"other supraregion"}
    assert await _seen_by(world, parties, before) == {"supraregional-network"}, "it stays with who was asked"


async def test_a_question_goes_back_and_its_answer_puts_it_before_the_step_again(world: World) -> None:
    parties, made = await _parties(world), await world.add_request()
    national, escalation = parties["national"], await _open(world, made, "national")
    question = {"outcome": "Is de school akkoord?", "outcomeKind": "question"}
    asked = await _patch(world, escalation, question, national)
    assert await _seen_by(world, parties, made) == set()
    assert (await world.ok(world.http.get(f"/v1/requests/{made['id']}", headers=world.gi)))["escalatedTo"] is None
    problem(await _patch(world, escalation, {"answer": "Ja."}, national), 403, "forbidden")
    assert codes(await _patch(world, escalation, {"answer": None}, world.gi)) == {"#/answer": "null"}
    both = {"answer": "Ja.", "outcome": "Klaar."}
    assert codes(await _patch(world, escalation, both, world.gi)) == {"#": "goes-without-outcome"}
    problem(await _patch(world, escalation, {"answer": "Ja."}, world.gi, '"1"'), 412, "stale-version")
    answered = await _patch(world, escalation, {"answer": "Ja, akkoord."}, world.gi, asked.headers["etag"])
    shown = {"question": question["outcome"], "askedOn": "2026-11-22", "answer": "Ja, akkoord."}
    assert answered.json() == escalation | {"questions": [shown | {"answeredOn": "2026-11-22"}]}
    assert await _seen_by(world, parties, made) == {"national"}
    problem(await _patch(world, escalation, {"answer": "Nog iets."}, world.gi), 409, "conflict")
    events = flat(await walk(world, f"/v1/requests/{made['id']}/history", world.gi), "what")
    assert events[-2:] == ["escalation-changed", "escalation-reopened"]


async def test_a_question_of_a_step_that_was_taken_anew_is_not_answered(world: World) -> None:
    made = await world.add_request()
    first = await _open(world, made, "local-team")
    await _patch(world, first, {"outcome": "Welke school?", "outcomeKind": "question"}, world.gi)
    await _open(world, made, "local-team")
    problem(await _patch(world, first, {"answer": "De Vlieger."}, world.gi), 409, "conflict")
    problem(await _patch(world, first, {"outcome": None}, world.gi), 409, "conflict")


OFFER = {"providerName": "Demo De Horizon", "description": "Plek vanaf 1 december."}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"outcomeKind": "help"}, {"#/outcomeKind": "goes-with-outcome"}),
        ({"outcome": None, "outcomeKind": "help"}, {"#/outcomeKind": "goes-with-outcome"}),
        ({"outcome": "Nee.", "outcomeKind": "refusal"}, {"#/outcomeKind": "unknown-code"}),
        ({"outcome": "Nee.", "outcomeKind": "explanation", "offer": OFFER}, {"#/outcomeKind": "offer-is-help"}),
    ],
)
async def test_a_kind_fits_its_outcome(world: World, body: Json, expected: dict[str, str]) -> None:
    escalation = await _open(world, await world.add_request(), "national")
    assert codes(await _patch(world, escalation, body, world.as_(Role.NATIONAL))) == expected


async def test_a_kind_follows_its_outcome(world: World) -> None:
    escalation = await _open(world, await world.add_request(), "national")
    kinds = []
    for body in (
        {"outcome": "Klaar."},
        {"outcomeKind": "explanation"},
        {"outcome": "Toch een plek.", "outcomeKind": "help", "offer": OFFER},
        {"outcome": None},
        {"outcome": "Een plek."},
    ):
        answer = await _patch(world, escalation, body, world.gi)
        kinds.append((await world.ok(world.http.get(_path(escalation), headers=world.gi)))["outcomeKind"])
        assert answer.json()["outcomeKind"] == kinds[-1]
    assert kinds == [None, "explanation", "help", None, "help"]


async def test_a_region_sees_what_came_out_in_counts(world: World) -> None:
    made = [await world.add_request() for _ in range(5)]
    kinds = [{"outcomeKind": kind} for kind in ("help", "explanation", "question")] + [{}]
    for each, kind in zip(made, kinds, strict=False):
        await _patch(
            world, await _open(world, each, "national"), {"outcome": "Klaar.", **kind}, world.as_(Role.NATIONAL)
        )
    await _open(world, made[4], "expert-team")
    elsewhere = await world.add_request(child={"municipality": "GM0361"})
    await _open(world, elsewhere, "national")
    nothing = dict.fromkeys(["open", "help", "explanation", "question", "other"], 0)
    assert await world.ok(world.http.get("/v1/escalation-counts", headers=world.region())) == {
        "region": "JZ03",
        "total": 5,
        "byStep": [
            {"step": "expert-team", "total": 1, **nothing, "open": 1},
            {"step": "national", "total": 4, **nothing, "help": 1, "explanation": 1, "question": 1, "other": 1},
        ],
    }


async def test_of_a_party_and_an_institution_that_say_what_came_out_at_once_one_is_stale(
    committing_world: World, fresh_database_url: str
) -> None:
    world = committing_world
    escalation = await _open(world, await world.add_request(), "national")
    sent = [
        _patch(world, escalation, {"outcome": "Klaar."}, headers, '"1"')
        for headers in (world.gi, world.as_(Role.NATIONAL))
    ]
    assert sorted(await meeting(fresh_database_url, "SELECT FROM requests FOR UPDATE", *sent)) == [200, 412]
