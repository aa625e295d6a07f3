"""Many reports at once: who may, what is refused, what each line comes to, and what stands afterwards."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from structlog.testing import capture_logs

from app.kit.security.callers import Caller, Role
from app.settings import Settings
from app.supply.capacity.counted_places import hold, settle
from app.supply.capacity.place_movements import Stay
from tests.conftest import NOW, SavepointDatabase, SettableClock
from tests.kit.files.saved import XLSX
from tests.supply.capacity_reports.sending import (
    NDJSON,
    PATH,
    current,
    errors,
    history,
    push,
    send,
    statuses,
)
from tests.world import World, codes, problem

FULL = {
    "placesTotal": 8,
    "placesOccupied": 5,
    "placesReserved": 1,
    "placesFree": 2,
    "waitingCount": 1,
    "nextFreeOn": "2026-12-14",
    "waitDaysIntake": 7,
    "waitDaysTreatment": 14,
    "acceptsReferrals": False,
    "note": "Plek op groep Noord.",
}
NO_WAITS = {"waitDaysIntake": None, "waitDaysTreatment": None}


def _ago(minutes: int) -> str:
    return (NOW - timedelta(minutes=minutes)).isoformat()


async def test_needs_a_token(world: World) -> None:
    problem(await push(world, {}, {"placesFree": 1}), 401, "unauthenticated")
    problem(await world.http.get(f"{PATH}/template"), 401, "unauthenticated")


async def test_is_for_providers_and_admins(world: World) -> None:
    for headers in (world.gi, world.region(), world.as_(Role.LOCAL_TEAM), world.as_(Role.INSPECTORATE)):
        problem(await push(world, headers, {"placesFree": 1}), 403, "forbidden")


async def test_anothers_and_unknown_offers_are_rejected_as_by_a_single_report(world: World) -> None:
    own, other = await world.add_offer(), await world.add_offer(key="theirs")
    headers = world.provider(own["providerId"])
    reports = [
        {"offerId": other["id"], "placesFree": 1},
        {"providerId": other["providerId"], "offerKey": "theirs", "placesFree": 1},
        {"offerId": str(uuid4()), "placesFree": 1},
        {"providerId": own["providerId"], "offerKey": "none", "placesFree": 1},
        {"providerId": str(uuid4()), "offerKey": "theirs", "placesFree": 1},
        {"offerId": own["id"], "placesFree": 1},
    ]
    answer = await push(world, headers, *reports)
    assert statuses(answer) == ["rejected"] * 5 + ["accepted"]
    told = [item["problem"] for item in answer.json()["items"][:5]]
    assert [each["status"] for each in told] == [403, 403, 404, 404, 404]
    single = await world.http.put(f"/v1/offers/{other['id']}/capacity", json={"placesFree": 1}, headers=headers)
    for each in told[:2]:
        assert each["detail"] == single.json()["detail"]
    assert [item["offerId"] for item in answer.json()["items"]] == [None] * 5 + [own["id"]]
    assert await history(world, other) == []


async def test_an_admin_reports_for_all(world: World) -> None:
    offers = [await world.add_offer() for _ in range(2)]
    answer = await push(world, world.admin, *({"offerId": offer["id"], "placesFree": 1} for offer in offers))
    assert statuses(answer) == ["accepted", "accepted"]


async def test_an_offer_that_ended_is_a_conflict(world: World) -> None:
    offer = await world.add_offer()
    headers = world.provider(offer["providerId"])
    await world.http.delete(f"/v1/offers/{offer['id']}", headers=headers)
    answer = await push(world, headers, {"offerId": offer["id"], "placesFree": 1})
    assert [item["problem"]["status"] for item in answer.json()["items"]] == [409]


@pytest.mark.parametrize("media_type", ["text/plain", "application/xml", "multipart/form-data", "json", ""])
async def test_another_type_is_refused(world: World, media_type: str) -> None:
    answer = await send(world, world.admin, b"[]", media_type)
    problem(answer, 415, "unsupported-media-type")
    assert answer.headers["accept"] == f"application/json, application/x-ndjson, text/csv, {XLSX}"


async def test_a_body_over_its_own_limit_is_refused(world: World, settings: Settings) -> None:
    assert settings.max_bulk_body_bytes > settings.max_body_bytes
    fits = b"[" + b" " * settings.max_body_bytes + b"]"
    assert codes(await send(world, world.admin, fits, "application/json")) == {"#": "too-few"}
    over = b" " * (settings.max_bulk_body_bytes + 1)
    problem(await send(world, world.admin, over, "application/json"), 413, "body-too-large")

    async def chunks() -> Any:
        for _ in range(settings.max_bulk_body_bytes // 1_048_576 + 1):
            yield b"\n" * 1_048_576

    headers = world.admin | {"Content-Type": NDJSON}
    problem(await world.http.post(PATH, content=chunks(), headers=headers), 413, "body-too-large")
    problem(await world.http.post(f"{PATH}/", content=fits, headers=headers), 413, "body-too-large")


async def test_unknown_query_keys_are_refused(world: World) -> None:
    answer = await push(world, world.admin, {"placesFree": 1}, path=f"{PATH}?atomair=true")
    assert codes(answer) == {"#/query/atomair": "unknown-query-key"}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", "invalid-json"),
        (b"{", "invalid-json"),
        (b'["\xff"]', "unreadable"),
        (b"[" * 100_000, "unreadable"),
        (b"{}", "type"),
        (b'"x"', "type"),
        (b"[]", "too-few"),
        (b"[" + b"{}," * 5000 + b"{}]", "too-many"),
    ],
)
async def test_json_that_is_no_list_of_reports(world: World, body: bytes, expected: str) -> None:
    assert codes(await send(world, world.admin, body, "application/json")) == {"#": expected}


@pytest.mark.parametrize(
    ("report", "expected"),
    [
        ({}, {"offerId": "missing"}),
        ({"offerKey": "a", "placesFree": 1}, {"providerId": "incomplete"}),
        ({"providerId": str(UUID(int=1)), "placesFree": 1}, {"offerKey": "incomplete"}),
        ({"offerId": str(UUID(int=1)), "offerKey": "a", "placesFree": 1}, {"offerId": "ambiguous"}),
        (
            {"offerId": "x", "placesFree": True, "vrij": 1},
            {"offerId": "format", "placesFree": "type", "vrij": "unknown-field"},
        ),
        ({"offerId": str(UUID(int=1)), "placesFree": None}, {"placesFree": "missing"}),
        ({"offerId": str(UUID(int=1)), "acceptsReferrals": None}, {"acceptsReferrals": "missing"}),
        ({"offerId": str(UUID(int=1)), "placesFree": 1, "note": "bel 123456782"}, {"note": "bsn"}),
        ({"offerId": str(UUID(int=1)), "placesFree": 1, "note": "a\x00b"}, {"note": "control-character"}),
        (
            {"offerId": str(UUID(int=1)), "placesFree": 1, "observedAt": "2026-11-22T10:00:31Z"},
            {"observedAt": "in-future"},
        ),
        ({"providerId": str(UUID(int=1)), "offerKey": "123456782", "placesFree": 1}, {"offerKey": "bsn"}),
        ({"offerId": str(UUID(int=1)), "placesFree": 1 << 70}, {"placesFree": "out-of-range"}),
    ],
)
async def test_each_error_of_a_line_has_its_place(
    world: World, report: dict[str, Any], expected: dict[str, str]
) -> None:
    good = {"offerId": (offer := await world.add_offer())["id"], "placesFree": 1}
    body = json.dumps([good, report])  # orjson writes no such numbers
    answer = await send(world, world.provider(offer["providerId"]), body, "application/json")
    assert statuses(answer) == ["accepted", "rejected"]
    assert errors(answer.json()["items"][1]) == {f"#/1/{name}": code for name, code in expected.items()}


@pytest.mark.parametrize(("language", "word"), [("nl", "eerste melding"), ("en", "first report")])
async def test_a_rejected_line_is_told_in_the_callers_language(world: World, language: str, word: str) -> None:
    offer = await world.add_offer()
    answer = await push(world, world.admin | {"Accept-Language": language}, {"offerId": offer["id"]})
    [item] = answer.json()["items"]
    assert item["problem"]["instance"] == PATH
    assert word in item["problem"]["errors"][0]["detail"]


async def test_keeps_everything_that_is_given_and_the_catalogue_sees_it(world: World) -> None:
    offer = await world.add_offer()
    await world.add_contract(offer["providerId"])
    headers = world.provider(offer["providerId"])
    report = FULL | {"observedAt": "2026-11-22T10:30:00+01:00"}
    key = {"providerId": offer["providerId"], "offerKey": offer["key"]}
    answer = await push(world, headers, report | key)
    assert answer.json()["items"] == [
        {
            "line": 1,
            "status": "accepted",
            "offerId": offer["id"],
            "stands": True,
            "changes": [],
            "hints": [],
            "problem": None,
        }
    ]
    standing = await current(world, offer)
    assert standing == FULL | {
        "offerId": offer["id"],
        "observedAt": "2026-11-22T09:30:00Z",
        "receivedAt": standing["receivedAt"],
        "confirmation": False,
        "countedAt": None,
        "hints": [],
    }
    assert await history(world, offer) == [standing]
    await push(world, headers, key | {"placesFree": 2, "waitingCount": 0, "acceptsReferrals": True} | NO_WAITS)
    [result] = (await world.match())["results"]
    assert (result["availability"]["status"], result["availability"]["placesFree"]) == ("free", 2)


async def test_an_older_report_goes_into_the_history_alone(world: World) -> None:
    offer = await world.add_offer()
    standing = await world.report(offer, placesFree=3, observedAt=_ago(5))
    headers = world.provider(offer["providerId"])
    answer = await push(world, headers, {"offerId": offer["id"], "placesFree": 1, "observedAt": _ago(9)})
    assert statuses(answer) == ["accepted"]
    assert answer.json()["items"][0]["stands"] is False
    assert await current(world, offer) == standing
    assert [item["placesFree"] for item in await history(world, offer)] == [1, 3]


async def test_of_one_offer_twice_the_newest_stands_and_both_are_kept(world: World) -> None:
    offer, second = await world.add_offer(), await world.add_offer()
    ids = [offer["id"], second["id"]]
    reports = [
        {"offerId": ids[0], "placesFree": 3, "observedAt": _ago(3)},
        {"offerId": ids[0], "placesFree": 9, "observedAt": _ago(9)},
        {"offerId": ids[1], "placesFree": 1},
        {"offerId": ids[1], "placesFree": 2},
    ]
    answer = await push(world, world.admin, *reports)
    assert statuses(answer) == ["accepted"] * 4
    assert [item["stands"] for item in answer.json()["items"]] == [True, False, False, True]
    assert [item["offerId"] for item in answer.json()["items"]] == [ids[0], ids[0], ids[1], ids[1]]
    assert (await current(world, offer))["placesFree"] == 3
    assert [item["placesFree"] for item in await history(world, offer)] == [9, 3]
    assert (await current(world, second))["placesFree"] == 2, "of equally old ones the last"
    assert [item["placesFree"] for item in await history(world, second)] == [1, 2]


async def test_the_same_again_changes_nothing(world: World) -> None:
    offers = [await world.add_offer() for _ in range(2)]
    reports = [
        {"offerId": offers[0]["id"], "observedAt": _ago(1), **FULL},
        {"offerId": offers[0]["id"], "observedAt": _ago(4), "placesFree": 4},
        {"offerId": offers[1]["id"], "placesFree": 4, "observedAt": _ago(0)},
        {"offerId": offers[1]["id"], "placesFree": 4, "observedAt": _ago(0)},
    ]
    first = await push(world, world.admin, *reports)
    assert statuses(first) == ["accepted", "accepted", "unchanged", "accepted"]
    before = [await history(world, offer) for offer in offers]
    assert list(map(len, before)) == [2, 1]
    again = await push(world, world.admin, *reports)
    assert statuses(again) == ["unchanged"] * 4
    assert [item["stands"] for item in again.json()["items"]] == [True, False, True, True]
    assert [await history(world, offer) for offer in offers] == before


async def test_figures_that_stand_already_are_confirmed(world: World, clock: SettableClock) -> None:
    offer = await world.add_offer()
    report = {"offerId": offer["id"], **FULL}
    assert statuses(await push(world, world.admin, report)) == ["accepted"]
    clock.now += timedelta(days=3)
    assert statuses(await push(world, world.admin, report)) == ["unchanged"]
    standing = await current(world, offer)
    assert (standing["observedAt"], standing["confirmation"]) == ("2026-11-25T10:00:00Z", True)
    assert {name: standing[name] for name in FULL} == FULL
    assert statuses(await push(world, world.admin, report | {"placesFree": 1})) == ["accepted"]


async def test_a_clock_that_runs_ahead_counts_as_now(world: World) -> None:
    offer = await world.add_offer()
    report = {"offerId": offer["id"], "placesFree": 1, "observedAt": "2026-11-22T10:00:20Z"}
    assert statuses(await push(world, world.admin, report)) == ["accepted"]
    assert (await current(world, offer))["observedAt"] == "2026-11-22T10:00:00Z"


async def test_places_that_were_counted_give_way_only_to_what_was_seen_since(
    world: World, database: SavepointDatabase, clock: SettableClock
) -> None:
    offer = await world.add_offer()
    report = {"offerId": offer["id"], "placesFree": 2, "observedAt": _ago(60)}
    await push(world, world.admin, report)
    caller = Caller(client_id="teller", organisation_id=UUID(int=1), role=Role.PROVIDER)
    async with database.write() as session:
        held = await hold(session, UUID(offer["id"]))
        assert held is not None
        await settle(session, caller, held, [Stay(1, held.moment(NOW))], NOW)
    counted = await current(world, offer)
    again = await push(world, world.admin, report, report | {"observedAt": _ago(10)})
    assert statuses(again) == ["unchanged", "accepted"]
    assert [item["stands"] for item in again.json()["items"]] == [False, False]
    assert await current(world, offer) == counted, "a file that is pushed again gives no place away twice"
    clock.now += timedelta(minutes=1)
    with capture_logs() as logged:
        await push(world, world.admin, {"offerId": offer["id"], "placesFree": 4})
    assert (await current(world, offer))["countedAt"] is None
    told = [entry for entry in logged if entry["event"] == "capacity.counted_overruled"]
    assert [(entry["offer"], entry["difference"]) for entry in told] == [(offer["id"], 3)]


async def test_all_or_nothing(world: World) -> None:
    offers = [await world.add_offer() for _ in range(2)]
    reports = [
        {"offerId": offers[0]["id"], "placesFree": 1},
        {"offerId": str(uuid4()), "placesFree": 1},
        {"offerId": offers[1]["id"], "placesFree": -1},
    ]
    path = f"{PATH}?atomic=true"
    answer = await push(world, world.admin, *reports, path=path)
    content = problem(answer, 400, "invalid-input")
    assert codes(answer) == {"#/1": "not-found", "#/2/placesFree": "out-of-range"}
    assert (content["accepted"], content["unchanged"], content["rejected"]) == (0, 0, 3)
    assert [(item["line"], item["problem"]["status"]) for item in content["items"]] == [(1, 409), (2, 404), (3, 400)]
    for offer in offers:
        assert await history(world, offer) == []
    assert statuses(await push(world, world.admin, reports[0], path=path)) == ["accepted"]
    assert statuses(await push(world, world.admin, *reports)) == ["unchanged", "rejected", "rejected"]


async def test_an_idempotency_key_gives_the_same_answer(world: World) -> None:
    offer = await world.add_offer()
    headers = world.admin | {"Idempotency-Key": "levering-1"}
    first = await push(world, headers, {"offerId": offer["id"], "placesFree": 1})
    again = await push(world, headers, {"offerId": offer["id"], "placesFree": 1})
    assert statuses(first) == ["accepted"]
    assert again.content == first.content
    assert len(await history(world, offer)) == 1
    other = await push(world, headers, {"offerId": offer["id"], "placesFree": 2})
    problem(other, 422, "idempotency-key-reused")
    atomic = await push(world, headers, {"offerId": offer["id"], "placesFree": 1}, path=f"{PATH}?atomic=true")
    problem(atomic, 422, "idempotency-key-reused")


async def test_an_answer_of_a_line_each(world: World) -> None:
    offer = await world.add_offer()
    reports = [{"offerId": offer["id"], "placesFree": 1}, {"placesFree": 1}]
    answer = await push(world, world.admin | {"Accept": NDJSON}, *reports)
    assert answer.headers["content-type"] == NDJSON
    whole = await push(world, world.admin, *reports)
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert [(line["line"], line["status"]) for line in lines] == [(1, "accepted"), (2, "rejected")]
    assert lines[1] == whole.json()["items"][1]


async def test_as_many_statements_for_one_line_as_for_many(world: World, statements: list[str]) -> None:
    provider = await world.add_provider()
    offers = [await world.add_offer(provider, f"o{number}") for number in range(12)]
    by_key = [{"providerId": provider, "offerKey": offer["key"]} for offer in offers]
    counts = []
    for some in (by_key[:1], by_key[1:]):
        reports = [each | {"placesFree": 1, "observedAt": _ago(0)} for each in some]
        for _ in range(2):  # new, then again
            statements.clear()
            await push(world, world.provider(provider), *reports)
            counts.append(len([each for each in statements if "capacit" in each or "FROM offers" in each]))
    assert counts[:2] == counts[2:]
    assert counts[0] <= 9
