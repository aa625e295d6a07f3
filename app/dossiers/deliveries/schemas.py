"""Deliveries of waiting children as they go over the wire. Nothing in them can name a child."""

from datetime import date
from typing import Annotated, Any, Literal, get_args
from uuid import UUID

from pydantic import (
    Field,
    ValidationInfo,
    field_validator,
)

from app.domain.language import Text
from app.dossiers.requests.references import Reference
from app.finding.matching.schemas import Characteristics, Month, Specialisations
from app.kit.files.schemas import PROBLEM_OF_LINE, FileHint
from app.kit.schemas import (
    Answer,
    FreeText,
    Key,
    NormDay,
    NotNull,
    Schema,
    Unique,
    YesNo,
    defaulted,
    described,
    invalid,
)
from app.ranking.model import ChildGender
from app.reference.schemas import (
    CareTypeCode,
    ClosingReasonCode,
    MeasureCode,
    MunicipalityField,
    Pc4Field,
    WaitingCauseCode,
)

Status = Literal["accepted", "unchanged", "rejected"]
STATUSES: tuple[Status, ...] = get_args(Status)
HintCode = Literal["norm-not-passed"]
_REQUEST = "b1f6c0de-6a0e-4c59-8a3f-0c7d1e2f3a4b"
_MONTH = "2026-11"


class WaitingChildIn(Schema):
    """What an institution says of a child that waits, by its own reference; what is left out stays as it is.

    One of which there is no request yet needs `birthMonth`, `gender`, `municipality` and `choice1`.
    """

    child_reference: Reference = Field(description="The institution's own reference of the child.")
    birth_month: Annotated[Month | None, NotNull] = Field(default=None, description="Year and month of birth.")
    gender: Annotated[ChildGender | None, NotNull] = defaulted(None, "The child's gender.", "female")
    municipality: Annotated[MunicipalityField | None, NotNull] = Field(
        default=None, description="The responsible municipality (woonplaatsbeginsel)."
    )
    postcode: Pc4Field | None = Field(
        default=None, description="Where the child lives; its four digits are kept. null: unknown."
    )
    measure_type: MeasureCode | None = Field(
        default=None, description="The type of its measure; null where there is none. See /v1/measures."
    )
    measure_imposed_on: NormDay | None = defaulted(None, "When the judge imposed it.", "2026-10-12")
    measure_informed_on: NormDay | None = defaulted(None, "When the institution knew of it.", "2026-10-14")
    measure_started_on: NormDay | None = defaulted(None, "When its execution started.", "2026-10-19")
    court_authorisation: Annotated[YesNo | None, NotNull] = defaulted(
        None, "Whether a judge has authorised secure care.", False
    )
    court_authorisation_until: NormDay | None = defaulted(None, "The last day of that authorisation.", None)
    requested_on: Annotated[NormDay | None, NotNull] = defaulted(
        None,
        "Since when the child waits: when help was first asked for. Of a new one the reference day unless said.",
        "2026-11-02",
    )
    choice1: Annotated[CareTypeCode | None, NotNull] = Field(
        default=None,
        description="The care type of the first choice. Another one takes its place; the same one keeps "
        "what else was said of it.",
    )
    choice2: CareTypeCode | None = Field(default=None, description="That of the second choice; null: there is none.")
    choice3: CareTypeCode | None = Field(default=None, description="That of the third choice; null: there is none.")
    needs: Annotated[Specialisations | None, NotNull] = defaulted(
        None, "Specialisations that an offer must have.", ["trauma"]
    )
    wishes: Annotated[Specialisations | None, NotNull] = defaulted(
        None, "Specialisations that it had better have.", ["broers-zussen"]
    )
    characteristics: Annotated[Characteristics | None, NotNull] = defaulted(
        None, "What is held against offers' exclusion criteria.", ["weglopen"]
    )
    needed_by: NormDay | None = defaulted(None, "When help is needed; null: the norm.", "2026-12-15")
    sibling_group: Reference | None = defaulted(None, "The siblings' reference; null: leaves the group.", "gezin-31")
    team: Key | None = defaulted(None, "The key of the own team that the child is of (PUT /me/contact).", None)
    care_worker: Reference | None = defaulted(
        None, "The institution's own reference of who works for the child.", "w-12"
    )
    protection_worker_on: NormDay | None = defaulted(
        None, "When the fixed protection worker came; null: not yet.", "2026-10-16"
    )
    course_on: NormDay | None = defaulted(None, "When the course was agreed; null: not yet.", None)
    help_on: NormDay | None = defaulted(
        None, "When help began, as the institution says itself: the first real help contact; null: not yet.", None
    )
    bridging: YesNo | None = Field(
        default=None,
        description="Whether something bridges the wait, as the institution says itself. `true` says no day: it counts "
        "from the reference day, unless it was said before.",
        examples=[True],
    )
    bridged_on: NormDay | None = Field(
        default=None,
        validate_default=True,
        description="Since when something bridges the wait, as the institution says itself.",
        examples=["2026-11-16"],
    )
    causes: Annotated[list[WaitingCauseCode], Unique, Field(min_length=1)] | None = Field(
        default=None,
        description="Why it waits. Kept as explanations of the clock of help, one for each cause, where that has "
        "passed its norm and the last ones do not say so already.",
        examples=[["waiting-list"]],
    )
    explanation: FreeText | None = Field(
        default=None,
        validate_default=True,
        description="The causes in words, without anything about who the child is; the causes' names unless said.",
        examples=["Geen plek binnen 40 km; de aanbieder verwacht er een."],
    )
    closed_reason: ClosingReasonCode | None = Field(
        default=None,
        description="Why it is closed, which closes it with all that is open in its dossier.",
        examples=[None],
    )
    closed_on: NormDay | None = Field(
        default=None,
        validate_default=True,
        description="When it was closed; the reference day unless said.",
        examples=[None],
    )

    @field_validator("bridged_on")
    @classmethod
    def _with_bridging(cls, day: date | None, others: ValidationInfo) -> date | None:
        if day is not None and others.data.get("bridging") is False:
            text = Text(
                nl="Hier staat sinds wanneer het wachten is overbrugd, en bij bridging dat dit niet zo is.",
                en="This says since when the wait is bridged, and bridging says that it is not.",
            )
            raise invalid("contradiction", text, field="bridgedOn")
        return day

    @field_validator("explanation")
    @classmethod
    def _with_causes(cls, explanation: str | None, others: ValidationInfo) -> str | None:
        if explanation and "causes" in others.data and others.data["causes"] is None:
            text = Text(
                nl="Een toelichting hoort bij een oorzaak van het wachten; geef causes.",
                en="An explanation goes with a cause of waiting; give causes.",
            )
            raise invalid("goes-with-explanation", text, field="causes")
        return explanation or None

    @field_validator("closed_on")
    @classmethod
    def _with_reason(cls, day: date | None, others: ValidationInfo) -> date | None:
        if day is not None and "closed_reason" in others.data and others.data["closed_reason"] is None:
            text = Text(
                nl="Sluiten vraagt een reden: closedOn gaat samen met closedReason.",
                en="Closing takes a reason: closedOn goes with closedReason.",
            )
            raise invalid("goes-with-closing", text, field="closedReason")
        return day


class ChildHint(Answer):
    """What its sender may not have meant by a line."""

    code: HintCode = described("For machines.", "norm-not-passed")
    detail: str = described("For people.", "De klok van de hulp is niet over de norm; de oorzaak is niet bewaard.")


class ChildLineOut(Answer):
    """What came of a line."""

    line: int = described("Its line in the file; in JSON its place in the list. Counted from 1.", 2)
    status: Status = Field(
        description="`accepted`: the request was made or changed; `unchanged`: it is so already; `rejected`: nothing "
        "of the line was taken in.",
        examples=["accepted"],
    )
    request_id: UUID | None = described("The request; null where the line was rejected.", _REQUEST)
    created: bool = described("Whether the request is new.", True)
    hints: list[ChildHint] = Field(description="Empty where there is nothing to tell.", examples=[[]])
    problem: dict[str, Any] | None = PROBLEM_OF_LINE


class ClosedChildOut(Answer):
    """A request that the file did not have."""

    request_id: UUID = described("The request.", _REQUEST)
    child_reference: str = described("The institution's own reference of the child.", "K-2026-0147")
    problem: dict[str, Any] | None = Field(
        description="Why it could not be closed (RFC 9457); null where it was.",
        examples=[None],
        json_schema_extra={"anyOf": [{"$ref": "#/components/schemas/Problem"}, {"type": "null"}]},
    )


class WaitingChildrenDelivered(Answer):
    """What came of a file of waiting children: how many of each, and each of them in order."""

    dry_run: bool = described("Whether nothing was changed.", False)
    month: str = described("The month that it is for.", _MONTH)
    accepted: int = described("How many lines made or changed a request.", 1)
    unchanged: int = described("How many said what was so already.", 0)
    rejected: int = described("How many were rejected.", 0)
    closed: int = described("How many requests were closed because they were not in the file.", 0)
    hints: list[FileHint] = Field(description="About the file; empty where there is nothing to tell.", examples=[[]])
    items: list[ChildLineOut] = Field(description="Each line, in the order in which they were sent.")
    closed_requests: list[ClosedChildOut] = Field(
        description="With `endMissing`: the requests that were not in the file, by their references.", examples=[[]]
    )


class WaitingChildrenQuery(Schema):
    """The query keys of a delivery."""

    atomic: bool = Field(default=False, description="All or nothing: one rejected line rejects all.", examples=[False])
    dry_run: bool = Field(default=False, description="Only says what would change.", examples=[True])
    reference_day: NormDay | None = Field(
        default=None,
        description="The day that it is about, whose month it is for; today unless said, not in the future.",
        examples=["2026-11-30"],
    )
    end_missing: bool = Field(
        default=False,
        description="Closes the requests that were delivered before, wait, and are not in the file.",
        examples=[False],
    )
    reason: Annotated[ClosingReasonCode | None, NotNull] = Field(
        default=None,
        validate_default=True,
        description="With `endMissing`: why they are closed.",
    )

    @field_validator("reason", mode="wrap")
    @classmethod
    def _with_end_missing(cls, reason: Any, check: Any, others: ValidationInfo) -> Any:
        ends = others.data.get("end_missing")
        if reason is None:
            if ends:
                text = Text(nl="Met endMissing is een reden nodig.", en="With endMissing a reason is needed.")
                raise invalid("missing", text, field="reason")
            return None
        if ends is False:
            text = Text(nl="Een reden hoort bij endMissing.", en="A reason goes with endMissing.")
            raise invalid("not-applicable", text, field="reason")
        return check(reason)
