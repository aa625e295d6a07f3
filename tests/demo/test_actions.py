"""The demo plans, told on any day: each reader has something to read, and a month has something to say."""

from datetime import UTC, date, datetime, time

import pytest

from app.demo.actions import ACTIONS
from app.demo.clients import caller_of
from app.demo.rows import demo_id
from app.demo.seed import seed
from app.domain.dates import add_months
from app.kit.database.sessions import connect
from app.kit.security.callers import Role
from app.settings import Settings
from tests.conftest import serving


@pytest.mark.parametrize("today", [date(2026, 11, 22), date(2028, 2, 29), date(2027, 3, 31)], ids=str)
async def test_has_something_for_each_reader(settings: Settings, fresh_database_url: str, today: date) -> None:
    await seed(fresh_database_url, today, past=False)
    database = connect(fresh_database_url, pool_size=2)
    async with serving(settings, database, lambda: datetime.combine(today, time(9), UTC)) as world:
        team = world.as_(Role.LOCAL_TEAM, organisation_id=demo_id("organisation", "demo-local-team"))
        for headers in (world.region(), world.as_(Role.SUPRAREGION), world.gi, team):
            actions = await world.ok(world.http.get("/v1/insight/actions", headers=headers))
            assert {each["light"] for each in actions["items"]} == {"green", "amber", "red"}
            assert len(actions["items"]) == len(ACTIONS) == 3
            targets = await world.ok(world.http.get("/v1/insight/targets", headers=headers))
            assert [each["careTypes"] for each in targets["items"]] == [["jeugdzorgplus"]]
        months = [f"{add_months(today, -back):%Y-%m}" for back in (0, 1)]
        path = "/v1/insight/action-reports/{}?region=JZ03"
        now, before = [await world.ok(world.http.get(path.format(month), headers=world.gi)) for month in months]
        assert (now["provisional"], now["counts"]["overdue"]) == (True, 1)
        assert any(item["changes"] for item in before["items"])
    await database.engine.dispose()


def test_the_callers_are_the_demo_clients() -> None:
    region, supraregion = caller_of("demo-region"), caller_of("demo-supraregion")
    assert (region.role, region.region, region.supraregion) == (Role.REGION, "JZ03", None)
    assert (supraregion.role, supraregion.region, supraregion.supraregion) == (
        Role.SUPRAREGION,
        None,
        "noord-holland",
    )
