"""How long a child that asks now would wait by an offer's own reports: ours, beside what its provider states."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

from app.allocation.expected_wait import WEEK, ExpectedWait, Week, expect
from app.domain.dates import dutch_day, dutch_midnight
from app.kit.database.sessions import ReadSession
from app.ranking.rules import STALE_AFTER_DAYS
from app.supply.capacity import history_repository
from app.supply.capacity.schemas import ExpectedWaitOut
from app.supply.offers.repository import get_offer

WEEKS: Final = 52
"""How far back is looked."""


class Waits(NamedTuple):
    """Our estimate, None where the reports say too little; and the days to intake that the provider states."""

    expected: ExpectedWait | None
    stated: int | None


async def expected_wait(session: ReadSession, offer_id: UUID, today: date) -> Waits:
    """How long a child that asks today would wait at an offer; `NotFoundError` where there is no such offer."""
    offer = await get_offer(session, offer_id)
    moments = [dutch_midnight(today + timedelta(1 - WEEK * each)) for each in reversed(range(WEEKS + 1))]
    stood = await history_repository.list_stood(session, offer_id, moments)
    last = stood[-1] if stood else None
    if last is None or not last.accepts_referrals or offer.offer.unit == "hours-per-week":
        return Waits(None, last and last.wait_days_intake)
    unsaid = last.waiting_count is None and last.places_free < 1
    return Waits(None if unsaid else expect(weeks_of(stood, moments)), last.wait_days_intake)


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


def weeks_of(stood: Sequence[Any], moments: Sequence[Any]) -> list[Week]:
    """The last weeks without a gap, such as a week of which no fresh report says how many places are taken."""
    by_moment = {each.moment: each for each in stood}
    found = list[Week]()
    for moment in reversed(moments):
        report = by_moment.get(moment)
        taken = None if report is None else _taken(report)
        if report is None or taken is None or _is_stale(report, moment):
            break
        found.append(Week(int(report.places_free), int(taken), report.waiting_count or 0))
    return found[::-1]


def _taken(report: Any) -> float | None:
    """Places that a child has or was promised, of those that the report tells."""
    if report.places_total is not None:
        return float(report.places_total - report.places_free)
    return None if report.places_occupied is None else float(report.places_occupied + (report.places_reserved or 0))


def _is_stale(report: Any, moment: Any) -> bool:
    return (dutch_day(moment) - dutch_day(report.observed_at)).days > STALE_AFTER_DAYS
