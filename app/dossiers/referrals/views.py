"""Referrals as each side may see them: a provider what the referral says, the institution its own dossier's besides."""

from datetime import datetime
from typing import Any
from uuid import UUID

from app.domain.dates import dutch_day
from app.domain.language import Language, Text
from app.dossiers.referrals import history_repository, repository
from app.dossiers.referrals.child_ids import child_id
from app.dossiers.referrals.concerns import concerns_out
from app.dossiers.referrals.correction_schemas import CorrectionOut, NotRestored
from app.dossiers.referrals.corrections import Restored
from app.dossiers.referrals.decisions import side_of
from app.dossiers.referrals.despite_schemas import DespiteOut
from app.dossiers.referrals.schemas import (
    NoticeQuery,
    OutsideCare,
    ReferralChild,
    ReferralEventOut,
    ReferralOut,
    ReferralQuery,
    ReferredChild,
    Summary,
)
from app.dossiers.referrals.states import (
    UNANSWERED,
    UNDECIDED,
    DecisionCode,
    possible,
)
from app.dossiers.referrals.tables import DespiteRow, FullReferral, ReferralChildRow, ReferralEventRow, ReferralRow
from app.finding.catalogue.catalogue import Catalogue
from app.kit.database.sessions import ReadSession, WriteSession
from app.kit.errors import InputError, InvalidInputError
from app.kit.pages import PageQuery
from app.kit.security.callers import Caller, Role
from app.notifying.contacts.service import sender_contact
from app.reference.decline_rules import Declined
from app.supply.providers.service import contact_out

NOT_OF_PROVIDERS = Text(
    nl="Een aanbieder ziet niet bij welke hulpvraag een aanmelding hoort.",
    en="A provider does not see which request a referral belongs to.",
)


def is_overdue(row: ReferralRow, now: datetime) -> bool:
    """Whether the provider has still to answer and the moment until which that was in time has passed."""
    return row.status in UNANSWERED and row.answer_due_at <= now


def pressing(row: ReferralRow) -> int:
    """As `repository.IS_PRESSING`."""
    return 0 if row.urgency == "crisis" and row.status in UNDECIDED else 1


def referral_out(full: FullReferral, caller: Caller, now: datetime, catalogue: Catalogue) -> ReferralOut:
    """A referral as the caller may see it now, on the ground as the catalogue has it."""
    row = full.referral
    is_own = caller.organisation_id == row.organisation_id
    return ReferralOut.model_construct(
        **{name: getattr(row, name) for name in _AS_THEY_ARE},
        possible=_possible(row, caller),
        request_id=row.request_id if is_own else None,
        child_reference=full.child_reference if is_own else None,
        ranking_id=row.ranking_id if is_own else None,
        offer_name=full.offer.name if full.offer else None,
        provider_name=full.provider.name if full.provider else row.outside_provider,
        sender_contact=sender_contact(full.sender, row.team),
        provider_contact=contact_out(full.provider) if full.provider else None,
        outside_care=_outside_care(row),
        stands_for=row.stands_for if row.choice is None else row.choice,
        children=[_child(each, is_own=is_own and each.request_id not in full.elsewhere) for each in full.children],
        child=ReferredChild.model_construct(age=row.age, gender=row.gender, municipality=row.municipality_code),
        summary=Summary.model_construct(
            needs=row.needs,
            characteristics=row.characteristics,
            urgency=row.urgency,
            wished_start=row.wished_start,
        ),
        overdue=is_overdue(row, now),
        declined=_declined(row),
        concerns=concerns_out(catalogue, full, dutch_day(now)),
        despite=[_despite(each) for each in full.despite],
    )


def _despite(row: DespiteRow) -> DespiteOut:
    return DespiteOut.model_construct(reason=row.reason, because=row.because, by=row.actor, on=dutch_day(row.at))


_AS_THEY_ARE = (
    *("id", "status", "institution", "offer_id", "provider_id", "choices_version", "first_choice", "places", "remark"),
    *(
        "sent_at",
        "answer_due_at",
        "expected_start",
        "left_on",
        "started_on",
        "ended_on",
        "end_reason",
        "withdrawn_because",
    ),
)


def _possible(row: ReferralRow, caller: Caller) -> list[DecisionCode]:
    """What the caller can decide now; an expert team corrects, and decides nothing, nor do those who only read."""
    is_other = caller.role is not Role.PROVIDER and caller.organisation_id != row.organisation_id
    if caller.role is Role.REGION or is_other:
        return []
    return possible(row.status, side_of(caller), has_provider=row.provider_id is not None)


def correction_out(referral: ReferralOut, restored: Restored, language: Language) -> CorrectionOut:
    """A referral after a correction, and what came back with it."""
    return CorrectionOut.model_construct(
        referral=referral,
        restored=restored.referrals,
        restored_calls=restored.calls,
        not_restored=[
            *(
                NotRestored.model_construct(referral_id=referral_id, call_id=None, because=because.in_(language))
                for referral_id, because in restored.lost
            ),
            *(
                NotRestored.model_construct(referral_id=None, call_id=call_id, because=because.in_(language))
                for call_id, because in restored.lost_calls
            ),
        ],
    )


def _child(row: ReferralChildRow, *, is_own: bool) -> ReferralChild:
    return ReferralChild.model_construct(
        id=child_id(row.referral_id, row.request_id),
        request_id=row.request_id if is_own else None,
        places=row.places,
        is_in=row.is_in,
        started_on=row.started_on,
        ended_on=row.ended_on,
        end_reason=row.end_reason,
    )


def _outside_care(row: ReferralRow) -> OutsideCare | None:
    if row.outside_kind is None or row.outside_description is None:
        return None
    return OutsideCare.model_construct(
        kind=row.outside_kind, description=row.outside_description, provider_name=row.outside_provider
    )


def _declined(row: ReferralRow) -> Declined | None:
    if row.decline_reason is None:
        return None
    return Declined.model_construct(
        reason=row.decline_reason, criteria=row.decline_criteria, specialisations=row.decline_specialisations
    )


def event_out(row: ReferralEventRow, caller: Caller) -> ReferralEventOut:
    """An event of a referral; which client it was is shown to the side that it is of."""
    return ReferralEventOut.model_construct(
        referral_id=row.referral_id,
        at=row.at,
        actor=row.actor,
        client_id=row.client_id if row.actor == side_of(caller) else None,
        decision=row.decision,
        status=row.status,
        details=row.details,
    )


async def list_referrals(
    session: ReadSession, caller: Caller, query: ReferralQuery, key: list[Any] | None, now: datetime
) -> list[FullReferral]:
    """Of a provider those to its offers, of an institution or local team those that it sent.

    Those in a crisis that wait for an answer come first, then the oldest; after `key` (`pressing`, when sent, id), and
    one more than the page. `InvalidInputError` where a provider asks by request.
    """
    if query.request is not None and caller.role is Role.PROVIDER:
        raise InvalidInputError(InputError("#/query/request", "not-applicable", NOT_OF_PROVIDERS))
    return await repository.list_referrals(
        session,
        caller,
        now=now,
        statuses=query.status,
        overdue=query.overdue,
        request_id=query.request,
        offer_id=query.offer,
        limit=query.window,
        key=key,
    )


async def get_referral(session: ReadSession | WriteSession, caller: Caller, referral_id: UUID) -> FullReferral:
    """A referral that the caller is a party to; `NotFoundError` where there is none."""
    return await repository.get_referral(session, caller, referral_id)


async def list_history(
    session: ReadSession, caller: Caller, referral_id: UUID, query: PageQuery, key: list[Any] | None
) -> list[ReferralEventRow]:
    """What happened to a referral, from the first on; after `key` (id), and one more than the page."""
    await repository.get_referral(session, caller, referral_id)
    return await history_repository.list_events(session, referral_id, limit=query.window, key=key)


async def list_notices(
    session: ReadSession, caller: Caller, query: NoticeQuery, key: list[Any] | None
) -> list[ReferralEventRow]:
    """What others did to the caller's referrals, the oldest first; after `key` (id), and one more than the page."""
    return await history_repository.list_notices(session, caller, since=query.since, limit=query.window, key=key)


async def list_last_notices(
    session: ReadSession, caller: Caller, since: datetime, limit: int
) -> list[tuple[ReferralEventRow, FullReferral]]:
    """What others did to the caller's referrals since then, that they saw them aside; each with its referral.

    At most `limit`, the last first.
    """
    events = await history_repository.list_last_notices(session, caller, since=since, limit=limit)
    found = await repository.list_by_ids(session, caller, {event.referral_id for event in events})
    referrals = {full.referral.id: full for full in found}
    return [(event, referrals[event.referral_id]) for event in events]


async def count_received(session: ReadSession, caller: Caller, since: datetime) -> dict[UUID, int]:
    """How often each of a provider's offers was asked by a referral since a moment; of those that were not, nothing."""
    return await history_repository.count_received(session, caller, since)
