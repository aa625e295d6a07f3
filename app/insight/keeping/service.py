"""Keeping things of one kind: who writes them, who reads them, and that no change of them is ever lost.

Each change makes a version, which is written whole into the history by the same transaction; the database refuses
changes to the history (migration 0027). What was different is told by comparing a version with the one before it.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from app.domain.language import Text
from app.insight.keeping import repository
from app.insight.keeping.areas import Area, Areas, areas_read_by
from app.insight.keeping.changes import changes_between
from app.insight.keeping.errors import WithdrawnError
from app.insight.keeping.kinds import Kind, Row
from app.insight.keeping.schemas import HistoryEntryOut
from app.insight.keeping.tables import KeptRow, KeptVersionRow
from app.kit.database.sessions import ReadSession, WriteSession
from app.kit.database.upserts import change
from app.kit.errors import ForbiddenError
from app.kit.pages import PageQuery
from app.kit.security.callers import Caller, Role
from app.kit.versions import check_version
from app.reference.lists import reference

Version = tuple[KeptVersionRow, dict[str, Any] | None]
"""A version, and the state before it; None of the first."""


async def readable_areas(session: ReadSession | WriteSession, caller: Caller) -> Areas:
    """The areas whose plans the caller reads.

    An institution or local team reads those of the regions that it works for: whose children it has requests of, that
    are known to contract the institution, or in which a municipality lies that the team's contact names.
    """
    works_for: set[str] = set()
    if caller.role in {Role.GI, Role.LOCAL_TEAM}:
        works_for.update(await repository.list_regions_worked_for(session, caller.organisation_id))
        institution = reference().institutions.get(caller.institution or "")
        works_for.update(institution.regions if institution else ())
    return areas_read_by(caller, works_for)


async def get_kept(session: ReadSession, caller: Caller, kind: Kind[Row], kept_id: UUID) -> Row:
    """One thing, also after it was withdrawn; `NotFoundError` where there is none that the caller may read."""
    return await repository.get_kept(session, kind, await readable_areas(session, caller), kept_id)


async def list_history(
    session: ReadSession, caller: Caller, kind: Kind[Row], kept_id: UUID, query: PageQuery, key: list[Any] | None
) -> list[Version]:
    """The versions of one thing from the first on; after `key` (version), and one more than the page."""
    row = await get_kept(session, caller, kind, kept_id)
    return await repository.list_versions(session, kind, row.id, limit=query.window, key=key)


async def add_kept(
    session: WriteSession, caller: Caller, kind: Kind[Row], values: Mapping[str, Any], now: datetime
) -> Row:
    """Something new of the caller's own area, which is a region or a supraregion."""
    own = Area.of(caller)
    of_area = {"region_code": own.region, "supraregion": own.supraregion, "created_at": now, "updated_at": now}
    row = await repository.add_kept(session, kind, {**values, **of_area})
    await _note(session, caller, kind, row, now)
    return row


async def change_kept(
    session: WriteSession,
    caller: Caller,
    kind: Kind[Row],
    kept_id: UUID,
    values: Mapping[str, Any],
    if_match: str | None,
    now: datetime,
) -> Row:
    """Sets these values of something of the caller's own area; what is the same already makes no version.

    `ForbiddenError` where another keeps it whose plan the caller may only read, `WithdrawnError` after it was
    withdrawn.
    """
    row = await _hold_own(session, caller, kind, kept_id)
    check_version(if_match, row.version)
    if row.withdrawn_at is not None:
        raise WithdrawnError
    if await change(session, row, values, now):
        await _note(session, caller, kind, row, now)
    return row


async def withdraw_kept(
    session: WriteSession, caller: Caller, kind: Kind[Row], kept_id: UUID, why: str, if_match: str | None, now: datetime
) -> None:
    """Withdraws something of the caller's own area; doing it again changes nothing, whatever the version."""
    row = await _hold_own(session, caller, kind, kept_id)
    if row.withdrawn_at is not None:
        return
    check_version(if_match, row.version)
    await change(session, row, {"withdrawn_at": now, "withdrawn_why": why, "withdrawn_by": caller.client_id}, now)
    await _note(session, caller, kind, row, now)


async def _hold_own(session: WriteSession, caller: Caller, kind: Kind[Row], kept_id: UUID) -> Row:
    areas = await readable_areas(session, caller)
    row = await repository.get_kept(session, kind, areas, kept_id, lock=True)
    if Area(row.region_code, row.supraregion) != Area.of(caller):
        keeper = row.region_code or row.supraregion
        raise ForbiddenError(
            Text(
                nl=f"Dit houdt {keeper} zelf bij: een regio of een bovenregionaal verband wijzigt alleen het eigene.",
                en=f"This is kept by {keeper} itself: a region or supraregion changes its own only.",
            )
        )
    return row


async def _note(session: WriteSession, caller: Caller, kind: Kind[Row], row: Row, now: datetime) -> None:
    state = kind.show(row).model_dump(mode="json")
    await repository.add_version(session, kind, row, now, caller.client_id, state)


def kept_fields(row: KeptRow) -> dict[str, Any]:
    """What goes over the wire of a row of any kind."""
    return {
        "id": row.id,
        "region": row.region_code,
        "supraregion": row.supraregion,
        "withdrawn_at": row.withdrawn_at,
        "why": row.withdrawn_why,
    }


def entry_out(version: Version) -> HistoryEntryOut:
    """A version as it goes over the wire."""
    row, before = version
    withdrawn = row.state["withdrawnAt"] is not None
    return HistoryEntryOut.model_construct(
        version=row.version,
        at=row.at,
        client_id=row.client_id,
        what="added" if before is None else "withdrawn" if withdrawn else "changed",
        changes=changes_between(before, row.state),
    )
