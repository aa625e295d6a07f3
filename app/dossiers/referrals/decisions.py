"""Deciding on a referral: whose decision it is, what can be decided now, and what follows from it."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from app.domain.dates import dutch_day
from app.domain.language import Language, Text
from app.dossiers.arrangements.service import end_of_requests
from app.dossiers.calls.service import close_of_requests
from app.dossiers.referrals.comply_or_explain import check_deciding, keep
from app.dossiers.referrals.decision_schemas import DecisionIn
from app.dossiers.referrals.errors import DecisionNotPossibleError
from app.dossiers.referrals.history import AGAIN, MOMENT, Step, take
from app.dossiers.referrals.refusals import follow_refusal
from app.dossiers.referrals.sibling_group import Family, hold_family, hold_request
from app.dossiers.referrals.states import (
    OPEN,
    SIDES,
    DecisionCode,
    Side,
    Status,
    next_status,
    possible,
)
from app.dossiers.referrals.stays import check_stays
from app.dossiers.referrals.tables import FullReferral, ReferralChildRow, ReferralRow, WithdrawnBecause
from app.dossiers.requests.errors import before_measure
from app.dossiers.requests.tables import RequestRow
from app.finding.catalogue.catalogue import Catalogue
from app.finding.matching.errors import in_future
from app.kit.database.sessions import WriteSession
from app.kit.errors import ForbiddenError, InputError, InvalidInputError
from app.kit.monitoring import metrics
from app.kit.security.callers import Caller, Role
from app.kit.versions import check_version


def side_of(caller: Caller) -> Side:
    """Which side of a referral the caller is on."""
    return "provider" if caller.role is Role.PROVIDER else "institution"


async def decide(
    session: WriteSession,
    catalogue: Catalogue,
    caller: Caller,
    referral_id: UUID,
    body: DecisionIn,
    if_match: str | None,
    now: datetime,
    *,
    base: str = "",
    language: Language = "nl",
) -> FullReferral:
    """Takes a decision, with all that follows from it in the same transaction; the referral afterwards.

    `DecisionNotPossibleError` where the referral has come too far, `NoPlaceError` where no place is free,
    `OfferExcludedError` where the match would leave the offer out now and nobody said why all the same. When help
    starts that is more than bridging, every other referral from which it could have started is withdrawn for the same
    children, and their open calls are closed. `base` is where the service is reached from outside, and `language` that
    of a mail that asks for new figures after a refusal.
    """
    family = await hold_family(session, caller, referral_id)
    full = family.full(referral_id)
    row = full.referral
    check_version(if_match, row.version, required=False, composite=True)
    after = _check(caller, row, body)
    children = _meant(family, row, body)
    requests = [family.request(child.request_id) for child in children]
    _check_days(body, children, requests, dutch_day(now))
    despite, side = body.despite or [], side_of(caller)
    check_deciding(catalogue, full, requests, body.decision, despite, side, now)
    steps = [_step(family, row, children, body, after, side, dutch_day(now))]
    if body.decision == "start":
        await check_stays(session, family, row, children, body.date_)
    replaces = body.decision == "start" and not row.is_bridging
    if replaces:
        rivals = family.rivals(row, _ids(children))
        steps += withdrawing(family, rivals, _ids(children), "other-referral-started", by=row.id)
    await take(session, caller, family, steps, now)
    if replaces:
        await close_of_requests(session, caller, _ids(children), "help-started", now)
        await end_of_requests(session, caller, _ids(children), "help-started", now)
    if body.decision == "decline":
        await follow_refusal(session, full, _ids(children), now, base=base, language=language)
    full.despite.extend(await keep(session, caller, row, despite, side, now))
    metrics.REFERRAL_DECISIONS.labels(body.decision).inc()
    return full


def _ids(children: Sequence[ReferralChildRow]) -> list[UUID]:
    return [child.request_id for child in children]


def _meant(family: Family, row: ReferralRow, body: DecisionIn) -> list[ReferralChildRow]:
    """The children that a decision is for: all that the referral is still for, or those that `only` names."""
    children = family.children_of(row)
    if body.only is None:
        return children
    named = [child for child in children if child.request_id in body.only]
    if len(named) < len(body.only):
        text = Text(
            nl="Deze aanmelding is niet (meer) voor al deze hulpvragen; kies kinderen van de aanmelding (children).",
            en="This referral is not (or no more) for all of these requests; see the referral's children.",
        )
        raise InvalidInputError(InputError("#/only", "not-of-referral", text))
    return named


def _step(
    family: Family,
    row: ReferralRow,
    children: Sequence[ReferralChildRow],
    body: DecisionIn,
    after: Status,
    side: Side,
    today: date,
) -> Step:
    """A decision for some of the children: the referral itself goes on for the others, where there are any."""
    details = _details(body)
    if len(children) < len(family.children_of(row)):
        details["places"] = str(_places(children))
        values = {"places": row.places - _places(children)} if body.decision == "withdraw" else {}
        return Step(row, children, body.decision, row.status, side, values, _stays(body), details)
    return Step(row, children, body.decision, after, side, _columns(body, today), _stays(body), details)


def _places(children: Sequence[ReferralChildRow]) -> int:
    return sum(child.places for child in children)


async def withdraw_all(
    session: WriteSession, caller: Caller, request_id: UUID, if_match: str | None, now: datetime
) -> None:
    """Withdraws every referral of a request from which help could still start, because the request is closed.

    What it shares with siblings goes on for them. `NotFoundError` where there is no such request of the caller's,
    `PreconditionFailedError` where it is not the version that the caller read. The request is held from then on.
    """
    family = await hold_request(session, caller, request_id)
    request = family.request(request_id)
    check_version(if_match, request.version, composite=True)
    still_open = [row for row, _ in family.covering(request) if row.status in OPEN]
    await take(session, caller, family, withdrawing(family, still_open, [request_id], "request-closed"), now)


def withdrawing(
    family: Family,
    rows: Sequence[ReferralRow],
    request_ids: Collection[UUID],
    because: WithdrawnBecause,
    by: UUID | None = None,
) -> list[Step]:
    """The steps that withdraw referrals for some children; what is for others too goes on for them.

    `by` is the referral whose help started instead.
    """
    steps = []
    for row in rows:
        stay = family.children_of(row)
        gone = [child for child in stay if child.request_id in request_ids]
        details: dict[str, Any] = {"because": because}
        released = {"released_at": MOMENT, "released_by": by}
        if len(gone) < len(stay):
            values: dict[str, Any] = {"places": row.places - _places(gone)}
            details["places"] = str(_places(gone))
            steps.append(Step(row, gone, "withdraw", row.status, "service", values, released, details))
        else:
            values = {"withdrawn_because": because, "accepted_on": None}
            steps.append(Step(row, gone, "withdraw", "withdrawn", "service", values, released, details))
    return steps


def check_side(caller: Caller, row: ReferralRow, decision: DecisionCode) -> None:
    """`ForbiddenError` where a decision is the other side's; of care outside the contracts all is the institution's."""
    if row.provider_id is not None and SIDES[decision] != side_of(caller):
        text = Text(
            nl="Dit besluit is aan de andere kant: de aanbieder ziet in, neemt aan, zet op de wachtlijst, wijst af, "
            "stelt de start uit of meldt vertrek; de instelling trekt in, start of beëindigt.",
            en="This decision is the other side's: the provider sees, accepts, puts on the waiting list, declines, "
            "delays the start or says that the child left; the institution withdraws, starts or ends.",
        )
        raise ForbiddenError(text)


def _check(caller: Caller, row: ReferralRow, body: DecisionIn) -> Status:
    """The status that the decision leads to, where it is the caller's and can be taken now."""
    check_side(caller, row, body.decision)
    after = next_status(row.status, body.decision)
    if after is None:
        own = possible(row.status, side_of(caller), has_provider=row.provider_id is not None)
        raise DecisionNotPossibleError(row.status, own)
    return after


def _check_days(
    body: DecisionIn, children: Sequence[ReferralChildRow], requests: Sequence[RequestRow], today: date
) -> None:
    errors = []
    if body.expected_start is not None and body.expected_start < today:
        text = Text(nl="Deze dag is al voorbij.", en="This day has passed.")
        errors.append(InputError("#/expectedStart", "in-past", text))
    if body.date_ is not None and body.date_ > today:
        errors.append(in_future("#/date"))
    if body.decision == "start" and any(_is_before(body.date_, request.measure_imposed_on) for request in requests):
        errors.append(before_measure("#/date"))
    if body.decision in {"end", "left"} and any(_is_before(body.date_, child.started_on) for child in children):
        text = Text(nl="De hulp begon na deze dag.", en="The help started after this day.")
        errors.append(InputError("#/date", "order", text))
    if errors:
        raise InvalidInputError(*errors)


def _is_before(day: date | None, other: date | None) -> bool:
    return day is not None and other is not None and day < other


def _columns(body: DecisionIn, today: date) -> dict[str, Any]:
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
        "accept": {**expected, "accepted_on": today},
        "waitlist": expected,
        "delay": expected,
        "left": {"left_on": body.date_},
        "decline": declined,
        "withdraw": {"withdrawn_because": "by-institution", "accepted_on": None},
        "start": {"started_on": body.date_},
        "end": {"ended_on": body.date_, "end_reason": body.reason},
    }
    return columns[body.decision]


def _stays(body: DecisionIn) -> dict[str, Any]:
    """What the decision sets of the children that it is for."""
    stays: dict[str, dict[str, Any]] = {
        "see": {},
        "accept": {"reserved_at": AGAIN, "given_back_at": None},
        "waitlist": {},
        "delay": {},
        "left": {},
        "decline": {"released_at": MOMENT},
        "withdraw": {"released_at": MOMENT},
        "start": {"started_on": body.date_, "started_at": MOMENT},
        "end": {"ended_on": body.date_, "ended_at": MOMENT, "end_reason": body.reason},
    }
    return stays[body.decision]


def _details(body: DecisionIn) -> dict[str, Any]:
    """What was said with the decision, by the names of the interface."""
    details: dict[str, Any] = body.model_dump(mode="json", exclude={"decision", "only"}, exclude_none=True)
    return details
