"""Delivering waiting children: each line makes or changes a request by the rules of a single one."""

from datetime import timedelta
from typing import Any

import pytest

from app.kit.security.callers import Role
from tests.conftest import SettableClock
from tests.dossiers.deliveries.scene import (
    PATH,
    child,
    deliver,
    errors,
    etag,
    history,
    made,
    other_gi,
    patch,
    read,
    requests,
    send,
    statuses,
)
from tests.world import World, codes, problem

OTHERS = [Role.PROVIDER, Role.REFERRER, Role.REGION, Role.SUPRAREGION, Role.NATIONAL, Role.INSPECTORATE, Role.ADMIN]
BSN = "111222333"


async def test_needs_a_token(world: World) -> None:
    problem(await world.http.post(PATH, json=[child()]), 401, "unauthenticated")
    problem(await world.http.get(f"{PATH}/template"), 401, "unauthenticated")


@pytest.mark.parametrize("role", OTHERS, ids=str)
async def test_is_of_institutions_and_local_teams_only(world: World, role: Role) -> None:
    problem(await deliver(world, child(), headers=world.as_(role)), 403, "forbidden")
    problem(await world.http.get(f"{PATH}/template", headers=world.as_(role)), 403, "forbidden")


async def test_anothers_reference_is_its_own(world: World) -> None:
    body = child()
    mine = await made(world, body)
    theirs = await made(world, body | {"postcode": "1812"}, other_gi(world))
    assert theirs["id"] != mine["id"]
    assert statuses(await deliver(world, body)) == ["unchanged"]
    assert (await read(world, mine["id"])) == mine


async def test_every_line_is_answered_and_what_is_wrong_leaves_the_others_be(world: World) -> None:
    good = child()
    wrong: list[Any] = [
        {"childReference": "Jan"},
        child(birthMonth="2014-05-13", name="Jan", choice1="kasteel"),
        child(explanation=f"bsn {BSN}", causes=["waiting-list"]),
        child(explanation="Geen plek."),
        child(closedOn="2026-11-20"),
        child(bridging=False, bridgedOn="2026-11-20"),
        child(gender=None, courtAuthorisation="ja", causes=[]),
        {"childReference": "D-1000"},
        child(measureImposedOn=None),
        child(choice2=None, choice3="pleegzorg-voltijd"),
        child(requestedOn="2026-11-23", helpOn="2026-11-24", protectionWorkerOn="2026-10-01"),
        child(team="noord"),
        child(closedReason="as-planned", closedOn="2026-10-19"),
        child(courtAuthorisationUntil="2027-01-01"),
        7,
    ]
    answer = await deliver(world, *wrong, good)
    assert statuses(answer) == ["rejected"] * len(wrong) + ["accepted"]
    assert [errors(item) for item in answer.json()["items"][:-1]] == [
        {"#/0/childReference": "pattern"},
        {"#/1/birthMonth": "invalid", "#/1/choice1": "unknown-code", "#/1/name": "unknown-field"},
        {"#/2/explanation": "bsn"},
        {"#/3/causes": "goes-with-explanation"},
        {"#/4/closedReason": "goes-with-closing"},
        {"#/5/bridgedOn": "contradiction"},
        {"#/6/gender": "null", "#/6/courtAuthorisation": "type", "#/6/causes": "too-few"},
        {
            "#/7/birthMonth": "missing",
            "#/7/gender": "missing",
            "#/7/municipality": "missing",
            "#/7/choice1": "missing",
        },
        {"#/8/measureImposedOn": "incomplete"},
        {"#/9/choice2": "order"},
        {"#/10/requestedOn": "in-future", "#/10/helpOn": "in-future", "#/10/measureImposedOn": "order"},
        {"#/11/team": "unknown-code"},
        {"#/12/closedOn": "order"},
        {"#/13/courtAuthorisationUntil": "goes-with-authorisation"},
        {"#/14": "type"},
    ]
    assert [item["line"] for item in answer.json()["items"]] == list(range(1, len(wrong) + 2))
    assert [each["childReference"] for each in await requests(world)] == [good["childReference"]]


async def test_what_is_no_file_of_children(world: World) -> None:
    assert codes(await deliver(world)) == {"#": "too-few"}
    assert codes(await send(world, "", "text/csv")) == {"#": "too-few"}
    assert codes(await send(world, "kenmerk;gemeente\n", "text/csv")) == {"#": "too-few"}
    assert codes(await send(world, b"{}", "application/json")) == {"#": "type"}
    problem(await send(world, b"x", "text/plain"), 415, "unsupported-media-type")
    assert codes(await deliver(world, *[child()] * 5001)) == {"#": "too-many"}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?endMissing=true", {"#/query/reason": "missing"}),
        ("?reason=as-planned", {"#/query/reason": "not-applicable"}),
        ("?endMissing=true&reason=zomaar", {"#/query/reason": "unknown-code"}),
        ("?referenceDay=2026-11-23", {"#/query/referenceDay": "in-future"}),
        ("?referenceDay=gisteren", {"#/query/referenceDay": "format"}),
        ("?dag=1", {"#/query/dag": "unknown-query-key"}),
    ],
)
async def test_what_is_asked_wrongly(world: World, query: str, expected: dict[str, str]) -> None:
    assert codes(await deliver(world, child(), query=query)) == expected
    assert await requests(world) == []


async def test_a_new_child_makes_a_request(world: World) -> None:
    body = child(
        measureInformedOn="2026-10-14",
        measureStartedOn="2026-10-19",
        courtAuthorisation=True,
        courtAuthorisationUntil="2027-02-28",
        choice2="pleegzorg-voltijd",
        choice3="jeugdzorgplus",
        needs=["trauma"],
        wishes=["broers-zussen"],
        characteristics=["weglopen"],
        neededBy="2026-12-15",
        siblingGroup="gezin-31",
        careWorker="w-12",
        protectionWorkerOn="2026-10-16",
        courseOn="2026-11-20",
        bridging=True,
    )
    request = await made(world, body)
    assert request["childReference"] == body["childReference"]
    assert request["child"] == {
        "birthMonth": "2014-05",
        "gender": "female",
        "municipality": "GM0400",
        "region": "JZ03",
        "postcode": "1781",
        "measure": {"type": "21", "imposedOn": "2026-10-12", "informedOn": "2026-10-14", "startedOn": "2026-10-19"},
        "courtAuthorisation": True,
        "courtAuthorisationUntil": "2027-02-28",
    }
    assert [each["careType"] for each in request["choices"]] == ["gezinshuis", "pleegzorg-voltijd", "jeugdzorgplus"]
    names = ("needs", "wishes", "characteristics", "neededBy", "siblingGroup", "careWorker", "requestedOn")
    assert {name: request[name] for name in names} == {name: body[name] for name in names}
    assert (request["status"], request["bridgedOn"]) == ("open", "2026-11-22")
    assert request["milestones"] == [
        {"name": "protection-worker", "date": "2026-10-16"},
        {"name": "course", "date": "2026-11-20"},
        {"name": "bridging", "date": "2026-11-22"},
    ]
    assert {each["clock"]: each["light"] for each in request["clocks"]} == {
        "protection-worker": "done",
        "course": "done",
        "help": "green",
        "court-authorisation": "green",
    }
    assert await history(world, request["id"]) == ["created", "milestone-set"]
    versions = await world.ok(world.http.get(f"/v1/requests/{request['id']}/choices", headers=world.gi))
    assert [each["version"] for each in versions["items"]] == [1]


async def test_the_same_request_as_by_hand(world: World) -> None:
    typed = await world.add_request(requestedOn="2026-10-20")
    delivered = await made(world, child())
    own = {"id", "childReference"}
    assert {k: v for k, v in delivered.items() if k not in own} == {k: v for k, v in typed.items() if k not in own}


async def test_a_child_that_is_helped_or_gone_already(world: World) -> None:
    helped = await made(world, child(helpOn="2026-11-20"))
    assert (helped["status"], helped["clocks"][2]["onTime"]) == ("helped", True)
    gone = await made(world, child(closedReason="help-not-needed", closedOn="2026-11-19"))
    assert (gone["status"], gone["closedReason"], gone["closedOn"]) == ("closed", "help-not-needed", "2026-11-19")
    assert await history(world, gone["id"]) == ["created", "closed"]


async def test_the_same_again_changes_nothing(world: World) -> None:
    bodies = [
        child(bridging=True, causes=["waiting-list", "no-suitable-offer"], explanation="Geen plek.", team=None),
        child(measureImposedOn="2026-05-12", requestedOn="2026-05-12", causes=["waiting-list"]),
        child(closedReason="measure-ended"),
        child(helpOn="2026-11-20", needs=["trauma", "lvb"]),
    ]
    first = await deliver(world, *bodies)
    assert statuses(first) == ["accepted"] * 4
    ids = [item["requestId"] for item in first.json()["items"]]
    before = [(await etag(world, id_), await history(world, id_), await read(world, id_)) for id_ in ids]
    again = await deliver(world, *bodies)
    assert statuses(again) == ["unchanged"] * 4
    assert [item["requestId"] for item in again.json()["items"]] == ids
    bodies[3]["needs"].reverse()
    assert statuses(await deliver(world, *bodies)) == ["unchanged"] * 4, "the order of needs says nothing"
    assert [(await etag(world, id_), await history(world, id_), await read(world, id_)) for id_ in ids] == before
    assert [each["text"] for each in before[1][2]["clocks"][2]["explanations"]] == ["Wachtlijst bij de aanbieder"]


async def test_a_line_changes_what_it_names_and_keeps_the_rest(world: World) -> None:
    body = child(needs=["trauma"], careWorker="w-12", protectionWorkerOn="2026-10-16", choice2="pleegzorg-voltijd")
    request = await made(world, body)
    reference = {"childReference": body["childReference"]}
    answer = await deliver(world, reference | {"postcode": None, "careWorker": None, "courseOn": "2026-11-20"})
    assert statuses(answer) == ["accepted"]
    assert answer.json()["items"][0] == {
        "line": 1,
        "status": "accepted",
        "requestId": request["id"],
        "created": False,
        "hints": [],
        "problem": None,
    }
    now = await read(world, request["id"])
    assert now["child"] == request["child"] | {"postcode": None}
    assert (now["careWorker"], now["needs"]) == (None, ["trauma"])
    assert [each["name"] for each in now["milestones"]] == ["protection-worker", "course"]
    assert statuses(await deliver(world, reference)) == ["unchanged"]
    assert statuses(await deliver(world, reference | {"protectionWorkerOn": None})) == ["accepted"]
    assert await history(world, request["id"]) == ["created", "milestone-set", "changed", "changed"]


async def test_a_choice_that_is_named_becomes_that_and_the_others_stay_as_they_were(world: World) -> None:
    typed = await world.add_request(
        choices=[
            {"careType": "gezinshuis", "maxDistanceKm": 40},
            {"careType": "pleegzorg-voltijd", "maxDistanceKm": 20},
            {"careType": "logeren"},
        ]
    )
    reference = {"childReference": typed["childReference"]}
    assert statuses(await deliver(world, reference | {"choice1": "gezinshuis", "choice3": "logeren"})) == ["unchanged"]
    answer = await deliver(world, reference | {"choice1": "gezinshuis", "choice2": "dagbehandeling"})
    assert statuses(answer) == ["accepted"]
    now = await read(world, typed["id"])
    assert [(each["careType"], each["maxDistanceKm"]) for each in now["choices"]] == [
        ("gezinshuis", 40),
        ("dagbehandeling", None),
        ("logeren", None),
    ]
    assert (now["choicesVersion"], now["firstChoice"]) == (2, typed["firstChoice"])
    gap = await deliver(world, reference | {"choice2": None})
    assert errors(gap.json()["items"][0]) == {"#/0/choice2": "order"}
    assert statuses(await deliver(world, reference | {"choice2": None, "choice3": None})) == ["accepted"]
    assert [each["careType"] for each in (await read(world, typed["id"]))["choices"]] == ["gezinshuis"]


async def test_another_measure_is_another_with_its_own_days(world: World) -> None:
    body = child(measureInformedOn="2026-10-14", protectionWorkerOn="2026-10-16")
    request = await made(world, body)
    reference = {"childReference": body["childReference"]}
    assert statuses(await deliver(world, reference | {"measureType": "21"})) == ["unchanged"]
    assert statuses(await deliver(world, reference | {"measureStartedOn": "2026-10-19"})) == ["accepted"]
    days = {"informedOn": "2026-10-14", "startedOn": "2026-10-19"}
    assert (await read(world, request["id"]))["child"]["measure"] == {"type": "21", "imposedOn": "2026-10-12"} | days
    later = reference | {"measureType": "11", "measureImposedOn": "2026-11-01", "protectionWorkerOn": "2026-11-03"}
    assert statuses(await deliver(world, later)) == ["accepted"], "the milestone moves along in the same change"
    unknown = {"informedOn": None, "startedOn": None}
    assert (await read(world, request["id"]))["child"]["measure"] == {"type": "11", "imposedOn": "2026-11-01"} | unknown
    half = await deliver(world, reference | {"measureImposedOn": None})
    assert errors(half.json()["items"][0]) == {"#/0/measureImposedOn": "incomplete"}
    none = reference | {"measureType": None, "measureImposedOn": None}
    assert statuses(await deliver(world, none, query="?atomic=true")) == ["accepted"]
    assert (await read(world, request["id"]))["child"]["measure"] is None


async def test_a_closed_request_is_told_as_such_and_closing_again_changes_the_reason(world: World) -> None:
    body = child()
    request = await made(world, body)
    closing = {"closedReason": "help-not-needed", "closedOn": "2026-11-20"}
    assert statuses(await deliver(world, body | closing)) == ["accepted"]
    assert statuses(await deliver(world, body | closing)) == ["unchanged"]
    told = await deliver(world, body)
    assert statuses(told) == ["rejected"]
    assert told.json()["items"][0]["problem"]["status"] == 409
    assert statuses(await deliver(world, body | {"closedReason": "measure-ended"})) == ["accepted"]
    now = await read(world, request["id"])
    assert (now["closedReason"], now["closedOn"]) == ("measure-ended", "2026-11-20")
    await patch(world, request["id"], {"status": "open"})
    assert statuses(await deliver(world, body)) == ["unchanged"]


async def test_help_from_before_it_was_needed_again_is_known(world: World) -> None:
    body = child(helpOn="2026-11-10")
    request = await made(world, body)
    again = {"neededAgainOn": "2026-11-18", "why": "De plaatsing is afgebroken."}
    path = f"/v1/requests/{request['id']}/reopenings"
    await world.ok(world.http.post(path, json=again, headers=world.gi))
    assert statuses(await deliver(world, body)) == ["unchanged"]
    assert statuses(await deliver(world, body | {"helpOn": "2026-11-20"})) == ["accepted"]
    assert (await read(world, request["id"]))["status"] == "helped"


async def test_a_wait_is_bridged_by_the_institutions_own_word(world: World) -> None:
    body = child(measureImposedOn="2026-11-02")
    request = await made(world, body)

    async def since(**said: Any) -> str | None:
        answer = await deliver(world, body | said, query="?referenceDay=2026-11-16")
        assert "rejected" not in statuses(answer), answer.text
        day: str | None = (await read(world, request["id"]))["bridgedOn"]
        return day

    assert await since(bridging=True) == "2026-11-16"
    assert statuses(await deliver(world, body | {"bridging": True})) == ["unchanged"], "it was said before"
    assert await since(bridgedOn="2026-10-01") == "2026-10-01", "before the measure, too"
    assert await since(bridging=True, bridgedOn=None) == "2026-10-01"
    assert await since() == "2026-10-01", "nothing is said of it"
    assert await since(bridging=False) is None


async def test_causes_are_explanations_once_the_norm_has_passed(world: World, clock: SettableClock) -> None:
    late = child(measureImposedOn="2026-05-12", requestedOn="2026-05-12", causes=["waiting-list"])
    early = child(causes=["staff-shortage"], explanation="Geen personeel.")
    answer = await deliver(world, late, early)
    assert statuses(answer) == ["accepted", "accepted"]
    first, second = answer.json()["items"]
    assert (first["hints"], [each["code"] for each in second["hints"]]) == ([], ["norm-not-passed"])

    async def said() -> list[tuple[str, str]]:
        clocks = {each["clock"]: each for each in (await read(world, first["requestId"]))["clocks"]}
        return [(each["cause"], each["text"]) for each in clocks["help"]["explanations"]]

    expected = [("waiting-list", "Wachtlijst bij de aanbieder")]
    assert await said() == expected
    both = late | {"causes": ["waiting-list", "no-contract"], "explanation": "Beide."}
    for body, adds in (
        (late, []),
        (both, [("waiting-list", "Beide."), ("no-contract", "Beide.")]),
        (both | {"causes": ["no-contract", "waiting-list"]}, []),
        (both | {"causes": ["no-contract"]}, [("no-contract", "Beide.")]),
        (late, [("waiting-list", "Wachtlijst bij de aanbieder")]),
    ):
        expected += adds
        clock.now += timedelta(minutes=1)
        assert statuses(await deliver(world, body)) == ["accepted" if adds else "unchanged"]
        assert await said() == expected
    clock.now += timedelta(minutes=1)
    changed = late | {"postcode": "1782", "explanation": "Nog steeds."}
    assert statuses(await deliver(world, changed)) == ["accepted"]
    assert (await said())[-1] == ("waiting-list", "Nog steeds.")
    assert (await history(world, first["requestId"]))[-2:] == ["changed", "explained"]
    again = await deliver(world, early)
    assert (statuses(again), [each["code"] for each in again.json()["items"][0]["hints"]]) == (
        ["unchanged"],
        ["norm-not-passed"],
    )


async def test_two_lines_of_one_child_are_both_refused(world: World) -> None:
    body, other = child(), child()
    answer = await deliver(world, body, other, body | {"postcode": "1782"})
    assert statuses(answer) == ["rejected", "accepted", "rejected"]
    first, _, third = answer.json()["items"]
    assert (errors(first), errors(third)) == ({"#/0/childReference": "repeated"}, {"#/2/childReference": "repeated"})
    assert "1, 3" in first["problem"]["errors"][0]["detail"]


async def test_all_or_nothing(world: World) -> None:
    known = child()
    request = await made(world, known)
    lines = [known | {"postcode": "1782"}, child(), child(birthMonth="mei")]
    answer = await deliver(world, *lines, query="?atomic=true")
    content = problem(answer, 400, "invalid-input")
    assert [item["status"] for item in content["items"]] == ["rejected"] * 3
    assert [each["pointer"] for each in content["errors"]] == ["#/2/birthMonth"]
    assert await requests(world) == [request]
    assert statuses(await deliver(world, *lines[:2], query="?atomic=true")) == ["accepted"] * 2


async def test_a_dry_run_says_what_would_be_and_keeps_nothing(world: World) -> None:
    known, gone = child(), child()
    kept = [await made(world, known), await made(world, gone)]
    query = "?dryRun=true&endMissing=true&reason=help-not-needed"
    answer = await deliver(world, known | {"postcode": "1782"}, child(), query=query)
    assert statuses(answer) == ["accepted", "accepted"]
    content = answer.json()
    assert (content["dryRun"], content["closed"]) == (True, 1)
    assert [each["childReference"] for each in content["closedRequests"]] == [gone["childReference"]]
    assert sorted(await requests(world), key=lambda each: str(each["id"])) == sorted(kept, key=lambda e: str(e["id"]))
    months = await world.ok(world.http.get("/v1/deliveries", headers=world.gi))
    assert len(months["items"][0]["deliveries"]) == 2


async def test_the_same_key_delivers_once(world: World) -> None:
    body, headers = child(), world.gi | {"Idempotency-Key": "een-sleutel"}
    first, again = [await deliver(world, body, headers=headers) for _ in range(2)]
    assert (statuses(first), again.content) == (["accepted"], first.content)
    for other in (
        await deliver(world, child(), headers=headers),
        await deliver(world, body, headers=headers, query="?atomic=true"),
    ):
        problem(other, 422, "idempotency-key-reused")
    months = await world.ok(world.http.get("/v1/deliveries", headers=world.gi))
    assert len(months["items"][0]["deliveries"]) == 1


@pytest.mark.parametrize("language", ["nl", "en"])
async def test_every_message_is_in_the_language_that_was_asked_for(world: World, language: str) -> None:
    headers = world.gi | {"Accept-Language": language}
    answer = await deliver(world, {"childReference": "D-1001"}, headers=headers)
    detail = answer.json()["items"][0]["problem"]["errors"][0]["detail"]
    assert ("nieuw" in detail, "new" in detail) == (language == "nl", language == "en")
