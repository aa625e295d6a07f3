"""Requests as they go over the wire. Nothing in them can name a child or a person who works for it."""

import re
from datetime import date
from typing import Annotated, Final, Literal
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field

from app.domain.language import Text
from app.domain.own_keys import find_in_key
from app.dossiers.agreements.steps import Step
from app.dossiers.requests.child_schemas import ChildPatch, KeptChild, RequestedChild
from app.dossiers.requests.clock_model import ClockName, Light, Norm, StartsFrom
from app.dossiers.requests.entry_schemas import (
    ExplanationOut,
    JudgementOut,
    MilestoneOut,
    ProposedCharacteristic,
    ReopeningOut,
)
from app.dossiers.requests.tables import May
from app.dossiers.requests.youth_law import Ground
from app.finding.matching.schemas import (
    CareRequest,
    Characteristics,
    Choice,
    Choices,
    Places,
    Specialisations,
)
from app.kit.pages import PageQuery
from app.kit.schemas import (
    STORABLE,
    Answer,
    Change,
    Key,
    Moment,
    NoBsn,
    NormDay,
    NotNull,
    Schema,
    YesNo,
    check_bsn,
    described,
    invalid,
)
from app.reference.schemas import (
    ClosingReasonCode,
)

_REFERENCE: Final = r"^[A-Za-z0-9._/-]*[0-9][A-Za-z0-9._/-]*$"

Status = Literal["open", "placed", "helped", "closed"]


def _no_hidden_bsn(reference: str) -> str:
    """Letters and marks between the digits of a BSN make it no reference."""
    check_bsn("".join(filter(str.isdigit, reference)))
    return reference


def _is_no_name(value: object) -> object:
    """Says what a reference is, in place of a pattern that only programmers read."""
    if isinstance(value, str) and not re.fullmatch(_REFERENCE, value):
        text = Text(
            nl="Een kenmerk heeft ten minste een cijfer, en verder letters, cijfers en . _ / - zonder spaties.",
            en="A reference has a digit at least, and beside it letters, digits and . _ / - without spaces.",
        )
        raise invalid("pattern", text)
    if isinstance(value, str) and (held := find_in_key(value)) is not None:
        raise invalid(f"holds-{held}", _HELD[held])
    return value


_HELD: Final = {
    "date": Text(
        nl="Een kenmerk houdt geen datum in; gebruik het nummer van uw eigen dossier, zoals kind-2026-31.",
        en="A reference holds no date; use the number of your own file, such as kind-2026-31.",
    ),
    "name": Text(
        nl="Een kenmerk houdt geen naam in: geen woord met een hoofdletter, en hooguit een woord in kleine letters.",
        en="A reference holds no name: no word with a capital, and one word in small letters at most.",
    ),
}

Reference = Annotated[
    str,
    Field(max_length=64, pattern=_REFERENCE, examples=["K-2026-0147"]),
    BeforeValidator(_is_no_name),
    NoBsn,
    AfterValidator(_no_hidden_bsn),
]
"""A reference of the caller's own making; it has a digit, which a name has not, and holds no date."""

_CHOICE = {"careType": "gezinshuis", "offerId": None, "providerId": None, "maxDistanceKm": 40}


class RequestIn(CareRequest):
    """A child's request, to be kept."""

    child: KeptChild = Field(description="The child.")
    child_reference: Reference = Field(
        description="The caller's own reference of the child; unique, it stays as it is."
    )
    care_worker: Reference | None = Field(
        default=None, description="The caller's own reference of who works for the child.", examples=["w-12"]
    )
    team: Key | None = Field(
        default=None,
        description="The key of the own team that the child is of (PUT /me/contact).",
        examples=["kop-noord"],
    )
    sibling_group: Reference | None = Field(
        default=None,
        description="The caller's own reference of siblings who want one place together; the same for each of them.",
        examples=["gezin-31"],
    )
    extended_help: YesNo = Field(
        default=False, description="Whether help up to the age of 23 has been arranged.", examples=[False]
    )
    requested_on: NormDay | None = Field(
        default=None, description="When help was first asked for; today unless said.", examples=["2026-11-02"]
    )


class RequestPatch(Schema):
    """What changes of a request; what is left out stays. Other choices make a new version of them."""

    care_worker: Reference | None = Field(
        default=None, description="The caller's own reference of who works for the child.", examples=["w-12"]
    )
    team: Key | None = Field(
        default=None,
        description="The key of the own team that the child is of (PUT /me/contact).",
        examples=["kop-noord"],
    )
    child: Annotated[ChildPatch | None, NotNull] = Field(
        default=None, description="What changes of the child.", examples=[{"postcode": "1781"}]
    )
    choices: Annotated[Choices | None, NotNull] = Field(
        default=None, description="The choices as they are now.", examples=[[_CHOICE]]
    )
    needs: Annotated[Specialisations | None, NotNull] = Field(
        default=None, description="Specialisations that an offer must have.", examples=[["trauma"]]
    )
    wishes: Annotated[Specialisations | None, NotNull] = Field(
        default=None, description="Specialisations that it had better have.", examples=[["broers-zussen"]]
    )
    characteristics: Annotated[Characteristics | None, NotNull] = Field(
        default=None, description="What is held against offers' exclusion criteria.", examples=[["weglopen"]]
    )
    places: Annotated[Places | None, NotNull] = Field(
        default=None, description="Places that are needed together.", examples=[1]
    )
    sibling_group: Reference | None = Field(
        default=None, description="The siblings' reference; null: leaves the group.", examples=["gezin-31"]
    )
    needed_by: NormDay | None = Field(
        default=None, description="When help is needed; null: the norm.", examples=["2026-12-15"]
    )
    extended_help: Annotated[YesNo | None, NotNull] = Field(
        default=None, description="Whether help up to the age of 23 has been arranged.", examples=[False]
    )
    requested_on: Annotated[NormDay | None, NotNull] = Field(
        default=None, description="When help was first asked for.", examples=["2026-11-02"]
    )
    status: Annotated[Literal["open", "closed"] | None, NotNull] = Field(
        default=None,
        description="closed: closes it, for a `closedReason`; open: opens it again. Else it follows from what happens.",
        examples=["closed"],
    )
    closed_reason: ClosingReasonCode | None = Field(default=None, description="Why it is closed.")
    closed_on: NormDay | None = Field(
        default=None,
        description="When it was closed; today unless said. Not in the future, nor before help was asked for.",
        examples=["2026-11-20"],
    )


class ClockOut(Answer):
    """One norm for one child, as it stands today; of a closed request, on its last day."""

    clock: ClockName = described("Which norm.", "help")
    norm: Norm = described("Whose norm it is.", "inspectorates")
    starts_on: date = described("When its time begins.", "2026-10-12")
    starts_from: StartsFrom = described("Which of the days of the request that is.", "imposedOn")
    amber_from: date = described("From when three quarters of its time have passed.", "2026-12-20")
    due_on: date = described("The last day that is in time.", "2027-01-12")
    done_on: date | None = described("When it was done; null while it runs.", None)
    on_time: bool | None = described("Whether it was done in time; null while it runs.", None)
    light: Light = described("How it stands.", "green")
    days_left: int | None = described("Days until it is due, below 0 after that; null when done.", 51)
    explanations: list[ExplanationOut] = Field(description="Why it passed its norm, oldest first.")


class YouthLawEndOut(Answer):
    """An age at which youth law ends for a child."""

    age: int = described("The age.", 18)
    on: date = described("The first of the month in which the child reaches it.", "2032-05-01")
    ground: Ground = described("Why at this age.", "adulthood")


RequestWarningCode = Literal[
    "youth-law-ends",
    "youth-law-ended",
    "court-authorisation-ends",
    "court-authorisation-ended",
    "court-authorisation-undated",
    "secure-stay-long",
    "next-place-unknown",
    "secure-care-outside-province",
]


class RequestWarning(Answer):
    """What to know of a request."""

    code: RequestWarningCode = described("For machines.", "youth-law-ends")
    detail: str = described("For people, in the language asked for.", "De Jeugdwet eindigt op 1 mei 2027 (18 jaar).")


class ShownRequest(Answer):
    """A child's request with its clocks, without the references of its institution."""

    id: UUID = described("Our id.", "b1f6c0de-6a0e-4c59-8a3f-0c7d1e2f3a4b")
    child: RequestedChild = Field(description="The child.")
    choices: list[Choice] = Field(description="The choices as they are now.", examples=[[_CHOICE]])
    choices_version: int = described("How often they have been stated.", 1)
    first_choice: Choice = Field(description="The first choice as it was first stated.", examples=[_CHOICE])
    needs: list[str] = described("Specialisations that an offer must have.", ["trauma"])
    wishes: list[str] = described("Specialisations that it had better have.", ["broers-zussen"])
    characteristics: list[str] = described("What is held against offers' exclusion criteria.", ["weglopen"])
    places: int = described("Places that are needed together, as stated.", 1)
    needed_by: date | None = described("When help is needed, where that is not the norm.", None)
    extended_help: bool = described("Whether help up to the age of 23 has been arranged.", False)
    requested_on: date = described("When help was first asked for.", "2026-11-02")
    status: Status = described("How far it is.", "open")
    closed_reason: ClosingReasonCode | None = Field(description="Why it is closed.")
    closed_on: date | None = described("When it was closed.", None)
    placed_on: date | None = described("When a place was found; null without one.", None)
    bridged_on: date | None = described(
        "Since when something bridges the wait (overbrugging), which is not the help: the child waits on.", None
    )
    secure_since: date | None = described("Since when the child is in secure care, or was last.", None)
    secure_left_on: date | None = described("When it left that; null while it is there.", None)
    needed_again_on: date | None = described("Since when help is needed again; null: it never broke down.", None)
    reopenings: list[ReopeningOut] = Field(description="When help was needed again, and why; the first comes first.")
    judgements: list[JudgementOut] = Field(
        description="Whether the help fits: the last judgement of the professional, and of the family."
    )
    milestones: list[MilestoneOut] = Field(description="What has happened.")
    clocks: list[ClockOut] = Field(description="The norms that hold for the child, and its region's terms.")
    light: Light | None = described("The worst of its clocks; null without any, and when closed.", "amber")
    escalated_to: Step | None = described("The highest step that it stands before.", None)
    youth_law_ends: list[YouthLawEndOut] = Field(description="When youth law ends for the child; the last one counts.")
    warnings: list[RequestWarning] = Field(description="What to know.")
    created_at: Moment = Field(description="When it was made.", examples=["2026-11-02T09:00:00Z"])
    updated_at: Moment = Field(description="When it last changed.", examples=["2026-11-02T09:00:00Z"])


class RequestOut(ShownRequest):
    """A child's request, with its clocks; to a team that it is shared with, without its institution's references."""

    child_reference: Reference | None = Field(description="The caller's own reference of the child; null to others.")
    care_worker: Reference | None = Field(description="The caller's own reference of who works for the child.")
    team: str | None = described("The key of the own team that the child is of.", "kop-noord")
    sibling_group: Reference | None = Field(description="The siblings' reference.", examples=["gezin-31"])
    proposed_characteristics: list[ProposedCharacteristic] = Field(
        description="What providers that declined named as the reason, and is not among the characteristics: take it "
        "over there, or dismiss it."
    )
    siblings: list[UUID] = described("The other open requests of the group.", ["3c8e7d0a-52c1-4f65-9d0b-7e6f5a4b3c2d"])
    organisation_id: UUID = described("Whose it is.", "9c1c6d0a-7a55-5a0f-8f2b-1a4c0d9e7b33")
    organisation: str | None = described("Whose it is, of a request that another shares with the caller.", None)
    shared: May | None = described(
        "Of a request that another shares with the caller: what it may do with it; null: it is the caller's own.", None
    )


class ChoiceVersionOut(Answer):
    """The choices as they were stated at one time."""

    version: int = described("Which statement, from 1.", 1)
    choices: list[Choice] = Field(description="The choices.", examples=[[_CHOICE]])
    stated_at: Moment = Field(description="When.", examples=["2026-11-02T09:00:00Z"])
    client_id: str = described("By which client.", "demo-gi")


class RequestEventOut(Answer):
    """Who did what when."""

    at: Moment = Field(description="When.", examples=["2026-11-02T09:00:00Z"])
    client_id: str = described("By which client.", "demo-gi")
    what: str = described("What was done.", "changed")
    changes: list[Change] = Field(description="What is different since.")


class RequestQuery(PageQuery):
    """The query keys of the requests."""

    status: Status | None = Field(default=None, description="Only those that are so far.", examples=["open"])
    light: Light | None = Field(default=None, description="Only those with this light today.", examples=["red"])
    escalated: bool | None = Field(
        default=None, description="Only those that stand before a step, or only those that do not.", examples=[True]
    )
    shared: bool | None = Field(
        default=None, description="Only those that others share with the caller, or only its own.", examples=[True]
    )


class DeadlineQuery(PageQuery):
    """What is asked of the requests by their next deadline."""

    status: list[Status] = Field(default=[], description="Only those that are so far; all unless said.")
    light: list[Light] = Field(default=[], description="Only those with one of these lights today.")
    text: Annotated[str, Field(min_length=1, max_length=100), STORABLE] | None = Field(
        default=None, description="Only those with this in a reference of the caller's own, or of such a municipality."
    )
