"""The figures of demand and supply, for whoever asks: the list that purchasing asks for, the largest shortage first."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime

from app.insight.answers.schemas import InsightQuery
from app.insight.answers.service import Answered, Row, answer
from app.insight.supply import repository
from app.insight.supply.definition import AROUND, DEMAND, SUPPLY
from app.kit.database.sessions import ReadSession
from app.kit.security.callers import Caller, Role

_SHORTAGE = "shortage"


async def get_supply(session: ReadSession, caller: Caller, query: InsightQuery, now: datetime) -> Answered:
    """What a caller may see of demand and supply; see `answers.scopes` for what is refused.

    A provider sees its own places, and no demand: who waits is nobody's yet.
    """
    answered = await answer(session, caller, SUPPLY, repository.gather, query, now)
    unknown = {*DEMAND, _SHORTAGE} if caller.role is Role.PROVIDER else set[str]()
    several = unknown if answered.region else unknown | {AROUND}
    items = sorted(_without(answered.items, unknown), key=_largest_shortage_first)
    return replace(answered, totals=list(_without(answered.totals, several)), items=items)


def _without(rows: Iterable[Row], names: Collection[str]) -> Iterable[Row]:
    empty = dict.fromkeys(names)
    return (replace(row, figures=row.figures | empty) for row in rows)


def _largest_shortage_first(row: Row) -> tuple[object, ...]:
    return (row.period.first, -(row.figures[_SHORTAGE] or 0), row.code)
