"""The figures of arrangements: what was asked, what came of it and how long that took."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any, Final
from uuid import UUID

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert

from app.domain.dates import dutch_day
from app.dossiers.arrangements.states import KINDS, STATUSES
from app.dossiers.arrangements.tables import ArrangementRow
from app.insight.answers.periods import Period, periods_between
from app.insight.arrangements.definition import ARRANGEMENTS
from app.reference.lists import reference
from tests.conftest import SavepointDatabase, SettableClock
from tests.dossiers.arrangements.scene import alternative, ask, asked, decide
from tests.insight.played import MUNICIPALITIES, Row, differing, figures_by_code, shown_by_code, within
from tests.insight.scene import figures
from tests.world import World

Json = dict[str, Any]
TODAY: Final = date(2026, 11, 22)
OPEN: Final = 12
OVER: Final = tuple(each for each in STATUSES if each != "asked")
CARE_TYPES: Final = ("gezinshuis", "pleegzorg-voltijd")


async def test_a_question_from_start_to_end(world: World, clock: SettableClock) -> None:
    clock.now = datetime(2026, 10, 30, 9, 0, tzinfo=UTC)
    _, _, granted = await asked(world, "light-contract")
    _, _, refused = await asked(world, "ceiling-exception")
    request, offer = await alternative(world, "longer-distance")
    await world.ok(ask(world, request, offer, "longer-distance"))
    _, _, withdrawn = await asked(world, "light-contract")
    _, _, _ = await asked(world, "provider-consent")
    clock.now = datetime(2026, 11, 5, 9, 0, tzinfo=UTC)
    await world.ok(decide(world, granted, "grant"))
    clock.now = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    await world.ok(decide(world, refused, "refuse"))
    await world.ok(decide(world, withdrawn, "withdraw"))
    headers = world.gi | {"If-Match": "*"}
    closed = {"status": "closed", "closedReason": "as-planned"}
    await world.ok(world.http.patch(f"/v1/requests/{request['id']}", json=closed, headers=headers))
    for known in ("then", "now"):
        answer = await figures(world, "arrangements", world.gi, firstMonth="2026-10", by="kind", known=known)
        october, november = answer["totals"]
        assert (october["asked"], october["open"], october["answered"], october["openOverdue"]) == (5, 5, 0, 0)
        assert october["daysMedian"] is None
        counts = [november[name] for name in ("asked", "answered", "granted", "refused", "withdrawn", "ended", "open")]
        assert counts == [0, 2, 1, 1, 1, 1, 1]
        assert (november["daysMedian"], november["daysP90"], november["grantedShare"]) == (13.5, 21, 0.5)
        assert (november["answeredLate"], november["openOverdue"]) == (1, 1), "five working days were agreed"
        named = {row["code"]: (row["name"], row["asked"]) for row in answer["items"] if row["period"] == "2026-10"}
        assert named["ceiling-exception"] == ("uitzondering op een budgetplafond", 1)
        assert named["light-contract"] == ("licht contract", 2)


def rows(arrangements: list[Json], period: Period, last: date) -> Iterator[Row]:
    """What had been asked by the end of a period."""
    for each in arrangements:
        asked_on = dutch_day(each["asked_at"])
        decided_on = dutch_day(each["decided_at"]) if each["decided_at"] else None
        if decided_on is not None and decided_on > last:
            decided_on = None
        if asked_on > last:
            continue
        decided = within(decided_on, period, last)
        answered = decided and each["status"] in {"granted", "refused"}
        yield Row(
            codes={
                "region": [each["region_code"]],
                "municipality": [each["municipality_code"]],
                "kind": [each["kind"]],
                "care-type": [each["care_type"]],
            },
            counts={
                "asked": within(asked_on, period, last),
                "answered": answered,
                **{name: decided and each["status"] == name for name in ("granted", "refused", "withdrawn", "ended")},
                "answeredLate": answered and decided_on is not None and decided_on > each["due_on"],
                "open": decided_on is None,
                "openOverdue": decided_on is None and each["due_on"] < last,
            },
            days={"answered": (decided_on - asked_on).days} if decided_on else {},
        )


async def test_the_figures_are_what_happened(world: World) -> None:
    requests, offer = [await world.add_request() for _ in range(OPEN)], await world.contracted_offer()
    contract = await world.add_contract(offer["providerId"])
    loop, database = asyncio.get_running_loop(), world.parts.database
    assert isinstance(database, SavepointDatabase)

    async def one(seed: int) -> None:
        arrangements = _arrangements(seed, requests, offer, contract)
        async with database.connection.begin_nested() as savepoint:
            await database.connection.execute(insert(ArrangementRow), arrangements)
            await _check(world, arrangements)
            await savepoint.rollback()

    @settings(max_examples=10, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
    @given(st.integers(0, 2**32))
    def run(seed: int) -> None:
        asyncio.run_coroutine_threadsafe(one(seed), loop).result()

    await asyncio.to_thread(run)


async def _check(world: World, arrangements: list[Json]) -> None:
    periods = list(periods_between(date(2026, 8, 1), TODAY, "month"))
    for known in ("then", "now"):
        for by in ARRANGEMENTS.by:
            query = {"by": by, "known": known, "firstMonth": "2026-08"}
            answer = await world.ok(world.http.get("/v1/insight/arrangements", params=query, headers=world.gi))
            expected = figures_by_code(
                ARRANGEMENTS,
                by,
                [(each, row) for each in periods for row in rows(arrangements, each, each.end(TODAY))],
            )
            wrong = differing(shown_by_code(ARRANGEMENTS, answer), expected)
            assert not wrong, f"by {by}, known {known}: {wrong}"


def _arrangements(seed: int, requests: list[Json], offer: Json, contract: Json) -> list[Json]:
    """Some of each kind and status; of one request, offer and kind one at most is open."""
    chance = Random(seed)  # noqa: S311 - no secret
    return [
        _arrangement(chance, STATUSES if number < OPEN else OVER, requests[number % OPEN], offer, contract)
        for number in range(4 * OPEN)
    ]


def _arrangement(chance: Random, statuses: Sequence[str], request: Json, offer: Json, contract: Json) -> Json:
    """One that was asked and perhaps decided at any half hour of these months, that of midnight included."""
    asked_at = datetime(2026, 7, 15, tzinfo=UTC) + timedelta(minutes=30 * chance.randrange(48 * 129))
    now = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
    decided_at = min(now, asked_at + timedelta(minutes=30 * chance.randrange(48 * 60)))
    status, kind = chance.choice(statuses), chance.choice(KINDS)
    municipality = reference().municipalities[chance.choice(MUNICIPALITIES)]
    is_over = status != "asked"
    makes_contract = (status, kind) == ("granted", "light-contract")
    return {
        "id": UUID(int=chance.getrandbits(128)),
        "request_id": UUID(request["id"]),
        "organisation_id": UUID(int=len("gi")),
        "offer_id": UUID(offer["id"]),
        "provider_id": UUID(offer["providerId"]),
        "care_type": chance.choice(CARE_TYPES),
        "kind": kind,
        "reason": "not-contracted",
        "age": 12,
        "gender": "female",
        "municipality_code": municipality.code,
        "region_code": municipality.region,
        "needs": [],
        "asked_why": "Enige plek.",
        "asked_at": asked_at,
        "asked_by": "test",
        "amber_from": dutch_day(asked_at),
        "due_on": dutch_day(asked_at) + timedelta(days=chance.randrange(10)),
        "status": status,
        "decided_at": decided_at if is_over else None,
        "decided_by": "test" if is_over else None,
        "decided_why": "Er is elders plek." if is_over else None,
        "days_taken": (dutch_day(decided_at) - dutch_day(asked_at)).days if is_over else None,
        "contract_id": UUID(contract["id"]) if makes_contract else None,
        "ended_because": "help-started" if status == "ended" else None,
    }
