"""Corrections of referrals as they go over the wire."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.dossiers.referrals.schemas import ReferralOut
from app.kit.schemas import Answer, FreeText, NormDay, Schema, Unique, described

Correctable = Literal["accept", "decline", "withdraw", "start", "end"]


class CorrectionIn(Schema):
    """What was wrong of a decision, and what is right."""

    what: Correctable = described("The decision that was wrong.", "start")
    value: NormDay | None = Field(
        description="The right date: of accept when the help is expected to start, of start and end the day itself. "
        "null: the decision is taken back, as if it had not been taken.",
        examples=["2026-11-16"],
    )
    why: Annotated[FreeText, Field(min_length=1)] = described(
        "What was wrong, without anything about who the child is.", "De hulp begon een week eerder."
    )
    only: Annotated[list[UUID], Field(min_length=1), Unique] | None = Field(
        default=None,
        description="end, withdraw: the requests that are meant, of a referral for several children; all unless said.",
        examples=[["b1f6c0de-6a0e-4c59-8a3f-0c7d1e2f3a4b"]],
    )


class NotRestored(Answer):
    """A referral or call that ended with the wrong decision, and that could not come back."""

    referral_id: UUID | None = described(
        "The referral; null where it is a call.", "9a4c7f52-3b0d-4c1e-8f6a-2d5e8b7c1a90"
    )
    call_id: UUID | None = described("The call; null where it is a referral.", None)
    because: str = described(
        "Why, in the language asked for.", "De plek is intussen aan een ander gegeven; meld opnieuw aan."
    )


class CorrectionOut(Answer):
    """The referral after a correction, and what came back with it."""

    referral: ReferralOut = Field(description="The referral as it is now.")
    restored: list[UUID] = described("The referrals that came back, as they stood before they were withdrawn.", [])
    restored_calls: list[UUID] = described("The calls that are open again.", [])
    not_restored: list[NotRestored] = Field(description="Those that could not come back, and why.")


class ReferralPatch(Schema):
    """What its sender changes of a referral that is not decided; what is left out stays."""

    urgency: Literal["crisis", "urgent", "regular"] | None = Field(
        default=None, description="How soon help is needed.", examples=["urgent"]
    )
    wished_start: date | None = Field(
        default=None, description="When the help had best start; null: no wish.", examples=["2026-12-14"]
    )
    remark: FreeText | None = Field(
        default=None, description="What else it has to know; null: nothing.", examples=["Graag eerst bellen."]
    )
