"""Transfers as they go over the wire: what a receiver decides by, and what a sender accounts for."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import ConfigDict, Field, ValidationInfo, field_validator

from app.dossiers.referrals.count_schemas import StatusCount
from app.dossiers.requests.clock_model import ClockName, Light, Norm
from app.dossiers.requests.references import Reference
from app.dossiers.transfers.states import TransferDecision, TransferStatus
from app.finding.matching.schemas import Choice
from app.kit.pages import PageQuery
from app.kit.schemas import Answer, FreeText, Moment, Schema, Unique, check_applies, described
from app.ranking.model import ChildGender
from app.reference.lists import MeasureKind
from app.reference.schemas import MunicipalityField

Direction = Literal["incoming", "outgoing"]

Words = Annotated[FreeText, Field(min_length=1)]
_INSTITUTION = "9c1c6d0a-7a55-5a0f-8f2b-1a4c0d9e7b33"
_REQUEST = "b1f6c0de-6a0e-4c59-8a3f-0c7d1e2f3a4b"
_SIBLING = "3c8e7d0a-52c1-4f65-9d0b-7e6f5a4b3c2d"
_CHOICE = {"careType": "gezinshuis", "offerId": None, "providerId": None, "maxDistanceKm": 40}


class TransferIn(Schema):
    """A dossier to hand over."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"institution": _INSTITUTION, "why": "Het gezin is verhuisd.", "with": []}]}
    )

    institution: UUID = described("To whom: the id of an institution or local team that is registered.", _INSTITUTION)
    why: Words = described("Why, without anything about who the child is.", "Het gezin is verhuisd.")
    with_: Annotated[list[UUID], Field(max_length=20), Unique] = Field(
        default=[],
        alias="with",
        description="Siblings' requests that go along: at least all that share an open referral or a place with it.",
        examples=[[_SIBLING]],
    )


class SiblingReference(Schema):
    """The receiver's own reference of a sibling that comes along."""

    request_id: UUID = described("The sibling's request.", _SIBLING)
    child_reference: Reference = Field(description="The receiver's own reference of the child.")


class TransferDecisionIn(Schema):
    """What is decided on a transfer."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"decision": "accept", "why": "Wij nemen het over.", "childReference": "N-31"}]}
    )

    decision: TransferDecision = described(
        "Of the receiver: accept or decline; of the sender: withdraw, while it is open.", "accept"
    )
    why: Words | None = Field(
        default=None,
        validate_default=True,
        description="A word with it, required of a decline; nothing about who the child is.",
        examples=["Wij nemen het over."],
    )
    child_reference: Reference | None = Field(
        default=None,
        validate_default=True,
        description="accept: the receiver's own reference of the child; unless said, the sender's.",
    )
    siblings: Annotated[list[SiblingReference], Field(max_length=20)] | None = Field(
        default=None,
        validate_default=True,
        description="accept: the receiver's own references of the siblings that come along; unless said, the sender's.",
        examples=[[{"requestId": _SIBLING, "childReference": "N-32"}]],
    )

    @field_validator("why", "child_reference", "siblings")
    @classmethod
    def _goes_with_the_decision(cls, value: object, others: ValidationInfo) -> object:
        decision = others.data.get("decision")
        if others.field_name == "why":
            if decision == "decline":
                check_applies(cls, value, others, applies=True)
        elif decision in {"decline", "withdraw"}:
            check_applies(cls, value, others, applies=False)
        return value


class TransferredDossier(Answer):
    """What a receiver sees of a dossier before it decides."""

    request_id: UUID = described("The request.", _REQUEST)
    age: int = described("The child's age in whole years.", 12)
    gender: ChildGender = described("The child's gender.", "female")
    municipality: MunicipalityField = Field(description="The responsible municipality.")
    measure_kind: MeasureKind | None = described("What kind of measure it has; null without one.", "protection")
    needs: list[str] = described("Specialisations that the help must have.", ["trauma"])
    choices: list[Choice] = Field(description="The choices as they are now.", examples=[[_CHOICE]])
    referrals: list[StatusCount] = Field(description="Its open referrals and stays, by how far they are.")


class AccountedClock(Answer):
    """A norm as it stood on the day on which the dossier was handed over."""

    clock: ClockName = described("Which norm.", "help")
    norm: Norm = described("Whose norm it is.", "inspectorates")
    due_on: date = described("The last day that is in time.", "2027-01-12")
    done_on: date | None = described("When it was done; null while it ran.", None)
    on_time: bool | None = described("Whether it was done in time; null while it ran.", None)
    light: Light = described("How it stood.", "green")


class TransferAccount(Answer):
    """What a sender keeps of a dossier that it handed over, to account for; nothing about the child."""

    request_id: UUID = described("The request.", _REQUEST)
    held_from: Moment = Field(description="Since when it had the dossier.", examples=["2026-11-02T09:00:00Z"])
    held_until: Moment = Field(description="Until when.", examples=["2026-11-22T10:00:00Z"])
    clocks: list[AccountedClock] = Field(description="The norms on that day; none without a measure.")
    referrals: list[StatusCount] = Field(description="All its referrals, by how far they were.")


class TransferOut(Answer):
    """A transfer, as the side that asks may see it."""

    id: UUID = described("Our id.", "5e2f9c1a-8b7d-4c3e-9f0a-1b2c3d4e5f60")
    status: TransferStatus = described("What came of it; open while it waits for the receiver.", "open")
    direction: Direction = described("Which side the caller is on.", "incoming")
    possible: list[TransferDecision] = described("What the caller can decide now.", ["accept", "decline"])
    request_id: UUID = described("The request that it is of.", _REQUEST)
    with_: list[UUID] = Field(alias="with", description="The siblings' requests that go along.", examples=[[]])
    sender: UUID = described("Who hands over: the organisation's id.", "1d7a6f0e-2b3c-5d4e-8f9a-0b1c2d3e4f5a")
    sender_name: str | None = described("Its name, where that is known.", "De Jeugd- en Gezinsbeschermers")
    institution: UUID = described("To whom: the organisation's id.", _INSTITUTION)
    institution_name: str = described("Its name.", "William Schrikker Stichting")
    why: str = described("Why it is handed over.", "Het gezin is verhuisd.")
    proposed_at: Moment = Field(description="When it was proposed.", examples=["2026-11-22T09:00:00Z"])
    decided_at: Moment | None = described("When it was decided on; null while it is open.", None)
    decided_because: str | None = described("The word with the decision.", None)
    dossiers: list[TransferredDossier] = Field(description="What they are about; empty once it is decided on.")
    accounts: list[TransferAccount] = Field(
        description="To the sender of what was handed over: what it accounts for. Empty to others."
    )


class TransferQuery(PageQuery):
    """The query keys of the transfers."""

    direction: Direction | None = Field(
        default=None, description="Only those to the caller, or only those by it.", examples=["incoming"]
    )
    status: TransferStatus | None = Field(default=None, description="Only those that are so far.", examples=["open"])
