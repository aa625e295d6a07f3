"""What is told, kept for as long as no figure changes: it takes long to add up, and the same is asked again."""

from collections.abc import Awaitable, Callable, Hashable, Sized
from typing import Any, Final, TypeVar

from cachetools import LRUCache

from app.insight.answers import repository
from app.insight.answers.definitions import Source
from app.insight.answers.questions import Question
from app.kit.database.sessions import ReadSession

_Found = TypeVar("_Found", bound=Sized)

MOST: Final = 40_000
"""Cells and rows that a worker keeps; some kilobyte each."""
_kept: Final[LRUCache[tuple[Hashable, ...], Any]] = LRUCache(MOST, getsizeof=len)


async def kept(
    session: ReadSession,
    what: tuple[Hashable, ...],
    sources: tuple[Source, ...],
    question: Question,
    make: Callable[[], Awaitable[_Found]],
) -> _Found:
    """What `make` comes to, which has a length, or what it came to before for whoever sees the same.

    `what` tells apart what is made of one question, and `sources` what its figures are from. What is settled changes no
    more.
    """
    state: object = question.settled_by or await repository.find_state(session, sources)
    asked = (question.by, question.together, question.known, question.today, question.scope)
    key = (*what, state, *asked, *question.periods, *sorted(question.filters.items()))
    found: _Found | None = _kept.get(key)
    if found is None:
        found = await make()
        if len(found) <= MOST:
            _kept[key] = found
    return found
