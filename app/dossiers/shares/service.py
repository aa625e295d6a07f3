"""Sharing a request with a local team, which reads it and never writes, and taking it back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from app.access.repository import list_names, list_of_role
from app.dossiers.requests.entries_repository import add_event
from app.dossiers.requests.repository import get_request, save
from app.dossiers.requests.tables import May, RequestRow, RequestShareRow
from app.dossiers.shares import repository
from app.dossiers.shares.errors import WHAT, not_a_local_team, own_request
from app.dossiers.shares.schemas import ShareOut
from app.kit.database.sessions import ReadSession, WriteSession
from app.kit.database.upserts import change
from app.kit.errors import InvalidInputError, NotFoundError
from app.kit.pages import PageQuery
from app.kit.security.callers import Caller, Role
from app.kit.versions import check_version

_TEAM = "#/path/organisationId"


async def put_share(
    session: WriteSession,
    caller: Caller,
    request_id: UUID,
    organisation_id: UUID,
    may: May,
    if_match: str | None,
    now: datetime,
) -> tuple[RequestRow, RequestShareRow]:
    """Shares a request of the caller's with a local team, or changes what that may do; the request and the share.

    As a milestone, it is based on the version of the request, and makes a new one.
    """
    row = await get_request(session, caller, request_id, lock=True)
    check_version(if_match, row.version, composite=True)
    if organisation_id == row.organisation_id:
        raise InvalidInputError(own_request(_TEAM))
    await _check_team(session, organisation_id, _TEAM)
    share = await repository.hold_share(session, row.id, organisation_id)
    if await _set(session, row, share, {"may": may}, caller.client_id, now):
        await _new_version(session, row, now)
    return row, share


async def end_share(
    session: WriteSession,
    caller: Caller,
    request_id: UUID,
    organisation_id: UUID,
    if_match: str | None,
    now: datetime,
) -> None:
    """Takes a request back: from now on it does not exist for the local team, though a step that asks it is open."""
    row = await get_request(session, caller, request_id, lock=True)
    check_version(if_match, row.version, composite=True)
    shares = await repository.list_shares(session, row.id)
    share = next((each for each in shares if each.organisation_id == organisation_id), None)
    if share is None:
        raise NotFoundError(WHAT)
    await _set(session, row, share, {"may": None, "asked": False}, caller.client_id, now)
    await _new_version(session, row, now)


async def list_teams(session: ReadSession) -> list[tuple[UUID, str]]:
    """The local teams that are registered here, by name: those that a request can be shared with."""
    ids = await list_of_role(session, Role.LOCAL_TEAM)
    return sorted((await list_names(session, ids)).items(), key=lambda team: team[1])


async def find_team(session: WriteSession, caller: Caller, row: RequestRow, named: UUID | None) -> UUID | None:
    """The local team that a step asks: the one that is named, the caller where it is one, the one it is shared with, or
    the one that works for the child's municipality.

    None where nobody is named and there is none, or more than one.
    """
    if named is not None:
        await _check_team(session, named, "#/localTeam")
        return named
    if caller.role is Role.LOCAL_TEAM:
        return caller.organisation_id
    shares = await repository.list_shares(session, row.id)
    found = [each.organisation_id for each in shares] or await repository.list_teams_of(session, row.municipality_code)
    return found[0] if len(found) == 1 else None


async def ask_team(
    session: WriteSession, row: RequestRow, organisation_id: UUID, client_id: str, now: datetime, *, asked: bool
) -> None:
    """Lets a local team into a request, which is held, because a step asks it; or no more, once that has an outcome."""
    share = await repository.hold_share(session, row.id, organisation_id)
    await _set(session, row, share, {"asked": asked}, client_id, now)


async def end_shares_of(
    session: WriteSession, row: RequestRow, receiver_id: UUID, client_id: str, now: datetime
) -> None:
    """Ends what its institution shared of a request, which is held and goes to another: that one shares it anew.

    A team that an open step asks stays in, unless it is the receiver.
    """
    for share in await repository.list_shares(session, row.id):
        stays = share.asked and share.organisation_id != receiver_id
        await _set(session, row, share, {"may": None, "asked": stays}, client_id, now)


async def _check_team(session: WriteSession, organisation_id: UUID, pointer: str) -> None:
    if not await repository.is_local_team(session, organisation_id):
        raise InvalidInputError(not_a_local_team(pointer))


async def _set(
    session: WriteSession,
    row: RequestRow,
    share: RequestShareRow,
    values: dict[str, Any],
    client_id: str,
    now: datetime,
) -> bool:
    """Changes a share; the history of the request says what the team may do then. Whether anything changed."""
    before = _may(share)
    if not await change(session, share, values, now):
        return False
    after = _may(share)
    if before != after:
        what = "share-ended" if after is None else "shared"
        difference = {"field": f"shares.{share.organisation_id}", "old": before, "new": after}
        await add_event(session, row.id, now, client_id, what, [difference])
    return True


def _may(share: RequestShareRow) -> May | None:
    return "escalate" if share.asked else share.may


async def _new_version(session: WriteSession, row: RequestRow, now: datetime) -> None:
    row.version += 1
    row.updated_at = now
    await save(session)


async def list_shares(
    session: ReadSession, caller: Caller, request_id: UUID, query: PageQuery, key: list[Any] | None
) -> list[RequestShareRow]:
    """With whom a request of the caller's is shared now; after `key` (organisation), and one more than the page."""
    await get_request(session, caller, request_id)
    return await repository.list_shares(session, request_id, limit=query.window, key=key)


async def show_shares(session: ReadSession | WriteSession, shares: Sequence[RequestShareRow]) -> dict[UUID, ShareOut]:
    """Shares by organisation as they go over the wire."""
    names = await list_names(session, {each.organisation_id for each in shares})
    return {
        each.organisation_id: ShareOut.model_construct(
            organisation_id=each.organisation_id,
            organisation=names.get(each.organisation_id),
            may=_may(each) or "read",
            asked=each.asked,
        )
        for each in shares
    }
