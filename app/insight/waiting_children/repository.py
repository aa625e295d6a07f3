"""Statements on who waits on a day: counted, and of one institution child by child.

Steps, causes and referrals stand in `details` with their days. On 5 May a step {"from": "2026-05-01", "to":
"2026-05-04"} is over; one with "to": null is open.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, SQLColumnExpression, String, and_, case, cast, func, literal, select
from sqlalchemy.dialects.postgresql import distinct_on

from app.domain.dates import dutch_midnight
from app.dossiers.agreements.steps import STEPS
from app.dossiers.requests.tables import ExplanationRow
from app.insight.answers.definitions import Dimension
from app.insight.answers.questions import Cell, Question
from app.insight.cells.repository import (
    NEED_CODES,
    Condition,
    Counting,
    PeriodColumns,
    confined,
    count_needs,
    is_bridged_on,
    waits_on,
)
from app.insight.history.tables import NeedRow
from app.insight.linked_counts.repository import HELP, REFERRED, is_explained, is_open, items_of, referred_to
from app.insight.waiting_children.definition import STEP_COUNTS
from app.kit.database.sessions import ReadSession

_SEVERAL: Final[frozenset[Dimension]] = frozenset({"care-type", "provider"})
"""What one child may have several codes of, and that a question may be confined to."""


async def gather(session: ReadSession, question: Question) -> Iterable[Cell]:
    """The cells of a question about waiting children."""

    def counting(period: PeriodColumns) -> Counting:
        return _counting(period, question.filters)

    def codes(period: PeriodColumns) -> Mapping[Dimension, SQLColumnExpression[Any]]:
        return _codes(period) | {name: literal(question.filters[name]) for name in _SEVERAL & question.filters.keys()}

    return await count_needs(session, question, counting, codes)


def _among(day: ColumnElement[Any], filters: Mapping[Dimension, str]) -> Condition:
    """Who waits on a day, of what a question is confined to: a care type among the choices, a provider among others."""
    conditions = [waits_on(day)]
    if (care_type := filters.get("care-type")) is not None:
        conditions.append(NeedRow.care_types.contains([care_type]))
    if (provider := filters.get("provider")) is not None:
        items = items_of("referred")
        referred = and_(items.c.value["to"].astext == provider, is_open(items, day))
        conditions.append(select(items.c.value).where(referred).correlate_except(items).exists())
    return and_(*conditions)


def _counting(period: PeriodColumns, filters: Mapping[Dimension, str]) -> Counting:
    day = period.last
    over = NeedRow.help_due < day
    referred, step = referred_to(day), _highest_step(day)
    counts: dict[str, Condition] = {
        "waiting": literal(value=True),
        "withNorm": NeedRow.help_due.is_not(None),
        "overNorm": over,
        "overNormExplained": and_(over, is_explained(day)),
        "bridged": is_bridged_on(day),
    }
    counts |= {name: referred.between(least, most) for name, (least, most) in REFERRED.items()}
    counts |= {name: step == STEPS.index(code) for name, code in STEP_COUNTS.items()}
    return Counting(_among(day, filters), counts)


def _codes(period: PeriodColumns) -> dict[Dimension, SQLColumnExpression[Any]]:
    """The codes of needs; a child stands under each care type that it asks for, provider and cause."""
    day = period.last
    causes, referred = items_of("causes"), items_of("referred")
    return {
        **NEED_CODES,
        "care-type": func.unnest(func.array(_wished())),
        "cause": _unnest(causes, "cause", causes.c.value["on"].astext <= cast(day, String)),
        "provider": _unnest(referred, "to", is_open(referred, day)),
    }


def _wished() -> ColumnElement[Any]:
    """Each care type among the choices, once: two choices may be of one."""
    return select(func.unnest(NeedRow.care_types)).distinct().correlate(NeedRow).scalar_subquery()


def _unnest(items: Any, field: str, condition: Condition) -> ColumnElement[Any]:
    """Each value of a field among the items under this condition, once."""
    found = select(items.c.value[field].astext).distinct().where(condition)
    return func.unnest(func.array(found.correlate_except(items).scalar_subquery()))


def _highest_step(day: ColumnElement[Any]) -> ColumnElement[int]:
    """The number of the highest step that a child is before; NULL where it is before none."""
    items = items_of("steps")
    number = case({step: rank for rank, step in enumerate(STEPS)}, value=items.c.value["step"].astext)
    found = select(func.max(number)).where(is_open(items, day, "to"))
    return found.correlate_except(items).scalar_subquery()


async def list_waiting(session: ReadSession, question: Question) -> Sequence[NeedRow]:
    """The children of a question that wait on the day of its one period, the longest wait first."""
    [period] = question.periods
    day, known_on = literal(period.end(question.today)), question.known_on(period)
    others = {name: code for name, code in question.filters.items() if name not in _SEVERAL}
    statement = (
        select(NeedRow)
        .where(NeedRow.known_from <= known_on, NeedRow.known_to > known_on, _among(day, question.filters))
        .where(*confined(replace(question, filters=others), NeedRow, NEED_CODES))
        .order_by(NeedRow.since, NeedRow.request_id, NeedRow.number)
    )
    return (await session.scalars(statement)).all()


async def list_explanations(session: ReadSession, ids: Sequence[UUID], on: date) -> dict[UUID, str]:
    """What was said last by a day of why help came too late, by request."""
    row = ExplanationRow
    statement = (
        select(row.request_id, row.text)
        .ext(distinct_on(row.request_id))
        .where(row.request_id.in_(ids), row.clock == HELP, row.at < dutch_midnight(on + timedelta(days=1)))
        .order_by(row.request_id, row.id.desc())
    )
    return {found[0]: found[1] for found in await session.execute(statement)}
