"""Adding up what supply there was by period, region and code, as it was known.

Figures by care type and region come from those of days, and averages from those of all days of a month together. What
is of one provider, and the waits that offers report, are kept of the last day of each month alone. An institution sees
all supply: only figures of children are confined to it.
"""

from collections.abc import Awaitable, Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final, TypeAlias
from uuid import UUID

from cachetools import LRUCache
from sqlalchemy import ColumnElement, Date, Select, Text, and_, cast, func, select, true

from app.domain.dates import add_months, dutch_day
from app.insight.answers.definitions import Dimension, Source
from app.insight.answers.kept import once, source_moment
from app.insight.answers.periods import Period
from app.insight.answers.questions import Cell, Question
from app.insight.cells.repository import Condition, PeriodColumns, code_of, periods_of
from app.insight.supply_history.tables import SupplyDayRow, SupplyMonthRow, SupplyStateRow
from app.insight.supply_sums.tables import SupplySumRow
from app.kit.database.sessions import ReadSession

Row = type[SupplyDayRow] | type[SupplyMonthRow] | type[SupplySumRow]

_Gather: TypeAlias = Callable[[Question], Awaitable[list[Cell]]]

_SUPPLY: Final[tuple[Source, ...]] = ("supply",)
_DAY: Final = timedelta(days=1)
_MOST: Final = 40_000
"""Cells that a worker keeps; some kilobyte each."""
_kept: Final[LRUCache[tuple[Hashable, ...], list[Cell]]] = LRUCache(_MOST, getsizeof=lambda cells: 1 + len(cells))


async def as_written(session: ReadSession, question: Question) -> Question:
    """The question with the last day that is written in place of today, which the job may have yet to come to.

    What is gathered by the others is gathered of this one.
    """
    moment = await source_moment(session, _SUPPLY)
    last = date.min if moment is None else dutch_day(moment)
    begun = [period for period in question.periods if period.first <= last]
    return replace(question, today=min(question.today, last), periods=begun)


async def sum_standing(session: ReadSession, question: Question, columns: Mapping[str, str]) -> list[Cell]:
    """The cells of how supply stood on the last day of each period; `columns` says what each figure adds up."""
    if not question.periods:
        return []
    row = SupplyMonthRow if is_by_provider(question) else SupplyDayRow
    sums = [func.sum(getattr(row, column)) for column in columns.values()]

    async def gather(asked: Question) -> list[Cell]:
        return await _cells(session, asked, _standing(asked, row, *sums), tuple(columns))

    return await shared(session, ("standing", *columns.items()), question, gather)


async def average_days(session: ReadSession, question: Question, columns: Mapping[str, str]) -> list[Cell]:
    """The cells of how supply stood on an average day of each period, from the first day on which there was any offer.

    Empty where the question is of providers, of whom no day but the last of a month is kept.
    """
    if is_by_provider(question) or not question.periods:
        return []

    async def gather(asked: Question) -> list[Cell]:
        return await _cells(session, asked, _averages(asked, columns.values()), tuple(columns))

    return await shared(session, ("average", *columns.items()), question, gather)


def _averages(question: Question, columns: Iterable[str]) -> Select[Any]:
    row = SupplySumRow
    periods, period = periods_of(question)
    first = cast(func.greatest(period.first, select(func.min(SupplyDayRow.day)).scalar_subquery()), Date)
    averages = [func.sum(getattr(row, column)) / (period.last - first + 1) for column in columns]
    keys = _keys(question, row)
    return (
        select(period.name, *keys, *averages)
        .select_from(periods)
        .join(row, and_(row.month.between(period.first, period.last), *_known(row, period)))
        .where(*_confined(question, row), row.month.between(*_span(question)))
        .group_by(period.name, period.first, period.last, *keys)
    )


async def list_waits(session: ReadSession, question: Question, name: str) -> list[Cell]:
    """The cells of the waits, in days, that offers report on the last day of each period: how many, and how often
    each is reported."""
    if not question.periods:
        return []

    async def gather(asked: Question) -> list[Cell]:
        return [
            Cell(*_of(asked, key), {name: sum(counts)}, {name: dict(zip(days, counts, strict=True))})
            for *key, days, counts in await session.execute(_waits(asked))
        ]

    return await shared(session, ("waits", name), question, gather)


def _waits(question: Question) -> Select[Any]:
    row = SupplyMonthRow
    wait = func.unnest(row.waits).table_valued("days", name="wait").render_derived()
    each = _standing(question, row, wait.c.days, func.count().label("often")).join(wait, true()).group_by(wait.c.days)
    counted = each.subquery()
    where = [column for column in counted.c if column.name not in {"days", "often"}]
    often = func.array_agg(counted.c.days), func.array_agg(counted.c.often)
    return select(*where, *often).group_by(*where)


async def shared(session: ReadSession, what: tuple[Hashable, ...], question: Question, gather: _Gather) -> list[Cell]:
    """The cells of a question, of which those of periods that did not change are kept.

    Most months are over, and change when a report comes in late alone. Of supply every institution is told all: what
    one asked for, the next finds. What a provider sees, and what it takes to decide on small counts, is not kept.
    """
    if question.scope.provider_id is not None or question.together:
        return await gather(question)
    states = await once(session, ("months",), lambda: _list_states(session))
    keys = {each: (*what, *_told_apart(question, each, states)) for each in question.periods}
    known = {each.name: _kept[keys[each]] for each in question.periods if keys[each] in _kept}
    missing = [each for each in question.periods if each.name not in known]
    found = {each.name: list[Cell]() for each in missing}
    for cell in await gather(replace(question, periods=missing)) if missing else ():
        found[cell.period].append(cell)
    for each in missing:
        if len(found[each.name]) < _MOST:
            _kept[keys[each]] = found[each.name]
    return [cell for each in question.periods for cell in (known | found)[each.name]]


def _told_apart(question: Question, period: Period, states: Mapping[date, UUID]) -> tuple[Hashable, ...]:
    """What the cells of a period are of: as known now they are what they are for as long as its months are."""
    end, known = period.end(question.today), question.known_on(period) if question.known == "then" else None
    months = [each for each in states if period.first <= add_months(each, 1) - _DAY and each <= end]
    filters = sorted(question.filters.items())
    asked = (question.by, question.scope.regions, *filters, period, end, known)
    return (*asked, *(states[each] for each in sorted(months)))


async def _list_states(session: ReadSession) -> dict[date, UUID]:
    """The state of each month, by its first day."""
    row = SupplyStateRow
    return {found[0]: found[1] for found in await session.execute(select(row.month, row.state))}


def is_by_provider(question: Question) -> bool:
    """Whether a question is of providers apart."""
    named = {question.by, *question.together, *question.filters}
    return "provider" in named or question.scope.provider_id is not None


def _standing(question: Question, row: Row, *sums: ColumnElement[Any]) -> Select[Any]:
    periods, period = periods_of(question)
    keys = _keys(question, row)
    days = {each.end(question.today) for each in question.periods}
    if row is SupplyMonthRow:
        written: Any = SupplyMonthRow.month
        on = written == cast(func.date_trunc("month", period.last), Date)
        asked = written.in_({day.replace(day=1) for day in days})
    else:
        written = SupplyDayRow.day
        on, asked = written == period.last, written.in_(days)
    return (
        select(period.name, *keys, *sums)
        .select_from(periods)
        .join(row, and_(on, *_known(row, period)))
        .where(asked, *_confined(question, row))
        .group_by(period.name, *keys)
    )


def _keys(question: Question, row: Row) -> list[ColumnElement[Any]]:
    """What a cell is of in a period: the region where that matters, and the code."""
    code: Any = code_of(question, _codes(row))
    return [*([row.region_code.label("region")] if question.is_by_region else []), code.label("code")]


def _of(question: Question, key: Sequence[str]) -> tuple[str, str, str]:
    """The period, region and code of a cell."""
    period, *region, code = key
    return period, region[0] if question.is_by_region else "", code


async def _cells(
    session: ReadSession, question: Question, statement: Select[Any], names: tuple[str, ...]
) -> list[Cell]:
    keys = 3 if question.is_by_region else 2
    return [
        Cell(*_of(question, row[:keys]), dict(zip(names, row[keys:], strict=True)))
        for row in await session.execute(statement)
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
