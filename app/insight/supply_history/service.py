"""Bringing the figures of supply up to date, day by day, with what was reported and with offers as they are."""

from datetime import date, datetime, timedelta
from typing import Final

from app.domain.dates import add_months, dutch_day, dutch_midnight
from app.insight.history.needs import days_between
from app.insight.history.repository import hold_source
from app.insight.supply_history import repository
from app.insight.supply_sums import repository as sums
from app.kit.database.sessions import WriteSession

_OVERLAP: Final = timedelta(minutes=10)
"""For as long as what came in may yet be committed: each time what is this much older is looked at again."""
_MONTHS_AHEAD: Final = 2
_DAY: Final = timedelta(days=1)


async def bring_up_to_date(session: WriteSession, now: datetime) -> None:
    """Writes each day that is not written, as known at its end, today as known now, and earlier days anew that reports
    changed which came in late.

    Safe to repeat: what is there already stays as it is.
    """
    source = await hold_source(session, "supply")
    after = None if source.brought_up_to is None else min(source.brought_up_to, now) - _OVERLAP
    today, floor = dutch_day(now), None if after is None else dutch_day(after)
    await repository.keep_offers(session, floor, today)
    first = floor or await repository.first_day(session)
    changed = set[date]() if first is None else await _write(session, first, today, after)
    if source.added_up_on is None or source.added_up_on < today:
        changed |= await _changed_by_others(session, source.added_up_on)
        source.added_up_on = today
    await sums.add_up(session, changed)
    source.brought_up_to = now
    source.offers, source.offers_known = await repository.count_offers(session, today)
    await session.flush()


async def _changed_by_others(session: WriteSession, checked_on: date | None) -> set[date]:
    """The months of which a day changed since the day before that one: a worker of an earlier release, which runs
    beside this one while that is rolled out, writes days and adds up nothing."""
    return await sums.list_changed(session, date.min if checked_on is None else checked_on - _DAY)


async def rebuild(session: WriteSession, now: datetime) -> None:
    """Makes all figures anew from the reports and the versions of offers: what comes is what was there."""
    await bring_up_to_date(session, now)
    await repository.forget(session)
    first = await repository.first_day(session)
    if first is not None:
        await sums.add_up(session, await _write(session, first, dutch_day(now), None))


async def _write(session: WriteSession, first: date, today: date, after: datetime | None) -> set[date]:
    """Writes the days from `first` on, and returns the months, by their first days, of which a day changed; `after`:
    from when on reports may have come in that are not taken in yet."""
    await repository.make_partitions(session, list(_months(first, today)))
    seen_until = first if after is None else dutch_day(after + _OVERLAP)
    late_days = await repository.list_late_days(session, dutch_midnight(seen_until + _DAY))
    changed = set[date]()
    for day in days_between(first, today):
        changed |= await repository.write_day(session, day)
        if day == today or (day + _DAY).day == 1:
            await repository.write_month(session, day)
        if day in late_days:
            changed |= await repository.write_late(session, day, dutch_midnight(day))
        elif day <= seen_until:
            changed |= await repository.write_late(session, day, after or dutch_midnight(day))
    return changed


def _months(first: date, today: date) -> list[date]:
    """The months from that of `first` to some after this one, by their first days."""
    start = first.replace(day=1)
    count = (today.year - start.year) * 12 + today.month - start.month + 1 + _MONTHS_AHEAD
    return [add_months(start, number) for number in range(count)]
