"""Putting requests before a team that can do more, step by step up the ladder of the child's region."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from app.access.repository import list_names
from app.domain.dates import dutch_day
from app.domain.language import Language, Text
from app.dossiers.agreements.repository import get_agreements
from app.dossiers.agreements.steps import STEPS, Step
from app.dossiers.agreements.tables import RegionalAgreementsRow
from app.dossiers.escalations import repository
from app.dossiers.escalations.errors import (
    StepPassedError,
    not_in_ladder,
    nothing_skipped,
    skip_reason_missing,
)
from app.dossiers.escalations.schemas import (
    EscalatedRequest,
    EscalationIn,
    EscalationOut,
    EscalationPatch,
    OutsideOffer,
)
from app.dossiers.escalations.tables import EscalationRow
from app.dossiers.referrals.refusals import list_refusals
from app.dossiers.requests.errors import ClosedError
from app.dossiers.requests.history import record
from app.dossiers.requests.repository import add_event, get_request
from app.dossiers.requests.tables import RequestRow
from app.dossiers.requests.views import context_of, shown
from app.finding.matching.errors import in_future
from app.kit.database.sessions import ReadSession, WriteSession
from app.kit.database.upserts import change
from app.kit.errors import ForbiddenError, InputError, InvalidInputError
from app.kit.pages import PageQuery
from app.kit.security.callers import Caller, Role
from app.kit.versions import check_version

_EXPERT_TEAM = STEPS.index("expert-team")


async def open_escalation(
    session: WriteSession, caller: Caller, request_id: UUID, body: EscalationIn, now: datetime
) -> EscalationRow:
    """Puts a request before a step of its region's ladder; only upward, and skipping steps takes a reason.

    `StepPassedError` where it stands before this step or has stood before a higher one; `ClosedError` where it is
    closed.
    """
    row = await get_request(session, caller, request_id, lock=True)
    if row.closed_on is not None:
        raise ClosedError
    past = await repository.list_escalations(session, [request_id])
    _check_step(body, past, await get_agreements(session, row.region_code))
    values = {**body.values(), "request_id": request_id, "opened_at": now}
    escalation = await repository.add_escalation(session, values)
    today, rank = dutch_day(now), STEPS.index(body.step)
    values = {
        "escalated_to": body.step,
        "local_team_on": row.local_team_on or today,
        "expert_team_on": row.expert_team_on or (today if rank >= _EXPERT_TEAM else None),
    }
    await record(session, row, values, what="escalated", now=now, client_id=caller.client_id)
    return escalation


def _check_step(body: EscalationIn, past: Sequence[EscalationRow], agreements: RegionalAgreementsRow) -> None:
    ladder, rank = agreements.escalation_ladder, STEPS.index(body.step)
    if body.step not in ladder:
        raise InvalidInputError(not_in_ladder(ladder))
    highest = max((STEPS.index(each.step) for each in past), default=-1)
    again = rank == highest and all(each.outcome is not None for each in past if each.step == body.step)
    if rank <= highest and not again:
        raise StepPassedError(STEPS[highest])
    skipped = [step for step in ladder if highest < STEPS.index(step) < rank]
    if skipped and body.skip_reason is None:
        raise InvalidInputError(skip_reason_missing(skipped))
    if not skipped and body.skip_reason is not None:
        raise InvalidInputError(nothing_skipped())


async def change_escalation(
    session: WriteSession,
    caller: Caller,
    request_id: UUID,
    escalation_id: UUID,
    body: EscalationPatch,
    if_match: str | None,
    now: datetime,
) -> EscalationRow:
    """Says who took it, what came out, or what is offered outside the contracts; the history of the request keeps it.

    An expert team does so for its own step and those above it.
    """
    row = await get_request(session, caller, request_id, lock=True)
    escalation = await repository.get_escalation(session, request_id, escalation_id)
    _check_right(caller, escalation.step)
    check_version(if_match, escalation.version)
    if row.closed_on is not None:
        raise ClosedError
    values = _changes(escalation, body, dutch_day(now))
    before = {name: getattr(escalation, name) for name in values}
    if not await change(session, escalation, values, now):
        return escalation
    changes = [
        {"field": f"escalations.{escalation.step}.{_FIELDS[name]}", "old": _plain(before[name]), "new": _plain(value)}
        for name, value in values.items()
        if before[name] != value
    ]
    await add_event(session, row.id, now, caller.client_id, "escalation-changed", changes)
    standing = await _standing(session, request_id)
    what = "escalation-reopened" if standing == escalation.step else "escalation-ended"
    await record(session, row, {"escalated_to": standing}, what=what, now=now, client_id=caller.client_id)
    return escalation


_FIELDS = {
    "taken_by": "takenBy",
    "outcome": "outcome",
    "outcome_on": "outcomeOn",
    "offered_by": "offer.providerName",
    "offered": "offer.description",
}


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _check_right(caller: Caller, step: Step) -> None:
    if caller.role is Role.REGION and STEPS.index(step) < _EXPERT_TEAM:
        raise ForbiddenError(
            Text(
                nl="Deze stap is van het lokale team en van wie de hulpvraag deed.",
                en="This step is the local team's, and of those whose request it is.",
            )
        )


def _changes(escalation: EscalationRow, body: EscalationPatch, today: date) -> dict[str, Any]:
    given = body.model_fields_set
    values: dict[str, Any] = {"taken_by": body.taken_by} if "taken_by" in given else {}
    if "outcome" in given:
        on = body.outcome_on or escalation.outcome_on or today
        if on > today:
            raise InvalidInputError(in_future("#/outcomeOn"))
        if on < dutch_day(escalation.opened_at):
            text = Text(nl="De uitkomst ligt vóór de escalatie.", en="The outcome lies before the escalation.")
            raise InvalidInputError(InputError("#/outcomeOn", "order", text))
        values |= {"outcome": body.outcome, "outcome_on": on if body.outcome else None}
    if "offer" in given:
        offer = body.offer
        values |= {"offered_by": offer and offer.provider_name, "offered": offer and offer.description}
    return values


async def _standing(session: WriteSession, request_id: UUID) -> Step | None:
    """The highest step that is open."""
    rows = await repository.list_escalations(session, [request_id])
    return max((each.step for each in rows if each.outcome is None), key=STEPS.index, default=None)


def escalation_out(row: EscalationRow) -> EscalationOut:
    """An escalation as it goes over the wire."""
    offer = None
    if row.offered_by is not None and row.offered is not None:
        offer = OutsideOffer.model_construct(provider_name=row.offered_by, description=row.offered)
    return EscalationOut.model_construct(
        id=row.id,
        request_id=row.request_id,
        step=row.step,
        opened_at=row.opened_at,
        reason=row.reason,
        asked=row.asked,
        skip_reason=row.skip_reason,
        taken_by=row.taken_by,
        outcome=row.outcome,
        outcome_on=row.outcome_on,
        offer=offer,
    )


async def list_escalations(
    session: ReadSession, caller: Caller, request_id: UUID, query: PageQuery, key: list[Any] | None
) -> list[EscalationRow]:
    """The steps that a request was put before, in order; after `key` (when opened, id), one more than the page."""
    await get_request(session, caller, request_id)
    return await repository.list_escalations(session, [request_id], limit=query.window, key=key)


async def get_escalation(session: ReadSession, caller: Caller, request_id: UUID, escalation_id: UUID) -> EscalationRow:
    """A step that a request was put before; `NotFoundError` where there is none."""
    await get_request(session, caller, request_id)
    return await repository.get_escalation(session, request_id, escalation_id)


async def list_escalated(
    session: ReadSession, caller: Caller, query: PageQuery, key: list[Any] | None
) -> list[RequestRow]:
    """The requests before the expert team of the caller's region, by the day on which that was asked.

    After `key` (that day, id), and one more than the page.
    """
    return await repository.list_escalated(session, caller, limit=query.window, key=key)


async def show_escalated(
    session: ReadSession, rows: Sequence[RequestRow], today: date, language: Language
) -> dict[UUID, EscalatedRequest]:
    """Requests by id as the expert team of their region sees them."""
    context = await context_of(session, rows)
    escalations = await repository.list_escalations(session, [row.id for row in rows])
    names = await list_names(session, {row.organisation_id for row in rows})
    refusals = await list_refusals(session, [row.id for row in rows])
    return {
        row.id: EscalatedRequest.model_construct(
            **shown(row, context, today, language),
            organisation_id=row.organisation_id,
            organisation=names.get(row.organisation_id),
            sibling_count=len(context.siblings_of(row)),
            escalations=[escalation_out(each) for each in escalations if each.request_id == row.id],
            refusals=refusals[row.id],
        )
        for row in rows
    }
