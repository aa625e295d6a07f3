"""Counting needs, referrals and other rows by period, region and code, as they were known.

A row counts in a period where it was known on the day of which the figures are (`known_on`): of a need with
known_from 1 May and known_to 4 May, in what was known on 3 May and not in what was known on the 4th.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Date,
    FromClause,
    SQLColumnExpression,
    Text,
    and_,
    cast,
    collate,
    column,
    func,
    literal,
    or_,
    select,
)

from app.dossiers.arrangements.tables import ArrangementRow
from app.insight.answers.definitions import Dimension
from app.insight.answers.names import NONE, OUTSIDE
from app.insight.answers.questions import JOINT, Cell, Question
from app.insight.history.tables import KnownEscalationRow, KnownReferralRow, NeedRow
from app.kit.database.sessions import ReadSession

Condition = ColumnElement[bool]
Countable: TypeAlias = type[NeedRow] | type[KnownReferralRow] | type[KnownEscalationRow] | type[ArrangementRow]


@dataclass(frozen=True, slots=True)
class PeriodColumns:
    """The columns of the periods of a question: the first day, that of which standing figures are, and the name."""

    name: ColumnElement[str]
    first: ColumnElement[date]
    last: ColumnElement[date]
    known_on: ColumnElement[date]

    def has(self, day: SQLColumnExpression[Any]) -> Condition:
        """Whether a day is in the period."""
        return day.between(self.first, self.last)


@dataclass(frozen=True, slots=True)
class Counting:
    """What is counted of the rows that `among` leaves: each count under its condition, and days of which a middle is
    taken, each with the condition under which its name is counted."""

    among: Condition
    counts: Mapping[str, Condition]
    samples: Mapping[str, SQLColumnExpression[Any]] = field(default_factory=dict)


NEED_CODES: Mapping[Dimension, SQLColumnExpression[Any]] = {
    "region": NeedRow.region_code,
    "supraregion": NeedRow.region_code,
    "municipality": NeedRow.municipality_code,
    "institution": cast(NeedRow.organisation_id, Text),
    "care-type": NeedRow.care_types[1],
    "kind": func.coalesce(NeedRow.measure_kind, NONE),
}
"""What needs are broken down by; the care type is that of the first choice."""

REFERRAL_CODES: Mapping[Dimension, SQLColumnExpression[Any]] = {
    "region": KnownReferralRow.region_code,
    "supraregion": KnownReferralRow.region_code,
    "municipality": KnownReferralRow.municipality_code,
    "institution": cast(KnownReferralRow.organisation_id, Text),
    "provider": func.coalesce(cast(KnownReferralRow.provider_id, Text), OUTSIDE),
    "care-type": func.coalesce(KnownReferralRow.care_type, OUTSIDE),
    "referrer": KnownReferralRow.referrer,
    "to-region": func.coalesce(KnownReferralRow.offer_region_code, NONE),
    "reason": func.coalesce(KnownReferralRow.decline_reason, NONE),
}
"""What referrals are broken down by; those of help at home, and outside the contracts, go to no region."""


Codes: TypeAlias = Callable[["PeriodColumns"], Mapping[Dimension, SQLColumnExpression[Any]]]
"""The codes of rows by dimension; `region` says whose figures they are."""


async def count_needs(
    session: ReadSession,
    question: Question,
    counting: Callable[[PeriodColumns], Counting],
    codes: Codes = lambda _: NEED_CODES,
) -> list[Cell]:
    """The cells of a question about needs of help."""
    return await count_rows(session, question, NeedRow, counting, codes)


async def count_referrals(
    session: ReadSession,
    question: Question,
    counting: Callable[[PeriodColumns], Counting],
    codes: Codes = lambda _: REFERRAL_CODES,
) -> list[Cell]:
    """The cells of a question about children in referrals."""
    return await count_rows(session, question, KnownReferralRow, counting, codes)


def waits_on(day: ColumnElement[Any]) -> Condition:
    """Whether a child waited for help on a day: asked by then, and neither helped nor closed."""
    return and_(
        NeedRow.since <= day,
        or_(NeedRow.help_on.is_(None), NeedRow.help_on > day),
        or_(NeedRow.closed_on.is_(None), NeedRow.closed_on > day),
    )


def is_bridged_on(day: ColumnElement[Any]) -> Condition:
    """Whether something bridges the wait of a child on a day."""
    return NeedRow.bridged.contains(cast(day, Date))


def is_help() -> Condition:
    """Whether a referral is for help, and the child was not taken out of it: what bridges the wait is no help."""
    return and_(KnownReferralRow.stands_for != "bridging", KnownReferralRow.over_on.is_(None))


def periods_of(question: Question) -> tuple[FromClause, PeriodColumns]:
    """The periods of a question as a table, and its columns.

    They are given as arrays, so that a statement is compiled once, however many periods it is asked for: SQLAlchemy
    compiles one with VALUES anew each time, which takes longer than PostgreSQL takes to answer it.
    """
    periods = question.periods
    names = literal([each.name for each in periods], ARRAY(Text))
    days = (
        [each.first for each in periods],
        [each.end(question.today) for each in periods],
        [question.known_on(each) for each in periods],
    )
    given = func.unnest(names, *(literal(each, ARRAY(Date)) for each in days))
    days_of = [column(name, Date) for name in ("first", "last", "known_on")]
    table = given.table_valued(column("name", Text), *days_of, name="period").render_derived()
    return table, PeriodColumns(table.c.name, table.c.first, table.c.last, table.c.known_on)


async def count_rows(
    session: ReadSession,
    question: Question,
    table: Countable,
    counting: Callable[[PeriodColumns], Counting],
    coded: Codes,
    known: Callable[[PeriodColumns], Condition] | None = None,
) -> list[Cell]:
    """The cells of a question about these rows; `known` says which were known of a period, where the table does not."""
    periods, period = periods_of(question)
    what, codes = counting(period), coded(period)
    keys = _keys(question, period, codes)
    counted = {name: func.count().filter(condition) for name, condition in what.counts.items()}
    sampled = {name: func.array_agg(days).filter(what.counts[name]) for name, days in what.samples.items()}
    statement = (
        select(*keys, *counted.values(), *sampled.values())
        .select_from(periods)
        .join(table, _known(table, period) if known is None else known(period))
        .where(*(_ever_known(table, question) if known is None else ()), what.among, *confined(question, table, codes))
        .group_by(*keys)
    )
    found = (await session.execute(statement)).all()
    apart = question.is_by_region
    return [_cell(row if apart else (row[0], "", *row[1:]), tuple(counted), tuple(sampled)) for row in found]


def _keys(
    question: Question, period: PeriodColumns, codes: Mapping[Dimension, SQLColumnExpression[Any]]
) -> list[SQLColumnExpression[Any]]:
    """What a cell is of: the period, the region where that matters, and the code."""
    keys: list[SQLColumnExpression[Any]] = [period.name, code_of(question, codes)]
    if question.is_by_region:
        keys.insert(1, codes["region"])
    return [collate(each, "C").label(f"key_{number}") for number, each in enumerate(keys)]


def code_of(question: Question, codes: Mapping[Dimension, SQLColumnExpression[Any]]) -> SQLColumnExpression[Any]:
    """The code of a cell: of what figures are broken down by, or of several dimensions together."""
    if not question.together:
        return codes[question.by]
    return func.concat_ws(JOINT, *(func.concat(codes[name]) for name in question.together))


def _known(table: Any, period: PeriodColumns) -> Condition:
    return and_(table.known_from <= period.known_on, table.known_to > period.known_on)


def _ever_known(table: Any, question: Question) -> list[Condition]:
    """What is known of some period; as known now one day, so that PostgreSQL reads other versions once at most."""
    days = [question.known_on(each) for each in question.periods]
    return [table.known_from <= max(days), table.known_to > min(days)] if days else []


def _cell(row: Sequence[Any], counted: Sequence[str], sampled: Sequence[str]) -> Cell:
    period, region, code, *rest = row
    numbers, days = rest[: len(counted)], rest[len(counted) :]
    samples = {name: Counter(each or ()) for name, each in zip(sampled, days, strict=True)}
    return Cell(period, region, code, dict(zip(counted, numbers, strict=True)), samples)


def confined(
    question: Question,
    table: Countable,
    codes: Mapping[Dimension, SQLColumnExpression[Any]],
) -> list[Condition]:
    """The conditions that confine rows to the scope and the filters of a question."""
    scope = question.scope
    conditions = [codes[name] == code for name, code in question.filters.items()]
    if scope.regions is not None:
        conditions.append(codes["region"].in_(scope.regions))
    if scope.organisation_id is not None:
        conditions.append(table.organisation_id == scope.organisation_id)
    if scope.provider_id is not None:
        conditions.append(_of_provider(table, scope.provider_id))
    return conditions


def _of_provider(table: Countable, provider_id: UUID) -> Condition:
    """Rows of a provider: the referrals to it; what is of an institution alone is no provider's."""
    return KnownReferralRow.provider_id == provider_id if table is KnownReferralRow else literal(value=False)
