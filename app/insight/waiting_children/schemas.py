"""The statement of waiting children, as it is asked and answered."""

from datetime import date

from pydantic import Field

from app.dossiers.agreements.steps import Step
from app.insight.answers.schemas import Asked, answer_schema
from app.insight.waiting_children.definition import WAITING_CHILDREN
from app.kit.schemas import Answer, Day, described
from app.reference.schemas import CareTypeCode, WaitingCauseCode


class WaitingQuery(Asked):
    """The question who waits."""

    as_of: Day | None = Field(
        default=None, description="The reference day, today or one that has passed.", examples=["2026-11-01"]
    )


class WaitingChild(Answer):
    """One child that waits, as its institution keeps it: a line of the uniform monthly statement."""

    child_reference: str = described("The institution's own reference.", "kind-2026-31")
    reference_day: date = described("The day of which the line is.", "2026-11-01")
    region: str = described("The jeugdregio.", "JZ03")
    municipality: str = described("The responsible municipality.", "GM0400")
    institution: str | None = described("The institution; null where it is not registered here.", "Demo GI Noord")
    measure_kind: str | None = Field(description="The kind of measure; null without one.", examples=["protection"])
    measure_type: str | None = Field(description="The measure.", examples=["11"])
    waiting_since: date = described("Since when.", "2026-05-01")
    days_waiting: int = described("Days since then.", 184)
    days_over_norm: int | None = Field(
        description="Days since the last day of the norm, 0 while it is not over; null where no norm holds.",
        examples=[92],
    )
    care_types: list[CareTypeCode] = described("The care types wished: the first, second and third choice.")
    referred_to: int = described("To how many providers.", 2)
    causes: list[WaitingCauseCode] = described("Why it is late, as was said so far; the last first.")
    bridged: bool = described("Whether something bridges the wait.", False)
    step: Step | None = Field(description="The highest step of the ladder that it is before; null: none.")
    explanation: str | None = described(
        "What the institution said last of why help came too late.", "Alle aanbieders zijn gevraagd."
    )


class WaitingChildrenAnswer(answer_schema(WAITING_CHILDREN)):  # type: ignore[misc]  # made of its definition
    """Who waits on a day; `children` for the institution itself alone."""

    children: list[WaitingChild] | None = Field(
        description="Each child of the institution that asks, the longest wait first; null for every other."
    )
