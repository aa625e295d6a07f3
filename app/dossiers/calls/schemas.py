"""Calls for help as they go over the wire: codes and dates, and nothing in them that says who the child is."""

from datetime import date
from typing import Annotated, Final
from uuid import UUID

from pydantic import ConfigDict, Field, ValidationInfo, field_validator

from app.dossiers.calls.states import (
    AnswerCode,
    CallerBecause,
    ClosedBecause,
    Status,
)
from app.finding.catalogue.schemas import ShownContract, ShownProvider
from app.finding.matching.schemas import Characteristics, Places, Specialisations
from app.kit.pages import PageQuery
from app.kit.schemas import (
    Answer,
    FreeText,
    Moment,
    NormDay,
    Schema,
    Unique,
    Whole,
    check_applies,
    described,
)
from app.notifying.contacts.schemas import SenderContact
from app.ranking.model import ChildGender
from app.reference.decline_rules import Declined, check_criteria, check_named
from app.reference.schemas import (
    CareTypeCode,
    DeclinedForCriteria,
    DeclinedForSpecialisations,
    DeclineReasonCode,
    MunicipalityField,
    RegionField,
)

HoursPerWeek = Annotated[Whole, Field(ge=1, le=168)]

_CALL = "5d1c9b7e-20f4-4a83-b6c1-8e3f7a9d2b40"
_OFFER = "0b6a4f0e-3f55-5d51-8a53-0d0f6a0c7b21"
_REQUEST = "b1f6c0de-6a0e-4c59-8a3f-0c7d1e2f3a4b"


class CallIn(Schema):
    """A call to publish; what is left out is as the request has it."""

    care_types: Annotated[list[CareTypeCode], Unique, Field(min_length=1)] | None = Field(
        default=None,
        description="The care types that are asked for; those of the choices unless said.",
        examples=[["gezinshuis"]],
    )
    respond_by: NormDay | None = Field(
        default=None,
        description="The last day on which an answer is taken, at most three months from now; the working days that "
        "the child's region has agreed for answers to referrals unless said.",
        examples=["2026-12-04"],
    )
    wished_start: NormDay | None = Field(
        default=None,
        description="When the help had best start: on that day contracts count; today unless said.",
        examples=["2026-12-14"],
    )
    needs: Specialisations | None = Field(
        default=None, description="Specialisations that the help must have.", examples=[["trauma"]]
    )
    wishes: Specialisations | None = Field(
        default=None, description="Specialisations that it had better have.", examples=[["broers-zussen"]]
    )
    characteristics: Characteristics | None = Field(
        default=None, description="What a provider may refuse a child for.", examples=[["weglopen"]]
    )
    hours_per_week: HoursPerWeek | None = Field(
        default=None, description="Hours of help a week, of help without a stay.", examples=[8]
    )
    remark: FreeText | None = Field(
        default=None,
        description="What else there is to know, without anything about who the child is.",
        examples=["Bij voorkeur in een gezin zonder jongere kinderen."],
    )


class CallPatch(Schema):
    """Closes a call."""

    closed_because: CallerBecause = described(
        "answered: there are answers enough; withdrawn: it is asked no more, and its answers count no more.", "answered"
    )


_TAKES: Final[dict[AnswerCode, dict[str, bool]]] = {
    "can": dict.fromkeys(("offer_id", "places", "hours_per_week", "held_until", "conditions"), False)
    | {"start_on": True},
    "decline": {"reason": True, "criteria": False, "specialisations": False},
}
"""What goes with an answer, and whether it is required; a note goes with either."""


class AnswerIn(Schema):
    """An answer to a call; which fields go with it depends on the answer."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"answer": "can", "startOn": "2026-12-14", "places": 1, "note": "Kennismaken kan volgende week."}
            ]
        }
    )

    answer: AnswerCode = described("can: the help can be given; decline: it cannot.", "can")
    start_on: NormDay | None = Field(
        default=None, validate_default=True, description="can: when the help can start.", examples=["2026-12-14"]
    )
    offer_id: UUID | None = Field(
        default=None,
        validate_default=True,
        description="can: the own offer that it would be, which a referral can then go to.",
        examples=[_OFFER],
    )
    places: Places | None = Field(
        default=None,
        validate_default=True,
        description="can: for how many of the places; all that are asked for unless said.",
        examples=[1],
    )
    hours_per_week: HoursPerWeek | None = Field(
        default=None, validate_default=True, description="can: hours of help a week.", examples=[6]
    )
    held_until: NormDay | None = Field(
        default=None, validate_default=True, description="can: until when it is kept free.", examples=["2026-12-11"]
    )
    conditions: FreeText | None = Field(
        default=None,
        validate_default=True,
        description="can: on what conditions, without anything about who a child is.",
        examples=["Na een kennismaking; school op fietsafstand."],
    )
    reason: DeclineReasonCode | None = Field(
        default=None, validate_default=True, description="decline: the decline reason."
    )
    criteria: DeclinedForCriteria = None
    specialisations: DeclinedForSpecialisations = None
    note: FreeText | None = Field(
        default=None,
        description="What else there is to say, without anything about who a child is.",
        examples=["Vanaf januari is er weer ruimte."],
    )

    @field_validator(*_TAKES["can"], *_TAKES["decline"])
    @classmethod
    def _goes_with_the_answer(cls, value: object, others: ValidationInfo) -> object:
        if "answer" in others.data:
            required = _TAKES[others.data["answer"]].get(str(others.field_name))
            if required is not False:
                check_applies(cls, value, others, applies=required is True)
        return value

    @field_validator("criteria")
    @classmethod
    def _names_the_contra_indication(cls, criteria: list[str] | None, others: ValidationInfo) -> list[str] | None:
        check_criteria(others.data.get("reason"), criteria)
        return criteria

    @field_validator("specialisations")
    @classmethod
    def _names_what_does_not_fit(cls, named: list[str] | None, others: ValidationInfo) -> list[str] | None:
        check_named(others.data.get("reason"), others.data.get("criteria"), named)
        return named


class CallAnswerOut(Answer):
    """What a provider answered."""

    call_id: UUID = described("The call.", _CALL)
    provider: ShownProvider = Field(description="Who answered.")
    contract: ShownContract = Field(description="The best contract that covered the child when it was published.")
    stands: bool = described("Whether it is the provider's last word; else it is history.", True)
    at: Moment = Field(description="When it was given.", examples=["2026-11-24T09:00:00Z"])
    answer: AnswerCode = described("can, or decline.", "can")
    start_on: date | None = described("When the help can start; null of a decline.", "2026-12-14")
    offer_id: UUID | None = described("The offer that it would be, where it names one.", _OFFER)
    offer_name: str | None = described("What the offer is called.", "Gezinshuis De Duinen")
    places: int | None = described("For how many of the places; null of a decline.", 1)
    hours_per_week: int | None = described("Hours of help a week, where said.", None)
    held_until: date | None = described("Until when it is kept free, where said.", "2026-12-11")
    conditions: str | None = described("On what conditions.", "Na een kennismaking.")
    declined: Declined | None = described("Why not; null where it can.", None)
    note: str | None = described("What else there is to say.", None)


class RankedCallAnswer(CallAnswerOut):
    """What a provider answered, beside the ranking."""

    within_norm: bool = described("Whether help could start within the norm; false of a decline.", True)


class CalledChild(Answer):
    """What a call says of the child."""

    age_min: int = described("Youngest age of the band that its age is in, in whole years.", 12)
    age_max: int | None = described("Oldest age of that band; null: no limit.", 15)
    gender: ChildGender = described("The child's gender.", "female")
    region: RegionField = Field(description="The jeugdregio of the responsible municipality.")
    municipality: MunicipalityField | None = Field(
        description="The responsible municipality; null to a provider that a contract of the whole region covers."
    )
    has_measure: bool = described("Whether it has a child-protection measure.", True)
    court_authorisation: bool | None = described(
        "Whether a judge has authorised secure care; null where no care type asked for needs that.", None
    )


class CallCounts(Answer):
    """How a call has been answered so far."""

    addressed: int = described("Providers that it was put to.", 14)
    can: int = described("Of these, those that can.", 2)
    declined: int = described("Of these, those that declined.", 5)


class CallOut(Answer):
    """A call, as the side that asks may see it."""

    id: UUID = described("Our id.", _CALL)
    status: Status = described("How it stands.", "open")
    closed_because: ClosedBecause | None = described("Why it is closed.", None)
    closed_at: Moment | None = Field(description="When it was closed.", examples=["2026-12-01T09:00:00Z"])
    published_at: Moment = Field(description="When it was published.", examples=["2026-11-22T10:00:00Z"])
    respond_by: date = described("The last day on which an answer is taken.", "2026-12-04")
    institution: str | None = described(
        "Who asks, where the name is known; null of a local team, whose name says where the child lives.",
        "De Jeugd- en Gezinsbeschermers",
    )
    sender_contact: SenderContact | None = Field(
        description="How the institution is reached now, none of its teams; null where `institution` is, or where it "
        "has not said."
    )
    request_id: UUID | None = described("The request; null to a provider.", _REQUEST)
    child_reference: str | None = described("The institution's own reference of the child; null to a provider.", None)
    care_types: list[CareTypeCode] = described("The care types that are asked for.", ["gezinshuis"])
    child: CalledChild = Field(description="What it says of the child.")
    needs: list[str] = described("Specialisations that the help must have.", ["trauma"])
    wishes: list[str] = described("Specialisations that it had better have.", ["broers-zussen"])
    characteristics: list[str] = described("What a provider may refuse a child for.", ["weglopen"])
    wished_start: date | None = described("When the help had best start; null: as soon as possible.", "2026-12-14")
    deadline: date = described("When help is due by the norm.", "2027-01-12")
    places: int = described("Places that are needed together.", 1)
    sibling_count: int = described("Siblings among them.", 0)
    hours_per_week: int | None = described("Hours of help a week, where said.", None)
    remark: str | None = described("What else there is to know.", None)
    counts: CallCounts | None = Field(description="How it has been answered; null to a provider.")
    own_answer: CallAnswerOut | None = Field(description="What the provider that asks has answered; else null.")


class CallQuery(PageQuery):
    """The query keys of the calls."""

    status: Status | None = Field(default=None, description="Only those that stand so.", examples=["open"])
    answered: bool | None = Field(
        default=None,
        description="Of a provider only those that it has answered, or only the others; of an institution only those "
        "that somebody has.",
        examples=[False],
    )
    request: UUID | None = Field(
        default=None, description="Only this request's; not for a provider.", examples=[_REQUEST]
    )


class CallAnswerQuery(PageQuery):
    """The query keys of the answers to a call."""

    stands: bool | None = Field(
        default=None, description="Only those that stand, or only those that were changed.", examples=[True]
    )
