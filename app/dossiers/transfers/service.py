"""Handing dossiers over: one institution or local team proposes, the other decides; until then nothing moves."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from app.access.repository import list_names
from app.domain.language import Text
from app.dossiers.referrals.family_repository import lock_family
from app.dossiers.referrals.sibling_group import Family, hold_request
from app.dossiers.referrals.states import OPEN
from app.dossiers.requests.entries_repository import add_event
from app.dossiers.transfers import repository
from app.dossiers.transfers.errors import (
    SiblingsTogetherError,
    TransferDecidedError,
    not_a_sibling,
    not_an_institution,
    own_institution,
)
from app.dossiers.transfers.events import tell
from app.dossiers.transfers.handover import hand_over
from app.dossiers.transfers.schemas import TransferDecisionIn, TransferIn
from app.dossiers.transfers.states import BECOMES, TransferDecision, TransferStatus
from app.dossiers.transfers.tables import TransferRow
from app.kit.database.sessions import WriteSession
from app.kit.errors import ForbiddenError, InvalidInputError
from app.kit.security.callers import Caller
from app.kit.versions import check_version


async def propose(
    session: WriteSession, caller: Caller, request_id: UUID, body: TransferIn, now: datetime
) -> TransferRow:
    """Proposes to hand a request over, with those of siblings that `with` names; a closed one too: it is a dossier.

    `SiblingsTogetherError` where a sibling that is not named shares an open referral or a stay with one that is,
    `TransferOpenError` where one of them is in an open transfer.
    """
    family = await hold_request(session, caller, request_id)
    receiver = await repository.find_institution(session, body.institution)
    own = {each.id for each in family.requests if each.organisation_id == caller.organisation_id}
    errors = [not_a_sibling(f"#/with/{number}") for number, each in enumerate(body.with_) if each not in own]
    if body.institution == caller.organisation_id:
        errors.append(own_institution())
    elif receiver is None:
        errors.append(not_an_institution())
    if errors or receiver is None:
        raise InvalidInputError(*errors)
    moving = [request_id, *(each for each in body.with_ if each != request_id)]
    check_together(family, moving)
    names = await list_names(session, [caller.organisation_id])
    values = {
        "request_id": request_id,
        "sender_id": caller.organisation_id,
        "sender": caller.institution or names.get(caller.organisation_id),
        "receiver_id": receiver.id,
        "receiver": receiver.institution or receiver.name,
        "why": body.why,
        "proposed_at": now,
        "client_id": caller.client_id,
        "status": "open",
        "created_at": now,
        "updated_at": now,
    }
    row = await repository.add_transfer(session, values, moving)
    await _note(session, caller, row, moving, None, now)
    await tell(session, row, row.receiver_id, now)
    return row


def check_together(family: Family, moving: Collection[UUID]) -> None:
    """`SiblingsTogetherError` where a request that stays shares an open referral or a stay with one that moves."""
    shared = [
        {child.request_id for child in family.children_of(row)}
        for row in family.referrals
        if row.status in OPEN or row.status == "started"
    ]
    together, size = set(moving), 0
    while size < len(together):
        size = len(together)
        together.update(*(each for each in shared if each & together))
    left = sorted(together.difference(moving))
    if left:
        raise SiblingsTogetherError(left)


async def decide(
    session: WriteSession,
    caller: Caller,
    transfer_id: UUID,
    body: TransferDecisionIn,
    if_match: str | None,
    now: datetime,
) -> TransferRow:
    """Accepts, declines or withdraws a transfer; with an acceptance all of the dossiers goes over.

    `TransferDecidedError` where the other side was first, `OwnReferenceNeededError` where the receiver has a request
    with a reference that comes with it.
    """
    row = await repository.get_transfer(session, caller, transfer_id)
    _check_side(caller, row, body.decision)
    moving = [each.request_id for each in await repository.list_dossiers(session, [transfer_id])]
    family = await Family.of(session, await lock_family(session, *moving))  # first, as whoever changes a request does
    row = await repository.get_transfer(session, caller, transfer_id, lock=True)
    check_version(if_match, row.version, required=False, composite=True)
    if row.status != "open":
        raise TransferDecidedError(row.status)
    dossiers = await repository.list_dossiers(session, [transfer_id])
    if body.decision == "accept":
        check_together(family, moving)
        await hand_over(session, caller, row, dossiers, family, body, now)
    for dossier in dossiers:
        dossier.is_open = False
    row.status, row.decided_at, row.decided_by = BECOMES[body.decision], now, caller.client_id
    row.decided_because, row.updated_at = body.why, now
    row.version += 1
    await repository.save(session)
    await _note(session, caller, row, moving, "open", now)
    await tell(session, row, row.receiver_id if body.decision == "withdraw" else row.sender_id, now)
    return row


def _check_side(caller: Caller, row: TransferRow, decision: TransferDecision) -> None:
    """`ForbiddenError` where a decision is the other side's."""
    side = row.sender_id if decision == "withdraw" else row.receiver_id
    if side != caller.organisation_id:
        text = Text(
            nl="Dit besluit is aan de andere kant: wie overdraagt, trekt in; wie ontvangt, neemt aan of weigert.",
            en="This decision is the other side's: the sender withdraws, the receiver accepts or declines.",
        )
        raise ForbiddenError(text)


async def _note(
    session: WriteSession,
    caller: Caller,
    row: TransferRow,
    request_ids: Collection[UUID],
    before: TransferStatus | None,
    now: datetime,
) -> None:
    """Writes in the histories of the requests what became of a transfer."""
    change = {"field": f"transfers.{row.id}", "old": before, "new": row.status}
    for request_id in request_ids:
        await add_event(session, request_id, now, caller.client_id, f"transfer-{row.status}", [change])
