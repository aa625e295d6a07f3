"""Milestones end the clocks; explanations stand beside the red ones."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from app.kit.security.callers import Role
from tests.conftest import NOW, SettableClock
from tests.dossiers.referrals.scene import decide, refer
from tests.supply.providers.pages import flat, walk
from tests.world import World, codes, problem

PATH = "/v1/requests/{}/milestones/{}"
OTHERS = [Role.PROVIDER, Role.REGION, Role.SUPRAREGION, Role.INSPECTORATE, Role.ADMIN]


async def _put(
    world: World, made: dict[str, Any], name: str, day: Any, headers: dict[str, str] | None = None, etag: str = "*"
) -> httpx.Response:
    sent = (headers or world.gi) | {"If-Match": etag}
    return await world.http.put(PATH.format(made["id"], name), json={"date": day}, headers=sent)


async def _delete(world: World, made: dict[str, Any], name: str) -> httpx.Response:
    return await world.http.delete(PATH.format(made["id"], name), headers=world.gi | {"If-Match": "*"})


async def _explain(
    world: World, made: dict[str, Any], headers: dict[str, str] | None = None, **fields: Any
) -> httpx.Response:
    body = {"clock": "protection-worker", "cause": "staff-shortage", "text": "Geen jeugdbeschermer vrij.", **fields}
    return await world.http.post(f"/v1/requests/{made['id']}/explanations", json=body, headers=headers or world.gi)


def _clock(made: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in made["clocks"] if each["clock"] == name)
    return found


async def _history(world: World, made: dict[str, Any]) -> list[str]:
    return flat(await walk(world, f"/v1/requests/{made['id']}/history", world.gi), "what")


async def test_needs_a_token(world: World) -> None:
    path = PATH.format(uuid4(), "help")
    problem(await world.http.put(path, json={"date": "2026-11-20"}), 401, "unauthenticated")
    problem(await world.http.delete(path), 401, "unauthenticated")
    problem(await world.http.post(f"/v1/requests/{uuid4()}/explanations", json={}), 401, "unauthenticated")


@pytest.mark.parametrize("role", OTHERS, ids=str)
async def test_is_of_institutions_and_local_teams_only(world: World, role: Role) -> None:
    made, headers = await world.add_request(), world.as_(role) | {"If-Match": "*"}
    problem(await _put(world, made, "help", "2026-11-20", headers), 403, "forbidden")
    problem(await world.http.delete(PATH.format(made["id"], "help"), headers=headers), 403, "forbidden")
    problem(await _explain(world, made, headers), 403, "forbidden")


async def test_another_organisations_looks_as_if_it_did_not_exist(world: World) -> None:
    made, other = await world.add_request(), world.as_(Role.GI, organisation_id=uuid4()) | {"If-Match": "*"}
    problem(await _put(world, made, "help", "2026-11-20", other), 404, "not-found")
    problem(await world.http.delete(PATH.format(made["id"], "help"), headers=other), 404, "not-found")
    problem(await _explain(world, made, other), 404, "not-found")
    assert await world.ok(world.http.get(f"/v1/requests/{made['id']}", headers=world.gi)) == made


@pytest.mark.parametrize("name", ["protection-worker", "course", "help"])
@pytest.mark.parametrize(
    ("day", "error"),
    [
        ("2026-11-23", {"#/date": "in-future"}),
        ("2026-10-11", {"#/date": "order"}),  # the day before the measure
        ("2026-11-22T10:00:00Z", {"#/date": "format"}),
        (None, {"#/date": "format"}),
    ],
)
async def test_a_day_that_cannot_be_is_refused(world: World, name: str, day: Any, error: dict[str, str]) -> None:
    assert codes(await _put(world, await world.add_request(), name, day)) == error


async def test_an_unknown_milestone_is_named(world: World) -> None:
    answer = await _put(world, await world.add_request(), "intake", "2026-11-20")
    assert codes(answer) == {"#/path/name": "unknown-code"}


@pytest.mark.parametrize(
    ("name", "day", "on_time"),
    [
        ("protection-worker", "2026-10-12", True),
        ("protection-worker", "2026-10-19", True),
        ("protection-worker", "2026-10-20", False),
        ("course", "2026-11-22", True),
        ("help", "2026-11-22", True),
    ],
)
async def test_ends_its_clock(world: World, name: str, day: str, on_time: bool) -> None:
    made = await world.add_request()
    answer = await _put(world, made, name, day)
    assert answer.status_code == 200, answer.text
    done = answer.json()
    assert done["milestones"] == [{"name": name, "date": day}]
    clock = _clock(done, name)
    assert (clock["light"], clock["doneOn"], clock["onTime"], clock["daysLeft"]) == ("done", day, on_time, None)
    others = [each for each in done["clocks"] if each["clock"] != name]
    assert others == [each for each in made["clocks"] if each["clock"] != name]


async def test_help_makes_it_helped_and_can_be_corrected_and_taken_back(world: World) -> None:
    made = await world.add_request()
    helped = (await _put(world, made, "help", "2026-11-20")).json()
    assert helped["status"] == "helped"
    assert (await _put(world, made, "help", "2026-11-19")).json()["milestones"][0]["date"] == "2026-11-19"
    back = (await _delete(world, made, "help")).json()
    assert back | {"updatedAt": made["updatedAt"]} == made
    assert (await _delete(world, made, "help")).json() == back, "there is nothing more to take back"
    assert await _history(world, made) == ["created", "milestone-set", "milestone-set", "milestone-cleared"]


async def test_takes_the_version_that_it_is_based_on(world: World) -> None:
    made = await world.add_request()
    path = PATH.format(made["id"], "course")
    problem(await world.http.put(path, json={"date": "2026-11-20"}, headers=world.gi), 428, "if-match-required")
    problem(await world.http.delete(path, headers=world.gi), 428, "if-match-required")
    etag = (await world.http.get(f"/v1/requests/{made['id']}", headers=world.gi)).headers["etag"]
    first = await _put(world, made, "course", "2026-11-20", etag=etag)
    assert first.status_code == 200
    problem(await _put(world, made, "course", "2026-11-19", etag=etag), 412, "stale-version")
    assert (await _put(world, made, "course", "2026-11-19", etag=first.headers["etag"])).status_code == 200


async def test_a_closed_request_is_put_right_still(world: World) -> None:
    made = await world.add_request()
    body = {"status": "closed", "closedReason": "measure-ended"}
    headers = world.gi | {"If-Match": "*"}
    await world.ok(world.http.patch(f"/v1/requests/{made['id']}", json=body, headers=headers))
    put = await world.ok(_put(world, made, "help", "2026-11-20"))
    assert (put["status"], put["milestones"]) == ("closed", [{"name": "help", "date": "2026-11-20"}])
    assert (await world.ok(_delete(world, made, "help")))["milestones"] == []


async def test_a_measure_is_not_after_what_followed_it(world: World) -> None:
    made = await world.add_request()
    await _put(world, made, "protection-worker", "2026-10-15")
    measure = {"type": "21", "imposedOn": "2026-10-16"}
    headers = world.gi | {"If-Match": "*"}
    sent = world.http.patch(f"/v1/requests/{made['id']}", json={"child": {"measure": measure}}, headers=headers)
    assert codes(await sent) == {"#/child/measure/imposedOn": "order"}


async def test_without_a_measure_any_past_day_will_do(world: World) -> None:
    made = await world.add_request(child={"measure": None})
    assert (await _put(world, made, "help", "2025-01-01")).json()["status"] == "helped"


async def test_explains_a_red_clock_which_stays_red(world: World) -> None:
    made = await world.add_request()
    answer = await _explain(world, made)
    assert answer.status_code == 201, answer.text
    explanation = {
        "clock": "protection-worker",
        "cause": "staff-shortage",
        "text": "Geen jeugdbeschermer vrij.",
        "at": "2026-11-22T10:00:00Z",
    }
    assert answer.json() == explanation
    await _explain(world, made, cause="waiting-list", text="Nog steeds.")
    read = await world.ok(world.http.get(f"/v1/requests/{made['id']}", headers=world.gi))
    clock = _clock(read, "protection-worker")
    assert (clock["light"], read["light"]) == ("red", "red")
    assert [each["cause"] for each in clock["explanations"]] == ["staff-shortage", "waiting-list"]
    assert clock["explanations"][0] == explanation
    assert all(each["explanations"] == [] for each in read["clocks"] if each != clock)
    assert await _history(world, made) == ["created", "explained", "explained"]


@pytest.mark.parametrize("name", ["course", "help", "local-team", "expert-team"])
async def test_what_is_within_its_norm_is_not_explained(world: World, name: str) -> None:
    made = await world.add_request()
    problem(await _explain(world, made, clock=name), 409, "conflict")


async def test_what_was_done_late_may_be_explained_and_what_was_done_in_time_not(world: World) -> None:
    made = await world.add_request()
    await _put(world, made, "protection-worker", "2026-10-20")
    assert (await _explain(world, made)).status_code == 201
    await _put(world, made, "protection-worker", "2026-10-19")
    problem(await _explain(world, made), 409, "conflict")


async def test_a_bad_explanation_is_named(world: World) -> None:
    made = await world.add_request()
    answer = await _explain(world, made, clock="intake", cause="zomaar", text="BSN 111222333")
    assert codes(answer) == {"#/clock": "unknown-code", "#/cause": "unknown-code", "#/text": "bsn"}
    assert codes(await _explain(world, made, text=" ")) == {"#/text": "too-short"}


async def test_days_left_are_counted_down(world: World, clock: SettableClock) -> None:
    made = await world.add_request()
    path = f"/v1/requests/{made['id']}"
    assert (_clock(made, "course")["daysLeft"], _clock(made, "protection-worker")["daysLeft"]) == (1, -34)
    clock.now = NOW + timedelta(days=2)
    course = _clock(await world.ok(world.http.get(path, headers=world.gi)), "course")
    assert (course["daysLeft"], course["light"]) == (-1, "red")


@pytest.mark.parametrize(
    ("now", "day", "status"),
    [
        ("2026-11-22T22:59:59Z", "2026-11-23", 400),
        ("2026-11-22T23:30:00Z", "2026-11-23", 200),  # half past midnight in the Netherlands
        ("2027-03-28T21:59:59Z", "2027-03-29", 400),  # the nights in which summer time begins and ends
        ("2027-03-28T22:00:00Z", "2027-03-29", 200),
        ("2027-10-31T22:59:59Z", "2027-11-01", 400),
        ("2027-10-31T23:00:00Z", "2027-11-01", 200),
    ],
)
async def test_today_is_a_dutch_day(world: World, clock: SettableClock, now: str, day: str, status: int) -> None:
    made = await world.add_request()
    clock.now = datetime.fromisoformat(now)
    answer = await _put(world, made, "help", day)
    assert answer.status_code == status
    if status == 400:
        assert codes(answer) == {"#/date": "in-future"}


async def test_a_bridge_by_the_institutions_own_word_stands_beside_that_of_a_referral(world: World) -> None:
    made = await world.add_request()
    said = (await _put(world, made, "bridging", "2026-10-01")).json()
    assert (said["bridgedOn"], said["status"]) == ("2026-10-01", "open"), "before the measure, too; the child waits on"
    assert said["milestones"] == [{"name": "bridging", "date": "2026-10-01"}]
    assert codes(await _put(world, made, "bridging", "2026-11-23")) == {"#/date": "in-future"}
    referral = await refer(world, await world.contracted_offer(), made, standsFor="bridging")
    await world.ok(decide(world, referral, "accept"))
    await world.ok(decide(world, referral, "start", date="2026-11-20"))

    async def bridged() -> str | None:
        now = await world.ok(world.http.get(f"/v1/requests/{made['id']}", headers=world.gi))
        day: str | None = now["bridgedOn"]
        return day

    assert await bridged() == "2026-10-01"
    assert (await _delete(world, made, "bridging")).json()["bridgedOn"] == "2026-11-20"
    await _put(world, made, "bridging", "2026-11-21")
    assert await bridged() == "2026-11-20"
    await world.ok(decide(world, referral, "end", date="2026-11-22"))
    assert await bridged() == "2026-11-21"
    history = (await world.ok(world.http.get(f"/v1/requests/{made['id']}/history", headers=world.gi)))["items"]
    assert history[1]["changes"] == [
        {"field": "milestones.bridging", "old": None, "new": "2026-10-01"},
        {"field": "bridgedOn", "old": None, "new": "2026-10-01"},
    ]


async def test_a_bridge_that_was_said_is_of_the_wait_before_help_was_needed_again(world: World) -> None:
    made = await world.add_request()
    await _put(world, made, "bridging", "2026-10-20")
    await _put(world, made, "help", "2026-11-10")
    again = {"neededAgainOn": "2026-11-18", "why": "De plaatsing is afgebroken."}
    sent = world.http.post(f"/v1/requests/{made['id']}/reopenings", json=again, headers=world.gi)
    assert (await world.ok(sent))["bridgedOn"] is None
