"""Putting a decision on a referral right: it gets its right date, or is taken back as if it had not been taken.

Figures, requests and clocks follow from what is left: nothing here undoes a sum. What had been withdrawn because of
the decision comes back where it can.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from app.domain.dates import dutch_day
from app.domain.language import Text
from app.dossiers.calls.service import reopen_of_requests
from app.dossiers.referrals import history_repository, repository
from app.dossiers.referrals.corrected_dates import check_date, dating
from app.dossiers.referrals.correction_schemas import Correctable, CorrectionIn
from app.dossiers.referrals.decisions import check_side
from app.dossiers.referrals.errors import (
    CorrectionTooLateError,
    HelpedElsewhereError,
    NotLastDecisionError,
)
from app.dossiers.referrals.history import AGAIN, MOMENT, Step, hold_figures, reserved_again, take
from app.dossiers.referrals.sibling_group import Family, hold_family
from app.dossiers.referrals.states import SIDES, Status
from app.dossiers.referrals.tables import Actor, FullReferral, ReferralChildRow, ReferralRow
from app.dossiers.requests import entries_repository
from app.dossiers.requests.tables import RequestRow
from app.kit.database.sessions import WriteSession
from app.kit.errors import InputError, InvalidInputError
from app.kit.security.callers import Caller, Role
from app.supply.capacity.counted_places import Held, fits
from app.supply.capacity.place_movements import Stay

OWN_DAYS: Final = 28
"""How long whoever took a decision can put it right; after that the expert team of the region can."""

_STANDS: Final[dict[Correctable, Status]] = {
    "accept": "accepted",
    "decline": "declined",
    "withdraw": "withdrawn",
    "start": "started",
    "end": "ended",
}
_TAKEN_BACK: Final[dict[Correctable, tuple[dict[str, Any], dict[str, Any]]]] = {
    "accept": ({"accepted_on": None, "expected_start": None}, {"given_back_at": MOMENT}),
    "decline": (
        {"decline_reason": None, "decline_criteria": [], "decline_specialisations": []},
        {"released_at": None},
    ),
    "withdraw": ({"withdrawn_because": None}, {"released_at": None, "released_by": None}),
    "start": ({"started_on": None}, {"started_on": None, "started_at": None}),
    "end": (
        {"ended_on": None, "end_reason": None, "left_on": None},
        {"ended_on": None, "ended_at": None, "end_reason": None},
    ),
}
"""What taking a decision back changes: of the referral, and of the children that it was for."""

_GIVEN_AWAY: Final = Text(
    nl="De plek is intussen aan een ander gegeven; meld opnieuw aan.",
    en="The place has been given to another meanwhile; refer again.",
)


@dataclass(slots=True)
class Restored:
    """The referrals and calls that came back with a correction, and those that could not, with why."""

    referrals: list[UUID] = field(default_factory=list)
    lost: list[tuple[UUID, Text]] = field(default_factory=list)
    calls: list[UUID] = field(default_factory=list)
    lost_calls: list[tuple[UUID, Text]] = field(default_factory=list)


async def correct(
    session: WriteSession, caller: Caller, referral_id: UUID, body: CorrectionIn, now: datetime
) -> tuple[FullReferral, Restored]:
    """Corrects a decision, the last one first, with all that follows from it in the same transaction.

    The referral afterwards, and what came back with it.

    `NotLastDecisionError` where another decision rests on it, `CorrectionTooLateError` where it has become the expert
    team's to correct, `NoPlaceError` where it would take a place that has been given to another.
    """
    family = await hold_family(session, caller, referral_id)
    full = family.full(referral_id)
    row = full.referral
    await _check_right(session, caller, row, body, now)
    children = _meant(family, row, body)
    restored = Restored()
    if body.value is None:
        steps = [await _taking_back(session, family, row, children, body, _actor(caller, body))]
        if body.what == "start":
            steps += await _restoring(session, family, row, restored, now)
    else:
        await check_date(session, family, row, children, body, now)
        steps = [dating(row, children, body, _actor(caller, body))]
    started_at = await history_repository.find_decided_at(session, row.id, "start")
    await take(session, caller, family, steps, now)
    if body.what == "decline":
        await entries_repository.end_proposals_of(session, row.id, now)
    if body.what == "start" and body.value is None and started_at is not None and not row.is_bridging:
        reopening = [family.request(child.request_id) for child in children]
        helped = [request.id for request in reopening if _has_started_since(family, request, started_at)]
        restored.calls, restored.lost_calls = await reopen_of_requests(
            session, caller, reopening, started_at, now, helped=helped
        )
    return full, restored


def _has_started_since(family: Family, request: RequestRow, moment: datetime) -> bool:
    """Whether help started for a child after that moment, which would have closed its calls as well."""
    return any(
        stay.started_at is not None and stay.started_at > moment and not referral.is_bridging
        for referral, stay in family.covering(request)
    )


def _actor(caller: Caller, body: CorrectionIn) -> Actor:
    return "service" if caller.role is Role.REGION else SIDES[body.what]


async def _check_right(
    session: WriteSession, caller: Caller, row: ReferralRow, body: CorrectionIn, now: datetime
) -> None:
    """The side that took the decision corrects it for OWN_DAYS; after that the expert team of the child's region."""
    if caller.role is Role.REGION:
        return
    check_side(caller, row, body.what)
    recorded_at = await history_repository.find_decided_at(session, row.id, body.what)
    if recorded_at is not None and now - recorded_at > timedelta(days=OWN_DAYS):
        raise CorrectionTooLateError(OWN_DAYS)


def _meant(family: Family, row: ReferralRow, body: CorrectionIn) -> list[ReferralChildRow]:
    """The children whose decision is corrected; `NotLastDecisionError` where it does not stand, or another rests on it.

    Not those that another institution has now: what is over stays so for them.
    The date of a start can be corrected under an end. One child that ended or withdrew alone is named by `only`.
    """
    own = family.all_children_of(row)
    if body.what == "end":
        found = [child for child in own if child.ended_on is not None]
    elif body.what in {"decline", "withdraw"}:
        last = max((child.released_at for child in own if child.released_at is not None), default=None)
        gone = [child for child in own if child.released_at is not None and not child.is_taken_out]
        found = [child for child in gone if body.only or child.released_at == last]
        if row.status != _STANDS[body.what] and not (body.only and body.what == "withdraw"):
            found = []
    else:
        found = [child for child in own if child.released_at is None]
        is_under_end = body.what == "start" and body.value is not None and row.status == "ended"
        has_ended = body.value is None and any(child.ended_on is not None for child in found)
        if (row.status != _STANDS[body.what] and not is_under_end) or has_ended:
            found = []
    if not found or (body.what == "withdraw" and row.withdrawn_because not in {None, "by-institution"}):
        raise NotLastDecisionError(row.status, body.what, row.withdrawn_because)
    if body.only is None:
        return found
    named = [child for child in found if child.request_id in body.only]
    if len(named) < len(body.only):
        text = Text(
            nl="Voor deze hulpvragen staat dit besluit niet; kies kinderen van de aanmelding (children).",
            en="This decision does not stand for these requests; see the referral's children.",
        )
        raise InvalidInputError(InputError("#/only", "not-of-referral", text))
    return named


async def _taking_back(
    session: WriteSession,
    family: Family,
    row: ReferralRow,
    children: Sequence[ReferralChildRow],
    body: CorrectionIn,
    actor: Actor,
) -> Step:
    """The step after which the decision has not been taken: the referral stands as it did before."""
    before = await _status_before(session, row, body.what) if row.status == _STANDS[body.what] else row.status
    if body.what in {"decline", "withdraw"}:
        _check_not_helped(family, row, children)
    values, stays = (dict(each) for each in _TAKEN_BACK[body.what])
    if body.what in {"decline", "withdraw"}:
        own = [child for child in family.children if child.referral_id == row.id and child.is_in]
        values["places"] = sum(child.places for child in {*own, *children})
        if before == "accepted":
            values["accepted_on"] = _accepted_on(children)
            stays = {"reserved_at": AGAIN, **stays}
    details = {"what": body.what, "why": body.why}
    return Step(row, children, "correct", before, actor, values, stays, details)


async def _status_before(session: WriteSession, row: ReferralRow, what: Correctable) -> Status:
    if what in {"start", "end"}:
        return "accepted" if what == "start" else "started"
    return await history_repository.get_status_before(session, row.id, what)


def _accepted_on(children: Sequence[ReferralChildRow]) -> Any:
    return min((dutch_day(child.reserved_at) for child in children if child.reserved_at is not None), default=None)


def _check_not_helped(family: Family, row: ReferralRow, children: Sequence[ReferralChildRow]) -> None:
    """What is open again must be able to start: not for a child whose help has started elsewhere."""
    for child in children:
        for other, stay in family.covering(family.request(child.request_id)):
            if other is not row and stay.started_on is not None and not other.is_bridging:
                raise HelpedElsewhereError(other.id)


async def _restoring(
    session: WriteSession, family: Family, row: ReferralRow, restored: Restored, now: datetime
) -> list[Step]:
    """The steps that bring back what was withdrawn because this help had started, as far as places are free.

    What was sent first comes first.
    """
    gone = [child for each in family.referrals for child in family.all_children_of(each) if child.released_by == row.id]
    others = sorted(map(family.referral, {child.referral_id for child in gone}), key=lambda each: each.sent_at)
    held = await hold_figures(session, [each.offer_id for each in [row, *others] if each.offer_id is not None])
    steps = []
    for other in others:
        theirs = [child for child in gone if child.referral_id == other.id]
        was = other.status
        before = (
            await history_repository.get_status_before(session, other.id, "withdraw") if was == "withdrawn" else was
        )
        figures = held.get(other.offer_id)
        if before == "accepted" and figures is not None and not await _fit(session, figures, theirs, now):
            restored.lost.append((other.id, _GIVEN_AWAY))
            continue
        values: dict[str, Any] = {
            "withdrawn_because": None,
            "places": sum(child.places for child in {*family.children_of(other), *theirs}),
        }
        stays: dict[str, Any] = {"released_at": None, "released_by": None}
        if before == "accepted":
            values["accepted_on"] = other.accepted_on or _accepted_on(theirs)
            stays = {"reserved_at": AGAIN, **stays}
        restored.referrals.append(other.id)
        details = {"because": "start-taken-back"}
        steps.append(Step(other, theirs, "restore", before, "service", values, stays, details))
    return steps


async def _fit(session: WriteSession, held: Held, children: Sequence[ReferralChildRow], now: datetime) -> bool:
    """Whether these children can have back the places that they were promised."""
    own = {child.referral_id for child in children}
    stays = await repository.list_stays(session, held.standing.offer_id, held.reported.observed_at, without=own)
    again = [Stay(child.places, since) for child in children if (since := reserved_again(child, held, now)) is not None]
    return fits(held, [*stays, *again])
