"""Deciding on small counts may take longer than a transaction may rest: the answer comes all the same."""

import asyncio
from dataclasses import replace
from datetime import date
from typing import Any

import asyncpg
import pytest

from app.insight.answers import decisions, small_counts
from app.kit.security.callers import Role
from app.settings import Settings
from tests.conftest import SettableClock, serving
from tests.insight.children import Child, add_children
from tests.insight.histories import TOWNS
from tests.insight.scene import bring
from tests.kit.database.test_limits import LONG, connected
from tests.world import World

IDLE = 0.2
_RESTS = """
    SELECT max(clock_timestamp() - state_change) FROM pg_stat_activity
    WHERE state = 'idle in transaction' AND datname = current_database()
"""


async def _until_it_rested(url: str, longer_than: float) -> None:
    """Returns when the transaction of another has rested for so many seconds, or is not there any more."""
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        while (rested := await connection.fetchval(_RESTS)) is not None:
            if rested.total_seconds() > longer_than:
                return
    finally:
        await connection.close()


async def test_an_answer_outlasts_its_decision(
    settings: Settings, fresh_database_url: str, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    decided = decisions.decided

    def decide_slowly(*given: Any) -> Any:
        asyncio.run(_until_it_rested(fresh_database_url, 5 * IDLE))
        return decided(*given)

    async with connected(fresh_database_url, LONG) as database, serving(settings, database, clock) as world:
        await add_children(world, [Child(TOWNS[0], date(2026, 10, 1)) for _ in range(7)])
        await bring(world)
    monkeypatch.setattr(small_counts, "decided", decide_slowly)
    limits = replace(LONG, idle=IDLE)
    async with connected(fresh_database_url, limits) as database, serving(settings, database, clock) as world:
        assert (await _waiting(world)) == 7


async def _waiting(world: World) -> int:
    path, query = "/v1/insight/waiting-children", {"asOf": "2026-10-20"}
    answer = await world.ok(world.http.get(path, params=query, headers=world.as_(Role.INSPECTORATE)))
    return int(answer["totals"][0]["waiting"])
