"""Changing referrals together, in a fixed order: places first, then the referrals, then what follows for requests."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from app.dossiers.referrals import repository
from app.dossiers.referrals.events import tell
from app.dossiers.referrals.sibling_group import Family
from app.dossiers.referrals.states import DecisionCode, EventCode, Status, movement
from app.dossiers.referrals.tables import Actor, ReferralRow
from app.dossiers.requests import repository as requests
from app.dossiers.requests.history import record as record_request
from app.dossiers.requests.tables import RequestRow
from app.kit.database.sessions import WriteSession
from app.kit.security.callers import Caller
from app.supply.capacity.counted_places import count
from app.supply.offers.repository import find_offer


@dataclass(frozen=True, slots=True)
class Step:
    """What becomes of one referral: `values` are its columns, `details` what was said with the decision."""

    referral: ReferralRow
    decision: DecisionCode
    after: Status
    actor: Actor
    values: Mapping[str, Any] = field(default_factory=dict)
    details: Mapping[str, Any] = field(default_factory=dict)


async def take(session: WriteSession, caller: Caller, family: Family, steps: Sequence[Step], now: datetime) -> None:
    """Takes these steps of a family that is held; `NoPlaceError` where a place is asked that is not free.

    The capacities of the offers are held in the order of their ids, so no two callers wait for each other.
    """
    for step in sorted(steps, key=lambda step: (str(step.referral.offer_id), str(step.referral.id))):
        await _move_places(session, caller, step, now)
    for step in steps:
        await _record(session, caller, step, now)
    for request in family.requests:
        await _follow(session, caller, request, {"placed_on": family.placed_on(request)}, now)


async def _move_places(session: WriteSession, caller: Caller, step: Step, now: datetime) -> None:
    row = step.referral
    moved = movement(row.status, step.after)
    if moved is None or row.offer_id is None:
        return
    if moved == "reserve":
        row.counted = await _is_counted(session, row.offer_id) and await count(
            session, caller, row.offer_id, moved, row.places, now
        )
    elif row.counted:
        await count(session, caller, row.offer_id, moved, row.places, now)


async def _is_counted(session: WriteSession, offer_id: UUID) -> bool:
    """Whether one child takes one of what the offer's capacity counts; of hours a week it takes as many as it needs."""
    offer = await find_offer(session, offer_id)
    return offer is not None and offer.unit != "hours-per-week"


async def _record(session: WriteSession, caller: Caller, step: Step, now: datetime) -> None:
    row, before = step.referral, step.referral.status
    for name, value in {**step.values, "status": step.after}.items():
        setattr(row, name, value)
    row.version += 1
    row.updated_at = now
    await repository.save(session)
    await note(session, caller, row, step.decision, step.actor, before=before, details=step.details, now=now)


async def note(
    session: WriteSession,
    caller: Caller,
    row: ReferralRow,
    decision: EventCode,
    actor: Actor,
    *,
    before: Status | None,
    details: Mapping[str, Any],
    now: datetime,
) -> None:
    """Writes in the histories of the referral and of its request what was decided, and tells whom it concerns.

    `details` are plain JSON.
    """
    event = {
        "referral_id": row.id,
        "at": now,
        "actor": actor,
        "client_id": caller.client_id,
        "decision": decision,
        "status": row.status,
        "details": dict(details),
    }
    await repository.add_event(session, event)
    change = {"field": f"referrals.{row.id}", "old": before, "new": row.status}
    await requests.add_event(session, row.request_id, now, caller.client_id, f"referral-{row.status}", [change])
    await tell(session, row, decision, actor, now)


async def help_started(session: WriteSession, caller: Caller, request: RequestRow, on: date, now: datetime) -> None:
    """Help for this child has started; where it had started before, the first day stays."""
    first = min(on, request.help_on or on)
    await _follow(session, caller, request, {"help_on": first}, now)


async def _follow(
    session: WriteSession, caller: Caller, request: RequestRow, values: Mapping[str, Any], now: datetime
) -> None:
    await record_request(session, request, values, what="followed-referral", now=now, client_id=caller.client_id)
