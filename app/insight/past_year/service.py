"""Counts a year of an installation."""

from datetime import date, timedelta
from typing import Final

from app.insight.past_year import repository
from app.insight.past_year.counts import PastYear
from app.kit.database.sessions import ReadSession

_YEAR: Final = timedelta(days=365)


async def past_year(session: ReadSession, today: date, region: str | None) -> PastYear:
    """The 365 days before today, of the children and the offers of one region, or of all.

    It is what insight knows by now of dossiers, and what providers have reported.
    """
    first = today - _YEAR
    declined = await repository.count_declines(session, first, today, region)
    return PastYear(
        first_choices=await repository.count_first_choices(session, first, today, region),
        stays=await repository.sum_stays(session, first, today, region),
        places=await repository.sum_places(session, today, region),
        reporting=tuple(await repository.list_reporting(session, first, today, region)),
        answers=await repository.sum_answers(session, first, today, region),
        not_refused=declined.get(None, 0),
        refused={reason: count for reason, count in declined.items() if reason is not None},
        intakes=await repository.sum_intakes(session, first, today, region),
    )
