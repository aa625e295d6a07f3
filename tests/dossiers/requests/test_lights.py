"""The filter on lights says what the clocks say, on thousands of requests."""

import random
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert

from app.dossiers.agreements.repository import list_agreements
from app.dossiers.agreements.tables import RegionalAgreementsRow
from app.dossiers.requests.clock_model import LIGHTS
from app.dossiers.requests.clocks import norm_changes, worst
from app.dossiers.requests.deadlines_repository import NO_DEADLINE, list_by_deadline
from app.dossiers.requests.history import facts_of
from app.dossiers.requests.repository import list_over_norm, list_requests
from app.dossiers.requests.tables import RequestRow
from app.dossiers.requests.views import clocks_of
from app.kit.security.callers import Caller, Role
from tests.conftest import NOW, SavepointDatabase, SettableClock
from tests.supply.providers.pages import flat, walk
from tests.world import World, codes

TODAY = NOW.date()
REGIONS = {"JZ03": "GM0400", "JZ05": "GM0405", "JZ06": "GM0361", "JZ13": "GM0363", "JZ08": "GM0034"}
"""Without agreements, with those of Westfriesland, and with those that the test makes."""

AGREED = (
    {"region_code": "JZ06", "contact_local_team_days": None, "expert_team_days": 7, "also_without_measure": False},
    {
        "region_code": "JZ13",
        "contact_local_team_days": 10,
        "expert_team_days": 41,
        "also_without_measure": True,
        "authorisation_warning_days": 14,
        "next_place_days": 63,
    },
    {"region_code": "JZ08", "contact_local_team_days": None, "expert_team_days": None, "also_without_measure": True},
)

GI = Caller("test-gi", UUID(int=77), Role.GI)


def _maybe(dice: random.Random, chance: float, *, back: int = 120, ahead: int = 0) -> date | None:
    return TODAY - timedelta(days=dice.randrange(-ahead, back)) if dice.random() < chance else None


def _values(dice: random.Random) -> dict[str, Any]:
    """A request as the database keeps it, with any dates."""
    region = dice.choice(list(REGIONS))
    imposed_on, closed_on = _maybe(dice, 0.8), _maybe(dice, 0.1)
    secure_since = _maybe(dice, 0.2, back=240)
    values: dict[str, Any] = {
        "id": uuid4(),
        "organisation_id": GI.organisation_id,
        "child_reference": f"K-{uuid4()}",
        "birth_month": "2014-05",
        "gender": "female",
        "municipality_code": REGIONS[region],
        "region_code": region,
        "measure_type": imposed_on and dice.choice(["21", "21", "41", "31"]),
        "measure_imposed_on": imposed_on,
        "measure_informed_on": imposed_on and _maybe(dice, 0.3),
        "measure_started_on": imposed_on and _maybe(dice, 0.3),
        "needed_again_on": _maybe(dice, 0.2),
        "court_authorisation": False,
        **{name: [] for name in ("needs", "wishes", "characteristics")},
        "choices": [],
        "choices_version": 1,
        "first_choice": {},
        "places": 1,
        "extended_help": False,
        "needed_by": _maybe(dice, 0.2),
        "requested_on": TODAY - timedelta(days=dice.randrange(0, 120)),
        **{name: _maybe(dice, 0.4) for name in ("protection_worker_on", "course_on", "placed_on", "help_on")},
        **{name: _maybe(dice, 0.3) for name in ("local_team_on", "expert_team_on")},
        "court_authorisation_until": _maybe(dice, 0.2, ahead=120),
        "secure_since": secure_since,
        "secure_left_on": secure_since and _maybe(dice, 0.3),
        "next_place_said_on": _maybe(dice, 0.1),
        "next_place_found_on": _maybe(dice, 0.2),
        "closed_reason": closed_on and "as-planned",
        "closed_on": closed_on,
    }
    values["norm_amber_from"], values["norm_red_from"] = norm_changes(facts_of(RequestRow(**values)))
    return values


@pytest.fixture
async def many(database: SavepointDatabase) -> list[RequestRow]:
    """Two thousand requests."""
    dice = random.Random(4)  # noqa: S311 - the same each time
    values = [_values(dice) for _ in range(2000)]
    async with database.write() as session:
        for agreed in AGREED:
            values_of_region = {"referral_answer_days": 5, "escalation_ladder": ["expert-team"], **agreed}
            await session.execute(insert(RegionalAgreementsRow).values(values_of_region))
        await session.execute(insert(RequestRow), values)
    return [RequestRow(**each) for each in values]


async def test_the_filter_says_what_the_clocks_say(database: SavepointDatabase, many: list[RequestRow]) -> None:
    async with database.read() as session:
        agreements = await list_agreements(session, list(REGIONS))
        for days in (*range(-60, 61, 12), -1, 1):
            today = TODAY + timedelta(days=days)
            expected: dict[str | None, set[UUID]] = {light: set() for light in (*LIGHTS, None)}
            for row in many:
                light = worst(clocks_of(row, agreements[row.region_code], today), facts_of(row))
                expected[light].add(row.id)
            assert all(expected[light] for light in ("done", "green", "red", None)), "the test tests something"
            for light in LIGHTS:
                found = await list_requests(
                    session, GI, today=today, status=None, light=light, escalated=None, limit=10_000, key=None
                )
                assert {row.id for row in found} == expected[light], (light, today)


async def test_the_order_by_deadline_says_what_the_clocks_say(
    database: SavepointDatabase, many: list[RequestRow]
) -> None:
    async with database.read() as session:
        agreements = await list_agreements(session, list(REGIONS))
        asked: dict[str, Any] = {"statuses": [], "lights": [], "text": None, "municipalities": [], "key": None}
        found = await list_by_deadline(session, GI, today=TODAY, limit=10_000, **asked)
        late = await list_by_deadline(session, GI, today=TODAY, limit=10_000, **asked | {"lights": ["red", "amber"]})
    expected = {}
    for row in many:
        running = [each for each in clocks_of(row, agreements[row.region_code], TODAY) if each.done_on is None]
        days = [each.due_on + timedelta(days=1) for each in running if row.closed_on is None]
        expected[row.id] = min(days, default=NO_DEADLINE)
    assert {row.id: day for row, day in found} == expected
    order = [(day, row.requested_on, row.id) for row, day in found]
    assert order == sorted(order)
    lights = {row.id: worst(clocks_of(row, agreements[row.region_code], TODAY), facts_of(row)) for row in many}
    assert {row.id for row, _ in late} == {id_ for id_, light in lights.items() if light in {"red", "amber"}}


async def test_over_the_norm_are_those_with_a_red_norm_and_no_help(
    database: SavepointDatabase, many: list[RequestRow]
) -> None:
    async with database.read() as session:
        agreements = await list_agreements(session, list(REGIONS))
        found = await list_over_norm(session, GI, today=TODAY, region="JZ05", limit=10_000, key=None)
    expected = set()
    for row in many:
        shown = clocks_of(row, agreements[row.region_code], TODAY)
        red = any(clock.light == "red" and clock.norm == "inspectorates" for clock in shown)
        if red and row.region_code == "JZ05" and row.help_on is None and row.closed_on is None:
            expected.add(row.id)
    assert {row.id for row in found} == expected
    since = [row.norm_red_from for row in found]
    assert since == sorted(since), "the longest over the norm first"  # type: ignore[type-var]


async def test_lists_by_light_and_moves_with_the_days(world: World, clock: SettableClock) -> None:
    made = await world.add_request(child={"measure": {"type": "21", "imposedOn": "2026-11-20"}})
    late = await world.add_request()  # the worker was due on 19 October
    free = await world.add_request(child={"measure": None})

    async def listed(light: str) -> list[Any]:
        return flat(await walk(world, f"/v1/requests?light={light}&limit=1", world.gi))

    assert (await listed("green"), await listed("red")) == ([made["id"]], [late["id"]])
    clock.now = NOW + timedelta(days=4)
    assert (await listed("green"), await listed("amber")) == ([], [made["id"]])
    clock.now = NOW + timedelta(days=6)
    assert sorted(await listed("red")) == sorted([made["id"], late["id"]])
    assert await listed("done") == []
    assert free["light"] is None
    answer = await world.http.get("/v1/requests?light=oranje&status=nieuw&escalated=ja&kleur=rood", headers=world.gi)
    assert codes(answer) == {
        "#/query/light": "unknown-code",
        "#/query/status": "unknown-code",
        "#/query/escalated": "type",
        "#/query/kleur": "unknown-query-key",
    }
