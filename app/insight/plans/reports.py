"""The monthly report of the actions of a plan, made from their history: what it said of a past month it says for ever.

The month is a Dutch one: what was changed at 23:30 UTC on the 31st of December is of January.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final, get_args
from uuid import UUID

from app.domain.dates import YearMonth, dutch_day, dutch_midnight
from app.domain.language import Language, Text
from app.insight.keeping import service as keeping
from app.insight.keeping.areas import Area
from app.insight.keeping.changes import changes_between
from app.insight.plans import repository
from app.insight.plans.figure_names import FIGURES
from app.insight.plans.figures import Asked, Moved, moved, whose
from app.insight.plans.report_schemas import (
    ActionCounts,
    ActionReportOut,
    ActionReportQuery,
    LightCounts,
    ReportedActionOut,
    ReportedFigureOut,
    StatusCounts,
)
from app.insight.plans.repository import Standing
from app.insight.plans.states import UNFINISHED, Light, Status
from app.kit.database.sessions import ReadSession
from app.kit.errors import InputError, InvalidInputError, NotFoundError
from app.kit.security.callers import Caller

_THIS: Final = Text(nl="Dit maandbericht", en="This report")
_ONE_AREA: Final = Text(
    nl="Noem een jeugdregio (region) of een bovenregionaal verband (supraregion), en niet beide.",
    en="Name a jeugdregio (region) or a supraregion, and not both.",
)


async def get_report(
    session: ReadSession,
    caller: Caller,
    month: YearMonth,
    query: ActionReportQuery,
    now: datetime,
    language: Language,
) -> ActionReportOut:
    """The report of one plan; `NotFoundError` where the caller may not read it, or the month has yet to begin.

    The figures of the actions are as they were known when the month ended, so that the report stays the same.
    """
    area, today = _area_of(query), dutch_day(now)
    if area not in await keeping.readable_areas(session, caller) or month.first_day > today:
        raise NotFoundError(_THIS)
    last_day = min(month.last_day, today)
    before = await repository.list_standing(session, area, dutch_midnight(month.first_day))
    at_end = await repository.list_standing(session, area, dutch_midnight(month.last_day + timedelta(days=1)))
    asked = _asked(at_end)
    found = await moved(session, caller, area, month.first_day, asked, now)
    figures = {each: _shown(each, found.get(each), language) for each in asked}
    items = _items(before, at_end, last_day, figures)
    return ActionReportOut(
        month=str(month),
        region=area.region,
        supraregion=area.supraregion,
        last_day=last_day,
        provisional=month.last_day >= today,
        figures_of=whose(caller, area),
        counts=_counts([each.state for each in at_end.values()], last_day),
        items=items,
    )


async def count_actions(
    session: ReadSession, caller: Caller, area: Area, month: YearMonth, today: date
) -> ActionCounts | None:
    """The actions of one plan as they stand in a month, counted; None where the caller may not read it."""
    if area not in await keeping.readable_areas(session, caller):
        return None
    standing = await repository.list_standing(session, area, dutch_midnight(month.last_day + timedelta(days=1)))
    return _counts([each.state for each in standing.values()], min(month.last_day, today))


def _area_of(query: ActionReportQuery) -> Area:
    if (query.region is None) == (query.supraregion is None):
        raise InvalidInputError(InputError("#/query/region", "one-area", _ONE_AREA))
    return Area(query.region, query.supraregion)


def _items(
    before: Mapping[UUID, Standing],
    at_end: Mapping[UUID, Standing],
    last_day: date,
    figures: Mapping[Asked, ReportedFigureOut],
) -> list[ReportedActionOut]:
    """The actions that stood at the end of the month or were withdrawn in it, by direction and due day."""
    items = [
        _item(before[action_id].state if action_id in before else None, standing, last_day, figures)
        for action_id, standing in at_end.items()
        if action_id not in before or before[action_id].state["withdrawnAt"] is None
    ]
    return sorted(items, key=_place)


def _asked(standing: Mapping[UUID, Standing]) -> set[Asked]:
    return {Asked(each["name"], each["careType"]) for one in standing.values() for each in one.state["figures"]}


def _shown(asked: Asked, found: Moved | None, language: Language) -> ReportedFigureOut:
    resource, measure = FIGURES[asked.name] if found else (None, None)
    return ReportedFigureOut(
        name=asked.name,
        care_type=asked.care_type,
        title=f"{resource.title.in_(language)}: {measure.title.in_(language)}" if resource and measure else None,
        kind=measure.kind if measure else None,
        definition=measure.definition.in_(language) if measure else None,
        value=found.value if found else None,
        before=found.before if found else None,
    )


def _place(item: ReportedActionOut) -> tuple[int, str, date, UUID]:
    """Where an action stands in the report: directions without a number come last."""
    number = item.direction.number
    return (1_000 if number is None else number, item.direction.title, item.due_on, item.id)


def _item(
    before: Mapping[str, Any] | None,
    standing: Standing,
    last_day: date,
    figures: Mapping[Asked, ReportedFigureOut],
) -> ReportedActionOut:
    state = standing.state
    more = {
        "addedOn": dutch_day(standing.added_at),
        "previousLight": before["light"] if before else None,
        "overdue": _is_overdue(state, last_day),
        "figures": [figures[Asked(each["name"], each["careType"])] for each in state["figures"]],
        "changes": changes_between(before, state) if before else [],
    }
    return ReportedActionOut.model_validate({**state, **more})


def _is_overdue(state: Mapping[str, Any], last_day: date) -> bool:
    is_open = state["status"] in UNFINISHED and state["withdrawnAt"] is None
    return is_open and date.fromisoformat(state["dueOn"]) < last_day


def _counts(states: Iterable[Mapping[str, Any]], last_day: date) -> ActionCounts:
    held = [state for state in states if state["withdrawnAt"] is None]
    lights: dict[str, int] = {each: sum(state["light"] == each for state in held) for each in get_args(Light)}
    statuses: dict[str, int] = {each: sum(state["status"] == each for state in held) for each in get_args(Status)}
    return ActionCounts(
        total=len(held),
        overdue=sum(_is_overdue(state, last_day) for state in held),
        by_light=LightCounts(**lights),
        by_status=StatusCounts(**statuses),
    )
