"""What is recorded of a request as it goes, over the wire: milestones, explanations, judgements, reopenings."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from app.dossiers.requests.clock_model import ClockName
from app.dossiers.requests.tables import Fits, Judge
from app.kit.schemas import Answer, Day, FreeText, Moment, NormDay, Schema, described
from app.reference.schemas import WaitingCauseCode

Milestone = Literal["protection-worker", "course", "help", "next-place", "bridging"]


class MilestoneIn(Schema):
    """When something happened."""

    date_: Day = Field(alias="date", description="The day; not in the future.", examples=["2026-11-20"])


class MilestoneOut(Answer):
    """Something that happened to a request."""

    name: Milestone = described("The milestone.", "protection-worker")
    date_: date = Field(alias="date", description="The day.", examples=["2026-10-16"])


class ReopeningIn(Schema):
    """That help is needed again, after it ended, broke down or did not fit."""

    needed_again_on: NormDay = described("Since when: its norm runs from this day; not in the future.", "2026-11-20")
    why: Annotated[FreeText, Field(min_length=1)] = described(
        "Why, without anything about who the child is.", "De plaatsing is afgebroken."
    )


class ReopeningOut(Answer):
    """That help was needed again."""

    needed_again_on: date = described("Since when.", "2026-11-20")
    why: str = described("Why.", "De plaatsing is afgebroken.")
    helped_on: date = described("When the help began that counts no more.", "2026-09-01")
    at: Moment = Field(description="When this was said.", examples=["2026-11-21T09:00:00Z"])


class JudgementIn(Schema):
    """Whether the help fits: judged, not assumed, and again from time to time."""

    by: Judge = described("Who judges.", "family")
    fits: Fits = described("Whether the help fits.", "partly")
    on: NormDay | None = Field(
        default=None,
        description="When it was judged so; today unless said, not in the future.",
        examples=["2026-11-20"],
    )
    word: FreeText | None = Field(
        default=None, description="In words, without anything about who the child is.", examples=["Te ver van school."]
    )


class JudgementOut(Answer):
    """Whether the help fits, as somebody judged it."""

    by: Judge = described("Who judged.", "family")
    fits: Fits = described("Whether the help fits.", "partly")
    on: date = described("When.", "2026-11-20")
    word: str | None = described("In words.", "Te ver van school.")


class ProposedCharacteristic(Answer):
    """An exclusion criterion that a provider named when it declined the child."""

    code: str = described("The criterion.", "weglopen")
    by: str | None = described("Which provider named it; null where that is not known.", "Demo Pleegzorg Noordkop")
    on: date = described("When.", "2026-11-30")


class ExplanationIn(Schema):
    """Why a clock passed its norm ("comply or explain")."""

    clock: ClockName = described("The clock that it is about.", "help")
    cause: WaitingCauseCode = Field(description="The cause.")
    text: Annotated[FreeText, Field(min_length=1)] = described(
        "The cause in words, without anything about who the child is.",
        "Geen plek binnen 40 km; de aanbieder verwacht er een.",
    )


class ExplanationOut(Answer):
    """Why a clock passed its norm."""

    clock: ClockName = described("The clock that it is about.", "help")
    cause: WaitingCauseCode = Field(description="The cause.")
    text: str = described("The cause in words.", "Geen plek binnen 40 km; de aanbieder verwacht er een.")
    at: Moment = Field(description="When it was given.", examples=["2027-01-14T09:00:00Z"])
