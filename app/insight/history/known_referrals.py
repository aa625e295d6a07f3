"""From a dossier as it was known to the child's referrals, as `insight_referrals` holds them. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from app.domain.dates import dutch_day
from app.insight.history.dossiers import Answered, Dossier, Stay, day_of
from app.insight.history.needs import Values, sent_on, stands_for
from app.insight.history.secure_care import secure_care_of
from app.insight.history.stays import stay_of
from app.reference.lists import reference

_ANSWERS: Final = {"accept": "accepted", "waitlist": "waitlisted", "decline": "declined"}
_CORRECTION: Final = "correct"


def referrals_of(dossier: Dossier) -> dict[UUID, Values]:
    """The referrals of one child, by id."""
    return {UUID(stay.referral["id"]): _values(dossier, stay) for stay in dossier.stays}


def answers_that_stand(events: Sequence[tuple[datetime, str, Mapping[str, Any]]]) -> tuple[Answered, ...]:
    """The answers among the events of a referral (moment, decision, details) that were not taken back, in their order.

    Declined on the 3rd, that taken back on the 4th, accepted on the 5th: the acceptance is left.
    """
    answers: list[Answered] = []
    for at, decision, details in events:
        if decision in _ANSWERS:
            answers.append(Answered(at, decision))
        elif decision == _CORRECTION and "new" not in details:
            last = next((each for each in reversed(answers) if each.decision == details["what"]), None)
            answers = [each for each in answers if each is not last]
    return tuple(answers)


def _values(dossier: Dossier, stay: Stay) -> Values:
    child, referral = stay.child, stay.referral
    return {
        "organisation_id": UUID(referral["organisation_id"]),
        "referrer": dossier.referrer,
        "municipality_code": referral["municipality_code"],
        "region_code": referral["region_code"],
        "province_code": _province(referral["municipality_code"]),
        "provider_id": _id(referral["provider_id"]),
        "offer_id": _id(referral["offer_id"]),
        "offer_region_code": stay.place.region,
        "offer_province_code": stay.place.province,
        "care_type": referral["care_type"],
        "stands_for": stands_for(stay),
        "urgency": referral["urgency"],
        "despite": sorted(stay.despite),
        "sent_on": sent_on(stay),
        "overdue_on": dutch_day(datetime.fromisoformat(referral["answer_due_at"])),
        **_answered(stay),
        "accepted_on": day_of(referral, "accepted_on"),
        "started_on": day_of(child, "started_on"),
        "left_on": day_of(referral, "left_on"),
        "ended_on": day_of(child, "ended_on"),
        "end_reason": child["end_reason"] or referral["end_reason"],
        **stay_of(dossier, stay),
        **secure_care_of(dossier, stay),
    }


def _province(municipality: str) -> str | None:
    known = reference().municipalities.get(municipality)
    return known.province_code if known else None


def _answered(stay: Stay) -> Values:
    """What the provider answered while the child was in, and how the referral was over for it without help."""
    referral, text = stay.referral, stay.child["released_at"]
    released_at = datetime.fromisoformat(text) if text else None
    answers = [each for each in stay.answers if released_at is None or each.at <= released_at]
    first, last = (answers[0], answers[-1]) if answers else (None, None)
    is_declined = last is not None and last.decision == "decline"
    return {
        "answered_on": dutch_day(first.at) if first else None,
        "is_answered_late": first is not None and first.at >= datetime.fromisoformat(referral["answer_due_at"]),
        "answer": _ANSWERS[last.decision] if last else None,
        "decided_on": dutch_day(last.at) if last and last.decision != "waitlist" else None,
        "decline_reason": referral["decline_reason"] if is_declined else None,
        "decline_criteria": sorted(referral["decline_criteria"]) if is_declined else [],
        "over_on": dutch_day(released_at) if released_at else None,
        "is_withdrawn": released_at is not None and not is_declined,
    }


def _id(text: str | None) -> UUID | None:
    return None if text is None else UUID(text)
