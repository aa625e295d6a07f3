"""The demo dossiers, told on any day: every state, light and list has something, and no name is in them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, get_args

import pytest

from app.demo.dossiers import DOSSIERS
from app.demo.rows import demo_id
from app.demo.seed import seed
from app.domain.dates import AMSTERDAM
from app.dossiers.requests.clock_model import LIGHTS
from app.dossiers.requests.schemas import Status
from app.kit.database.sessions import connect
from app.kit.security.callers import Role
from app.settings import Settings
from tests.conftest import serving
from tests.world import World

Json = dict[str, Any]
TODAY = date(2026, 11, 22)
ROLES = {"demo-gi": Role.GI, "demo-gi-2": Role.GI, "demo-local-team": Role.LOCAL_TEAM}


@asynccontextmanager
async def _told(settings: Settings, url: str, today: date) -> AsyncIterator[World]:
    """The service on the demo data set of a day, asked that day."""
    await seed(url, today, past=False)
    database = connect(url, pool_size=2)
    async with serving(settings, database, lambda: datetime.combine(today, time(9), UTC)) as world:
        yield world
    await database.engine.dispose()


async def _all(world: World, path: str) -> dict[str, list[Json]]:
    """What each demo client that refers gets of a list."""
    found = {}
    for client_id, role in ROLES.items():
        headers = world.as_(role, organisation_id=demo_id("organisation", client_id))
        found[client_id] = (await world.ok(world.http.get(path, headers=headers)))["items"]
    return found


def _flat(lists: dict[str, list[Json]]) -> list[Json]:
    return [item for items in lists.values() for item in items]


@pytest.mark.parametrize(
    "today",
    [
        TODAY,
        date(2027, 1, 2),  # with Christmas and New Year just behind
        date(2027, 5, 16),  # with King's Day, Liberation Day, Ascension and Whitsun
        date(2028, 2, 29),
        date(2027, 3, 31),  # three months of which are the shortest
        date(2026, 10, 1),
    ],
    ids=str,
)
async def test_has_every_status_and_light_on_any_day(settings: Settings, fresh_database_url: str, today: date) -> None:
    async with _told(settings, fresh_database_url, today) as world:
        requests = [each for each in _flat(await _all(world, "/v1/requests")) if each["shared"] is None]
        assert {each["childReference"] for each in requests} == {each.reference for each in DOSSIERS}
        assert {each["status"] for each in requests} == set(get_args(Status))
        assert {each["light"] for each in requests} == {*LIGHTS, None}
        lights = {each["childReference"]: each["light"] for each in requests}
        assert {reference for reference, light in lights.items() if light == "red"} == {
            *("demo-03", "demo-04", "demo-09", "demo-10"),
        }
        referrals = _flat(await _all(world, "/v1/referrals"))
        assert {each["status"] for each in referrals} == {
            *("sent", "seen", "accepted", "waitlisted", "declined", "started"),
        }
        assert [each["childReference"] for each in referrals if each["overdue"]] == ["demo-02", "demo-10"]


async def test_the_teams_have_something_to_do(settings: Settings, fresh_database_url: str) -> None:
    async with _told(settings, fresh_database_url, TODAY) as world:
        for region, waiting, over in (("JZ03", 1, 2), ("JZ06", 1, 1)):
            team = world.expert_team(region)
            escalated = await world.ok(world.http.get("/v1/escalated-requests", headers=team))
            listed = await world.ok(world.http.get("/v1/breakthrough-list", headers=team))
            assert (len(escalated["items"]), len(listed["items"])) == (waiting, over)
            assert any(each["refusals"] for each in listed["items"])
            assert all(each["results"] or each["alternatives"] for each in listed["items"])
        counts = await world.ok(world.http.get("/v1/referral-counts", headers=world.region()))
        assert (counts["total"], counts["overdue"]) == (7, 2)
        inbox = world.as_(Role.PROVIDER, provider_id=demo_id("provider", "demo-provider"))
        notices = (await world.ok(world.http.get("/v1/notices", headers=inbox)))["items"]
        assert [each["at"] for each in notices] == sorted(each["at"] for each in notices)
        assert notices


async def test_are_told_once_and_their_clocks_run_on(settings: Settings, fresh_database_url: str) -> None:
    async with _told(settings, fresh_database_url, TODAY) as world:
        before = await _all(world, "/v1/requests")
        await seed(fresh_database_url, TODAY, past=False)
        assert await _all(world, "/v1/requests") == before
    async with _told(settings, fresh_database_url, TODAY + timedelta(days=40)) as world:
        after = await _all(world, "/v1/requests")
        assert _as_kept(after) == _as_kept(before)
        lights = {each["childReference"]: each["light"] for each in _flat(after)}
        assert lights["demo-01"] == "red"


def _as_kept(lists: dict[str, list[Json]]) -> list[tuple[str, str]]:
    return [(each["id"], each["updatedAt"]) for each in _flat(lists)]


async def test_are_the_same_on_every_machine(settings: Settings, fresh_database_url: str) -> None:
    async with _told(settings, fresh_database_url, TODAY) as world:
        [helped] = [each for each in _flat(await _all(world, "/v1/requests")) if each["childReference"] == "demo-07"]
        assert helped["child"]["birthMonth"] == "2013-11"
        assert (helped["requestedOn"], helped["placedOn"]) == ("2026-09-08", "2026-09-15")


async def test_a_call_is_open_with_an_answer_of_each_kind(settings: Settings, fresh_database_url: str) -> None:
    async with _told(settings, fresh_database_url, TODAY) as world:
        [call] = _flat(await _all(world, "/v1/calls"))
        assert (call["childReference"], call["status"], call["careTypes"]) == ("demo-09", "open", ["gezinshuis"])
        assert (call["counts"]["can"], call["counts"]["declined"]) == (1, 1)
        assert call["counts"]["addressed"] > 2
        for provider, told in (("demo-provider", "can"), ("demo-provider-2", "decline")):
            headers = world.as_(Role.PROVIDER, provider_id=demo_id("provider", provider))
            [own] = (await world.ok(world.http.get("/v1/calls?status=open", headers=headers)))["items"]
            assert own["ownAnswer"]["answer"] == told


async def test_what_was_done_was_done_at_work(settings: Settings, fresh_database_url: str) -> None:
    async with _told(settings, fresh_database_url, TODAY) as world:
        told = list[datetime]()
        for client_id, requests in (await _all(world, "/v1/requests")).items():
            headers = world.as_(ROLES[client_id], organisation_id=demo_id("organisation", client_id))
            for each in requests:
                history = await world.ok(world.http.get(f"/v1/requests/{each['id']}/history", headers=headers))
                moments = [datetime.fromisoformat(event["at"]).astimezone(AMSTERDAM) for event in history["items"]]
                assert moments == sorted(moments), each["childReference"]
                told += moments
        assert {moment.hour for moment in told} <= set(range(9, 17))
        assert len({moment.time() for moment in told}) > len(DOSSIERS)
