"""Arrangements as they go over the wire: nothing in them says who the child is."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field, ValidationInfo, field_validator

from app.domain.language import Text
from app.dossiers.arrangements.states import (
    DecisionCode,
    EndedBecause,
    Kind,
    Light,
    Party,
    Status,
)
from app.kit.pages import PageQuery
from app.kit.schemas import (
    Answer,
    FreeText,
    Moment,
    NormDay,
    Schema,
    check_applies,
    described,
    invalid,
)
from app.ranking.model import ChildGender, Reason
from app.reference.schemas import CareTypeCode, MunicipalityField, RegionField

_OFFER = "0b6a4f0e-3f55-5d51-8a53-0d0f6a0c7b21"
_REQUEST = "b1f6c0de-6a0e-4c59-8a3f-0c7d1e2f3a4b"
_WHY = "Enige gezinshuis dat direct plek heeft."
_BECAUSE = "Akkoord, voor de duur van de plaatsing."


class ArrangementIn(Schema):
    """What to ask for, from an alternative of the request's match."""

    offer_id: UUID = described("The offer.", _OFFER)
    kind: Kind = described(
        "What the alternative needs: a light contract, an exception to a budget ceiling or a longer distance, of the "
        "child's region; the provider's consent, of the provider.",
        "ceiling-exception",
    )
    why: Annotated[FreeText, Field(min_length=1)] = described("Why, without anything about who the child is.", _WHY)


class ArrangementDecisionIn(Schema):
    """A decision on what was asked."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"decision": "grant", "why": _BECAUSE, "validTo": "2027-06-30"}]}
    )

    decision: DecisionCode = described("Of whom it was put to: grant, refuse; of the institution: withdraw.", "grant")
    why: Annotated[FreeText, Field(min_length=1)] | None = Field(
        default=None,
        validate_default=True,
        description="Why, without anything about who the child is; refuse takes it.",
        examples=[_BECAUSE],
    )
    valid_to: NormDay | None = Field(
        default=None,
        validate_default=True,
        description="grant: the last day of the contract or the exception; no end unless said.",
        examples=["2027-06-30"],
    )

    @field_validator("why")
    @classmethod
    def _says_why_not(cls, why: str | None, others: ValidationInfo) -> str | None:
        if others.data.get("decision") == "refuse" and why is None:
            text = Text(nl="Zeg waarom het wordt geweigerd.", en="Say why it is refused.")
            raise invalid("missing", text, field="why")
        return why

    @field_validator("valid_to")
    @classmethod
    def _goes_with_a_grant(cls, valid_to: date | None, others: ValidationInfo) -> date | None:
        if valid_to is not None and "decision" in others.data:
            check_applies(cls, valid_to, others, applies=others.data["decision"] == "grant")
        return valid_to


class ArrangedChild(Answer):
    """What is told of the child."""

    age: int = described("Whole years when it was asked.", 12)
    gender: ChildGender = described("The child's gender.", "female")
    municipality: MunicipalityField = Field(description="The responsible municipality.")
    region: RegionField = Field(description="Its jeugdregio.")


class ArrangementDecision(Answer):
    """What was decided on what was asked."""

    decision: DecisionCode = described("What.", "grant")
    at: Moment = Field(description="When.", examples=["2026-11-24T09:00:00Z"])
    why: str | None = described("Why.", _BECAUSE)
    valid_to: date | None = described("The last day of the contract or the exception; null: no end.", "2027-06-30")


class ArrangementOut(Answer):
    """Something that was asked to make an alternative possible for a child, as the side that asks may see it."""

    id: UUID = described("Our id.", "2f9d1c3b-7a64-4e85-b0c2-6d5e4f3a2b10")
    status: Status = described("How far it is.", "asked")
    possible: list[DecisionCode] = described("What the caller can decide now.", ["grant", "refuse"])
    kind: Kind = described("What was asked for.", "ceiling-exception")
    reason: Reason = described("What keeps the offer out of the match without it.", "budget-ceiling")
    put_to: Party = described("Who decides on it.", "region")
    request_id: UUID | None = described("The request; only to the institution.", _REQUEST)
    child_reference: str | None = described("The institution's own reference of the child; only to itself.", None)
    institution: str | None = described("Who asks, where the name is known.", "De Jeugd- en Gezinsbeschermers")
    offer_id: UUID = described("The offer.", _OFFER)
    offer_name: str = described("What the offer is called.", "Gezinshuis De Duinen")
    care_type: CareTypeCode = Field(description="Its care type.")
    provider_id: UUID = described("The provider.", "6f1b7c1e-8a55-5b0f-9d62-1d7f6f0e3c11")
    provider_name: str = described("What the provider is called.", "Demo Jeugdhulp De Vuurtoren")
    child: ArrangedChild = Field(description="What is told of the child.")
    needs: list[str] = described("Specialisations that the help must have.", ["trauma"])
    why: str = described("Why it is asked.", _WHY)
    asked_at: Moment = Field(description="When it was asked.", examples=["2026-11-22T10:00:00Z"])
    due_on: date = described("The last day on which an answer is in time.", "2026-11-27")
    light: Light = described("How that term stands; done once it was decided on.", "green")
    decision: ArrangementDecision | None = Field(description="What was decided; null while nothing was.")
    days_taken: int | None = described("Days from the question to its end.", None)
    contract_id: UUID | None = described("The light contract that it made.", None)
    ended_because: EndedBecause | None = described("Why nobody waits for it any more.", None)


class ArrangementQuery(PageQuery):
    """The query keys of the arrangements."""

    status: Status | None = Field(default=None, description="Only those that are so far.", examples=["asked"])
    kind: Kind | None = Field(default=None, description="Only those of this kind.", examples=["ceiling-exception"])
    request: UUID | None = Field(
        default=None, description="Only this request's; of the institution alone.", examples=[_REQUEST]
    )


class ArrangementCount(Answer):
    """The arrangements of one kind, for one care type, counted."""

    kind: Kind = described("What was asked for.", "ceiling-exception")
    care_type: CareTypeCode = Field(description="The care type of the offers.")
    asked: int = described("Of these, not answered yet.", 2)
    overdue: int = described("Of those, without an answer in time.", 1)
    granted: int = described("Granted.", 5)
    refused: int = described("Refused.", 1)
    withdrawn: int = described("Withdrawn by the institution.", 0)
    ended: int = described("Not needed any more before there was an answer.", 0)
    median_days_taken: int | None = described("Days that half of the answers took at most; null without any.", 3)
    most_days_taken: int | None = described("Days that the slowest answer took.", 8)


class ArrangementCounts(Answer):
    """The arrangements for a region's own children, counted."""

    region: RegionField = Field(description="The jeugdregio of the children.")
    total: int = described("How many.", 8)
    by_kind: list[ArrangementCount] = Field(description="By kind and care type; those without any are left out.")
