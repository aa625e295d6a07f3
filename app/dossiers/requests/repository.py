"""Statements on requests; all start from those that the caller may see."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Select, and_, any_, func, literal, or_, select, update
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.orm import aliased

from app.domain.language import Text
from app.dossiers.agreements.tables import RegionalAgreementsRow
from app.dossiers.requests.clock_model import Light
from app.dossiers.requests.lights_repository import has_light, next_deadline
from app.dossiers.requests.tables import (
    ChoiceVersionRow,
    ExplanationRow,
    JudgementRow,
    May,
    ProposalRow,
    ReopeningRow,
    RequestEventRow,
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


NO_DEADLINE: Final = date(9999, 12, 31)
"""Where a request stands among others that has no clock that runs: after them."""


async def list_by_deadline(
    session: ReadSession,
    caller: Caller,
    *,
    today: date,
    statuses: Collection[str],
    lights: Collection[Light],
    text: str | None,
    municipalities: Collection[str],
    limit: int,
    key: list[Any] | None,
) -> list[tuple[RequestRow, date]]:
    """At most `limit` requests by their next deadline, after the one with `key` (that day, requested_on, id).

    Of these statuses and lights, all where none is named. With a `text` those in whose own references it stands (only
    of the caller's own), and those of these municipalities. Each with the day, `NO_DEADLINE` where it has none.
    """
    deadline = func.coalesce(next_deadline(), literal(NO_DEADLINE, Date))
    order = [deadline, RequestRow.requested_on, RequestRow.id]
    agreements = RegionalAgreementsRow.region_code == RequestRow.region_code
    statement = visible(caller, "read").add_columns(deadline).outerjoin(RegionalAgreementsRow, agreements)
    if statuses:
        statement = statement.where(RequestRow.status.in_(statuses))
    if lights:
        statement = statement.where(or_(*(has_light(each, today) for each in lights)))
    if text is not None:
        statement = statement.where(_is_called(caller, text, municipalities))
    if key is not None:
        statement = statement.where(after(order, key))
    found = await session.execute(statement.order_by(*order).limit(limit))
    return [(row[0], row[1]) for row in found]


def _is_called(caller: Caller, text: str, municipalities: Collection[str]) -> ColumnElement[bool]:
    """Whether a text stands in a reference of the caller's own, or the child lives in one of these municipalities."""
    references = (RequestRow.child_reference, RequestRow.care_worker, RequestRow.sibling_group, RequestRow.team)
    own = RequestRow.organisation_id == caller.organisation_id
    return or_(
        and_(own, or_(*(each.icontains(text, autoescape=True) for each in references))),
        RequestRow.municipality_code.in_(municipalities),
    )


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


async def add_event(
    session: WriteSession,
    request_id: UUID,
    at: datetime,
    client_id: str,
    what: str,
    changes: Sequence[Mapping[str, Any]] = (),
) -> None:
    """Adds to the history of a request; `changes` are {field, old, new} in JSON's own types."""
    values = {"request_id": request_id, "at": at, "client_id": client_id, "what": what, "changes": list(changes)}
    await add_events(session, [values])


async def add_events(session: WriteSession, events: Sequence[Mapping[str, Any]]) -> None:
    """Adds to the histories of requests, in this order; each has all columns but the id."""
    if events:
        await session.execute(insert(RequestEventRow), [dict(each) for each in events])


async def list_events(
    session: ReadSession, request_id: UUID, *, limit: int, key: list[Any] | None
) -> list[RequestEventRow]:
    """At most `limit` events of a request in their order, after the one with `key` (id)."""
    statement = select(RequestEventRow).where(RequestEventRow.request_id == request_id)
    if key is not None:
        statement = statement.where(RequestEventRow.id > key[0])
    return list((await session.scalars(statement.order_by(RequestEventRow.id).limit(limit))).all())


async def list_last_events(session: ReadSession, request_id: UUID, *, limit: int) -> list[RequestEventRow]:
    """The last events of a request, at most `limit`, the last first."""
    statement = select(RequestEventRow).where(RequestEventRow.request_id == request_id)
    return list((await session.scalars(statement.order_by(RequestEventRow.id.desc()).limit(limit))).all())


async def add_choice_version(session: WriteSession, row: RequestRow, at: datetime, client_id: str) -> None:
    """Keeps the choices of a request as they are now."""
    await add_choice_versions(session, [row], at, client_id)


async def add_choice_versions(session: WriteSession, rows: Sequence[RequestRow], at: datetime, client_id: str) -> None:
    """Keeps the choices of requests as they are now."""
    versions = [
        {"request_id": row.id, "number": row.choices_version, "choices": row.choices, "stated_at": at} for row in rows
    ]
    if versions:
        await session.execute(insert(ChoiceVersionRow), [each | {"client_id": client_id} for each in versions])


async def list_choice_versions(
    session: ReadSession, request_id: UUID, *, limit: int, key: list[Any] | None
) -> list[ChoiceVersionRow]:
    """At most `limit` versions of the choices from the first, after the one with `key` (number)."""
    statement = select(ChoiceVersionRow).where(ChoiceVersionRow.request_id == request_id)
    if key is not None:
        statement = statement.where(ChoiceVersionRow.number > key[0])
    return list((await session.scalars(statement.order_by(ChoiceVersionRow.number).limit(limit))).all())


async def add_explanations(session: WriteSession, values: Sequence[Mapping[str, Any]]) -> list[ExplanationRow]:
    """New explanations, in this order."""
    statement = insert(ExplanationRow).returning(ExplanationRow, sort_by_parameter_order=True)
    return list((await session.scalars(statement, [dict(each) for each in values])).all())


async def list_explanations(session: ReadSession | WriteSession, request_ids: Collection[UUID]) -> list[ExplanationRow]:
    """The explanations of these requests, oldest first."""
    statement = select(ExplanationRow).where(ExplanationRow.request_id.in_(request_ids)).order_by(ExplanationRow.id)
    return list((await session.scalars(statement)).all())


async def add_reopening(session: WriteSession, values: Mapping[str, Any]) -> None:
    """Adds to the reopenings of a request that is held."""
    row = ReopeningRow
    number = select(func.count() + 1).where(row.request_id == values["request_id"]).scalar_subquery()
    await session.execute(insert(row).values(number=number, **values))


async def list_reopenings(session: ReadSession | WriteSession, request_ids: Collection[UUID]) -> list[ReopeningRow]:
    """The reopenings of these requests, the first first."""
    statement = select(ReopeningRow).where(ReopeningRow.request_id.in_(request_ids))
    return list((await session.scalars(statement.order_by(ReopeningRow.request_id, ReopeningRow.number))).all())


async def add_judgement(session: WriteSession, values: Mapping[str, Any]) -> JudgementRow:
    """A new judgement."""
    statement = insert(JudgementRow).values(values).returning(JudgementRow)
    return (await session.execute(statement)).scalar_one()


async def list_last_judgements(
    session: ReadSession | WriteSession, request_ids: Collection[UUID]
) -> list[JudgementRow]:
    """Of each of these requests the last judgement of each who judged."""
    row = JudgementRow
    statement = (
        select(row)
        .where(row.request_id.in_(request_ids))
        .ext(distinct_on(row.request_id, row.by))
        .order_by(row.request_id, row.by.desc(), row.on.desc(), row.id.desc())
    )
    return list((await session.scalars(statement)).all())


async def list_judgements(
    session: ReadSession, request_id: UUID, *, limit: int, key: list[Any] | None
) -> list[JudgementRow]:
    """At most `limit` judgements of a request by their day, after the one with `key` (on, id)."""
    order = [JudgementRow.on, JudgementRow.id]
    statement = select(JudgementRow).where(JudgementRow.request_id == request_id).order_by(*order).limit(limit)
    if key is not None:
        statement = statement.where(after(order, key))
    return list((await session.scalars(statement)).all())


async def add_proposals(session: WriteSession, values: Sequence[Mapping[str, Any]]) -> None:
    """Proposes characteristics of requests."""
    if values:
        await session.execute(insert(ProposalRow), list(values))


async def list_proposals(session: ReadSession | WriteSession, request_ids: Collection[UUID]) -> list[ProposalRow]:
    """The proposals of these requests that stand, the first first."""
    statement = select(ProposalRow).where(ProposalRow.request_id.in_(request_ids), ProposalRow.gone_at.is_(None))
    return list((await session.scalars(statement.order_by(ProposalRow.id))).all())


async def end_proposals(session: WriteSession, request_id: UUID, code: str, now: datetime, client_id: str) -> bool:
    """Dismisses what is proposed of a request by that code; whether there was anything."""
    row = ProposalRow
    standing = update(row).where(row.request_id == request_id, row.code == code, row.gone_at.is_(None))
    values = {"gone_at": now, "gone_because": "dismissed", "client_id": client_id}
    return bool((await session.scalars(standing.values(values).returning(row.id))).all())


async def end_proposals_of(session: WriteSession, referral_id: UUID, now: datetime) -> None:
    """Takes back what a decline proposed, because it was itself taken back."""
    standing = update(ProposalRow).where(ProposalRow.referral_id == referral_id, ProposalRow.gone_at.is_(None))
    await session.execute(standing.values(gone_at=now, gone_because="decline-taken-back"))


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
