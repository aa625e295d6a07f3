"""Settles what may be told of the year before a day that is over, as known then and as known on that day."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

from app.domain.dates import add_months, dutch_day
from app.insight.answers import repository
from app.insight.answers.definitions import Resource
from app.insight.answers.periods import Period, on_day, periods_between
from app.insight.answers.questions import Gather, Known, Question, Scope
from app.insight.answers.settled import to_keep
from app.insight.answers.small_counts import decide, forget
from app.insight.arrangements.definition import ARRANGEMENTS
from app.insight.arrangements.repository import gather as gather_arrangements
from app.insight.choices.definition import CHOICES
from app.insight.choices.repository import gather as gather_choices
from app.insight.declines.definition import DECLINES
from app.insight.declines.repository import gather as gather_declines
from app.insight.escalations.definition import ESCALATIONS
from app.insight.escalations.repository import gather as gather_escalations
from app.insight.norms.definition import NORMS
from app.insight.norms.repository import gather as gather_norms
from app.insight.referrals.definition import REFERRALS
from app.insight.referrals.repository import gather as gather_referrals
from app.insight.residential_flow.definition import RESIDENTIAL_FLOW
from app.insight.residential_flow.repository import gather as gather_residential_flow
from app.insight.supply.definition import SUPPLY
from app.insight.supply.repository import gather as gather_supply
from app.insight.waiting_children.definition import WAITING_CHILDREN
from app.insight.waiting_children.repository import gather as gather_waiting_children
from app.insight.waiting_times.definition import WAITING_TIMES
from app.insight.waiting_times.repository import gather as gather_waiting_times
from app.kit.database.sessions import ReadSession, WriteSession

GATHERED: Final[tuple[tuple[Resource, Gather], ...]] = (
    (WAITING_CHILDREN, gather_waiting_children),
    (NORMS, gather_norms),
    (CHOICES, gather_choices),
    (SUPPLY, gather_supply),
    (WAITING_TIMES, gather_waiting_times),
    (REFERRALS, gather_referrals),
    (DECLINES, gather_declines),
    (RESIDENTIAL_FLOW, gather_residential_flow),
    (ARRANGEMENTS, gather_arrangements),
    (ESCALATIONS, gather_escalations),
)
"""The resources whose figures are of children, with what gathers them."""
_BACK: Final = 12
"""Months before that of the day: as far as an answer goes back where nothing is said, also on the first of a month."""
_KNOWN: Final[tuple[Known, ...]] = ("then", "now")


async def settle(session: WriteSession, now: datetime) -> None:
    """Settles the last day that is over; what is asked of others is decided when it is asked.

    Safe to repeat: of a day that is settled nothing changes any more, since what is put right later is known later.
    """
    day = dutch_day(now) - timedelta(days=1)
    settled = await repository.find_settlement(session)
    if settled is None or settled.on < day:
        rows = []
        for number, (resource, gather) in enumerate(GATHERED):
            rows += await _decisions(session, resource, gather, day)
            if number + 1 not in range(len(GATHERED)) or not _share(resource, GATHERED[number + 1][0]):
                forget()
        await repository.replace_settled(session, rows)


async def _decisions(session: WriteSession, resource: Resource, gather: Gather, day: date) -> list[dict[str, Any]]:
    rows = []
    for known in _KNOWN:
        question = Question(list(_periods(resource, day)), resource.by[0], known, day, Scope())
        decided = await decide(ReadSession(session), resource, gather, question)
        rows += [_row(resource, known, day, period, to_keep(resource, each)) for period, each in decided.items()]
    return rows


def _share(resource: Resource, other: Resource) -> bool:
    """Whether two resources tell of the same children, of whom what was decided then serves for both."""
    return not {each.resource for each in resource.linked}.isdisjoint(each.resource for each in other.linked)


def _periods(resource: Resource, day: date) -> Iterator[Period]:
    """The months up to a day; of who waits on a day, that day and the ends of months."""
    for month in periods_between(add_months(day.replace(day=1), -_BACK), day, "month"):
        yield on_day(month.end(day)) if resource is WAITING_CHILDREN else month


def _row(resource: Resource, known: Known, day: date, period: str, decision: Mapping[str, Any]) -> dict[str, Any]:
    return {"resource": resource.name, "period": period, "known": known, "on": day, "decision": decision}
