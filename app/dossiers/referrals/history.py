"""Changing referrals together, in a fixed order: the referrals, their places, then what follows for requests."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from app.dossiers.referrals import history_repository, repository
from app.dossiers.referrals.events import tell
from app.dossiers.referrals.secure_stays import secure_care_of
from app.dossiers.referrals.sibling_group import Family
from app.dossiers.referrals.states import EventCode, Status
from app.dossiers.referrals.tables import Actor, ReferralChildRow, ReferralRow
from app.dossiers.requests import entries_repository
from app.dossiers.requests.history import record as record_request
from app.kit.database.sessions import WriteSession
from app.kit.security.callers import Caller
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
    decision: EventCode
    after: Status
    actor: Actor
    values: Mapping[str, Any] = field(default_factory=dict)
    stays: Mapping[str, Any] = field(default_factory=dict)
    details: Mapping[str, Any] = field(default_factory=dict)


MOMENT: Final = object()
"""Stands for the moment at which a step is recorded."""
AGAIN: Final = object()
"""Stands for the moment since which a place is promised, anew or again (`reserved_again`)."""


async def take(session: WriteSession, caller: Caller, family: Family, steps: Sequence[Step], now: datetime) -> None:
    """Takes these steps of a family that is held: the referrals change, places move, and the requests follow.

    `NoPlaceError` where a place is asked that is not free. The figures of the offers are held in the order of their
    ids, so no two callers wait for each other.
    """
    held = await hold_figures(session, _moving(steps))
    before = {step.referral.id: step.referral.status for step in steps}
    for step in steps:
        _apply(step, held.get(step.referral.offer_id), now)
    await repository.save(session)
    for step in steps:  # after its referral: the version that a trigger keeps of a child has the moment of that
        _apply_to_children(step, held.get(step.referral.offer_id), now)
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


def _moving(steps: Sequence[Step]) -> list[UUID]:
    """The offers whose places may move."""
    return [
        step.referral.offer_id
        for step in steps
        if step.referral.offer_id is not None
        and (
            step.stays.get("reserved_at") in (MOMENT, AGAIN)
            or any(child.reserved_at is not None for child in step.children)
        )
    ]


async def hold_figures(session: WriteSession, offer_ids: Collection[UUID]) -> dict[UUID | None, Held | None]:
    """The figures of these offers, held in the order of their ids; None where there are none, or they count hours."""
    return {
        offer_id: await hold(session, offer_id) if await _is_counted(session, offer_id) else None
        for offer_id in sorted(set(offer_ids), key=str)
    }


async def _is_counted(session: WriteSession, offer_id: UUID) -> bool:
    """Whether one child takes one of what the offer's capacity counts; of hours a week it takes as many as it needs."""
    offer = await find_offer(session, offer_id)
    return offer is not None and offer.unit != "hours-per-week"


def moment_of(figures: Held | None, now: datetime) -> datetime:
    """When what is decided now is recorded."""
    return now if figures is None else figures.moment(now)


def reserved_again(child: ReferralChildRow, figures: Held | None, now: datetime) -> datetime | None:
    """Since when a place is promised, anew or again: as before, where there was one and no report knew it was over."""
    over_at = child.given_back_at or child.released_at
    is_reported = figures is not None and over_at is not None and over_at <= figures.reported.observed_at
    return moment_of(figures, now) if child.reserved_at is None or is_reported else child.reserved_at


def _apply(step: Step, figures: Held | None, now: datetime) -> None:
    row = step.referral
    if step.decision == "accept":
        row.counted = figures is not None
    for name, value in {**step.values, "status": step.after}.items():
        setattr(row, name, value)
    row.version += 1
    row.updated_at = now


def _apply_to_children(step: Step, figures: Held | None, now: datetime) -> None:
    for child in step.children:
        moments = {MOMENT: moment_of(figures, now), AGAIN: reserved_again(child, figures, now)}
        for name, value in step.stays.items():
            setattr(child, name, moments[value] if value in (MOMENT, AGAIN) else value)


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
    await history_repository.add_event(session, event)
    change = {"field": f"referrals.{row.id}", "old": before, "new": row.status}
    await entries_repository.add_event(
        session, row.request_id, now, caller.client_id, f"referral-{row.status}", [change]
    )
    await tell(session, row, decision, actor, now)


async def follow(session: WriteSession, caller: Caller, family: Family, now: datetime) -> None:
    """Brings the requests of a family along with their referrals: a place, help, secure care, what bridges the wait."""
    for request in family.requests:
        values = {
            "placed_on": family.placed_on(request),
            "help_started_on": family.started_on(request),
            "bridging_started_on": family.bridged_on(request),
            **secure_care_of(family, request),
        }
        await record_request(session, request, values, what="followed-referral", now=now, client_id=caller.client_id)
