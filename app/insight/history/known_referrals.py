"""From a dossier as it was known to the child's referrals, as `insight_referrals` holds them. Pure."""

from datetime import datetime
from typing import Final
from uuid import UUID

from app.domain.dates import dutch_day
from app.insight.history.dossiers import Dossier, Stay, day_of
from app.insight.history.needs import Values, sent_on, stands_for

_ANSWERS: Final = {
    "accepted": "accepted",
    "started": "accepted",
    "ended": "accepted",
    "waitlisted": "waitlisted",
    "declined": "declined",
}
"""What the provider answered last, by the status of the referral."""


def referrals_of(dossier: Dossier) -> dict[UUID, Values]:
    """The referrals of one child, by id."""
    return {UUID(stay.referral["id"]): _values(dossier, stay) for stay in dossier.stays}


def _values(dossier: Dossier, stay: Stay) -> Values:
    child, referral = stay.child, stay.referral
    released = child["released_at"]
    is_accepted = referral["accepted_on"] is not None
    answer = _ANSWERS.get(referral["status"]) or ("accepted" if is_accepted else None)
    return {
        "organisation_id": UUID(referral["organisation_id"]),
        "referrer": dossier.referrer,
        "municipality_code": referral["municipality_code"],
        "region_code": referral["region_code"],
        "provider_id": _id(referral["provider_id"]),
        "offer_id": _id(referral["offer_id"]),
        "offer_region_code": stay.offer_region,
        "offer_province_code": stay.offer_province,
        "care_type": referral["care_type"],
        "stands_for": stands_for(stay),
        "urgency": referral["urgency"],
        "despite": sorted(stay.despite),
        "sent_on": sent_on(stay),
        "answered_on": stay.answered_on,
        "answer": answer,
        "decline_reason": referral["decline_reason"],
        "decline_criteria": sorted(referral["decline_criteria"]),
        "over_on": dutch_day(datetime.fromisoformat(released)) if released else None,
        "is_withdrawn": bool(released) and referral["status"] != "declined",
        "accepted_on": day_of(referral, "accepted_on"),
        "started_on": day_of(child, "started_on"),
        "left_on": day_of(referral, "left_on"),
        "ended_on": day_of(child, "ended_on"),
        "end_reason": child["end_reason"] or referral["end_reason"],
    }


def _id(text: str | None) -> UUID | None:
    return None if text is None else UUID(text)
