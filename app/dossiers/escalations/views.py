"""Escalations as those may see them who keep the request, and each party what stands before its own step."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from app.access.repository import list_names
from app.domain.language import Language
from app.dossiers.agreements.steps import STEPS, Step
from app.dossiers.escalations import repository
from app.dossiers.escalations.repository import Counted, Standing
from app.dossiers.escalations.schemas import (
    EscalatedRequest,
    EscalationCounts,
    EscalationOut,
    OutcomeLesson,
    OutsideOffer,
    QuestionOut,
    StepCount,
)
from app.dossiers.escalations.tables import EscalationRow
from app.dossiers.referrals.refusals import list_refusals
from app.dossiers.requests.tables import RequestRow
from app.dossiers.requests.views import context_of, shown
from app.kit.database.sessions import ReadSession
from app.kit.pages import PageQuery
from app.kit.security.callers import Caller, Role

_STEP_OF: dict[Role, Step] = {
    Role.LOCAL_TEAM: "local-team",
    Role.REGION: "expert-team",
    Role.SUPRAREGION: "supraregional-network",
    Role.NATIONAL: "national",
}


def escalation_out(row: EscalationRow) -> EscalationOut:
    """An escalation as it goes over the wire."""
    offer = None
    if row.offered_by is not None and row.offered is not None:
        offer = OutsideOffer.model_construct(provider_name=row.offered_by, description=row.offered)
    return EscalationOut.model_construct(
        **{name: getattr(row, name) for name in _AS_THEY_ARE},
        local_team=row.local_team_id,
        outcome_kind=row.outcome_kind if row.outcome is not None else None,
        offer=offer,
        lesson=_lesson(row),
        questions=[QuestionOut.model_validate(each) for each in row.questions],
    )


def _lesson(row: EscalationRow) -> OutcomeLesson | None:
    if row.lesson_text is None:
        return None
    return OutcomeLesson.model_construct(
        care_types=row.lesson_care_types or [],
        characteristics=row.lesson_characteristics or [],
        causes=row.lesson_causes or [],
        text=row.lesson_text,
    )


_AS_THEY_ARE = (
    *("id", "request_id", "step", "opened_at", "reason", "asked", "skip_reason", "supraregion", "taken_by"),
    *("outcome", "outcome_on"),
)


async def list_escalations(
    session: ReadSession, caller: Caller, request_id: UUID, query: PageQuery, key: list[Any] | None
) -> list[EscalationRow]:
    """The steps that a request was put before, in order; to a party its own; after `key` (when opened, id)."""
    await repository.get_request(session, caller, request_id, "read")
    return await repository.list_of_request(session, caller, request_id, limit=query.window, key=key)


async def get_escalation(session: ReadSession, caller: Caller, request_id: UUID, escalation_id: UUID) -> EscalationRow:
    """A step that a request was put before, which is to a party its own; `NotFoundError` where there is none."""
    await repository.get_request(session, caller, request_id, "read")
    return await repository.get_escalation(session, caller, request_id, escalation_id)


async def list_standing(
    session: ReadSession, caller: Caller, query: PageQuery, key: list[Any] | None
) -> list[Standing]:
    """The requests that stand before the caller's step, the first asked first.

    After `key` (when asked, id), and one more than the page.
    """
    return await repository.list_standing(session, caller, limit=query.window, key=key)


async def get_standing(session: ReadSession, caller: Caller, request_id: UUID) -> RequestRow:
    """A request that stands before the caller's step; `NotFoundError` where there is none."""
    return await repository.get_standing(session, caller, request_id)


async def show_escalated(
    session: ReadSession, caller: Caller, rows: Sequence[RequestRow], today: date, language: Language
) -> dict[UUID, EscalatedRequest]:
    """Requests by id as the party sees them before whose step they stand: with what lower steps said, not higher."""
    context = await context_of(session, rows)
    escalations = await repository.list_escalations(session, [row.id for row in rows])
    names = await list_names(session, {row.organisation_id for row in rows})
    refusals = await list_refusals(session, [row.id for row in rows])
    own = STEPS.index(_STEP_OF[caller.role])
    return {
        row.id: EscalatedRequest.model_construct(
            **shown(row, context, today, language) | {"escalated_to": _STEP_OF[caller.role]},
            organisation_id=row.organisation_id,
            organisation=names.get(row.organisation_id),
            sibling_count=len(context.siblings_of(row)),
            escalations=[
                escalation_out(each)
                for each in escalations
                if each.request_id == row.id and STEPS.index(each.step) <= own
            ],
            refusals=refusals[row.id],
        )
        for row in rows
    }


async def count_escalations(session: ReadSession, caller: Caller) -> EscalationCounts:
    """What came out of the escalations of the region's own children; of no child more than that."""
    region = str(caller.region)
    found = await repository.count_escalations(session, region)
    by_step = [
        _step_count(step, of_step) for step in STEPS if (of_step := [each for each in found if each.step == step])
    ]
    return EscalationCounts.model_construct(region=region, total=sum(each.total for each in found), by_step=by_step)


def _step_count(step: Step, found: Sequence[Counted]) -> StepCount:
    def total(*, is_open: bool, kind: str | None = None) -> int:
        return sum(each.total for each in found if each.is_open == is_open and (is_open or each.kind == kind))

    return StepCount.model_construct(
        step=step,
        total=sum(each.total for each in found),
        open=total(is_open=True),
        help=total(is_open=False, kind="help"),
        explanation=total(is_open=False, kind="explanation"),
        question=total(is_open=False, kind="question"),
        other=total(is_open=False),
    )
