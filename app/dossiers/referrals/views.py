"""Referrals as each side may see them: a provider what the referral says, the institution its own dossier's besides."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime

from app.domain.language import Language
from app.dossiers.referrals.correction_schemas import CorrectionOut, NotRestored
from app.dossiers.referrals.corrections import Restored
from app.dossiers.referrals.decisions import side_of
from app.dossiers.referrals.repository import Counted, FullReferral
from app.dossiers.referrals.schemas import (
    OutsideCare,
    ReferralChild,
    ReferralCount,
    ReferralCounts,
    ReferralEventOut,
    ReferralOut,
    ReferredChild,
    StatusCount,
    Summary,
)
from app.dossiers.referrals.states import (
    STATUSES,
    UNANSWERED,
    UNDECIDED,
    DecisionCode,
    Status,
    possible,
)
from app.dossiers.referrals.tables import ReferralChildRow, ReferralEventRow, ReferralRow
from app.kit.security.auth import Caller, Role
from app.reference.decline_rules import Declined
from app.reference.lists import reference


def is_overdue(row: ReferralRow, now: datetime) -> bool:
    """Whether the provider has still to answer and the moment until which that was in time has passed."""
    return row.status in UNANSWERED and row.answer_due_at <= now


def pressing(row: ReferralRow) -> int:
    """As `repository.IS_PRESSING`."""
    return 0 if row.urgency == "crisis" and row.status in UNDECIDED else 1


def referral_out(full: FullReferral, caller: Caller, now: datetime) -> ReferralOut:
    """A referral as the caller may see it now."""
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
        outside_care=_outside_care(row),
        stands_for=row.stands_for if row.choice is None else row.choice,
        children=[_child(each, is_own=is_own) for each in full.children],
        child=ReferredChild.model_construct(age=row.age, gender=row.gender, municipality=row.municipality_code),
        summary=Summary.model_construct(
            needs=row.needs,
            characteristics=row.characteristics,
            urgency=row.urgency,
            wished_start=row.wished_start,
        ),
        overdue=is_overdue(row, now),
        declined=_declined(row),
    )


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
    """What the caller can decide now; an expert team corrects, and decides nothing."""
    if caller.role is Role.REGION:
        return []
    return possible(row.status, side_of(caller), has_provider=row.provider_id is not None)


def correction_out(referral: ReferralOut, restored: Restored, language: Language) -> CorrectionOut:
    """A referral after a correction, and what came back with it."""
    return CorrectionOut.model_construct(
        referral=referral,
        restored=restored.referrals,
        not_restored=[
            NotRestored.model_construct(referral_id=referral_id, because=because.in_(language))
            for referral_id, because in restored.lost
        ],
    )


def _child(row: ReferralChildRow, *, is_own: bool) -> ReferralChild:
    return ReferralChild.model_construct(
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


def counts_out(region: str, rows: Sequence[Counted]) -> ReferralCounts:
    """The counts of a region, in whole and by one thing at a time."""
    municipalities = reference().municipalities
    return ReferralCounts.model_construct(
        region=region,
        total=_total(rows),
        overdue=_overdue(rows),
        by_status=_by_status(rows),
        by_municipality=_by(rows, lambda row: (row.municipality, municipalities[row.municipality].name)),
        by_provider=_by(rows, lambda row: (str(row.provider_id) if row.provider_id else None, row.provider)),
        by_institution=_by(rows, lambda row: (str(row.institution_id), row.institution)),
    )


def _by(rows: Sequence[Counted], key: Callable[[Counted], tuple[str | None, str | None]]) -> list[ReferralCount]:
    groups: dict[tuple[str | None, str | None], list[Counted]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return [
        ReferralCount.model_construct(
            code=code, name=name, total=_total(group), overdue=_overdue(group), by_status=_by_status(group)
        )
        for (code, name), group in sorted(groups.items(), key=lambda item: (item[0][1] or "", item[0][0] or ""))
    ]


def _total(rows: Sequence[Counted]) -> int:
    return sum(row.total for row in rows)


def _overdue(rows: Sequence[Counted]) -> int:
    return sum(row.overdue for row in rows)


def _by_status(rows: Sequence[Counted]) -> list[StatusCount]:
    counted: dict[Status, int] = defaultdict(int)
    for row in rows:
        counted[row.status] += row.total
    return [StatusCount.model_construct(status=each, count=counted[each]) for each in STATUSES if counted[each]]
