"""Changing referrals together, in a fixed order: the referrals, their places, then what follows for requests."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from app.dossiers.referrals import repository
from app.dossiers.referrals.events import tell
from app.dossiers.referrals.sibling_group import Family
from app.dossiers.referrals.states import DecisionCode, EventCode, Status
from app.dossiers.referrals.tables import Actor, ReferralChildRow, ReferralRow
from app.dossiers.requests import repository as requests
from app.dossiers.requests.history import record as record_request
from app.kit.database.sessions import WriteSession
from app.kit.security.auth import Caller
from app.supply.capacity.counted_places import Held, hold, settle
from app.supply.offers.repository import find_offer


@dataclass(frozen=True, slots=True)
class Step:
    """What becomes of a referral for some of its children.

    `values` are columns of the referral, `stays` those of the children, `details` what was said with the decision. A
    moment among the stays' values is written as MOMENT: it is known once the figures of the offer are held.
    """

    referral: ReferralRow
    children: Sequence[ReferralChildRow]
    decision: DecisionCode
    after: Status
    actor: Actor
    values: Mapping[str, Any] = field(default_factory=dict)
    stays: Mapping[str, Any] = field(default_factory=dict)
    details: Mapping[str, Any] = field(default_factory=dict)


MOMENT: Final = object()
"""Stands for the moment at which a step is recorded."""


async def take(session: WriteSession, caller: Caller, family: Family, steps: Sequence[Step], now: datetime) -> None:
    """Takes these steps of a family that is held: the referrals change, places move, and the requests follow.

    `NoPlaceError` where a place is asked that is not free. The figures of the offers are held in the order of their
    ids, so no two callers wait for each other.
    """
    held = await _hold_figures(session, steps)
    before = {step.referral.id: step.referral.status for step in steps}
    for step in steps:
        _apply(step, held.get(step.referral.offer_id), now)
    await repository.save(session)
    for offer_id, figures in held.items():
        if figures is not None and offer_id is not None:
            stays = await repository.list_stays(session, offer_id, figures.reported.observed_at)
            await settle(session, caller, figures, stays, now)
    for step in steps:
        row = step.referral
        was = before[row.id]
        await note(session, caller, row, step.decision, step.actor, before=was, details=step.details, now=now)
    await follow(session, caller, family, now)


async def _hold_figures(session: WriteSession, steps: Sequence[Step]) -> dict[UUID | None, Held | None]:
    """By offer its figures, of those offers whose places may move; None where there are none, or they count hours."""
    moving = {
        step.referral.offer_id
        for step in steps
        if step.referral.offer_id is not None
        and (step.decision == "accept" or any(child.reserved_at is not None for child in step.children))
    }
    return {
        offer_id: await hold(session, offer_id) if await _is_counted(session, offer_id) else None
        for offer_id in sorted(moving, key=str)
    }


async def _is_counted(session: WriteSession, offer_id: UUID) -> bool:
    """Whether one child takes one of what the offer's capacity counts; of hours a week it takes as many as it needs."""
    offer = await find_offer(session, offer_id)
    return offer is not None and offer.unit != "hours-per-week"


def _apply(step: Step, figures: Held | None, now: datetime) -> None:
    row = step.referral
    moment = figures.moment(now) if figures is not None else now
    for child in step.children:
        for name, value in step.stays.items():
            setattr(child, name, moment if value is MOMENT else value)
    if step.decision == "accept":
        row.counted = figures is not None
    for name, value in {**step.values, "status": step.after}.items():
        setattr(row, name, value)
    row.version += 1
    row.updated_at = now


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


async def follow(session: WriteSession, caller: Caller, family: Family, now: datetime) -> None:
    """Brings the requests of a family along with their referrals: a place, help, and what bridges the wait."""
    for request in family.requests:
        values = {
            "placed_on": family.placed_on(request),
            "help_started_on": family.started_on(request),
            "bridged_on": family.bridged_on(request),
        }
        await record_request(session, request, values, what="followed-referral", now=now, client_id=caller.client_id)
