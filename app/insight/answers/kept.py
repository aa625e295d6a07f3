"""What is told, kept for as long as no figure changes: it takes long to add up, and the same is asked again."""

from collections.abc import Awaitable, Callable, Hashable, Sized
from datetime import datetime
from typing import Any, Final, TypeVar

from cachetools import LRUCache

from app.insight.answers import repository
from app.insight.answers.definitions import Source
from app.insight.answers.questions import Question
from app.kit.database.sessions import ReadSession

_Found = TypeVar("_Found", bound=Sized)
_Same = TypeVar("_Same")
_ONCE: Final = "once"
"""Under which a session has what was looked up in it."""

MOST: Final = 40_000
"""Cells and rows that a worker keeps; some kilobyte each."""
_kept: Final[LRUCache[tuple[Hashable, ...], Any]] = LRUCache(MOST, getsizeof=len)


async def once(session: ReadSession, what: Hashable, make: Callable[[], Awaitable[_Same]]) -> _Same:
    """What `make` comes to, looked up once in a session: it sees one snapshot, in which that stays the same.

    An answer asks some of it several times, and the dashboard is made of five answers.
    """
    found = session.info.setdefault(_ONCE, {})
    if what not in found:
        found[what] = await make()
    same: _Same = found[what]
    return same


async def state_of(session: ReadSession, sources: tuple[Source, ...]) -> tuple[object, ...]:
    """What the figures of these sources are made of, told apart; see `find_state`."""
    return await once(session, ("state", *sources), lambda: repository.find_state(session, sources))


async def source_moment(session: ReadSession, sources: tuple[Source, ...]) -> datetime | None:
    """Up to when the tables of insight hold what was recorded in all of these; see `find_source_moment`."""
    return await once(session, ("moment", *sources), lambda: repository.find_source_moment(session, sources))


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
    state: object = question.settled_by or await state_of(session, sources)
    asked = (question.by, question.together, question.known, question.today, question.scope)
    key = (*what, state, *asked, *question.periods, *sorted(question.filters.items()))
    found: _Found | None = _kept.get(key)
    if found is None:
        found = await make()
        if len(found) <= MOST:
            _kept[key] = found
    return found


def forget() -> None:
    """Lets go of all that is kept."""
    _kept.clear()
