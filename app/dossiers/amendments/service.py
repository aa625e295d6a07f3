"""Widening and narrowing referrals: an institution asks that a sibling joins, a provider that a child is left out.

What an institution can do alone (`withdraw` and `end` with `only`) has no second way here.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from app.domain.language import Text
from app.dossiers.amendments import repository
from app.dossiers.amendments.errors import (
    AmendmentDecidedError,
    AmendmentOpenError,
    AmendmentOutdatedError,
    NotAmendableError,
    cannot_join,
    no_change,
    not_of_referral,
    only_of_institution,
    withdraw_instead,
)
from app.dossiers.amendments.schemas import AmendmentDecisionIn, AmendmentIn
from app.dossiers.amendments.states import BECOMES, AmendmentDecision
from app.dossiers.amendments.tables import AmendmentRow
from app.dossiers.referrals.child_ids import child_id
from app.dossiers.referrals.comply_or_explain import check_sending, keep
from app.dossiers.referrals.decisions import side_of
from app.dossiers.referrals.history import MOMENT, Step, note, take
from app.dossiers.referrals.repository import add_children
from app.dossiers.referrals.service import choice_of
from app.dossiers.referrals.sibling_group import Family, hold_family
from app.dossiers.referrals.states import OPEN
from app.dossiers.referrals.tables import ReferralRow
from app.finding.catalogue.catalogue import Catalogue
from app.kit.database.sessions import WriteSession
from app.kit.errors import ForbiddenError, InputError, InvalidInputError
from app.kit.security.callers import Caller


async def propose(
    session: WriteSession, catalogue: Catalogue, caller: Caller, referral_id: UUID, body: AmendmentIn, now: datetime
) -> AmendmentRow:
    """Proposes for whom a referral is to be; it is so when the other side agrees.

    `NotAmendableError` where help has started from it or it is over, `AmendmentOpenError` where one is open,
    `OfferExcludedError` where the match would leave the offer out for who joins, and the body does not say why all the
    same.
    """
    family = await hold_family(session, caller, referral_id)
    row, side = family.referral(referral_id), side_of(caller)
    _check_amendable(row)
    current = [child.request_id for child in family.children_of(row)]
    if side == "institution":
        adds, removes = _widening(family, row, current, body.children), []
        await _check_joining(session, catalogue, family, row, adds, body, now)
    else:
        if body.despite:
            raise InvalidInputError(only_of_institution())
        adds, removes = [], _narrowing(row, current, body.children)
    standing = await repository.find_open(session, referral_id)
    if standing is not None:
        raise AmendmentOpenError(standing)
    values = {
        "referral_id": referral_id,
        "proposed_by": side,
        "adds": adds,
        "removes": removes,
        "why": body.why,
        "proposed_at": now,
        "client_id": caller.client_id,
        "status": "open",
    }
    amendment = await repository.add_amendment(session, values)
    await keep(session, caller, row, body.despite, side, now)
    details = _details(amendment)
    await note(session, caller, row, "amend", side, before=row.status, details=details, now=now)
    return amendment


def _check_amendable(row: ReferralRow) -> None:
    if row.status not in OPEN or row.provider_id is None:
        raise NotAmendableError(row.status)


def _widening(family: Family, row: ReferralRow, current: Sequence[UUID], asked: Sequence[UUID]) -> list[UUID]:
    """Who joins; `InvalidInputError` for whoever cannot, and where the institution leaves a child out."""
    adds = [each for each in asked if each not in current]
    errors: list[InputError] = [
        cannot_join(f"#/children/{asked.index(each)}") for each in adds if not _can_join(family, row, each)
    ]
    if not set(current) <= set(asked):
        errors.append(withdraw_instead())
    elif not adds:
        errors.append(no_change())
    if errors:
        raise InvalidInputError(*errors)
    return adds


async def _check_joining(
    session: WriteSession,
    catalogue: Catalogue,
    family: Family,
    row: ReferralRow,
    adds: Sequence[UUID],
    body: AmendmentIn,
    now: datetime,
) -> None:
    """As where a referral is sent; what was explained for it already counts."""
    full = family.full(row.id)
    if full.offer is None:
        return
    is_choice = row.stands_for == "choice"
    joining = [family.request(each) for each in adds]
    chosen = [(each, choice_of(each, full.offer) if is_choice else None) for each in joining]
    said = [each.reason for each in full.despite]
    await check_sending(session, catalogue, full.offer, chosen, row.places + len(adds), body.despite, now, said=said)


def _narrowing(row: ReferralRow, current: Sequence[UUID], asked: Sequence[UUID]) -> list[UUID]:
    """Who is taken out; the provider names those who stay by their ids in the referral."""
    known = {child_id(row.id, each): each for each in current}
    errors = [not_of_referral(f"#/children/{number}") for number, each in enumerate(asked) if each not in known]
    removes = [request_id for own_id, request_id in known.items() if own_id not in asked]
    if not errors and not removes:
        errors.append(no_change())
    if errors:
        raise InvalidInputError(*errors)
    return removes


def _can_join(family: Family, row: ReferralRow, request_id: UUID) -> bool:
    """Whether a request is of the same siblings, waits for help, and was not referred to this offer already."""
    request = next((each for each in family.requests if each.id == request_id), None)
    if request is None or request.organisation_id != row.organisation_id or request.status not in {"open", "placed"}:
        return False
    groups = {family.request(child.request_id).sibling_group for child in family.children_of(row)}
    if request.sibling_group is None or request.sibling_group not in groups:
        return False
    was_helped = any(
        child.request_id == request_id and child.started_on is not None for child in family.full(row.id).children
    )
    return not was_helped and not any(
        other.offer_id == row.offer_id and other.status in OPEN and child.is_in
        for other, child in family.covering(request)
    )


async def decide(
    session: WriteSession, caller: Caller, referral_id: UUID, number: int, body: AmendmentDecisionIn, now: datetime
) -> AmendmentRow:
    """Agrees, refuses or withdraws an amendment; when both sides agree the referral, its places and requests follow.

    `NoPlaceError` where a child would join an accepted referral without a place for it, `AmendmentOutdatedError` where
    what was proposed can no longer be.
    """
    family = await hold_family(session, caller, referral_id)
    row = family.referral(referral_id)
    amendment = await repository.get_amendment(session, referral_id, number)
    _check_side(caller, amendment, body.decision)
    if amendment.status != "open":
        raise AmendmentDecidedError
    amendment.status, amendment.decided_at = BECOMES[body.decision], now
    amendment.decided_by, amendment.decided_because = caller.client_id, body.why
    await repository.save(session)
    if body.decision == "agree":
        _check_amendable(row)
        await _amend(session, caller, family, row, amendment, now)
    else:
        details = _details(amendment)
        await note(session, caller, row, "amend", side_of(caller), before=row.status, details=details, now=now)
    return amendment


def _check_side(caller: Caller, amendment: AmendmentRow, decision: AmendmentDecision) -> None:
    """`ForbiddenError` where a decision is the other side's."""
    is_own = amendment.proposed_by == side_of(caller)
    if is_own != (decision == "withdraw"):
        text = Text(
            nl="Dit besluit is aan de andere kant: wie een wijziging voorstelt, trekt haar in; de ander stemt in of "
            "weigert.",
            en="This decision is the other side's: who proposes an amendment withdraws it; the other agrees or "
            "refuses.",
        )
        raise ForbiddenError(text)


async def _amend(
    session: WriteSession, caller: Caller, family: Family, row: ReferralRow, amendment: AmendmentRow, now: datetime
) -> None:
    """Does what both sides agreed: the children join or go, with their places."""
    current = {child.request_id for child in family.children_of(row)}
    if not all(_can_join(family, row, each) for each in amendment.adds) or not set(amendment.removes) < current:
        raise AmendmentOutdatedError
    known = {child.request_id for child in family.full(row.id).children}
    new = dict.fromkeys([each for each in amendment.adds if each not in known], 1)
    row.updated_at = now  # who joins has been in it since now
    await repository.save(session)
    await add_children(session, row.id, new)
    family = await Family.of(session, family.requests)
    meant = [each for each in family.full(row.id).children if each.request_id in {*amendment.adds, *amendment.removes}]
    count = sum(child.places for child in meant)
    stays: dict[str, Any] = {"released_at": MOMENT, "is_taken_out": True}
    if amendment.adds:
        reserved = MOMENT if row.status == "accepted" else None
        stays = {"released_at": None, "released_by": None, "is_taken_out": False}
        stays |= {"reserved_at": reserved, "given_back_at": None}
    values = {"places": row.places + (count if amendment.adds else -count)}
    step = Step(row, meant, "amend", row.status, side_of(caller), values, stays, _details(amendment))
    await take(session, caller, family, [step], now)


def _details(amendment: AmendmentRow) -> dict[str, str]:
    """What the histories say of an amendment: which, what became of it, and how many children it is about."""
    count = {"adds": amendment.adds} if amendment.adds else {"removes": amendment.removes}
    sizes = {name: str(len(each)) for name, each in count.items()}
    return {"amendment": str(amendment.number), "became": amendment.status, **sizes}
