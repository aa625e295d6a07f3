"""The cells of questions; those on the whole country are kept for as long as no figure changes."""

from dataclasses import replace
from datetime import date, datetime
from typing import Final
from uuid import UUID

from cachetools import LRUCache

from app.insight.answers import repository
from app.insight.answers.definitions import Resource
from app.insight.answers.questions import Cell, Gather, Question, Scope
from app.kit.database.sessions import ReadSession

_MOST: Final = 20_000
"""Cells that a worker keeps; some kilobyte each."""
_kept: Final[LRUCache[tuple[object, ...], list[Cell]]] = LRUCache(_MOST, getsizeof=len)

_counted: Final[LRUCache[tuple[datetime, date], tuple[int, int]]] = LRUCache(8)


async def gathered(session: ReadSession, resource: Resource, gather: Gather, question: Question) -> list[Cell]:
    """The cells of a question. An institution sees all supply: only figures of children are confined to it."""
    scope = question.scope if "dossiers" in resource.sources else replace(question.scope, organisation_id=None)
    if replace(scope, sees_small=False) != Scope():
        return list(await gather(session, question))
    rest = (question.by, question.known, question.today, *question.periods, *sorted(question.filters.items()))
    state: object = question.settled_by or await repository.find_state(session, resource.sources)
    key = (state, resource.name, *rest)
    cells = _kept.get(key)
    if cells is None:
        cells = list(await gather(session, question))
        if len(cells) <= _MOST:
            _kept[key] = cells
    return cells


async def offers_counted(
    session: ReadSession, provider_id: UUID | None, fresh_since: date, source_at: datetime | None
) -> tuple[int, int]:
    """How many offers are given, and of how many the figures were seen since that day.

    Of the whole country they are counted once for figures that are brought up to `source_at`.
    """
    if provider_id is not None or source_at is None:
        return await repository.count_offers(session, provider_id, fresh_since)
    key = (source_at, fresh_since)
    if key not in _counted:
        _counted[key] = await repository.count_offers(session, None, fresh_since)
    return _counted[key]
