"""Statements on demand and supply: who waits for what, what is free, and what began and ended."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, func, literal, select, true

from app.insight.answers.definitions import Dimension
from app.insight.answers.questions import JOINT, Cell, Question
from app.insight.cells.repository import (
    NEED_CODES,
    Counting,
    PeriodColumns,
    count_needs,
    count_referrals,
    is_help,
    waits_on,
)
from app.insight.history.tables import KnownReferralRow, NeedRow
from app.insight.supply.definition import AROUND
from app.insight.supply_cells.repository import as_written, sum_standing
from app.kit.database.sessions import ReadSession
from app.reference.lists import reference

_OPEN: Final = "places_open"
_FORM: Final[Dimension] = "care-type"


async def gather(session: ReadSession, question: Question) -> Iterable[Cell]:
    """The cells of a question about demand and supply."""
    asked = await as_written(session, question)
    return [
        *await count_needs(session, question, _waiting),
        *await _wishes(session, question),
        *await sum_standing(session, asked, {"placesOpen": _OPEN}),
        *await _around(session, asked),
        *await count_referrals(session, question, _flows),
    ]


def _waiting(period: PeriodColumns) -> Counting:
    return Counting(waits_on(period.last), {"waiting": literal(value=True)})


async def _wishes(session: ReadSession, question: Question) -> list[Cell]:
    """Each child counts under each care type that it asks for, and so as often in what these add up to."""
    asked = question.filters.get(_FORM)
    by = question.together or (question.by,)
    apart = replace(
        question,
        together=by if _FORM in by else (*by, _FORM),
        filters={name: code for name, code in question.filters.items() if name != _FORM},
    )

    def wishing(period: PeriodColumns) -> Counting:
        named = NeedRow.care_types.contains([asked]) if asked else true()
        return Counting(and_(waits_on(period.last), named), {"wishes": literal(value=True)})

    form = literal(asked) if asked else _named()
    cells = await count_needs(session, apart, wishing, lambda _: {**NEED_CODES, _FORM: form})
    return cells if _FORM in by else [replace(cell, code=cell.code.rpartition(JOINT)[0]) for cell in cells]


def _named() -> ColumnElement[Any]:
    """Each care type among the choices of a need, once: two choices may be of one care type."""
    named = select(func.unnest(NeedRow.care_types)).distinct().correlate(NeedRow)
    return func.unnest(func.array(named.scalar_subquery()))


def _flows(period: PeriodColumns) -> Counting:
    row = KnownReferralRow
    began, ended = period.has(row.started_on), period.has(row.ended_on)
    return Counting(and_(is_help(), began | ended), {"started": began, "ended": ended})


async def _around(session: ReadSession, question: Question) -> list[Cell]:
    """What is free in the other regions of the supraregions of each region that has rows of its own."""
    own, lists = question.scope.regions, reference()
    rows_of_one = question.by == "region" or (question.by == _FORM and own is not None and len(own) == 1)
    if not rows_of_one or question.together or question.scope.provider_id is not None:
        return []
    near = {region: {*lists.regions_around(region)} - {region} for region in own or lists.regions}
    wider = replace(question.scope, regions=frozenset[str]().union(*near.values()))
    found = await sum_standing(session, replace(question, scope=wider), {AROUND: _OPEN})
    return [
        replace(cell, region=region)
        for region, others in near.items()
        for cell in found
        if cell.region in others or not question.is_by_region
    ]
