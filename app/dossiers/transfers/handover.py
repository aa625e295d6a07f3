"""What happens to dossiers when another institution takes them over: all that belongs to them goes along.

What hangs on the request itself (its history, choices, explanations, judgements, rankings, escalations, shares of
referrals) goes with it; what names its organisation besides is changed here: requests, referrals, calls and watches.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from app.access.repository import list_names
from app.domain.dates import dutch_day
from app.dossiers.agreements.repository import get_agreements
from app.dossiers.referrals.history import note
from app.dossiers.referrals.sibling_group import Family
from app.dossiers.referrals.states import OPEN
from app.dossiers.referrals.tables import FullReferral
from app.dossiers.requests.clock_model import Clock
from app.dossiers.requests.entries_repository import add_event
from app.dossiers.requests.history import CHILD_REFERENCE
from app.dossiers.requests.tables import RequestRow
from app.dossiers.requests.views import clocks_of
from app.dossiers.shares.service import end_shares_of
from app.dossiers.transfers import repository
from app.dossiers.transfers.errors import not_handed_over, repeated_reference
from app.dossiers.transfers.schemas import AccountedClock, TransferDecisionIn
from app.dossiers.transfers.tables import TransferRequestRow, TransferRow
from app.kit.database.sessions import WriteSession
from app.kit.errors import InvalidInputError
from app.kit.security.callers import Caller, Role


async def hand_over(
    session: WriteSession,
    caller: Caller,
    transfer: TransferRow,
    dossiers: Sequence[TransferRequestRow],
    family: Family,
    body: TransferDecisionIn,
    now: datetime,
) -> None:
    """Makes the dossiers of a transfer the caller's, who receives them; they and the transfer are held.

    The sender's account is written first, of how they stand now. Providers with a referral that is open, or with a
    child in their help, are told whose it is from now on.
    """
    moving = [family.request(each.request_id) for each in dossiers]
    references = _references(transfer, moving, body)
    for dossier in dossiers:
        await _account(session, transfer, dossier, family, now)
    names = await list_names(session, [caller.organisation_id])
    name = caller.institution or names.get(caller.organisation_id)
    groups = _groups(transfer, moving)
    for request in moving:
        await end_shares_of(session, request, caller.organisation_id, caller.client_id, now)
        values = {
            "organisation_id": caller.organisation_id,
            "child_reference": references.get(request.id, request.child_reference),
            "sibling_group": groups.get(request.sibling_group),
            "care_worker": None,
            "team": None,
        }
        await _move(session, caller, request, values, {"institution": (transfer.sender, name)}, now)
    ids = [request.id for request in moving]
    await _move_referrals(session, caller, transfer, family, ids, name, now)
    told = None if caller.role is Role.LOCAL_TEAM else name  # as with a call of its own: its name says where it is
    await repository.move_questions(session, ids, {"organisation_id": caller.organisation_id, "institution": told}, now)
    await repository.move_watches(session, ids, caller.organisation_id, now)


def _references(transfer: TransferRow, moving: Sequence[RequestRow], body: TransferDecisionIn) -> dict[UUID, str]:
    """The receiver's own references by request; `InvalidInputError` for one of a request that does not move."""
    siblings = body.siblings or []
    known = {request.id for request in moving} - {transfer.request_id}
    errors = [
        not_handed_over(f"#/siblings/{number}/requestId")
        for number, each in enumerate(siblings)
        if each.request_id not in known
    ]
    own = [*([body.child_reference] if body.child_reference else []), *(each.child_reference for each in siblings)]
    if len(set(own)) < len(own) or len({each.request_id for each in siblings}) < len(siblings):
        errors.append(repeated_reference())
    if errors:
        raise InvalidInputError(*errors)
    named = {each.request_id: each.child_reference for each in siblings}
    return named | ({transfer.request_id: body.child_reference} if body.child_reference else {})


def _groups(transfer: TransferRow, moving: Sequence[RequestRow]) -> dict[str | None, str]:
    """The new references of the sibling groups of which several children move; whoever moves alone leaves its group.

    The sender's own would mix with the receiver's: `gezin-31` is another family there.
    """
    counted = Counter(request.sibling_group for request in moving if request.sibling_group is not None)
    together = sorted(group for group, count in counted.items() if count > 1)
    return {group: f"{transfer.id}.{number}" for number, group in enumerate(together, start=1)}


async def _account(
    session: WriteSession, transfer: TransferRow, dossier: TransferRequestRow, family: Family, now: datetime
) -> None:
    """Writes what the sender keeps of a dossier: since when it had it, its norms today, and counts of referrals."""
    request = family.request(dossier.request_id)
    received_at = await repository.find_received_at(session, request.id, transfer.sender_id)
    agreements = await get_agreements(session, request.region_code)
    dossier.held_from = received_at or request.created_at
    dossier.clocks = [_accounted(clock) for clock in clocks_of(request, agreements, dutch_day(now))]
    theirs = [full for full in family.shown if any(child.request_id == request.id for child in full.children)]
    dossier.referrals = dict(Counter(full.referral.status for full in theirs))


def _accounted(clock: Clock) -> dict[str, Any]:
    out = AccountedClock.model_construct(
        clock=clock.name,
        norm=clock.norm,
        due_on=clock.due_on,
        done_on=clock.done_on,
        on_time=clock.on_time,
        light=clock.light,
    )
    return out.model_dump(mode="json", by_alias=False)


async def _move(
    session: WriteSession,
    caller: Caller,
    request: RequestRow,
    values: Mapping[str, Any],
    shown: Mapping[str, tuple[str | None, str | None]],
    now: datetime,
) -> None:
    """Makes a request the receiver's; its history says so, with all that the sender called it."""
    names = {
        "child_reference": CHILD_REFERENCE,
        "sibling_group": "siblingGroup",
        "care_worker": "careWorker",
        "team": "team",
    }
    differing = {
        names[column]: (getattr(request, column), value)
        for column, value in values.items()
        if column in names and getattr(request, column) != value
    }
    changes = [{"field": field, "old": old, "new": new} for field, (old, new) in {**shown, **differing}.items()]
    await repository.move_request(session, request, values, now)
    await add_event(session, request.id, now, caller.client_id, "transferred", changes)


async def _move_referrals(
    session: WriteSession,
    caller: Caller,
    transfer: TransferRow,
    family: Family,
    moving: Collection[UUID],
    name: str | None,
    now: datetime,
) -> None:
    """Makes the referrals the receiver's that are for the requests that move.

    What is open or running is where its children are; what is over stays with the request that it was sent from.
    """
    for full in family.shown:
        row = full.referral
        if row.organisation_id != transfer.sender_id:
            continue
        is_running, children = row.status in OPEN or row.status == "started", _children(full)
        moves = all(each in moving for each in children) if is_running else row.request_id in moving
        if is_running and moves != (row.request_id in moving):
            row.request_id = children[0]  # the child that it was sent from was taken out of it
        if not moves:
            continue
        row.organisation_id, row.institution = caller.organisation_id, name
        row.version += 1
        row.updated_at = now
        if is_running:
            details = {"institution": name} if name else {}
            await note(session, caller, row, "transfer", "institution", before=row.status, details=details, now=now)
    await repository.save(session)


def _children(full: FullReferral) -> list[UUID]:
    """The requests of the children that a referral is still for."""
    return [child.request_id for child in full.children if child.is_in]
