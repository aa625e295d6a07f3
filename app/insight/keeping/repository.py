"""Statements on what is kept; all start from the areas whose plans the caller reads."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, any_, insert, or_, select, union
from sqlalchemy.orm import aliased

from app.dossiers.requests.tables import RequestRow
from app.insight.keeping.areas import Areas
from app.insight.keeping.kinds import Kind, Row
from app.insight.keeping.schemas import KeptQuery
from app.insight.keeping.tables import KeptRow, KeptVersionRow
from app.kit.database.sessions import ReadSession, WriteSession
from app.kit.errors import NotFoundError
from app.notifying.contacts.tables import ContactRow
from app.reference.tables import MunicipalityRow


async def list_regions_worked_for(session: ReadSession | WriteSession, organisation_id: UUID) -> list[str]:
    """The regions of the children that an institution or local team has requests of, and of the municipalities that
    its contact names."""
    of_children = select(RequestRow.region_code).where(RequestRow.organisation_id == organisation_id)
    of_contact = (
        select(MunicipalityRow.region_code)
        .join(ContactRow, MunicipalityRow.code == any_(ContactRow.municipalities))
        .where(ContactRow.organisation_id == organisation_id)
    )
    return list((await session.scalars(union(of_children, of_contact))).all())


def visible(kind: Kind[Row], areas: Areas) -> Select[Row]:
    """What these areas keep, withdrawn or not."""
    row = kind.row
    return select(row).where(
        or_(row.region_code.in_(sorted(areas.regions)), row.supraregion.in_(sorted(areas.supraregions)))
    )


def asked(kind: Kind[Row], areas: Areas, query: KeptQuery) -> Select[Row]:
    """As `visible`, as far as a list of it is asked."""
    row = kind.row
    statement = visible(kind, areas).where(row.withdrawn_at.is_not(None) == query.withdrawn)
    if query.region is not None:
        statement = statement.where(row.region_code == query.region)
    if query.supraregion is not None:
        statement = statement.where(row.supraregion == query.supraregion)
    return statement.limit(query.window)


async def get_kept(
    session: ReadSession | WriteSession, kind: Kind[Row], areas: Areas, kept_id: UUID, *, lock: bool = False
) -> Row:
    """The thing; `NotFoundError` where these areas keep none with this id. `lock` holds it until the transaction
    ends."""
    statement = visible(kind, areas).where(kind.row.id == kept_id).execution_options(populate_existing=True)
    row = await session.scalar(statement.with_for_update() if lock else statement)
    if row is None:
        raise NotFoundError(kind.name)
    return row


async def add_kept(session: WriteSession, kind: Kind[Row], values: Mapping[str, Any]) -> Row:
    """A new thing, with its first version."""
    row = kind.row(**values)
    session.add(row)
    await session.flush()
    return row


async def add_version(
    session: WriteSession, kind: Kind[Row], row: KeptRow, at: datetime, client_id: str, state: Mapping[str, Any]
) -> None:
    """Adds to the history of a thing how it stands now."""
    values = {"kept_id": row.id, "version": row.version, "at": at, "client_id": client_id, "state": dict(state)}
    await session.execute(insert(kind.version).values(values))


async def list_versions(
    session: ReadSession, kind: Kind[Row], kept_id: UUID, *, limit: int, key: list[Any] | None
) -> list[tuple[KeptVersionRow, dict[str, Any] | None]]:
    """At most `limit` versions of a thing from the first on, each with the state before it; after `key` (version)."""
    version, before = kind.version, aliased(kind.version)
    one_before = and_(before.kept_id == version.kept_id, before.version == version.version - 1)
    statement = select(version, before.state).outerjoin(before, one_before).where(version.kept_id == kept_id)
    if key is not None:
        statement = statement.where(version.version > key[0])
    rows = await session.execute(statement.order_by(version.version).limit(limit))
    return [(row[0], row[1]) for row in rows]
