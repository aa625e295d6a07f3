"""Adding up what supply there was by period, region and code, as it was known.

Figures by care type and region come from those of days. What is of one provider, and the waits that offers report, are
kept of the last day of each month alone. An institution sees all supply: only figures of children are confined to it.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Date, Select, Text, and_, cast, func, select, true

from app.domain.dates import dutch_day
from app.insight.answers.definitions import Dimension, Source
from app.insight.answers.questions import Cell, Question
from app.insight.answers.repository import find_source_moment
from app.insight.cells.repository import Condition, PeriodColumns, code_of, periods_of
from app.insight.supply_history.tables import SupplyDayRow, SupplyMonthRow
from app.kit.database.sessions import ReadSession

Row = type[SupplyDayRow] | type[SupplyMonthRow]

_SUPPLY: Final[tuple[Source, ...]] = ("supply",)


async def as_written(session: ReadSession, question: Question) -> Question:
    """The question with the last day that is written in place of today, which the job may have yet to come to.

    What is gathered by the others is gathered of this one.
    """
    moment = await find_source_moment(session, _SUPPLY)
    last = date.min if moment is None else dutch_day(moment)
    begun = [period for period in question.periods if period.first <= last]
    return replace(question, today=min(question.today, last), periods=begun)


async def sum_standing(session: ReadSession, question: Question, columns: Mapping[str, str]) -> list[Cell]:
    """The cells of how supply stood on the last day of each period; `columns` says what each figure adds up."""
    if not question.periods:
        return []
    row = SupplyMonthRow if is_by_provider(question) else SupplyDayRow
    sums = [func.sum(getattr(row, column)) for column in columns.values()]
    return await _cells(session, _standing(question, row, *sums), tuple(columns))


async def average_days(session: ReadSession, question: Question, columns: Mapping[str, str]) -> list[Cell]:
    """The cells of how supply stood on an average day of each period, from the first day on which there was any offer.

    Empty where the question is of providers, of whom no day but the last of a month is kept.
    """
    if is_by_provider(question) or not question.periods:
        return []
    row = SupplyDayRow
    periods, period = periods_of(question)
    first = cast(func.greatest(period.first, select(func.min(row.day)).scalar_subquery()), Date)
    averages = [func.sum(getattr(row, column)) / (period.last - first + 1) for column in columns.values()]
    code: Any = code_of(question, _codes(row)).label("code")
    statement = (
        select(period.name, row.region_code.label("region"), code, *averages)
        .select_from(periods)
        .join(row, and_(row.day.between(period.first, period.last), *_known(row, period)))
        .where(*_confined(question, row), row.day.between(*_span(question)))
        .group_by(period.name, period.first, period.last, row.region_code, code)
    )
    return await _cells(session, statement, tuple(columns))


async def list_waits(session: ReadSession, question: Question, name: str) -> list[Cell]:
    """The cells of the waits, in days, that offers report on the last day of each period: how many, and how often
    each is reported."""
    if not question.periods:
        return []
    row = SupplyMonthRow
    wait = func.unnest(row.waits).table_valued("days", name="wait").render_derived()
    each = _standing(question, row, wait.c.days, func.count().label("often")).join(wait, true()).group_by(wait.c.days)
    counted = each.subquery()
    where = (counted.c.name, counted.c.region, counted.c.code)
    often = func.array_agg(counted.c.days), func.array_agg(counted.c.often)
    statement = select(*where, *often).group_by(*where)
    return [
        Cell(period, region, code, {name: sum(counts)}, {name: dict(zip(days, counts, strict=True))})
        for period, region, code, days, counts in await session.execute(statement)
    ]


def is_by_provider(question: Question) -> bool:
    """Whether a question is of providers apart."""
    named = {question.by, *question.together, *question.filters}
    return "provider" in named or question.scope.provider_id is not None


def _standing(question: Question, row: Row, *sums: ColumnElement[Any]) -> Select[Any]:
    periods, period = periods_of(question)
    code: Any = code_of(question, _codes(row)).label("code")
    days = {each.end(question.today) for each in question.periods}
    if row is SupplyMonthRow:
        kept: Any = SupplyMonthRow.month
        on = kept == cast(func.date_trunc("month", period.last), Date)
        asked = kept.in_({day.replace(day=1) for day in days})
    else:
        kept = SupplyDayRow.day
        on, asked = kept == period.last, kept.in_(days)
    return (
        select(period.name, row.region_code.label("region"), code, *sums)
        .select_from(periods)
        .join(row, and_(on, *_known(row, period)))
        .where(asked, *_confined(question, row))
        .group_by(period.name, row.region_code, code)
    )


async def _cells(session: ReadSession, statement: Select[Any], names: tuple[str, ...]) -> list[Cell]:
    return [
        Cell(period, region, code, dict(zip(names, numbers, strict=True)))
        for period, region, code, *numbers in await session.execute(statement)
    ]


def _codes(row: Row) -> dict[Dimension, Any]:
    codes: dict[Dimension, Any] = {
        "region": row.region_code,
        "supraregion": row.region_code,
        "care-type": row.care_type,
    }
    return codes | ({"provider": cast(SupplyMonthRow.provider_id, Text)} if row is SupplyMonthRow else {})


def _known(row: Row, period: PeriodColumns) -> list[Condition]:
    return [row.known_from <= period.known_on, row.known_to > period.known_on]


def _span(question: Question) -> tuple[date, date]:
    firsts = [period.first for period in question.periods]
    ends = [period.end(question.today) for period in question.periods]
    return min(firsts), max(ends)


def _confined(question: Question, row: Row) -> list[Condition]:
    codes, scope = _codes(row), question.scope
    conditions: list[Condition] = [codes[name] == code for name, code in question.filters.items()]
    if scope.regions is not None:
        conditions.append(row.region_code.in_(scope.regions))
    if scope.provider_id is not None:
        conditions.append(SupplyMonthRow.provider_id == scope.provider_id)
    return conditions
