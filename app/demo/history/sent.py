"""A referral of a child of the past as it is sent."""

from datetime import datetime, timedelta
from typing import Any, Final, Literal, TypeAlias

from app.demo.history.dossier import Dossier
from app.demo.rows import Offer, demo_id
from app.domain.dates import dutch_day, dutch_midnight, whole_years
from app.dossiers.agreements.default_terms import ANSWER_DAYS, CRISIS_ANSWER_HOURS, URGENT_ANSWER_DAYS
from app.dossiers.referrals.tables import ReferralRow, Urgency
from app.kit.working_days import add_working_days
from app.supply.offers.tables import OfferRow

StandsFor: TypeAlias = Literal[1, 2, 3, "alternative", "outside", "bridging"]

_OUTSIDE: Final[dict[str, Any]] = {
    "outside_kind": "tailored",
    "outside_description": "Een plek op maat, met een mentor (voorbeeld).",
    "outside_provider": "Demo Zorgboerderij De Es",
}


def referral_row(
    dossier: Dossier, name: str, stands_for: StandsFor, offer: Offer | None, urgency: Urgency, at: datetime
) -> ReferralRow:
    """The row of a referral that is sent at that moment; `name` is ours, for its id."""
    request, institution = dossier.request, dossier.child.institution
    choice = stands_for if isinstance(stands_for, int) else None
    return ReferralRow(
        id=demo_id("referral", f"{dossier.child.key}/{name}"),
        request_id=request.id,
        organisation_id=request.organisation_id,
        institution=institution.organisation.institution or institution.organisation.name,
        offer_id=offer.id if offer else None,
        provider_id=offer.provider_id if offer else None,
        stands_for="choice" if choice else stands_for,
        choice=choice,
        choices_version=1,
        first_choice=offer is not None and offer.care_type == request.first_choice["careType"],
        care_type=offer.care_type if offer else None,
        **({} if offer else _OUTSIDE),
        age=whole_years(dossier.child.birth_month, dutch_day(at)),
        gender=request.gender,
        municipality_code=request.municipality_code,
        region_code=request.region_code,
        needs=request.needs,
        characteristics=request.characteristics,
        urgency=urgency,
        places=1,
        sent_at=at,
        **_answer_due(urgency, at),
        status="sent",
        decline_criteria=[],
        decline_specialisations=[],
        version=1,
        created_at=at,
        updated_at=at,
    )


def offer_row(offer: Offer | None) -> OfferRow | None:
    """What the product asks of an offer here."""
    if offer is None:
        return None
    secure = offer.needs_court_authorisation
    return OfferRow(id=offer.id, care_type=offer.care_type, needs_court_authorisation=secure)


def _answer_due(urgency: Urgency, sent_at: datetime) -> dict[str, Any]:
    """By when the provider answers, in a region that has agreed nothing else."""
    if urgency == "crisis":
        due_at = sent_at + timedelta(hours=CRISIS_ANSWER_HOURS)
        return {"answer_due_at": due_at, "answer_due_on": dutch_day(due_at)}
    last = add_working_days(dutch_day(sent_at), URGENT_ANSWER_DAYS if urgency == "urgent" else ANSWER_DAYS)
    return {"answer_due_at": dutch_midnight(last + timedelta(days=1)), "answer_due_on": last}
