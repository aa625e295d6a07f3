"""Referrals as they go over the wire: one form for every provider, and nothing in it that says who the child is."""

from datetime import date
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import BeforeValidator, ConfigDict, Field, ValidationInfo, WithJsonSchema, field_validator

from app.domain.language import Text
from app.dossiers.referrals.despite_schemas import EXAMPLE, ConcernOut, DespiteOut, EachOnce
from app.dossiers.referrals.states import DecisionCode, EventCode, Status
from app.dossiers.referrals.tables import (
    Actor,
    OutsideKind,
    Urgency,
    WithdrawnBecause,
)
from app.kit.pages import PageQuery
from app.kit.schemas import (
    Answer,
    FreeText,
    Key,
    Moment,
    Name,
    NormDay,
    Schema,
    Unique,
    check_applies,
    described,
    invalid,
)
from app.notifying.contacts.schemas import SenderContact
from app.ranking.model import ChildGender
from app.reference.decline_rules import Declined
from app.reference.schemas import (
    ClosingReasonCode,
    ExclusionCode,
    MunicipalityField,
    SpecialisationCode,
)
from app.supply.providers.schemas import Contact

_NO_CHOICE: Final = ("alternative", "bridging", "outside")
"""What a referral stands for where it is for none of the choices."""


def _stands_for(value: object) -> object:
    if type(value) not in {int, str} or value not in {1, 2, 3, *_NO_CHOICE}:
        text = Text(
            nl="Kies een keuze (1, 2 of 3), alternative, bridging of outside.",
            en="A choice (1, 2 or 3), alternative, bridging or outside.",
        )
        raise invalid("unknown-code", text)
    return value


StandsFor = Annotated[
    int | str,
    BeforeValidator(_stands_for),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "minimum": 1, "maximum": 3},
                {"type": "string", "enum": list(_NO_CHOICE)},
            ],
            "description": "The rank of a choice; alternative: help that is none of the choices; bridging: help until "
            "the help itself can start (overbrugging), which ends no wait; outside: care outside the contracts.",
            "examples": [1],
        }
    ),
]
_OFFER = "0b6a4f0e-3f55-5d51-8a53-0d0f6a0c7b21"
_PROVIDER = "6f1b7c1e-8a55-5b0f-9d62-1d7f6f0e3c11"
_REQUEST = "b1f6c0de-6a0e-4c59-8a3f-0c7d1e2f3a4b"
_RANKING = "4f0d2b8e-7c61-4a35-9e2f-6b1a0c3d5e7f"
_OUTSIDE = {"kind": "tailored", "description": "Zorgboerderij in Drenthe, vier dagen in de week."}
_SUMMARY: dict[str, Any] = {
    "needs": ["trauma"],
    "characteristics": ["weglopen"],
    "urgency": "urgent",
    "wishedStart": "2026-12-14",
}


class OutsideCare(Schema):
    """Care that is bought outside the contracts for one child."""

    kind: OutsideKind = described("How it is bought.", "tailored")
    description: Annotated[FreeText, Field(min_length=1)] = described(
        "What care it is.", "Zorgboerderij in Drenthe, vier dagen in de week."
    )
    provider_name: Name | None = Field(
        default=None, description="Who gives it, where that is known.", examples=["Demo Zorgboerderij De Es"]
    )


class SummaryIn(Schema):
    """What the provider has to know; what is left out is as the request has it."""

    needs: Annotated[list[SpecialisationCode], Unique] | None = Field(
        default=None, description="Specialisations that the help must have.", examples=[["trauma"]]
    )
    characteristics: Annotated[list[ExclusionCode], Unique] | None = Field(
        default=None, description="What the provider may refuse a child for.", examples=[["weglopen"]]
    )
    urgency: Urgency = described("How soon help is needed.", "urgent")
    wished_start: NormDay | None = Field(
        default=None, description="When the help had best start.", examples=["2026-12-14"]
    )


class ReferralIn(Schema):
    """A request to put to an offer."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"standsFor": 1, "offerId": _OFFER, "summary": _SUMMARY, "remark": "Graag eerst bellen."}]
        }
    )

    stands_for: StandsFor = described("What it is to the child.", 1)
    offer_id: UUID | None = Field(
        default=None,
        validate_default=True,
        description="The offer; left out only of care outside the contracts.",
        examples=[_OFFER],
    )
    outside_care: OutsideCare | None = Field(
        default=None, validate_default=True, description="The care outside the contracts.", examples=[_OUTSIDE]
    )
    summary: SummaryIn = Field(description="What the provider has to know.", examples=[_SUMMARY])
    remark: FreeText | None = Field(
        default=None,
        description="What else it has to know, without anything about who the child is.",
        examples=["Graag eerst bellen."],
    )
    team: Key | None = Field(
        default=None,
        description="The key of the own team that the provider had best reach; the request's unless said.",
        examples=["kop-noord"],
    )
    ranking_id: UUID | None = Field(
        default=None,
        description="The ranking that led to it; the one shown last for the request where not given.",
        examples=[_RANKING],
    )
    despite: EachOnce = Field(
        default=[],
        description="Where the match would leave the offer out now (the 409 names the reasons): why it is right all "
        "the same, for each reason.",
        examples=[EXAMPLE],
    )

    @field_validator("offer_id", "outside_care")
    @classmethod
    def _has_one_addressee(cls, value: object, others: ValidationInfo) -> object:
        if "stands_for" in others.data:
            outside = others.data["stands_for"] == "outside"
            check_applies(cls, value, others, applies=outside == (others.field_name == "outside_care"))
        return value


class ReferredChild(Answer):
    """What the referral says of the child."""

    age: int = described("Whole years when it was sent.", 12)
    gender: ChildGender = described("The child's gender.", "female")
    municipality: MunicipalityField = Field(description="The responsible municipality.")


class Summary(Answer):
    """What the provider has to know."""

    needs: list[str] = described("Specialisations that the help must have.", ["trauma"])
    characteristics: list[str] = described("What the provider may refuse a child for.", ["weglopen"])
    urgency: Urgency = described("How soon help is needed.", "urgent")
    wished_start: date | None = described("When the help had best start.", "2026-12-14")


class ReferralChild(Answer):
    """A child that a referral was sent for."""

    id: UUID = described("Its id in this referral, the same to both sides.", "7c9e6679-7425-5de5-944b-e07fc1f90ae7")
    request_id: UUID | None = described(
        "Its request; null to a provider, and of a child that another institution has now.", _REQUEST
    )
    places: int = described("Places that it takes.", 1)
    is_in: bool = described("Whether the referral is still for this child.", True)
    started_on: date | None = described("When its help started.", None)
    ended_on: date | None = described("When its help ended.", None)
    end_reason: ClosingReasonCode | None = described("Why its help ended.", None)


class ReferralOut(Answer):
    """A referral, as the side that asks may see it."""

    id: UUID = described("Our id.", "9a4c7f52-3b0d-4c1e-8f6a-2d5e8b7c1a90")
    status: Status = described("How far it is.", "sent")
    possible: list[DecisionCode] = described("What the caller can decide now.", ["withdraw"])
    request_id: UUID | None = described("The request; null to a provider.", _REQUEST)
    child_reference: str | None = described("The institution's own reference of the child; null to a provider.", None)
    ranking_id: UUID | None = described("The ranking that led to it; null to a provider.", _RANKING)
    institution: str | None = described("Who referred, where the name is known.", "De Jeugd- en Gezinsbeschermers")
    sender_contact: SenderContact | None = Field(
        description="How who referred is reached now, its team where it names one; null where it has not said."
    )
    offer_id: UUID | None = described("The offer.", _OFFER)
    offer_name: str | None = described("What the offer is called.", "Gezinshuis De Duinen")
    provider_id: UUID | None = described("The provider.", _PROVIDER)
    provider_name: str | None = described("What the provider is called.", "Demo Jeugdhulp De Vuurtoren")
    provider_contact: Contact | None = described(
        "How its intake desk is reached now; null of care outside the contracts.", {"phone": "088 000 0123"}
    )
    outside_care: OutsideCare | None = described("The care outside the contracts.", None)
    stands_for: StandsFor = described("What it is to the child.", 1)
    choices_version: int = described("The version of the choices that it stands for.", 1)
    first_choice: bool = described("Whether the offer is of the first choice as that was first stated.", True)
    child: ReferredChild = Field(description="What it says of the child.")
    summary: Summary = Field(description="What the provider has to know.")
    children: list[ReferralChild] = Field(description="For whom it was sent: one child, or siblings together.")
    places: int = described("Places that are needed together.", 1)
    remark: str | None = described("What else it has to know.", "Graag eerst bellen.")
    sent_at: Moment = Field(description="When it was sent.", examples=["2026-11-22T10:00:00Z"])
    answer_due_at: Moment = Field(
        description="Until when an answer is in time: of a term in days, the end of its last day.",
        examples=["2026-11-27T23:00:00Z"],
    )
    overdue: bool = described("Whether it has had no answer in time, and still has none.", False)
    expected_start: date | None = described("When the provider expects to start.", "2026-12-14")
    left_on: date | None = described(
        "When the child left, by the provider's word; the institution confirms it with `end`.", None
    )
    started_on: date | None = described("When the help started.", None)
    ended_on: date | None = described("When the help ended.", None)
    end_reason: ClosingReasonCode | None = described("Why the help ended.", None)
    declined: Declined | None = described("Why it was declined.", None)
    withdrawn_because: WithdrawnBecause | None = described("Why it was withdrawn.", None)
    concerns: list[ConcernOut] = Field(
        description="While help may still start from it: what the match has against the offer now and nobody explained."
    )
    despite: list[DespiteOut] = Field(
        description="Why it was made, accepted or started although the match would leave the offer out."
    )


class Refusal(Answer):
    """A provider that does not take the child."""

    provider_name: str | None = described("Who; null where that is not known.", "Demo Pleegzorg Noordkop")
    offer_id: UUID | None = described("The offer; null for care outside the contracts.", None)
    reason: str = described("Why: a decline reason.", "contra-indication")
    criteria: list[str] = described("The exclusion criteria that it named.", ["weglopen"])
    specialisations: list[str] = described("The specialisations that it named.", [])
    on: date = described("When.", "2026-11-30")


class ReferralQuery(PageQuery):
    """The query keys of the referrals."""

    status: list[Status] = Field(
        default=[], description="Only those that are so far; may repeat.", examples=[["sent", "seen"]]
    )
    overdue: bool | None = Field(
        default=None, description="Only those without an answer in time, or only the others.", examples=[True]
    )
    request: UUID | None = Field(
        default=None, description="Only this request's; not for a provider.", examples=[_REQUEST]
    )
    offer: UUID | None = Field(default=None, description="Only those to this offer.", examples=[_OFFER])


class ReferralEventOut(Answer):
    """What happened to a referral."""

    referral_id: UUID = described("The referral.", "9a4c7f52-3b0d-4c1e-8f6a-2d5e8b7c1a90")
    at: Moment = Field(description="When.", examples=["2026-11-22T10:00:00Z"])
    actor: Actor = described("Who: service where it followed from something else.", "provider")
    client_id: str | None = described("By which client; null of the other side's.", "demo-provider")
    decision: EventCode = described(
        "What was decided; move: the child lives elsewhere; concern: something stands in the way (`concerns`).",
        "decline",
    )
    status: Status = described("How far the referral was since.", "declined")
    details: dict[str, str | list[str] | list[dict[str, str]]] = described(
        "What was said with it.", {"reason": "no-place"}
    )


class NoticeQuery(PageQuery):
    """The query keys of the notices."""

    since: Moment | None = Field(
        default=None, description="Only what happened from this moment on.", examples=["2026-11-22T09:00:00Z"]
    )
