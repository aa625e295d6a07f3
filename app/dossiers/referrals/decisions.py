"""Deciding on a referral: whose decision it is, what can be decided now, and what follows from it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from app.domain.dates import dutch_day
from app.domain.language import Text
from app.dossiers.calls.service import close_of_requests
from app.dossiers.referrals.decision_schemas import DecisionIn
from app.dossiers.referrals.errors import DecisionNotPossibleError
from app.dossiers.referrals.history import Step, help_started, take
from app.dossiers.referrals.sibling_group import Family
from app.dossiers.referrals.states import (
    OPEN,
    SIDES,
    Side,
    Status,
    next_status,
    possible,
)
from app.dossiers.referrals.tables import FullReferral, ReferralRow, WithdrawnBecause
from app.dossiers.requests.errors import before_measure, in_future
from app.dossiers.requests.repository import get_request
from app.dossiers.requests.tables import RequestRow
from app.kit.database.sessions import WriteSession
from app.kit.errors import ForbiddenError, InputError, InvalidInputError
from app.kit.monitoring import metrics
from app.kit.security.callers import Caller, Role
from app.kit.versions import check_version


def side_of(caller: Caller) -> Side:
    """Which side of a referral the caller is on."""
    return "provider" if caller.role is Role.PROVIDER else "institution"


async def decide(
    session: WriteSession, caller: Caller, referral_id: UUID, body: DecisionIn, if_match: str | None, now: datetime
) -> FullReferral:
    """Takes a decision, with all that follows from it in the same transaction; the referral afterwards.

    `DecisionNotPossibleError` where the referral has come too far, `NoPlaceError` where no place is free. When help
    starts, every other referral from which it could have started for the same children is withdrawn, and their open
    calls are closed.
    """
    family = await Family.hold_for(session, caller, referral_id)
    full = family.full(referral_id)
    row = full.referral
    check_version(if_match, row.version, required=False)
    after = _check(caller, row, body)
    children = family.covered(row)
    _check_days(body, row, children, dutch_day(now))
    steps = [Step(row, body.decision, after, side_of(caller), _columns(body, now), _details(body))]
    if body.decision == "start":
        steps += _withdrawing(family.rivals(row), "other-referral-started")
    await take(session, caller, family, steps, now)
    if body.decision == "start" and body.date_ is not None:
        for child in children:
            await help_started(session, caller, child, body.date_, now)
        await close_of_requests(session, caller, [child.id for child in children], "help-started", now)
    metrics.REFERRAL_DECISIONS.labels(body.decision).inc()
    return full


async def hold_for_closing(session: WriteSession, caller: Caller, request_id: UUID) -> None:
    """Locks a request of the caller's with all that its referrals touch, in the order of every decision on these."""
    await get_request(session, caller, request_id)
    await Family.hold(session, request_id)


async def withdraw_all(session: WriteSession, caller: Caller, request_id: UUID, now: datetime) -> None:
    """Withdraws every referral of a request from which help could still start, because the request is closed.

    `NotFoundError` where there is no such request of the caller's. The request is held from then on.
    """
    await get_request(session, caller, request_id)
    family = await Family.hold(session, request_id)
    still_open = [row for row in family.referrals if row.request_id == request_id and row.status in OPEN]
    await take(session, caller, family, _withdrawing(still_open, "request-closed"), now)


def _withdrawing(rows: Sequence[ReferralRow], because: WithdrawnBecause) -> list[Step]:
    values = {"withdrawn_because": because, "accepted_on": None}
    return [Step(row, "withdraw", "withdrawn", "service", values, {"because": because}) for row in rows]


def _check(caller: Caller, row: ReferralRow, body: DecisionIn) -> Status:
    """The status that the decision leads to, where it is the caller's and can be taken now."""
    side, has_provider = side_of(caller), row.provider_id is not None
    if has_provider and SIDES[body.decision] != side:
        text = Text(
            nl="Dit besluit is aan de andere kant: de aanbieder ziet in, neemt aan, zet op de wachtlijst of wijst af; "
            "de instelling trekt in, start of beëindigt.",
            en="This decision is the other side's: the provider sees, accepts, puts on the waiting list or declines; "
            "the institution withdraws, starts or ends.",
        )
        raise ForbiddenError(text)
    after = next_status(row.status, body.decision)
    if after is None:
        raise DecisionNotPossibleError(row.status, possible(row.status, side, has_provider=has_provider))
    return after


def _check_days(body: DecisionIn, row: ReferralRow, children: Sequence[RequestRow], today: date) -> None:
    errors = []
    if body.expected_start is not None and body.expected_start < today:
        text = Text(nl="Deze dag is al voorbij.", en="This day has passed.")
        errors.append(InputError("#/expectedStart", "in-past", text))
    if body.date_ is not None and body.date_ > today:
        errors.append(in_future("#/date"))
    if body.decision == "start" and any(_is_before(body.date_, child.measure_imposed_on) for child in children):
        errors.append(before_measure("#/date"))
    if body.decision == "end" and _is_before(body.date_, row.started_on):
        text = Text(nl="De hulp begon na deze dag.", en="The help started after this day.")
        errors.append(InputError("#/date", "order", text))
    if errors:
        raise InvalidInputError(*errors)


def _is_before(day: date | None, other: date | None) -> bool:
    return day is not None and other is not None and day < other


def _columns(body: DecisionIn, now: datetime) -> dict[str, Any]:
    """What the decision sets of the referral, its status aside."""
    declined = {
        "decline_reason": body.reason,
        "decline_criteria": body.criteria or [],
        "decline_specialisations": body.specialisations or [],
        "accepted_on": None,
    }
    expected = {"expected_start": body.expected_start} if body.expected_start else {}
    columns: dict[str, dict[str, Any]] = {
        "see": {},
        "accept": {**expected, "accepted_on": dutch_day(now)},
        "waitlist": expected,
        "decline": declined,
        "withdraw": {"withdrawn_because": "by-institution", "accepted_on": None},
        "start": {"started_on": body.date_},
        "end": {"ended_on": body.date_, "end_reason": body.reason},
    }
    return columns[body.decision]


def _details(body: DecisionIn) -> dict[str, Any]:
    """What was said with the decision, by the names of the interface."""
    details: dict[str, Any] = body.model_dump(mode="json", exclude={"decision"}, exclude_none=True)
    return details
