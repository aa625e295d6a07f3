"""Statements on requests; all start from those that the caller may see."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, any_, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from app.domain.language import Text
from app.dossiers.agreements.tables import RegionalAgreementsRow
from app.dossiers.requests.clock_model import Light
from app.dossiers.requests.lights_repository import has_light
from app.dossiers.requests.tables import (
    May,
    RequestRow,
    RequestShareRow,
)
from app.finding.matching.choices import NamedOffer
from app.kit.database.keyset import after
from app.kit.database.sessions import ReadSession, WriteSession
from app.kit.errors import NotFoundError
from app.kit.security.callers import Caller, Role
from app.supply.offers.tables import OfferRow
from app.supply.providers.tables import LocationRow, ProviderRow

WHAT = Text(nl="Deze hulpvraag", en="This request")

Access = Literal["write", "read", "escalate"]
"""What a request is wanted for. Only its own institution or local team writes; what it shares, others read."""


def shared_with(caller: Caller, access: Access = "read") -> Select[UUID]:
    """The ids of the requests of others that the caller may read, or read and escalate.

    Where it was let in because a step asks it, that is for as long as the child waits.
    """
    row, request = RequestShareRow, aliased(RequestRow)
    lets_in = row.may == "escalate" if access == "escalate" else row.may.is_not(None)
    is_asked = and_(row.asked, request.status.in_(["open", "placed"]))
    return (
        select(row.request_id)
        .join(request, request.id == row.request_id)
        .where(row.organisation_id == caller.organisation_id, or_(lets_in, is_asked))
    )


def may(caller: Caller, access: Access) -> ColumnElement[bool]:
    """Whether the caller may do this with a request: with its own everything, with what was shared what that says.

    The ids of what was shared are found first (`array`), so that each half of the condition has its index.
    """
    own = RequestRow.organisation_id == caller.organisation_id
    if access == "write" or caller.role is not Role.LOCAL_TEAM:  # only local teams are let in
        return own
    return or_(own, RequestRow.id == any_(func.array(shared_with(caller, access).scalar_subquery())))


def visible(caller: Caller, access: Access) -> Select[RequestRow]:
    """The requests that the caller may do this with."""
    return select(RequestRow).where(may(caller, access))


async def get_request(
    session: ReadSession | WriteSession,
    caller: Caller,
    request_id: UUID,
    *,
    lock: bool = False,
    access: Access = "write",
) -> RequestRow:
    """The request; `NotFoundError` where there is none that the caller may do this with."""
    statement = visible(caller, access).where(RequestRow.id == request_id).execution_options(populate_existing=True)
    row = await session.scalar(statement.with_for_update() if lock else statement)
    if row is None:
        raise NotFoundError(WHAT)
    return row


async def list_requests(
    session: ReadSession,
    caller: Caller,
    *,
    today: date,
    status: str | None,
    light: Light | None,
    escalated: bool | None,
    limit: int,
    key: list[Any] | None,
    shared: bool | None = None,
) -> list[RequestRow]:
    """At most `limit` requests by the day they were asked, after the one with `key` (requested_on, id)."""
    order = [RequestRow.requested_on, RequestRow.id]
    statement = visible(caller, "write" if shared is False else "read").order_by(*order).limit(limit)
    if shared:
        statement = statement.where(RequestRow.organisation_id != caller.organisation_id)
    if status is not None:
        statement = statement.where(RequestRow.status == status)
    if light is not None:
        agreements = RegionalAgreementsRow.region_code == RequestRow.region_code
        statement = statement.outerjoin(RegionalAgreementsRow, agreements).where(has_light(light, today))
    if escalated is not None:
        has_step = RequestRow.escalated_to.is_not(None)
        statement = statement.where(has_step if escalated else ~has_step)
    if key is not None:
        statement = statement.where(after(order, key))
    return list((await session.scalars(statement)).all())


async def list_over_norm(
    session: ReadSession,
    caller: Caller,
    *,
    today: date,
    region: str | None,
    limit: int,
    key: list[Any] | None,
) -> list[RequestRow]:
    """At most `limit` requests over a norm of the inspectorates, without help, after the one with `key`.

    The longest over it first (norm_red_from, id). An institution or local team sees its own, an expert team all of
    its region.
    """
    own = (
        RequestRow.region_code == caller.region
        if caller.role is Role.REGION
        else RequestRow.organisation_id == caller.organisation_id
    )
    order = [RequestRow.norm_red_from, RequestRow.id]
    waiting = RequestRow.status.in_(["open", "placed"])
    statement = select(RequestRow).where(own, waiting, RequestRow.norm_red_from <= today)
    if region is not None:
        statement = statement.where(RequestRow.region_code == region)
    if key is not None:
        statement = statement.where(after(order, key))
    return list((await session.scalars(statement.order_by(*order).limit(limit))).all())


async def known_offers(session: WriteSession, ids: Collection[UUID]) -> dict[UUID, NamedOffer]:
    """Those of `ids` that are offers, with what a choice of one has to be about."""
    if not ids:
        return {}
    statement = select(OfferRow.id, OfferRow.care_type, OfferRow.provider_id).where(OfferRow.id.in_(ids))
    return {row.id: NamedOffer(row.care_type, row.provider_id) for row in await session.execute(statement)}


async def list_places(session: ReadSession | WriteSession, offer_ids: Collection[UUID]) -> dict[UUID, str]:
    """The municipality of each of these offers that has a location."""
    if not offer_ids:
        return {}
    statement = select(OfferRow.id, LocationRow.municipality_code).join(
        LocationRow, OfferRow.location_id == LocationRow.id
    )
    return {row[0]: row[1] for row in await session.execute(statement.where(OfferRow.id.in_(offer_ids)))}


async def known_providers(session: WriteSession, ids: Collection[UUID]) -> set[UUID]:
    """Those of `ids` that are providers."""
    return set(await session.scalars(select(ProviderRow.id).where(ProviderRow.id.in_(ids)))) if ids else set()


async def add_requests(session: WriteSession, values: Sequence[Mapping[str, Any]]) -> list[RequestRow]:
    """New requests, which all have the same columns; without those whose child reference the organisation has."""
    key = [RequestRow.organisation_id, RequestRow.child_reference]
    statement = insert(RequestRow).on_conflict_do_nothing(index_elements=key).returning(RequestRow)
    return list((await session.scalars(statement, [dict(each) for each in values])).all()) if values else []


async def save(session: WriteSession) -> None:
    """Writes what was changed of rows."""
    await session.flush()


async def list_shared(
    session: ReadSession | WriteSession, caller: Caller, request_ids: Collection[UUID]
) -> dict[UUID, May]:
    """What the caller may do with those of these requests that are shared with it, by request."""
    row = RequestShareRow
    shared = row.request_id.in_(request_ids), row.organisation_id == caller.organisation_id
    rows = await session.scalars(select(row).where(*shared, or_(row.asked, row.may.is_not(None))))
    return {each.request_id: "escalate" if each.asked else each.may or "read" for each in rows}


async def list_siblings(session: ReadSession | WriteSession, rows: Sequence[RequestRow]) -> list[RequestRow]:
    """The open requests of the sibling groups of these requests, themselves included, by id."""
    groups = {(row.organisation_id, row.sibling_group) for row in rows if row.sibling_group is not None}
    if not groups:
        return []
    statement = (
        select(RequestRow)
        .where(
            RequestRow.organisation_id.in_({organisation for organisation, _ in groups}),
            RequestRow.sibling_group.in_({group for _, group in groups}),
            RequestRow.status == "open",
        )
        .order_by(RequestRow.id)
    )
    return list((await session.scalars(statement)).all())
