"""Everything that is kept of one child: given to its institution whole, and erased whole."""

from datetime import date
from typing import Any, Final
from uuid import UUID

from app.dossiers.erasure import repository
from app.dossiers.erasure.errors import StillOpenError
from app.dossiers.requests.repository import get_request
from app.dossiers.requests.tables import RequestRow
from app.kit.database.sessions import ReadSession, WriteSession
from app.kit.database.trail import trail_of
from app.kit.security.callers import Caller

_AT_ONCE: Final = 50
"""Dossiers that are erased in one turn of the job at most."""


async def export(session: ReadSession, caller: Caller, request_id: UUID) -> tuple[RequestRow, dict[str, list[Any]]]:
    """The caller's request, and everything that is kept of it by what it is kept in; `NotFoundError` for another's."""
    row = await get_request(session, caller, request_id)
    return row, await repository.list_kept(session, await repository.find_ids(session, request_id))


async def erase(session: WriteSession, caller: Caller, request_id: UUID) -> None:
    """Erases a dossier of the caller's; `StillOpenError` where it is not closed.

    The audit log keeps that it was, and who had seen it.
    """
    row = await get_request(session, caller, request_id, lock=True)
    if row.closed_on is None:
        raise StillOpenError
    await _erase(session, request_id)


async def purge(session: WriteSession, before: date) -> int:
    """Erases what was closed before that day, some at a time; how many."""
    closed = await repository.list_closed(session, before, _AT_ONCE)
    for request_id in closed:
        await _erase(session, request_id)
    return len(closed)


async def _erase(session: WriteSession, request_id: UUID) -> None:
    await repository.erase(session, await repository.find_ids(session, request_id))
    session.expunge_all()
    trail_of(session).note(request_id, "D")
