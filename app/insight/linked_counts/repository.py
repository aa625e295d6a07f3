"""Statements that count who waits when a period ends, and whose help began in it."""

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import ColumnElement, String, and_, cast, func, literal, not_, or_, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.sql import column

from app.insight.answers.questions import Cell, Question
from app.insight.cells.repository import (
    Condition,
    Counting,
    PeriodColumns,
    count_needs,
    count_referrals,
    is_bridged_on,
    is_help,
    waits_on,
)
from app.insight.history.tables import KnownReferralRow, NeedRow
from app.kit.database.sessions import ReadSession

WAITING: Final = "waiting"
BRIDGED: Final = "bridged"
UNBRIDGED: Final = "unbridged"
OVER_NORM: Final = "overNorm"
EXPLAINED: Final = "overNormExplained"
STARTED: Final = "started"
REFERRED: Final = {"referredNone": (0, 0), "referredOne": (1, 1), "referredSeveral": (2, 1000)}
"""The figures of how many providers children are referred to: at the least and at the most."""
HELP: Final = "help"
"""The clock of fitting help, of which it is said why it is late."""


async def gather_standing(session: ReadSession, question: Question) -> Iterable[Cell]:
    """The cells of a question about those who wait."""
    return await count_needs(session, question, _standing)


def _standing(period: PeriodColumns) -> Counting:
    day = period.last
    bridged, referred, over = is_bridged_on(day), referred_to(day), NeedRow.help_due < day
    counts: dict[str, Condition] = {
        WAITING: literal(value=True),
        BRIDGED: bridged,
        UNBRIDGED: not_(bridged),
        OVER_NORM: over,
        EXPLAINED: and_(over, is_explained(day)),
    }
    counts |= {name: referred.between(least, most) for name, (least, most) in REFERRED.items()}
    return Counting(waits_on(day), counts)


async def gather_starts(session: ReadSession, question: Question) -> Iterable[Cell]:
    """The cells of a question about those whose help began."""
    return await count_referrals(session, question, _started)


def _started(period: PeriodColumns) -> Counting:
    began = and_(is_help(), period.has(KnownReferralRow.started_on))
    return Counting(began, {STARTED: began})


def referred_to(day: ColumnElement[Any]) -> ColumnElement[int]:
    """To how many providers a child is referred on a day."""
    items = items_of("referred")
    found = select(func.count(items.c.value["to"].astext.distinct())).where(is_open(items, day))
    return found.correlate_except(items).scalar_subquery()


def items_of(name: str) -> Any:
    """The items of a list in `details`."""
    return func.jsonb_array_elements(NeedRow.details[name]).table_valued(column("value", JSONB), name=name)


def is_open(items: Any, day: ColumnElement[Any], end: str = "until") -> Condition:
    """Whether a referral, or a step, was open on a day."""
    text, value = cast(day, String), items.c.value
    return and_(value["from"].astext <= text, or_(value[end].astext.is_(None), value[end].astext > text))


def is_explained(day: ColumnElement[Any]) -> Condition:
    """Whether it was said by a day why help came too late."""
    items = items_of("causes")
    said = and_(items.c.value["clock"].astext == HELP, items.c.value["on"].astext <= cast(day, String))
    return select(items.c.value).where(said).correlate_except(items).exists()
