"""Deciding on a referral: whose decision it is, every decision in every status, and what goes with it."""

from itertools import product
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.dossiers.referrals.states import DECISIONS, STATUSES
from app.kit.http import respond
from app.kit.json_bytes import to_json
from app.kit.security.callers import Role
from app.reference.lists import reference
from tests.conftest import SettableClock
from tests.dossiers.referrals.scene import (
    GIVEN,
    OTHER_GI,
    OUTSIDE,
    brought_to,
    decide,
    get,
    items,
    places,
    post_referral,
    refer,
    side,
)
from tests.dossiers.referrals.test_states import BY_PROVIDER, TABLE
from tests.world import World, codes, problem

NAMING = ["group-composition", "other-care-needed", "need-too-heavy", "need-too-light"]


async def test_needs_a_token(world: World) -> None:
    referral = await refer(world, await world.contracted_offer())
    answer = await world.http.post(f"/v1/referrals/{referral['id']}/decisions", json={"decision": "see"})
    problem(answer, 401, "unauthenticated")


@pytest.mark.parametrize("role", [Role.REGION, Role.SUPRAREGION, Role.INSPECTORATE, Role.ADMIN], ids=str)
async def test_is_of_the_two_sides_only(world: World, role: Role) -> None:
    referral = await refer(world, await world.contracted_offer())
    for decision in DECISIONS:
        problem(await decide(world, referral, decision, world.as_(role)), 403, "forbidden")
    assert (await get(world, referral))["status"] == "sent"


async def test_anothers_looks_as_if_it_did_not_exist(world: World) -> None:
    referral = await refer(world, await world.contracted_offer())
    other = world.provider((await world.contracted_offer())["providerId"])
    for headers in (other, world.as_(Role.GI, **OTHER_GI), world.as_(Role.LOCAL_TEAM)):
        for decision in DECISIONS:
            mine = problem(await decide(world, referral, decision, headers), 404, "not-found")
            none = problem(await decide(world, {**referral, "id": uuid4()}, decision, headers), 404, "not-found")
            assert mine["detail"] == none["detail"]
    assert (await get(world, referral))["status"] == "sent"


@pytest.mark.parametrize("decision", DECISIONS)
@pytest.mark.parametrize("status", ["sent", "accepted", "started"])
async def test_the_other_sides_decision_is_forbidden_whenever_it_is(world: World, status: str, decision: str) -> None:
    referral = await brought_to(world, await refer(world, await world.contracted_offer()), status)
    other = world.gi if decision in BY_PROVIDER else world.provider(referral["providerId"])
    problem(await decide(world, referral, decision, other), 403, "forbidden")
    assert (await get(world, referral))["status"] == status


@pytest.mark.parametrize(("status", "decision"), list(product(STATUSES, DECISIONS)))
async def test_every_decision_in_every_status(world: World, status: str, decision: str) -> None:
    offer = await world.contracted_offer()
    await world.report(offer, placesTotal=2, placesOccupied=0, placesFree=2)
    referral = await brought_to(world, await refer(world, offer), status)
    stands = await get(world, referral)
    before = await places(world, offer)
    answer = await decide(world, referral, decision)
    after = TABLE[status][DECISIONS.index(decision)]
    if after is not None:
        assert answer.status_code == 201, answer.text
        assert answer.json()["status"] == after
        return
    told = problem(answer, 409, "decision-not-possible")
    assert told["referralStatus"] == status
    own = BY_PROVIDER if decision in BY_PROVIDER else set(DECISIONS) - BY_PROVIDER
    assert told["possible"] == [
        each for each, leads in zip(DECISIONS, TABLE[status], strict=True) if leads and each in own
    ]
    assert await get(world, referral) == stands
    assert await places(world, offer) == before


async def test_a_conflict_says_in_words_what_can_be_decided(world: World) -> None:
    referral = await refer(world, await world.contracted_offer())
    answer = await decide(world, referral, "start", world.gi | {"Accept-Language": "en"})
    told = problem(answer, 409, "decision-not-possible")
    assert told["detail"] == "This referral has been sent; all that you can decide now is: withdraw."
    ended = await brought_to(world, referral, "withdrawn")
    assert ended["possible"] == []
    told = problem(await decide(world, referral, "accept"), 409, "decision-not-possible")
    assert told["detail"] == "Deze aanmelding is ingetrokken; u kunt er nu niets op besluiten."


@pytest.mark.parametrize("status", STATUSES)
async def test_each_side_is_shown_what_it_can_decide(world: World, status: str) -> None:
    referral = await brought_to(world, await refer(world, await world.contracted_offer()), status)
    can = {each for each, leads in zip(DECISIONS, TABLE[status], strict=True) if leads}
    assert set((await get(world, referral))["possible"]) == can - BY_PROVIDER
    own = world.provider(referral["providerId"])
    assert set((await get(world, referral, own))["possible"]) == can & BY_PROVIDER


@pytest.mark.parametrize("status", STATUSES)
async def test_of_care_outside_the_contracts_the_institution_records_both_sides(world: World, status: str) -> None:
    referral = await world.ok(post_referral(world, await world.add_request(), OUTSIDE))
    referral = await brought_to(world, referral, status)
    can = {each for each, leads in zip(DECISIONS, TABLE[status], strict=True) if leads}
    assert set(referral["possible"]) == can


async def test_a_decision_based_on_an_old_version_is_stale(world: World) -> None:
    referral = await refer(world, await world.contracted_offer())
    own = world.provider(referral["providerId"])
    read = await world.http.get(f"/v1/referrals/{referral['id']}", headers=own)
    based = own | {"If-Match": read.headers["etag"]}
    first = await decide(world, referral, "see", based)
    assert first.status_code == 201
    problem(await decide(world, referral, "accept", based), 412, "stale-version")
    again = await decide(world, referral, "accept", own | {"If-Match": first.headers["etag"]})
    assert again.json()["status"] == "accepted"


async def test_the_same_key_decides_once(world: World) -> None:
    offer = await world.contracted_offer()
    await world.report(offer, placesFree=2)
    referral = await refer(world, offer)
    keyed = world.provider(referral["providerId"]) | {"Idempotency-Key": "besluit-1"}
    first = await decide(world, referral, "accept", keyed)
    again = await decide(world, referral, "accept", keyed)
    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert await places(world, offer) == (None, 1, 1)
    problem(await decide(world, referral, "decline", keyed), 422, "idempotency-key-reused")


FIELDS = {
    "expectedStart": "2027-01-11",
    "date": "2026-11-22",
    "reason": "no-place",
    "criteria": ["weglopen"],
    "specialisations": ["trauma"],
}
TAKES = {
    "see": set(),
    "accept": {"expectedStart"},
    "waitlist": {"expectedStart"},
    "decline": {"reason", "criteria", "specialisations"},
    "delay": {"expectedStart"},
    "left": {"date"},
    "withdraw": set(),
    "start": {"date"},
    "end": {"date", "reason"},
}


@pytest.mark.parametrize("decision", DECISIONS)
async def test_only_what_goes_with_a_decision_is_taken(world: World, decision: str) -> None:
    referral = await refer(world, await world.contracted_offer())
    wrong: dict[str, Any] = {name: value for name, value in FIELDS.items() if name not in TAKES[decision]}
    answer = await decide(world, referral, decision, **wrong)
    assert codes(answer) == {f"#/{name}": "not-applicable" for name in wrong}


@pytest.mark.parametrize("decision", sorted(GIVEN))
async def test_what_has_to_go_with_a_decision_is_asked(world: World, decision: str) -> None:
    referral = await refer(world, await world.contracted_offer())
    bare = await world.http.post(
        f"/v1/referrals/{referral['id']}/decisions",
        json={"decision": decision},
        headers=side(world, referral, decision),
    )
    assert codes(bare) == {f"#/{name}": "missing" for name in GIVEN[decision]}


async def test_an_unknown_decision_and_unknown_fields_are_named(world: World) -> None:
    referral = await refer(world, await world.contracted_offer())
    answer = await decide(world, referral, "maybe", world.gi, why="zomaar", expectedStart="morgen")
    assert codes(answer) == {"#/decision": "unknown-code", "#/why": "unknown-field", "#/expectedStart": "format"}


async def test_a_note_with_what_looks_like_a_bsn_is_refused(world: World) -> None:
    referral = await refer(world, await world.contracted_offer())
    assert codes(await decide(world, referral, "see", note="bsn 111222333")) == {"#/note": "bsn"}


@pytest.mark.parametrize("reason", sorted(reference().decline_reasons))
async def test_a_decline_names_what_its_reason_is_about(world: World, reason: str) -> None:
    referral = await refer(world, await world.contracted_offer())
    answer = await decide(world, referral, "decline", reason=reason)
    with_specialisation = await decide(world, referral, "decline", reason=reason, specialisations=["trauma"])
    if reason == "contra-indication":
        assert codes(answer) == codes(with_specialisation) == {"#/criteria": "missing"}
        named = await world.ok(decide(world, referral, "decline", reason=reason, criteria=["weglopen"]))
        assert named["declined"] == {"reason": reason, "criteria": ["weglopen"], "specialisations": []}
    elif reason in NAMING:
        assert codes(answer) == {"#/specialisations": "missing"}
        assert with_specialisation.json()["declined"]["specialisations"] == ["trauma"]
        other = await refer(world, await world.contracted_offer())
        assert (await decide(world, other, "decline", reason=reason, criteria=["weglopen"])).status_code == 201
    else:
        assert answer.json()["declined"] == {"reason": reason, "criteria": [], "specialisations": []}


@pytest.mark.parametrize(
    ("decision", "fields", "wrong"),
    [
        ("decline", {"reason": "as-planned"}, {"#/reason": "unknown-code"}),
        ("end", {"reason": "no-place"}, {"#/reason": "unknown-code"}),
        ("decline", {"reason": "contra-indication", "criteria": ["boos"]}, {"#/criteria/0": "unknown-code"}),
        ("decline", {"reason": "contra-indication", "criteria": []}, {"#/criteria": "too-few"}),
        ("decline", {"reason": "contra-indication", "criteria": ["weglopen"] * 2}, {"#/criteria": "repeated"}),
        ("accept", {"expectedStart": "2026-11-21"}, {"#/expectedStart": "in-past"}),
        ("waitlist", {"expectedStart": "2026-11-21"}, {"#/expectedStart": "in-past"}),
        ("waitlist", {"expectedStart": "9999-12-31"}, {"#/expectedStart": "out-of-range"}),
        ("start", {"date": "2026-11-23"}, {"#/date": "in-future"}),
        ("start", {"date": "0001-01-01"}, {"#/date": "out-of-range"}),
        ("start", {"date": "2026-10-11"}, {"#/date": "order"}),
        ("end", {"date": "2026-11-23"}, {"#/date": "in-future"}),
        ("end", {"date": "2026-11-19"}, {"#/date": "order"}),
    ],
)
async def test_wrong_days_and_codes_are_refused(
    world: World, decision: str, fields: dict[str, Any], wrong: dict[str, str]
) -> None:
    referral = await refer(world, await world.contracted_offer())
    if decision in {"start", "end"}:
        await decide(world, referral, "accept")
    if decision == "end":
        await decide(world, referral, "start", date="2026-11-20")
    assert codes(await decide(world, referral, decision, **fields)) == wrong


async def test_help_may_have_started_before_it_is_told(world: World) -> None:
    request = await world.add_request()
    referral = await brought_to(world, await refer(world, await world.contracted_offer(), request), "accepted")
    started = await world.ok(decide(world, referral, "start", date="2026-10-12"))
    assert started["startedOn"] == "2026-10-12"
    ended = await world.ok(decide(world, referral, "end", date="2026-10-12", reason="stopped-by-provider"))
    assert (ended["endedOn"], ended["endReason"]) == ("2026-10-12", "stopped-by-provider")


async def test_an_expected_start_can_be_moved_while_the_child_waits(world: World) -> None:
    referral = await brought_to(world, await refer(world, await world.contracted_offer()), "waitlisted")
    moved = await world.ok(decide(world, referral, "waitlist", expectedStart="2027-02-01"))
    assert moved["expectedStart"] == "2027-02-01"
    accepted = await world.ok(decide(world, referral, "accept"))
    assert accepted["expectedStart"] == "2027-02-01", "what was said before stays until something else is said"
    other = await brought_to(world, await refer(world, await world.contracted_offer()), "waitlisted")
    assert (await world.ok(decide(world, other, "accept", expectedStart="2026-12-01")))["expectedStart"] == "2026-12-01"


async def test_the_history_tells_who_decided_what_and_when(world: World, clock: SettableClock) -> None:
    referral = await refer(world, await world.contracted_offer())
    clock.now = clock.now.replace(hour=11)
    declined: dict[str, Any] = {
        "reason": "contra-indication",
        "criteria": ["weglopen"],
        "note": "Gesloten groep nodig.",
    }
    await decide(world, referral, "decline", **declined)
    own = world.provider(referral["providerId"])
    path = f"/v1/referrals/{referral['id']}/history"
    sent, decided = await items(world, path, world.gi)
    assert sent == {
        "referralId": referral["id"],
        "at": "2026-11-22T10:00:00Z",
        "actor": "institution",
        "clientId": "test-gi",
        "decision": "send",
        "status": "sent",
        "details": {},
    }
    assert decided == {
        "referralId": referral["id"],
        "at": "2026-11-22T11:00:00Z",
        "actor": "provider",
        "clientId": None,
        "decision": "decline",
        "status": "declined",
        "details": declined,
    }
    assert [each["clientId"] for each in await items(world, path, own)] == [None, f"test-{referral['providerId'][:8]}"]


async def test_the_history_is_of_the_two_sides_only(world: World) -> None:
    referral = await refer(world, await world.contracted_offer())
    path = f"/v1/referrals/{referral['id']}/history"
    problem(await world.http.get(path), 401, "unauthenticated")
    problem(await world.http.get(path, headers=world.region()), 403, "forbidden")
    problem(await world.http.get(path, headers=world.as_(Role.GI, **OTHER_GI)), 404, "not-found")
    problem(await world.http.get(path, headers=world.provider(str(UUID(int=9)))), 404, "not-found")


async def test_an_acceptance_reads_the_referral_once_and_writes_it_out_once(
    world: World, statements: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    referral = await refer(world, await world.contracted_offer())
    written: list[bytes] = []

    def write(content: Any) -> bytes:
        written.append(to_json(content))
        return written[-1]

    monkeypatch.setattr(respond, "to_json", write)
    statements.clear()
    answer = await decide(world, referral, "accept")
    assert answer.status_code == 201
    reads = [each for each in statements if "referrals.answer_due_on" in each and each.startswith("SELECT")]
    assert len(reads) == 1
    assert written == [answer.content]
    read_again = await world.http.get(f"/v1/referrals/{referral['id']}", headers=side(world, referral, "accept"))
    assert (read_again.content, read_again.headers["etag"]) == (answer.content, answer.headers["etag"])
