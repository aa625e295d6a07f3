"""Statements that count a year: the days from `first` until `end`, which is not in it; of all regions or of one."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    ColumnExpressionArgument,
    Date,
    Select,
    SQLColumnExpression,
    and_,
    func,
    or_,
    select,
)

from app.domain.dates import dutch_midnight
from app.insight.cells.repository import is_help
from app.insight.history.tables import KnownReferralRow, NeedRow
from app.insight.past_year.counts import Days, Places
from app.insight.supply_history.tables import OfferVersionRow
from app.kit.database.sessions import ReadSession
from app.ranking.rules import STALE_AFTER_DAYS
from app.supply.capacity.tables import CapacityReportRow, CurrentCapacityRow

_SECONDS: Final = 86_400


_Known = type[NeedRow] | type[KnownReferralRow] | type[OfferVersionRow]


def _known(row: _Known, end: date, region: str | None) -> ColumnElement[bool]:
    """As it is known on the day after the year, and of that region where one is asked."""
    of_region = [] if region is None else [row.region_code == region]
    return and_(row.known_from <= end, row.known_to > end, *of_region)


async def _counts(session: ReadSession, statement: Select[Any, int]) -> dict[Any, int]:
    return dict(tuple(each) for each in (await session.execute(statement)).all())


async def count_first_choices(session: ReadSession, first: date, end: date, region: str | None) -> Mapping[str, int]:
    """Children who came to need help, for the first time or again, by the care type of their first choice."""
    choice = NeedRow.care_types[1]
    came = select(choice, func.count()).where(_known(NeedRow, end, region), NeedRow.since >= first, NeedRow.since < end)
    return await _counts(session, came.group_by(choice))


async def sum_stays(session: ReadSession, first: date, end: date, region: str | None) -> Mapping[str, Days]:
    """Days of help in the year, and how many stays ended in it, by care type."""
    row = KnownReferralRow
    until = func.least(func.coalesce(row.stayed_until, end), end, type_=Date)
    days: Any = until - func.greatest(row.started_on, first, type_=Date)
    ended = func.count().filter(row.stayed_until < end)
    ran = [is_help(), row.started_on < end, or_(row.stayed_until.is_(None), row.stayed_until >= first)]
    statement = select(row.care_type, ended, func.sum(days)).where(
        _known(row, end, region), row.care_type.is_not(None), *ran
    )
    found = (await session.execute(statement.group_by(row.care_type))).all()
    return {str(code): Days(count, int(total)) for code, count, total in found}


async def sum_answers(session: ReadSession, first: date, end: date, region: str | None) -> Days:
    """Referrals that a provider answered in the year, and the days that it took to its first answer."""
    row = KnownReferralRow
    return await _days(session, row.answered_on - row.sent_on, row.answered_on, first, end, region)


async def sum_intakes(session: ReadSession, first: date, end: date, region: str | None) -> Days:
    """Help that began in the year after a place was promised, and the days in between."""
    row = KnownReferralRow
    return await _days(session, row.started_on - row.accepted_on, row.started_on, first, end, region, is_help())


async def _days(
    session: ReadSession,
    days: SQLColumnExpression[Any],
    on: SQLColumnExpression[Any],
    first: date,
    end: date,
    region: str | None,
    *also: ColumnExpressionArgument[bool],
) -> Days:
    among = [_known(KnownReferralRow, end, region), on >= first, on < end, days.is_not(None), *also]
    count, total = (await session.execute(select(func.count(), func.sum(days)).where(*among))).one()
    return Days(count, total or 0)


async def count_declines(session: ReadSession, first: date, end: date, region: str | None) -> dict[str | None, int]:
    """Referrals that a provider answered in the year: by reason those that it then declined, under None the others."""
    row = KnownReferralRow
    answered = [_known(row, end, region), row.answered_on >= first, row.answered_on < end]
    counted = select(row.decline_reason, func.count()).where(*answered).group_by(row.decline_reason)
    return await _counts(session, counted)


async def sum_places(session: ReadSession, end: date, region: str | None) -> Mapping[str, Places]:
    """The places of offers by care type, of those reports that stand, are not too old, and say how many there are."""
    offer, report = OfferVersionRow, CurrentCapacityRow
    oldest = dutch_midnight(date.fromordinal(end.toordinal() - STALE_AFTER_DAYS))
    total, free = func.sum(report.places_total), func.sum(report.places_free)
    statement = (
        select(offer.care_type, func.count(), total, total - free)
        .join(report, report.offer_id == offer.offer_id)
        .where(_given(end, region), offer.unit != "hours-per-week")
        .where(report.places_total > 0, report.observed_at >= oldest)
        .group_by(offer.care_type)
    )
    found = (await session.execute(statement)).all()
    return {code: Places(offers, float(places or 0), float(taken or 0)) for code, offers, places, taken in found}


async def list_reporting(session: ReadSession, first: date, end: date, region: str | None) -> list[float | None]:
    """Of each offer how many days its provider took from a report to the next on average, counted from its first
    of the year until the end; None where there is none. The most often first, those without one last.
    """
    offer, report = OfferVersionRow, CapacityReportRow
    since = func.extract("epoch", dutch_midnight(end) - func.min(report.observed_at))
    every = since / _SECONDS / func.nullif(func.count(report.id), 0)
    own = and_(
        report.offer_id == offer.offer_id,
        report.counted_at.is_(None),
        report.observed_at >= dutch_midnight(first),
        report.observed_at < dutch_midnight(end),
    )
    statement = select(every).select_from(offer).outerjoin(report, own).where(_given(end, region))
    found = await session.scalars(statement.group_by(offer.offer_id).order_by(every.asc().nulls_last()))
    return [None if each is None else float(each) for each in found.all()]


def _given(end: date, region: str | None) -> ColumnElement[bool]:
    offer = OfferVersionRow
    return and_(_known(offer, end, region), or_(offer.ended_on.is_(None), offer.ended_on > end))
