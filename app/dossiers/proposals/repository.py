"""Statements on proposals: a region and a supraregion come to their own, and to children that are theirs to see."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, or_, select, tuple_, update
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import distinct_on

from app.domain.language import Text
from app.dossiers.escalations.tables import EscalationRow
from app.dossiers.proposals.states import Chosen
from app.dossiers.proposals.tables import ProposalLineRow, RegionalProposalRow
from app.dossiers.referrals.states import OPEN
from app.dossiers.referrals.tables import ReferralChildRow, ReferralRow, Urgency
from app.dossiers.requests.tables import RequestRow
from app.kit.clock import system_clock
from app.kit.database.jobs import Job
from app.kit.database.keyset import after
from app.kit.database.sessions import DirectConnection, ReadSession, WriteSession
from app.kit.errors import NotFoundError
from app.kit.security.callers import Caller, Role
from app.supply.offers.tables import OfferRow
from app.supply.providers.tables import ProviderRow

WHAT: Final = Text(nl="Dit voorstel", en="This proposal")
KEPT: Final = timedelta(days=365)
"""How long a proposal is kept: a year, to account for what was advised."""
_AT_ONCE: Final = 500
UNFINISHED: Final = ("queued", "running")


def own(caller: Caller) -> ColumnElement[bool]:
    """The proposals that the caller's region or supraregion asked for."""
    row = RegionalProposalRow
    return row.region_code == caller.region if caller.role is Role.REGION else row.supraregion == caller.supraregion


def children_of(caller: Caller) -> ColumnElement[bool]:
    """The children that the caller may see: of an expert team its region's, of a supraregion those before its step."""
    if caller.role is Role.REGION:
        return RequestRow.region_code == caller.region
    step = EscalationRow
    return (
        select(step.id)
        .where(step.request_id == RequestRow.id, step.outcome.is_(None))
        .where(step.step == "supraregional-network", step.supraregion == caller.supraregion)
        .exists()
    )


async def list_children(
    session: ReadSession | WriteSession,
    caller: Caller,
    chosen: Chosen,
    today: date,
    ids: Collection[UUID] = (),
) -> list[RequestRow]:
    """The children of the caller's that have neither help nor a promised place, of those that were `chosen`, by id.

    They are read some at a time: whoever asks something else has a turn in between.
    """
    row, found = RequestRow, list[RequestRow]()
    statement = select(row).where(children_of(caller), row.status == "open")
    if chosen == "over-norm":
        statement = statement.where(row.norm_red_from <= today)
    if chosen == "listed":
        statement = statement.where(row.id.in_(ids))
    statement = statement.order_by(row.id).limit(_AT_ONCE)
    while True:
        following = statement.where(row.id > found[-1].id) if found else statement
        page = (await session.scalars(following)).all()
        found += page
        if len(page) < _AT_ONCE:
            return found


async def list_urgencies(session: WriteSession, request_ids: Collection[UUID]) -> dict[UUID, Urgency]:
    """How urgent the last referral of each of these children says that it is, of those that were ever referred."""
    child, referral = ReferralChildRow, ReferralRow
    statement = (
        select(child.request_id, referral.urgency)
        .ext(distinct_on(child.request_id))
        .join(referral, referral.id == child.referral_id)
        .where(child.request_id.in_(request_ids))
        .order_by(child.request_id, referral.sent_at.desc(), referral.id)
    )
    return {row[0]: row[1] for row in await session.execute(statement)}


async def add_proposal(session: WriteSession, values: Mapping[str, Any]) -> RegionalProposalRow:
    """A new proposal."""
    row = RegionalProposalRow(**values)
    session.add(row)
    await session.flush()
    return row


async def count_unfinished(session: WriteSession, caller: Caller) -> int:
    """How many proposals of the caller's are yet to be made."""
    row = RegionalProposalRow
    return await session.scalar(select(func.count()).where(own(caller), row.status.in_(UNFINISHED))) or 0


async def get_proposal(session: ReadSession | WriteSession, caller: Caller, proposal_id: UUID) -> RegionalProposalRow:
    """A proposal of the caller's; `NotFoundError` where it has no such."""
    row = await session.scalar(select(RegionalProposalRow).where(own(caller), RegionalProposalRow.id == proposal_id))
    if row is None:
        raise NotFoundError(WHAT)
    return row


async def find_case_file(session: ReadSession, proposal_id: UUID) -> bytes | None:
    """The case of a proposal, compressed; None where it is not made, or was emptied."""
    return await session.scalar(select(RegionalProposalRow.case_file).where(RegionalProposalRow.id == proposal_id))


async def list_proposals(
    session: ReadSession, caller: Caller, *, limit: int, key: list[Any] | None
) -> list[RegionalProposalRow]:
    """At most `limit` proposals of the caller's, the last asked first, after the one with `key` (asked_at, id)."""
    order = [RegionalProposalRow.asked_at, RegionalProposalRow.id]
    statement = select(RegionalProposalRow).where(own(caller))
    if key is not None:
        statement = statement.where(tuple_(*order) < tuple_(*key))
    return list((await session.scalars(statement.order_by(*(each.desc() for each in order)).limit(limit))).all())


# --- its lines ---


async def list_lines(
    session: ReadSession, proposal_id: UUID, *, limit: int, key: list[Any] | None
) -> list[tuple[ProposalLineRow, RequestRow]]:
    """At most `limit` lines of a proposal by number, each with its child; after the one with `key` (number)."""
    line = ProposalLineRow
    statement = (
        select(line, RequestRow)
        .join(RequestRow, RequestRow.id == line.request_id)
        .where(line.proposal_id == proposal_id, line.number.is_not(None))
        .order_by(line.number)
        .limit(limit)
    )
    if key is not None:
        statement = statement.where(after([line.number], key))
    return [(row[0], row[1]) for row in await session.execute(statement)]


async def list_numbered(session: ReadSession, proposal_id: UUID, numbers: Collection[int]) -> dict[int, UUID]:
    """Which children are called so in the case of a proposal."""
    line = ProposalLineRow
    statement = select(line).where(line.proposal_id == proposal_id, line.number.in_(numbers))
    return {each.number: each.request_id for each in await session.scalars(statement) if each.number is not None}


async def note_children(session: ReadSession, proposal_id: UUID) -> None:
    """Reads every line of a proposal, so that the audit log has that whoever asks saw these children."""
    await session.scalars(select(ProposalLineRow).where(ProposalLineRow.proposal_id == proposal_id))


async def list_listed(session: WriteSession, proposal_id: UUID) -> list[UUID]:
    """The children that a proposal is for."""
    statement = select(ProposalLineRow.request_id).where(ProposalLineRow.proposal_id == proposal_id)
    return list(await session.scalars(statement))


async def put_lines(session: WriteSession, proposal_id: UUID, lines: bytes) -> None:
    """The lines of a proposal, as JSON, in the place of those that it had: two statements, however many children."""
    await session.execute(delete(ProposalLineRow).where(ProposalLineRow.proposal_id == proposal_id))
    await session.execute(_ADD_LINES, {"proposal_id": proposal_id, "lines": lines.decode()})


_ADD_LINES: Final = sql("""
    INSERT INTO proposal_lines (proposal_id, request_id, number, in_crisis, offer_id, choice, starts_on, days_late,
                                rank, reason, helps)
    SELECT CAST(:proposal_id AS uuid), request_id, number, coalesce(in_crisis, false), offer_id, choice, starts_on,
           days_late, rank, reason, helps
    FROM jsonb_to_recordset(CAST(:lines AS jsonb)) AS line (
        request_id uuid, number integer, in_crisis boolean, offer_id uuid, choice smallint, starts_on date,
        days_late integer, rank integer, reason jsonb, helps jsonb)
""")


async def list_referrals(
    session: ReadSession, request_ids: Collection[UUID], since: datetime
) -> list[tuple[UUID, ReferralRow]]:
    """The referrals of these children that were sent since then, or are open still, each with the child; the first
    first."""
    child, referral = ReferralChildRow, ReferralRow
    statement = (
        select(child.request_id, referral)
        .join(referral, referral.id == child.referral_id)
        .where(child.request_id.in_(request_ids), or_(referral.sent_at >= since, referral.status.in_(OPEN)))
        .order_by(referral.sent_at, referral.id)
    )
    return [(row[0], row[1]) for row in await session.execute(statement)]


async def list_offer_names(session: ReadSession, offer_ids: Collection[UUID]) -> dict[UUID, tuple[str, UUID, str]]:
    """What these offers are called, and their providers: the name, the provider's id and its name."""
    if not offer_ids:
        return {}
    offer, provider = OfferRow, ProviderRow
    found = select(offer.id, offer.name, provider.id, provider.name).join(provider, provider.id == offer.provider_id)
    rows = await session.execute(found.where(offer.id.in_(offer_ids)))
    return {row[0]: (row[1], row[2], row[3]) for row in rows}


# --- making it ---


async def list_unfinished(session: WriteSession, limit: int) -> list[UUID]:
    """At most `limit` proposals that are yet to be made, the first asked first."""
    row = RegionalProposalRow
    statement = select(row.id).where(row.status.in_(UNFINISHED)).order_by(row.asked_at, row.id).limit(limit)
    return list(await session.scalars(statement))


async def hold_proposal(session: WriteSession, proposal_id: UUID) -> RegionalProposalRow | None:
    """A proposal that is yet to be made, held until the transaction ends; None where another process makes it.

    Not the row is held but a lock of its name: how far it is, is written in the row meanwhile. PostgreSQL lets go of it
    when the connection is gone, so that what a process that died began is taken over.
    """
    name = func.hashtextextended(f"proposal {proposal_id}", 0)
    if not await session.scalar(select(func.pg_try_advisory_xact_lock(name))):
        return None
    row = RegionalProposalRow
    statement = select(row).where(row.id == proposal_id, row.status.in_(UNFINISHED))
    return await session.scalar(statement.execution_options(populate_existing=True))


async def note_begin(connection: DirectConnection, proposal_id: UUID) -> None:
    """That a proposal is being made, once more."""
    row = RegionalProposalRow
    values = {"status": "running", "attempts": row.attempts + 1, "done": 0}
    await connection.execute(update(row).where(row.id == proposal_id).values(values))


async def note_progress(connection: DirectConnection, proposal_id: UUID, done: int, total: int) -> None:
    """How many children of a proposal are ranked."""
    row = RegionalProposalRow
    await connection.execute(update(row).where(row.id == proposal_id).values(done=done, total=total))


async def finish(session: WriteSession, proposal_id: UUID, values: Mapping[str, Any]) -> None:
    """What came of a proposal."""
    row = RegionalProposalRow
    await session.execute(update(row).where(row.id == proposal_id).values(values))


# --- forgetting it ---


async def prune_proposals(session: WriteSession, now: datetime) -> None:
    """Deletes the proposals that were asked for more than a year ago."""
    row, line = RegionalProposalRow, ProposalLineRow
    old = row.asked_at < now - KEPT
    await session.execute(delete(line).where(line.proposal_id.in_(select(row.id).where(old))))
    await session.execute(delete(row).where(old))


async def _prune(session: WriteSession) -> None:
    await prune_proposals(session, system_clock())


PRUNING = Job("prune-proposals", "53 * * * *", _prune)
