"""Amendments of referrals as they go over the wire."""

from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field, ValidationInfo, field_validator

from app.dossiers.amendments.states import AmendmentDecision, AmendmentStatus
from app.dossiers.referrals.despite_schemas import EXAMPLE, EachOnce
from app.dossiers.referrals.states import Side
from app.kit.schemas import Answer, FreeText, Moment, Schema, Unique, check_applies, described
from app.ranking.model import ChildGender

Words = Annotated[FreeText, Field(min_length=1)]
_REQUEST = "b1f6c0de-6a0e-4c59-8a3f-0c7d1e2f3a4b"
_SIBLING = "3c8e7d0a-52c1-4f65-9d0b-7e6f5a4b3c2d"


class AmendmentIn(Schema):
    """For whom a referral is to be."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"children": [_REQUEST, _SIBLING], "why": "Zijn zusje moet ook uit huis."}]}
    )

    children: Annotated[list[UUID], Field(min_length=1, max_length=20), Unique] = described(
        "All children that it is to be for. Of the institution, which widens it: their requests; of the provider, "
        "which narrows it: ids of the referral's `children`.",
        [_REQUEST, _SIBLING],
    )
    why: Words = described("Why, without anything about who the children are.", "Zijn zusje moet ook uit huis.")
    despite: EachOnce = Field(
        default=[],
        description="Of the institution, where the match would leave the offer out for a child that joins (the 409 "
        "names the reasons): why it is right all the same, for each reason.",
        examples=[EXAMPLE],
    )


class AmendmentDecisionIn(Schema):
    """What is decided on an amendment."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"decision": "agree", "why": "Er is plek voor twee."}]})

    decision: AmendmentDecision = described(
        "Of the other side: agree or refuse; of the side that proposed it: withdraw.", "agree"
    )
    why: Words | None = Field(
        default=None,
        validate_default=True,
        description="A word with it, required of a refusal; nothing about who the children are.",
        examples=["Er is plek voor twee."],
    )

    @field_validator("why")
    @classmethod
    def _is_said_of_a_refusal(cls, value: str | None, others: ValidationInfo) -> str | None:
        if others.data.get("decision") == "refuse":
            check_applies(cls, value, others, applies=True)
        return value


class AmendedChild(Answer):
    """A child that joins a referral, or that is taken out of it."""

    id: UUID = described("Its id in the referral.", "7c9e6679-7425-5de5-944b-e07fc1f90ae7")
    request_id: UUID | None = described("Its request; null to a provider.", _SIBLING)
    age: int = described("Whole years.", 9)
    gender: ChildGender = described("The child's gender.", "male")


class AmendmentOut(Answer):
    """An amendment of a referral."""

    referral_id: UUID = described("The referral.", "9a4c7f52-3b0d-4c1e-8f6a-2d5e8b7c1a90")
    number: int = described("The how manieth of the referral, from 1.", 1)
    status: AmendmentStatus = described("What came of it; open while it waits for the other side.", "open")
    possible: list[AmendmentDecision] = described("What the caller can decide now.", ["agree", "refuse"])
    proposed_by: Side = described("Which side proposed it.", "institution")
    adds: list[AmendedChild] = Field(description="Who joins; without a child that was erased since.")
    removes: list[AmendedChild] = Field(description="Who is taken out; without a child that was erased since.")
    why: str = described("Why.", "Zijn zusje moet ook uit huis.")
    proposed_at: Moment = Field(description="When it was proposed.", examples=["2026-11-22T09:00:00Z"])
    decided_at: Moment | None = described("When it was decided on; null while it is open.", None)
    decided_because: str | None = described("The word with the decision.", None)
