"""Putting requests before a team that can do more, step by step up the ladder of the child's region."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from app.domain.dates import dutch_day
from app.domain.language import Text
from app.dossiers.agreements.expert_network import expert_network
from app.dossiers.agreements.repository import get_agreements
from app.dossiers.agreements.steps import STEPS, Step
from app.dossiers.agreements.tables import RegionalAgreementsRow
from app.dossiers.escalations import repository
from app.dossiers.escalations.errors import (
    NoQuestionError,
    StepPassedError,
    no_lesson,
    not_help,
    not_in_ladder,
    not_of_step,
    nothing_skipped,
    own_reference,
    skip_reason_missing,
    without_outcome,
)
from app.dossiers.escalations.events import tell
from app.dossiers.escalations.schemas import EscalationIn, EscalationPatch
from app.dossiers.escalations.tables import EscalationRow
from app.dossiers.requests.entries_repository import add_event
from app.dossiers.requests.errors import ClosedError
from app.dossiers.requests.history import record
from app.dossiers.requests.repository import get_request
from app.dossiers.requests.tables import RequestRow
from app.dossiers.shares.service import ask_team, find_team
from app.finding.matching.errors import in_future
from app.kit.database.sessions import WriteSession
from app.kit.database.upserts import change
from app.kit.errors import ForbiddenError, InputError, InvalidInputError
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
    row = await get_request(session, caller, request_id, lock=True, access="escalate")
    if row.closed_on is not None:
        raise ClosedError
    past = await repository.list_escalations(session, [request_id])
    agreements = await get_agreements(session, row.region_code)
    _check_step(body, past, agreements)
    values = {
        **body.values(exclude={"local_team"}),
        **await _party(session, caller, row, body, agreements),
        "request_id": request_id,
        "opened_at": now,
        "created_at": now,
        "updated_at": now,
    }
    escalation = await repository.add_escalation(session, values)
    today, rank = dutch_day(now), STEPS.index(body.step)
    values = {
        "escalated_to": body.step,
        "local_team_on": row.local_team_on or today,
        "expert_team_on": row.expert_team_on or (today if rank >= _EXPERT_TEAM else None),
    }
    await record(session, row, values, what="escalated", now=now, client_id=caller.client_id)
    await _let_in(session, caller, row, escalation, now)
    await tell(session, caller, row, escalation, now)
    return escalation


async def _party(
    session: WriteSession, caller: Caller, row: RequestRow, body: EscalationIn, agreements: RegionalAgreementsRow
) -> dict[str, Any]:
    """Who is asked, of the steps that are not of the one expert team of the child's region or the national table."""
    if body.step == "local-team":
        return {"local_team_id": await find_team(session, caller, row, body.local_team)}
    if body.local_team is not None:
        raise InvalidInputError(not_of_step("#/localTeam", body.step))
    if body.step != "supraregional-network":
        return {}
    return {"supraregion": expert_network(row.region_code, agreements.supraregion)}


async def _let_in(
    session: WriteSession, caller: Caller, row: RequestRow, escalation: EscalationRow, now: datetime
) -> None:
    """The local team that a step asks reads the request for as long as the step is open."""
    if escalation.local_team_id is not None and escalation.local_team_id != row.organisation_id:
        is_open = escalation.outcome is None
        await ask_team(session, row, escalation.local_team_id, caller.client_id, now, asked=is_open)


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

    Whose request it is does so for each step, and each party for its own. An answer to a question that was referred
    back puts the request before the step again; `NoQuestionError` where there is none, `StepPassedError` where the
    step was taken anew meanwhile.
    """
    row = await repository.get_request(session, caller, request_id, "escalate", lock=True)
    escalation = await repository.get_escalation(session, caller, request_id, escalation_id)
    _check_right(caller, row, escalation, body)
    check_version(if_match, escalation.version)
    if row.closed_on is not None:
        raise ClosedError
    today = dutch_day(now)
    values = (
        _changes(row, escalation, body, today) if body.answer is None else _answered(escalation, body.answer, today)
    )
    await _check_open_once(session, escalation, values)
    before = {name: getattr(escalation, name) for name in values}
    was_open = escalation.outcome is None
    if not await change(session, escalation, values, now):
        return escalation
    changes = [
        {"field": f"escalations.{escalation.step}.{_FIELDS[name]}", "old": _plain(before[name]), "new": _plain(value)}
        for name, value in values.items()
        if name in _FIELDS and before[name] != value
    ]
    await add_event(session, row.id, now, caller.client_id, "escalation-changed", changes)
    standing = await _standing(session, request_id)
    what = "escalation-reopened" if standing == escalation.step else "escalation-ended"
    await record(session, row, {"escalated_to": standing}, what=what, now=now, client_id=caller.client_id)
    if was_open != (escalation.outcome is None):
        await _let_in(session, caller, row, escalation, now)
    if any(before.get(name) != values.get(name) for name in ("outcome", "outcome_kind")):
        await tell(session, caller, row, escalation, now)
    return escalation


async def _check_open_once(session: WriteSession, escalation: EscalationRow, values: dict[str, Any]) -> None:
    """A step is open once: one that had an outcome, and was taken anew, is not opened again."""
    if escalation.outcome is None or values.get("outcome", escalation.outcome) is not None:
        return
    others = await repository.list_escalations(session, [escalation.request_id])
    if any(each.step == escalation.step and each.outcome is None for each in others):
        raise StepPassedError(escalation.step)


_FIELDS = {
    "taken_by": "takenBy",
    "outcome": "outcome",
    "outcome_kind": "outcomeKind",
    "outcome_on": "outcomeOn",
    "offered_by": "offer.providerName",
    "offered": "offer.description",
    "questions": "questions",
    "lesson_care_types": "lesson.careTypes",
    "lesson_characteristics": "lesson.characteristics",
    "lesson_causes": "lesson.causes",
    "lesson_text": "lesson.text",
}


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _check_right(caller: Caller, row: RequestRow, escalation: EscalationRow, body: EscalationPatch) -> None:
    """A local team that a request is shared with answers the step that is its own; parties answer, nothing else."""
    is_own = row.organisation_id == caller.organisation_id
    if not is_own and caller.role is Role.LOCAL_TEAM and escalation.step != "local-team":
        raise ForbiddenError(
            Text(
                nl="Deze trede is niet van het lokale team; u leest wat eruit komt.",
                en="This step is not the local team's; you read what comes out of it.",
            )
        )
    if body.answer is not None and not is_own:
        raise ForbiddenError(
            Text(
                nl="Een vraag wordt beantwoord door wie de hulpvraag heeft.",
                en="A question is answered by those whose request it is.",
            )
        )


def _changes(row: RequestRow, escalation: EscalationRow, body: EscalationPatch, today: date) -> dict[str, Any]:
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
    values |= _kind(escalation, body, values)
    return values | _lesson(row, escalation, body, values, today)


def _lesson(
    row: RequestRow, escalation: EscalationRow, body: EscalationPatch, values: dict[str, Any], today: date
) -> dict[str, Any]:
    """What others may learn of the outcome; it goes with the outcome, and stays where it is not named."""
    outcome, kind = values.get("outcome", escalation.outcome), values.get("outcome_kind", escalation.outcome_kind)
    lesson = body.lesson if "lesson" in body.model_fields_set else None
    keeps = "lesson" not in body.model_fields_set and escalation.lesson_id is not None
    if lesson is not None and outcome is None:
        raise InvalidInputError(without_outcome("#/lesson"))
    if kind == "question" and (lesson is not None or keeps):
        raise InvalidInputError(no_lesson())
    if keeps and outcome is not None:
        return {}
    if lesson is None:
        return dict.fromkeys(_LESSON) if escalation.lesson_id is not None else {}
    own = [each for each in (row.child_reference, row.care_worker, row.sibling_group) if each]
    if any(each.lower() in lesson.text.lower() for each in own):
        raise InvalidInputError(own_reference("#/lesson/text"))
    said = {f"lesson_{name}": value for name, value in lesson.values().items()}
    return said | {
        "lesson_id": escalation.lesson_id or uuid4(),
        "lesson_year": escalation.lesson_year or today.year,
    }


_LESSON = ("lesson_id", "lesson_year", "lesson_care_types", "lesson_characteristics", "lesson_causes", "lesson_text")


def _kind(escalation: EscalationRow, body: EscalationPatch, values: dict[str, Any]) -> dict[str, Any]:
    """What kind of outcome it is then: as is said, help where something is offered, or as it was."""
    has_outcome = values.get("outcome", escalation.outcome) is not None
    has_offer = values.get("offered", escalation.offered) is not None
    if body.outcome_kind is not None and not has_outcome:
        raise InvalidInputError(without_outcome("#/outcomeKind"))
    kind = body.outcome_kind if "outcome_kind" in body.model_fields_set else escalation.outcome_kind
    if kind in {"explanation", "question"} and has_offer:
        raise InvalidInputError(not_help())
    if not has_outcome:
        kind = None
    elif kind is None and has_offer and "outcome_kind" not in body.model_fields_set:
        kind = "help"
    return {"outcome_kind": kind}


def _answered(escalation: EscalationRow, answer: str, today: date) -> dict[str, Any]:
    """The step is open again; the question and its answer stay with it."""
    if escalation.outcome_kind != "question" or escalation.outcome_on is None:
        raise NoQuestionError
    exchange = {
        "question": escalation.outcome,
        "asked_on": escalation.outcome_on.isoformat(),
        "answer": answer,
        "answered_on": today.isoformat(),
    }
    nothing = {"outcome": None, "outcome_kind": None, "outcome_on": None}
    return {**nothing, "questions": [*escalation.questions, exchange]}


async def _standing(session: WriteSession, request_id: UUID) -> Step | None:
    """The highest step that is open."""
    rows = await repository.list_escalations(session, [request_id])
    return max((each.step for each in rows if each.outcome is None), key=STEPS.index, default=None)
