"""What the figures that actions should move were in a month, beside the month before."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal, NamedTuple, TypeAlias

from app.domain.dates import add_months
from app.insight.answers.schemas import InsightQuery
from app.insight.answers.service import Answered
from app.insight.arrangements.service import get_arrangements
from app.insight.capacity.service import get_capacity
from app.insight.choices.service import get_choices
from app.insight.declines.service import get_declines
from app.insight.escalations.service import get_escalations
from app.insight.freshness.service import get_freshness
from app.insight.keeping.areas import Area
from app.insight.norms.service import get_norms
from app.insight.plans.figure_names import FIGURES
from app.insight.referrals.service import get_referrals
from app.insight.residential_flow.service import get_residential_flow
from app.insight.supply.service import get_supply
from app.insight.waiting_children.service import get_month_ends as get_waiting_children
from app.insight.waiting_times.service import get_waiting_times
from app.kit.database.sessions import ReadSession
from app.kit.security.callers import Caller, Role

Ask: TypeAlias = Callable[[ReadSession, Caller, InsightQuery, datetime], Awaitable[Answered]]
_ASK: Final[Mapping[str, Ask]] = {
    "waiting-children": get_waiting_children,
    "norms": get_norms,
    "choices": get_choices,
    "supply": get_supply,
    "capacity": get_capacity,
    "waiting-times": get_waiting_times,
    "freshness": get_freshness,
    "referrals": get_referrals,
    "declines": get_declines,
    "residential-flow": get_residential_flow,
    "arrangements": get_arrangements,
    "escalations": get_escalations,
}
Whose = Literal["plan", "own"]


class Asked(NamedTuple):
    """A figure by its name, of one care type or of all."""

    name: str
    care_type: str | None


@dataclass(frozen=True, slots=True)
class Moved:
    """A figure in a month and in the month before; None where nothing is known, or it is too small to be shown."""

    value: float | None
    before: float | None


async def moved(
    session: ReadSession, caller: Caller, area: Area, month: date, asked: Collection[Asked], now: datetime
) -> dict[Asked, Moved]:
    """These figures in the month that begins on that day, as they were known when it ended; see `whose`.

    A resource is asked once for each care type, whatever number of its figures is wanted. Names that are taken no
    more have none.
    """
    known = [each for each in asked if each.name in FIGURES]
    answers = {
        (resource, care_type): await _ask(session, caller, area, month, resource, care_type, now)
        for resource, care_type in sorted(
            {(FIGURES[each.name][0].name, each.care_type) for each in known}, key=lambda pair: (pair[0], pair[1] or "")
        )
    }
    return {each: _moved(answers[FIGURES[each.name][0].name, each.care_type], each.name) for each in known}


def whose(caller: Caller, area: Area) -> Whose:
    """Whose figures a caller sees beside a plan: those of the area, or its own part of them.

    An institution sees those of its own children, and a region those of itself beside the plan of a supraregion.
    """
    is_part = caller.role in {Role.GI, Role.LOCAL_TEAM} or (caller.role is Role.REGION and area.region is None)
    return "own" if is_part else "plan"


async def _ask(
    session: ReadSession, caller: Caller, area: Area, month: date, resource: str, care_type: str | None, now: datetime
) -> Answered:
    region, supraregion = area.region, area.supraregion
    if caller.role is Role.REGION:
        region, supraregion = caller.region, None
    query = InsightQuery.model_construct(
        region=region,
        supraregion=supraregion,
        by="region",
        care_type=care_type,
        first_month=add_months(month, -1),
        last_month=month,
        known="then",
    )
    return await _ASK[resource](session, caller, query, now)


def _moved(answered: Answered, name: str) -> Moved:
    rows = sorted(answered.totals, key=lambda row: row.period.first)
    before, value = (row.figures[FIGURES[name][1].name] for row in rows)
    return Moved(value, before)
