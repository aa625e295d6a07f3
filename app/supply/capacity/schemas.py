"""Capacity as providers report it."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import ConfigDict, Field, ValidationInfo, field_validator

from app.domain.language import Text
from app.kit.pages import PageQuery
from app.kit.schemas import (
    Answer,
    Day,
    FreeText,
    Moment,
    NormDay,
    Schema,
    Whole,
    YesNo,
    described,
    invalid,
)

Count = Annotated[Whole, Field(ge=0, le=100_000)]
Days = Annotated[Whole, Field(ge=0, le=3650)]


class CapacityIn(Schema):
    """What a provider reports of one offer."""

    places_total: Count | None = Field(default=None, description="All places.", examples=[8])
    places_occupied: Count | None = Field(default=None, description="Places that a child has now.", examples=[6])
    places_reserved: Count | None = Field(default=None, description="Places promised to a child.", examples=[1])
    places_free: Count = Field(description="Places that a new child can really have now.", examples=[1])
    waiting_count: Count = Field(default=0, description="Children who wait.", examples=[0])
    next_free_on: NormDay | None = Field(
        default=None, description="When the next place comes free.", examples=["2026-12-14"]
    )
    wait_days_intake: Days | None = Field(
        default=None, description="Days from referral to intake; leave out where nobody waits.", examples=[7]
    )
    wait_days_treatment: Days | None = Field(
        default=None, description="Days from intake to the first real help.", examples=[14]
    )
    accepts_referrals: YesNo = Field(default=True, description="Whether referrals are taken.", examples=[True])
    note: FreeText | None = Field(
        default=None, description="A remark for referrers.", examples=["Plek op groep Noord."]
    )
    observed_at: Moment | None = Field(
        default=None, description="When the figures were so; now unless said.", examples=["2026-11-22T09:00:00+01:00"]
    )

    @field_validator("places_free")
    @classmethod
    def _within_total(cls, free: int, others: ValidationInfo) -> int:
        total = others.data.get("places_total")
        taken = (others.data.get("places_occupied") or 0) + (others.data.get("places_reserved") or 0) + free
        if total is not None and taken > total:
            text = Text(
                nl=f"Bezet + gereserveerd + vrij is {taken}, meer dan het totaal van {total}.",
                en=f"Occupied + reserved + free is {taken}, more than the total of {total}.",
            )
            raise invalid("over-total", text)
        return free


class ConfirmationIn(Schema):
    """Nothing: a confirmation says only that the figures are unchanged. New figures go to PUT."""

    model_config = ConfigDict(json_schema_extra={"examples": [{}]})


class CapacityOut(Answer):
    """The report that stands for an offer, or one of its history."""

    offer_id: UUID = described("The offer.", "0b6a4f0e-3f55-5d51-8a53-0d0f6a0c7b21")
    places_total: int | None = described("All places.", 8)
    places_occupied: int | None = described("Places that a child has now.", 6)
    places_reserved: int | None = described("Places promised to a child.", 1)
    places_free: int = described("Places that a new child can really have now.", 1)
    waiting_count: int = described("Children who wait.", 0)
    next_free_on: date | None = described("When the next place comes free.", "2026-12-14")
    wait_days_intake: int | None = described("Days from referral to intake.", 7)
    wait_days_treatment: int | None = described("Days from intake to the first real help.", 14)
    accepts_referrals: bool = described("Whether referrals are taken.", True)
    note: str | None = described("A remark for referrers.", "Plek op groep Noord.")
    observed_at: Moment = described("When the figures were so.", "2026-11-22T08:00:00Z")
    received_at: Moment = described("When the report came in.", "2026-11-22T08:00:01Z")
    confirmation: bool = described("Whether it only confirmed the one before as unchanged.", False)
    counted_at: Moment | None = described(
        "When the places were counted from a decision on a referral; null where the provider reported them.",
        "2026-11-22T09:30:00Z",
    )


class ConfirmedOut(Answer):
    """What came of "unchanged" for one offer."""

    offer_id: UUID = described("The offer.", "0b6a4f0e-3f55-5d51-8a53-0d0f6a0c7b21")
    offer_key: str = described("The provider's own key of the offer.", "gezinshuis-duinen")
    status: Literal["confirmed", "never-reported"] = Field(
        description="`confirmed`: its figures are as of now; `never-reported`: it has no figures, send them first.",
        examples=["confirmed"],
    )
    observed_at: Moment | None = described(
        "Of when the figures are that stand; null where there are none.", "2026-11-22T08:00:00Z"
    )


class ConfirmationsOut(Answer):
    """What came of "unchanged" for many offers: how many of each, and each of them, by key."""

    confirmed: int = described("How many were confirmed.", 12)
    never_reported: int = described("How many have nothing to confirm yet.", 0)
    items: list[ConfirmedOut] = Field(description="Each offer that is given now.")


class HistoryQuery(PageQuery):
    """The query keys of a capacity history."""

    from_: Day | None = Field(
        default=None, alias="from", description="Observed on or after this date (UTC).", examples=["2026-01-01"]
    )
    to: Day | None = Field(default=None, description="Observed on or before this date (UTC).", examples=["2026-12-31"])
