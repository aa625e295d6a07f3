"""Calls as each side may see them: a provider the question and its own answer, the institution all answers."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from app.domain.language import Text
from app.dossiers.calls import repository
from app.dossiers.calls.repository import Counted, FullAnswer, FullCall
from app.dossiers.calls.schemas import (
    CallAnswerOut,
    CallAnswerQuery,
    CallCounts,
    CalledChild,
    CallOut,
    CallQuery,
)
from app.dossiers.calls.states import status_of
from app.finding.catalogue.schemas import ShownContract, ShownProvider
from app.kit.database.sessions import ReadSession, WriteSession
from app.kit.errors import InputError, InvalidInputError
from app.kit.security.callers import Caller, Role
from app.notifying.contacts.schemas import SenderContact
from app.notifying.contacts.service import sender_contact
from app.reference.decline_rules import Declined
from app.supply.providers.service import contact_out

NOT_OF_PROVIDERS = Text(
    nl="Een aanbieder ziet niet van welke hulpvraag een oproep is.",
    en="A provider does not see which request a call is of.",
)


@dataclass(frozen=True, slots=True)
class Answered:
    """What has been answered to some calls, as far as the caller may know it, by call."""

    counts: dict[UUID, Counted] = field(default_factory=dict)
    own: dict[UUID, FullAnswer] = field(default_factory=dict)


async def answered_of(session: ReadSession | WriteSession, caller: Caller, calls: Sequence[FullCall]) -> Answered:
    """What showing these calls takes, however many, in one statement."""
    ids = [full.call.id for full in calls]
    if caller.role is Role.PROVIDER:
        return Answered(own=await repository.list_own_answers(session, caller, ids))
    return Answered(counts=await repository.count_answers(session, ids))


def call_out(full: FullCall, answered: Answered, caller: Caller, today: date) -> CallOut:
    """A call as the caller may see it, today."""
    call, is_own = full.call, caller.role is not Role.PROVIDER
    own = answered.own.get(call.id)
    return CallOut.model_construct(
        **{name: getattr(call, name) for name in _AS_THEY_ARE},
        status=status_of(call.closed_because, call.respond_by, today),
        request_id=call.request_id if is_own else None,
        child_reference=full.child_reference if caller.organisation_id == call.organisation_id else None,
        child=_child(full),
        sender_contact=_sender_contact(full),
        counts=_counts(answered.counts.get(call.id, Counted())) if is_own else None,
        own_answer=answer_out(own) if own else None,
    )


_AS_THEY_ARE = (
    *("id", "closed_because", "closed_at", "published_at", "respond_by", "institution", "care_types", "needs"),
    *("wishes", "characteristics", "wished_start", "deadline", "places", "sibling_count", "hours_per_week", "remark"),
)


def _sender_contact(full: FullCall) -> SenderContact | None:
    """How the institution is reached: of no team, and of no local team, for their names say where the child lives."""
    return sender_contact(full.sender, team=None) if full.call.institution is not None else None


def _child(full: FullCall) -> CalledChild:
    """Of where it lives a provider sees no more than its contract has to be known by."""
    call, addressee = full.call, full.addressee
    return CalledChild.model_construct(
        age_min=call.age_min,
        age_max=call.age_max,
        gender=call.gender,
        region=call.region_code,
        municipality=addressee.municipality_code if addressee else call.municipality_code,
        has_measure=call.has_measure,
        court_authorisation=call.court_authorisation,
    )


def _counts(counted: Counted) -> CallCounts:
    return CallCounts.model_construct(addressed=counted.addressed, can=counted.can, declined=counted.declined)


def answer_out(full: FullAnswer) -> CallAnswerOut:
    """An answer as it goes over the wire."""
    return CallAnswerOut.model_construct(**answer_fields(full))


def answer_fields(full: FullAnswer) -> dict[str, Any]:
    """The fields of `CallAnswerOut`."""
    row, addressee, provider = full.answer, full.addressee, full.provider
    return {
        **{name: getattr(row, name) for name in _OF_ANSWER},
        "provider": ShownProvider.model_construct(id=provider.id, name=provider.name, contact=contact_out(provider)),
        "contract": ShownContract.model_construct(
            kind=addressee.contract_kind, ceiling_reached=addressee.ceiling_reached
        ),
        "stands": full.stands,
        "offer_name": full.offer_name,
        "declined": None if row.decline_reason is None else _declined(row.decline_reason, full),
    }


_OF_ANSWER = (
    *("call_id", "at", "answer", "start_on", "offer_id", "places", "hours_per_week", "held_until", "conditions"),
    "note",
)


def _declined(reason: str, full: FullAnswer) -> Declined:
    row = full.answer
    return Declined.model_construct(
        reason=reason, criteria=row.decline_criteria, specialisations=row.decline_specialisations
    )


async def list_calls(
    session: ReadSession, caller: Caller, query: CallQuery, key: list[Any] | None, today: date
) -> list[FullCall]:
    """Of a provider those that were put to it, of an institution or local team its own; the oldest first.

    After `key` (when published, id), and one more than the page. `InvalidInputError` where a provider asks by request.
    """
    if query.request is not None and caller.role is Role.PROVIDER:
        raise InvalidInputError(InputError("#/query/request", "not-applicable", NOT_OF_PROVIDERS))
    return await repository.list_calls(
        session,
        caller,
        today=today,
        status=query.status,
        answered=query.answered,
        request_id=query.request,
        limit=query.window,
        key=key,
    )


async def get_call(session: ReadSession | WriteSession, caller: Caller, call_id: UUID) -> FullCall:
    """A call that the caller is a party to; `NotFoundError` where there is none."""
    return await repository.get_call(session, caller, call_id)


async def list_answers(
    session: ReadSession, caller: Caller, call_id: UUID, query: CallAnswerQuery, key: list[Any] | None
) -> list[FullAnswer]:
    """What was answered to a call, of a provider its own; the first first; after `key` (id), one more than the page."""
    await repository.get_call(session, caller, call_id)
    return await repository.list_answers(session, caller, call_id, stands=query.stands, limit=query.window, key=key)
