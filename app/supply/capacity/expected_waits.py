"""How long a child that asks now would wait by an offer's own reports: ours, beside what its provider states."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any, Final, NamedTuple
from uuid import UUID

from app.allocation.expected_wait import LOOKED_BACK, WEEK, ExpectedWait, Week, expect
from app.domain.dates import dutch_day, dutch_midnight
from app.kit.database.sessions import ReadSession, WriteSession
from app.ranking.rules import STALE_AFTER_DAYS
from app.supply.capacity import history_repository
from app.supply.capacity.schemas import ExpectedWaitOut
from app.supply.offers.repository import get_offer

_AT_ONCE: Final = 50
"""Offers whose histories are read together."""


class Waits(NamedTuple):
    """Our estimate, None where the reports say too little; and the days to intake that the provider states."""

    expected: ExpectedWait | None
    stated: int | None


async def expected_wait(session: ReadSession, offer_id: UUID, today: date) -> Waits:
    """How long a child that asks today would wait at an offer; `NotFoundError` where there is no such offer."""
    offer = await get_offer(session, offer_id)
    moments = _moments(today, LOOKED_BACK)
    stood = await history_repository.list_stood(session, [offer_id], moments)
    expected = None if offer.offer.unit == "hours-per-week" else _expected(stood, moments)
    return Waits(expected, stood[-1].wait_days_intake if stood else None)


async def expected_waits(
    session: ReadSession | WriteSession, offer_ids: Sequence[UUID], today: date, places: int = 1
) -> dict[UUID, ExpectedWait]:
    """How long so many children that ask today together would wait at each of these offers, none of which is in hours.

    An offer of which the reports say too little is not in it.
    """
    moments, found = _moments(today, LOOKED_BACK), dict[UUID, ExpectedWait]()
    async for offer_id, stood in _by_offer(session, offer_ids, moments):
        expected = _expected(stood, moments, places)
        if expected is not None:
            found[offer_id] = expected
    return found


async def histories(session: ReadSession, today: date, weeks: int) -> AsyncIterator[list[Week]]:
    """Of each offer that does not count in hours its weeks, so many at most; those after a gap apart."""
    moments = _moments(today, weeks)
    offer_ids = await history_repository.list_counted_offers(session)
    async for _, stood in _by_offer(session, offer_ids, moments):
        for run in runs_of(stood, moments):
            yield run


async def _by_offer(
    session: ReadSession | WriteSession, offer_ids: Sequence[UUID], moments: Sequence[datetime]
) -> AsyncIterator[tuple[UUID, list[Any]]]:
    """The reports that stood at these moments, of one offer after another, each of which leaves others their turn:
    thousands of offers take seconds."""
    for first in range(0, len(offer_ids), _AT_ONCE):
        stood = await history_repository.list_stood(session, offer_ids[first : first + _AT_ONCE], moments)
        for offer_id, rows in groupby(stood, key=attrgetter("offer_id")):
            yield offer_id, list(rows)
            await asyncio.sleep(0)


def _moments(today: date, weeks: int) -> list[datetime]:
    """The end of today, and of the same day in each of so many weeks before; the oldest first."""
    return [dutch_midnight(today + timedelta(1 - WEEK * each)) for each in reversed(range(weeks + 1))]


def _expected(stood: Sequence[Any], moments: Sequence[datetime], places: int = 1) -> ExpectedWait | None:
    """The wait by the reports of an offer; None where they say too little, or the last that it takes no referrals."""
    if not stood or not stood[-1].accepts_referrals:
        return None
    if stood[-1].waiting_count is None and stood[-1].places_free < places:
        return None
    return expect(weeks_of(stood, moments), places)


def expected_wait_out(waits: Waits) -> ExpectedWaitOut:
    """The estimate as it goes over the wire."""
    found = waits.expected
    return ExpectedWaitOut(
        days=found and found.days,
        soonest=found and found.soonest,
        latest=found and found.latest,
        ahead=found and found.ahead,
        places_freed=found and found.freed,
        weeks=found and found.weeks,
        stated_days=waits.stated,
    )


def weeks_of(stood: Sequence[Any], moments: Sequence[datetime]) -> list[Week]:
    """The last weeks without a gap, such as a week of which no fresh report says how many places are taken."""
    return runs_of(stood, moments)[-1]


def runs_of(stood: Sequence[Any], moments: Sequence[datetime]) -> list[list[Week]]:
    """All weeks, parted where there is a gap; the last part is empty where the last week is one."""
    by_moment = {each.moment: each for each in stood}
    runs = [list[Week]()]
    for moment in moments:
        week = _week(by_moment.get(moment))
        if week is not None:
            runs[-1].append(week)
        elif runs[-1]:
            runs.append([])
    return runs


def _week(report: Any) -> Week | None:
    """What stood by the report, None where that is unknown or stale."""
    taken = None if report is None else _taken(report)
    if taken is None:
        return None
    ended = dutch_day(report.moment) - timedelta(1)
    age = (ended - dutch_day(report.observed_at)).days
    if age > STALE_AFTER_DAYS:
        return None
    stated = None if report.wait_days_intake is None else max(report.wait_days_intake - age, 0)
    return Week(int(report.places_free), int(taken), report.waiting_count or 0, stated)


def _taken(report: Any) -> float | None:
    """Places that a child has or was promised, of those that the report tells."""
    if report.places_total is not None:
        return float(report.places_total - report.places_free)
    return None if report.places_occupied is None else float(report.places_occupied + (report.places_reserved or 0))
