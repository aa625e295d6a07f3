"""The actions of plans: a region or supraregion keeps its own, with who, what, when, and how it stands.

Source: the stoplichtmodel of the regional plan of Zuidwest (2021), in which each action of the plan has a direction, an
owner, a result, a due day and a light, and is reported on every month.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from app.domain.language import Text
from app.insight.keeping import service as keeping
from app.insight.keeping.kinds import Kind
from app.insight.keeping.service import Version
from app.insight.plans import repository
from app.insight.plans.schemas import (
    ActionFigureIn,
    ActionFigureOut,
    ActionIn,
    ActionOut,
    ActionPatch,
    ActionQuery,
    DirectionIn,
    DirectionOut,
)
from app.insight.plans.tables import PlanActionRow, PlanActionVersionRow
from app.kit.database.sessions import ReadSession, WriteSession
from app.kit.pages import PageQuery
from app.kit.security.callers import Caller


def action_out(row: PlanActionRow) -> ActionOut:
    """An action's row as it goes over the wire."""
    return ActionOut.model_construct(
        **keeping.kept_fields(row),
        direction=DirectionOut.model_construct(number=row.direction_number, title=row.direction_title),
        title=row.title,
        owner=row.owner,
        result=row.result,
        due_on=row.due_on,
        status=row.status,
        light=row.light,
        word=row.word,
        figures=[ActionFigureOut.model_validate(each) for each in row.figures],
    )


ACTIONS: Final = Kind(PlanActionRow, PlanActionVersionRow, Text(nl="Deze actie", en="This action"), action_out)


async def list_actions(
    session: ReadSession, caller: Caller, query: ActionQuery, key: list[Any] | None
) -> list[PlanActionRow]:
    """The actions that the caller may read, by due day; after `key` (due day, id), and one more than the page."""
    areas = await keeping.readable_areas(session, caller)
    return await repository.list_actions(session, ACTIONS, areas, query, key)


async def get_action(session: ReadSession, caller: Caller, action_id: UUID) -> PlanActionRow:
    """An action that the caller may read, also after it was withdrawn; `NotFoundError` where there is none."""
    return await keeping.get_kept(session, caller, ACTIONS, action_id)


async def add_action(session: WriteSession, caller: Caller, body: ActionIn, now: datetime) -> PlanActionRow:
    """An action of the caller's own plan."""
    values = body.values(exclude={"direction", "figures"})
    return await keeping.add_kept(
        session, caller, ACTIONS, values | _direction(body.direction) | _figures(body.figures), now
    )


async def change_action(
    session: WriteSession, caller: Caller, action_id: UUID, body: ActionPatch, if_match: str | None, now: datetime
) -> PlanActionRow:
    """Changes what the body names of an action of the caller's own plan."""
    values = body.values(exclude_unset=True, exclude={"direction", "figures"})
    values |= _direction(body.direction) | _figures(body.figures)
    return await keeping.change_kept(session, caller, ACTIONS, action_id, values, if_match, now)


async def withdraw_action(
    session: WriteSession, caller: Caller, action_id: UUID, why: str, if_match: str | None, now: datetime
) -> None:
    """Withdraws an action of the caller's own plan: it is kept, and stands in no report of a later month."""
    await keeping.withdraw_kept(session, caller, ACTIONS, action_id, why, if_match, now)


async def list_history(
    session: ReadSession, caller: Caller, action_id: UUID, query: PageQuery, key: list[Any] | None
) -> list[Version]:
    """Who changed what of an action, from the first on; after `key` (version), and one more than the page."""
    return await keeping.list_history(session, caller, ACTIONS, action_id, query, key)


def _direction(direction: DirectionIn | None) -> dict[str, Any]:
    return {f"direction_{name}": value for name, value in direction.values().items()} if direction else {}


def _figures(figures: Sequence[ActionFigureIn] | None) -> dict[str, Any]:
    return {} if figures is None else {"figures": [each.model_dump(mode="json") for each in figures]}
