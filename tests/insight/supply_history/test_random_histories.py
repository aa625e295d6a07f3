"""Random histories of reports, late ones, changed and ended offers: what the job writes day by day, against a count of
the definition, and against what is made anew."""

from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import given, settings

from app.insight.history.tables import LAST_DAY
from app.insight.supply_history.service import rebuild
from app.insight.supply_history.tables import SupplyDayRow, SupplyMonthRow
from app.insight.supply_sums.tables import SupplySumRow
from tests.conftest import SavepointDatabase
from tests.insight.supply_history.oracle import Figures, added_up, all_days, day_of, days_figures, months_figures
from tests.insight.supply_history.story import STARTS, STEPS, UNHURRIED, Story, forgotten
from tests.insight.supply_history.telling import kept


def last_of_months(first: date, today: date) -> list[date]:
    """The days of which months are kept: their last, and today."""
    return [day for day in all_days(first, today) if day == today or (day + timedelta(days=1)).day == 1]


async def check(story: Story) -> None:
    """What is kept is what a count comes to, of every day as known on every other."""
    first, today = day_of(story.first), day_of(story.now)
    for known in all_days(first, today):
        for day in all_days(first, known):
            found = await kept(story.session, SupplyDayRow, day, known)
            assert found == days_figures(story.offers, day, known), (day, known)
        for day in last_of_months(first, known):
            if day == known and known not in last_of_months(first, today):
                continue  # what is known of a month while it runs is replaced
            found = await kept(story.session, SupplyMonthRow, day.replace(day=1), known)
            assert found == months_figures(story.offers, day, known), (day, known)
            month = day.replace(day=1)
            found = await kept(story.session, SupplySumRow, month, known)
            assert found == added_up(story.offers, max(month, first), day, known), (month, known)


@given(start=STARTS, steps=STEPS)
@settings(UNHURRIED, max_examples=25)
async def test_what_is_kept_is_what_a_count_comes_to(
    database: SavepointDatabase, start: datetime, steps: list[Any]
) -> None:
    async with forgotten(database) as session:
        story = Story(session, start)
        await story.tell(steps)
        await check(story)


@given(start=STARTS, steps=STEPS)
@settings(UNHURRIED, max_examples=15)
async def test_what_is_made_anew_is_what_was_written_day_by_day(
    database: SavepointDatabase, start: datetime, steps: list[Any]
) -> None:
    async with forgotten(database) as session:
        story = Story(session, start)
        await story.tell(steps)
        written = await everything(story)
        await rebuild(session, story.now)
        assert await everything(story) == written
        await check(story)


async def everything(story: Story) -> list[dict[tuple[Any, ...], Figures]]:
    days = all_days(day_of(story.first), day_of(story.now))
    written = [await kept(story.session, SupplyDayRow, day, known) for known in days for day in days if day <= known]
    months = sorted({day.replace(day=1) for day in days})
    for row in (SupplyMonthRow, SupplySumRow):
        written += [await kept(story.session, row, month, LAST_DAY - timedelta(1)) for month in months]
    return written
