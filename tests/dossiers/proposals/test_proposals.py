"""Asking for a proposal: whose children, which places, what comes out, and what became of it."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from app.allocation.model import CaseError
from app.allocation.propose import propose as propose_case
from app.cli.proposing import propose
from app.dossiers.proposals.beside import run_beside
from app.dossiers.proposals.case_file import read_case
from app.dossiers.proposals.case_outcome import write_proposal
from app.kit.security.callers import Role
from tests.conftest import NOW, SettableClock
from tests.dossiers.proposals.scene import PATH, Made, ask, lines, made, make, maker, read, run_here
from tests.dossiers.referrals.scene import decide, post_referral, refer
from tests.world import World, codes, problem

Json = dict[str, Any]
LATE = {"measure": {"type": "21", "imposedOn": "2026-08-12"}}
IN_TIME = {"measure": {"type": "21", "imposedOn": "2026-11-20"}}


def proposed(found: list[Json]) -> dict[str, str | None]:
    """The offer that is proposed, by request."""
    return {each["requestId"]: each["offer"] and each["offer"]["id"] for each in found}


async def test_is_of_expert_teams_and_supraregions(world: World) -> None:
    problem(await world.http.post(PATH, json={}), 401, "unauthenticated")
    for role in (Role.PROVIDER, Role.GI, Role.REGION, Role.NATIONAL, Role.ADMIN):
        problem(await world.http.post(PATH, json={}, headers=world.as_(role)), 403, "forbidden")


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({"children": "all"}, {"#/children": "literal_error"}),
        ({"children": "listed"}, {"#/requests": "missing"}),
        ({"requests": [str(UUID(int=1))]}, {"#/requests": "not-applicable"}),
        ({"children": "listed", "requests": []}, {"#/requests": "too_short"}),
        ({"horizonDays": 0}, {"#/horizonDays": "greater_than_equal"}),
        ({"seed": 2**53}, {"#/seed": "less_than_equal"}),
        ({"method": "fair", "name": "x"}, {"#/method": "literal_error", "#/name": "extra_forbidden"}),
    ],
    ids=str,
)
async def test_what_is_wrong_is_said_with_where(world: World, body: Json, wrong: dict[str, str]) -> None:
    answer = await world.http.post(PATH, json=body, headers=world.expert_team())
    assert codes(answer).keys() == wrong.keys()


async def test_only_children_that_wait_and_are_ones_own_can_be_listed(world: World) -> None:
    own, elsewhere = await world.add_request(), await world.add_request(child={"municipality": "GM0361"})
    promised = await world.add_request()
    await world.ok(decide(world, await refer(world, await world.contracted_offer(), promised), "accept"))
    listed = [own["id"], elsewhere["id"], promised["id"], str(UUID(int=7))]
    body = {"children": "listed", "requests": listed}
    answer = await world.http.post(PATH, json=body, headers=world.expert_team())
    assert codes(answer) == {f"#/requests/{at}": "not-waiting" for at in (1, 2, 3)}


async def test_who_is_longest_over_the_norm_goes_first_and_the_other_is_told_what_would_help(world: World) -> None:
    offer = await world.contracted_offer()
    await world.report(offer)
    second, first = await world.add_request(), await world.add_request(child=LATE)
    proposal = await made(world)
    assert (proposal["status"], proposal["progress"]) == ("done", {"done": 2, "total": 2})
    assert {method: price["placed"] for method, price in proposal["result"]["prices"].items()} == {
        "stable": 1,
        "least-lateness": 1,
    }
    [effect] = proposal["result"]["effects"]
    assert (effect["change"], effect["offer"]["name"], effect["placed"]) == ("place", "Gezinshuis De Duinen", 1)
    found = await lines(world, proposal)
    assert proposed(found) == {first["id"]: offer["id"], second["id"]: None}
    assert found[0]["reason"].startswith("Dit aanbod staat bovenaan de eigen lijst.")
    assert found[1]["helps"]["text"] == "Een plek erbij voor dit kind bij Gezinshuis De Duinen."
    english = world.expert_team() | {"Accept-Language": "en"}
    assert (await lines(world, proposal, english))[1]["helps"]["text"].startswith("One place more")
    references = [first["childReference"], second["childReference"]]
    assert not any(each in json.dumps([proposal, found]) for each in references)


async def test_candidates_are_those_of_the_childs_own_ranking_in_its_order(world: World) -> None:
    for days, wishes in ((30, []), (3, ["trauma"]), (60, [])):
        await world.report(await world.contracted_offer(specialisations=wishes), placesFree=0, waitDaysIntake=days)
    for _ in range(2):
        await world.report(await world.add_offer())
    await world.report(await world.contracted_offer(genders=["male"]))
    request = await world.add_request(wishes=["trauma"])
    ranked = await world.ok(world.http.get(f"/v1/requests/{request['id']}/matches", headers=world.gi))
    proposal = await made(world)
    [child] = (await read(world, proposal, "/case"))["children"]
    assert [each["offer"] for each in child["candidates"]] == [
        each["offer"]["id"] for each in (*ranked["results"], *ranked["alternatives"])
    ]
    assert [each["startsOn"] for each in child["candidates"]] == [
        each["expectedStart"] for each in (*ranked["results"], *ranked["alternatives"])
    ]
    assert [each["needs"] for each in child["candidates"]] == [None] * 3 + ["light-contract"] * 2
    assert child["dueOn"] == ranked["deadline"]


async def test_a_place_that_was_promised_is_proposed_to_nobody(world: World) -> None:
    offer = await world.contracted_offer()
    await world.report(offer, placesFree=2, waitingCount=1)
    waiting = await world.add_request(child=LATE)
    assert proposed(await lines(world, await made(world))) == {waiting["id"]: offer["id"]}
    promised = await world.add_request(child=IN_TIME)
    await world.ok(decide(world, await refer(world, offer, promised), "accept"))
    assert proposed(await lines(world, await made(world))) == {waiting["id"]: None}


@pytest.mark.parametrize(
    ("places", "days", "has"), [("free", 91, False), ("soon", 91, True), ("soon", 7, False)], ids=str
)
async def test_places_that_come_free_count_where_asked(world: World, places: str, days: int, *, has: bool) -> None:
    offer = await world.contracted_offer()
    await world.report(offer, placesFree=0, nextFreeOn="2026-12-14")
    await world.add_request()
    [line] = await lines(world, await made(world, places=places, horizonDays=days))
    assert (line["startsOn"] == "2026-12-14") == has


async def test_a_refusal_and_an_old_report_count_as_in_the_ranking(world: World, clock: SettableClock) -> None:
    offer, old = await world.contracted_offer(), await world.contracted_offer()
    await world.report(old)
    clock.now = NOW + timedelta(days=40)
    await world.report(offer)
    request = await world.add_request()
    await world.ok(decide(world, await refer(world, offer, request), "decline", reason="insufficient-information"))
    [line] = await lines(world, await made(world))
    assert line["offer"] is None
    assert (line["helps"]["change"], line["helps"]["needs"]) == ("exception", "ask-again")


async def test_where_nobody_knows_when_help_can_start_a_report_would_help(world: World) -> None:
    await world.contracted_offer()
    await world.add_request()
    proposal = await made(world)
    [line] = await lines(world, proposal)
    assert line["helps"]["change"] == "report"
    assert line["helps"]["text"].startswith("Een nieuwe opgave van Gezinshuis De Duinen: het past")
    await makes_again(world, proposal)


async def test_where_no_one_thing_would_help_it_is_said_why(world: World) -> None:
    await world.add_request()
    [nothing] = await lines(world, await made(world))
    await world.report(await world.contracted_offer(genders=["male"]))
    proposal = await made(world)
    [line] = await lines(world, proposal)
    assert (nothing["helps"], line["helps"]) == (None, None)
    assert nothing["reason"].startswith("Van de soorten hulp die zijn gekozen is er geen aanbod")
    assert line["reason"].endswith("Wat het vaakst in de weg staat: geslacht past niet (1 van 1).")
    await makes_again(world, proposal)


async def makes_again(world: World, proposal: Json) -> None:
    """The kept case makes the proposal again."""
    case = await read(world, proposal, "/case")
    assert write_proposal(propose_case(read_case(case))) == case["expected"]


async def test_chosen_are_all_that_wait_or_those_over_the_norm_or_a_list(world: World) -> None:
    late, in_time = await world.add_request(child=LATE), await world.add_request(child=IN_TIME)
    await world.add_request(child={"municipality": "GM0361"})
    assert set(proposed(await lines(world, await made(world)))) == {late["id"], in_time["id"]}
    assert set(proposed(await lines(world, await made(world, children="over-norm")))) == {late["id"]}
    listed = await made(world, children="listed", requests=[in_time["id"]])
    assert set(proposed(await lines(world, listed))) == {in_time["id"]}


async def test_a_family_goes_together_or_not_at_all(world: World) -> None:
    offer = await world.contracted_offer()
    await world.report(offer, placesFree=2)
    alone = await world.add_request(child=IN_TIME)
    family = [await world.add_request(child=LATE, siblingGroup="gezin-1") for _ in range(2)]
    listed = [family[0]["id"], alone["id"]]
    found = await lines(world, await made(world, children="listed", requests=listed))
    assert proposed(found) == {family[0]["id"]: offer["id"], family[1]["id"]: offer["id"], alone["id"]: None}


async def test_a_child_that_takes_two_places_does_not_go_where_one_is_left(world: World) -> None:
    offer = await world.contracted_offer()
    await world.report(offer, placesFree=2)
    first, two = await world.add_request(child=LATE), await world.add_request(child=IN_TIME, places=2)
    assert proposed(await lines(world, await made(world))) == {first["id"]: offer["id"], two["id"]: None}


async def test_a_line_says_what_to_send_and_what_became_of_it(world: World) -> None:
    offer, other = await world.contracted_offer(), await world.contracted_offer()
    await world.report(offer)
    request = await world.add_request()
    proposal = await made(world)
    [line] = await lines(world, proposal)
    send = line["toSend"]
    referral = await world.ok(world.http.request(send["method"], send["href"], json=send["body"], headers=world.gi))
    [line] = await lines(world, proposal)
    assert (line["toSend"], line["referral"]["id"], line["referral"]["status"]) == (None, referral["id"], "sent")
    await world.ok(decide(world, referral, "decline", reason="no-place"))
    [line] = await lines(world, proposal)
    assert line["referral"]["status"] == "declined"
    elsewhere = await refer(world, other, request)
    await world.ok(decide(world, elsewhere, "accept"))
    [line] = await lines(world, proposal)
    assert (line["status"], line["toSend"], line["otherReferral"]["status"]) == ("placed", None, "accepted")


async def test_a_child_whose_last_referral_said_crisis_goes_first(world: World) -> None:
    offer = await world.contracted_offer()
    await world.report(offer)
    refused = await world.contracted_offer()
    late, crisis = await world.add_request(child=LATE), await world.add_request(child=IN_TIME)
    body = {"standsFor": 1, "offerId": refused["id"], "summary": {"urgency": "crisis"}}
    referral = (await post_referral(world, crisis, body)).json()
    await world.ok(decide(world, referral, "decline", reason="no-place"))
    found = await lines(world, await made(world))
    assert proposed(found) == {late["id"]: None, crisis["id"]: offer["id"]}
    assert [each["toSend"]["body"]["summary"] for each in found if each["toSend"]] == [{"urgency": "crisis"}]


async def test_the_kept_case_makes_the_same_proposal_to_the_byte(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for places in (1, 0):
        await world.report(await world.contracted_offer(), placesFree=places, waitDaysIntake=30)
    for child in (LATE, IN_TIME, {"measure": None}):
        await world.add_request(child=child)
    proposal = await made(world, method="least-lateness", changes=5)
    answer = await world.http.get(f"{PATH}/{proposal['id']}/case", headers=world.expert_team())
    assert answer.json()["seed"] == 7
    file = tmp_path / "case.json"
    file.write_bytes(answer.content)
    capsys.readouterr()
    propose(file)
    assert capsys.readouterr().out == json.dumps(answer.json()["expected"], indent=1, ensure_ascii=False) + "\n"
    assert len(answer.json()["expected"]["lines"]) == 3


async def test_a_seed_is_drawn_and_kept_where_none_is_given(world: World) -> None:
    asked = [await ask(world, seed=None) for _ in range(2)]
    assert asked[0]["seed"] != asked[1]["seed"]


async def test_the_same_key_asks_once(world: World) -> None:
    headers = world.expert_team() | {"Idempotency-Key": "voorstel-1"}
    answers = [await world.http.post(PATH, json={"children": "over-norm"}, headers=headers) for _ in range(2)]
    assert [each.status_code for each in answers] == [202, 202]
    assert answers[0].json() == answers[1].json()
    assert answers[0].headers["Location"] == f"{PATH}/{answers[0].json()['id']}"


async def test_the_list_goes_page_by_page_the_last_first(world: World, clock: SettableClock) -> None:
    ids = []
    for minutes in range(3):
        clock.now = NOW + timedelta(minutes=minutes)
        ids.append((await ask(world))["id"])
    path, found = f"{PATH}?limit=2", []
    while path:
        page = await world.ok(world.http.get(path, headers=world.expert_team()))
        found += [each["id"] for each in page["items"]]
        path = page["_links"].get("next", {}).get("href")
    assert found == ids[::-1]


async def test_what_is_not_made_has_no_lines(world: World) -> None:
    proposal = await ask(world)
    assert (await read(world, proposal))["result"] is None
    for part in ("lines", "report", "case"):
        answer = await world.http.get(f"{PATH}/{proposal['id']}/{part}", headers=world.expert_team())
        problem(answer, 409, "not-made")


async def test_a_region_has_few_waiting_to_be_made(world: World) -> None:
    for _ in range(5):
        await ask(world)
    problem(await world.http.post(PATH, json={}, headers=world.expert_team()), 409, "too-many-proposals")
    await ask(world, world.expert_team("JZ06"))


async def test_a_child_that_moved_to_another_region_is_seen_no_more(world: World) -> None:
    stays, moves = await world.add_request(), await world.add_request()
    proposal = await made(world)
    change = {"child": {"municipality": "GM0361"}}
    headers = world.gi | {"If-Match": "*"}
    await world.ok(world.http.patch(f"/v1/requests/{moves['id']}", json=change, headers=headers))
    assert set(proposed(await lines(world, proposal))) == {stays["id"]}


async def test_a_supraregion_shares_out_what_stands_before_its_step(world: World) -> None:
    offer = await world.contracted_offer()
    await world.report(offer)
    await world.add_request(child=LATE)
    request = await world.add_request()
    body = {"step": "supraregional-network", "reason": "no-suitable-offer", "asked": "Wie?", "skipReason": "Spoed."}
    await world.ok(world.http.post(f"/v1/requests/{request['id']}/escalations", json=body, headers=world.gi))
    network = world.as_(Role.SUPRAREGION)
    proposal = await made(world, network)
    assert proposed(await lines(world, proposal, network)) == {request["id"]: offer["id"]}
    report = await read(world, proposal, "/report", network)
    assert report["smallCountsHidden"]
    assert {each["children"] for each in report["groups"]} == {None}
    problem(await world.http.get(f"{PATH}/{proposal['id']}", headers=world.expert_team()), 404, "not-found")


async def test_an_erased_dossier_takes_the_case_with_it_and_leaves_the_others(world: World) -> None:
    stays, goes = await world.add_request(), await world.add_request()
    proposal = await made(world)
    path = f"/v1/requests/{goes['id']}"
    closing = {"status": "closed", "closedReason": "help-not-needed"}
    await world.ok(world.http.patch(path, json=closing, headers=world.gi | {"If-Match": "*"}))
    assert (await world.http.delete(path, headers=world.gi)).status_code == 204
    assert set(proposed(await lines(world, proposal))) == {stays["id"]}
    problem(await world.http.get(f"{PATH}/{proposal['id']}/case", headers=world.expert_team()), 409, "case-erased")


async def test_a_proposal_that_cannot_be_solved_says_so(world: World) -> None:
    asked = await ask(world)

    async def fails(_: Callable[..., Made], *arguments: object) -> Made:
        raise CaseError(arguments)

    async with world.parts.database.write() as session:
        await maker(world, fails).make(session)
    failed = await read(world, asked)
    assert (failed["status"], failed["failure"]) == ("failed", "no-solution")


async def test_statements_do_not_grow_with_the_children(world: World, statements: list[str]) -> None:
    await world.report(await world.contracted_offer())
    counts = []
    for children in (1, 4):
        for _ in range(children):
            await world.add_request(child=LATE)
        asked = await ask(world)
        statements.clear()
        await make(world)
        counts.append(len([each for each in statements if "SET done=" not in each and "SAVEPOINT" not in each]))
        statements.clear()
        await lines(world, asked)
        counts.append(len(statements))
    assert counts[:2] == counts[2:]


async def test_it_is_ranked_and_solved_in_a_process_of_its_own(world: World) -> None:
    await world.report(await world.contracted_offer(), placesFree=1)
    for _ in range(2):
        await world.add_request(child=LATE)
    kept = []
    for run in (run_here, run_beside):
        asked = await ask(world)
        async with world.parts.database.write() as session:
            await maker(world, run).make(session)
        kept.append(await read(world, asked, "/case"))
    assert kept[0] == kept[1]
    assert kept[0]["expected"]["prices"]["stable"]["placed"] == 1
