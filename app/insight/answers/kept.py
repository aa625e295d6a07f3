"""What is told of the whole country, kept for as long as no figure changes: it takes long to add up, and many ask."""

from collections.abc import Awaitable, Callable, Hashable, Sized
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final, TypeVar
from uuid import UUID

from cachetools import LRUCache

from app.insight.answers import repository
from app.insight.answers.definitions import Source
from app.insight.answers.questions import Question, Scope
from app.kit.database.sessions import ReadSession

_Found = TypeVar("_Found", bound=Sized)

_MOST: Final = 40_000
"""Cells and rows that a worker keeps; some kilobyte each."""
_kept: Final[LRUCache[tuple[Hashable, ...], Any]] = LRUCache(_MOST, getsizeof=len)
_counted: Final[LRUCache[tuple[datetime, date], tuple[int, int]]] = LRUCache(8)


async def kept(
    session: ReadSession,
    what: tuple[Hashable, ...],
    sources: tuple[Source, ...],
    question: Question,
    make: Callable[[], Awaitable[_Found]],
) -> _Found:
    """What `make` comes to, which has a length; where the question is of the whole country, what it came to before.

    `what` tells apart what is made of one question, and `sources` what its figures are from. What is settled changes no
    more.
    """
    if replace(question.scope, sees_small=False) != Scope():
        return await make()
    state: object = question.settled_by or await repository.find_state(session, sources)
    asked = (question.by, question.together, question.known, question.today, question.scope.sees_small)
    key = (*what, state, *asked, *question.periods, *sorted(question.filters.items()))
    found: _Found | None = _kept.get(key)
    if found is None:
        found = await make()
        if len(found) <= _MOST:
            _kept[key] = found
    return found


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
