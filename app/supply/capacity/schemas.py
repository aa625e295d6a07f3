"""Capacity as providers report it."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal, NamedTuple
from uuid import UUID

from pydantic import (
    AfterValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    Strict,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
)

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
    plain_number,
)
from app.supply.capacity.figures import (
    NEVER_EMPTY,
    NOT_WHOLE,
    UNKNOWN,
    HintCode,
    over_total,
)

_MOST = 100_000


def _in_halves(number: float) -> float:
    if not (2 * number).is_integer():
        raise invalid("type", NOT_WHOLE)
    return plain_number(number)


def _lines_or_none(text: str) -> str | None:
    """None where it is empty; its lines end in one way, because workbooks and text files keep no other."""
    return text.replace("\r\n", "\n").replace("\r", "\n") or None


_SHAPE: dict[str, Any] = {"type": "number", "minimum": 0}
_PLACES = _SHAPE | {"maximum": _MOST, "multipleOf": 0.5}
Places = Annotated[
    float,
    Strict(),
    Field(ge=0, le=_MOST),
    AfterValidator(_in_halves),
    WithJsonSchema(_PLACES),
]
"""A number of places: whole, or of hours a week in halves."""

ShownPlaces = Annotated[float, PlainSerializer(plain_number, return_type=Any), WithJsonSchema(_SHAPE)]
"""A number of places as it is shown: without decimals where it is whole."""

Count = Annotated[Whole, Field(ge=0, le=_MOST)]
Days = Annotated[Whole, Field(ge=0, le=3650)]
Note = Annotated[FreeText, AfterValidator(_lines_or_none)]

_FREE = "Empty places, neither occupied nor reserved; who waits comes first."


class Said(Schema):
    """What a report may leave out."""

    places_total: Places | None = Field(default=None, description="All places.", examples=[8])
    places_occupied: Places | None = Field(default=None, description="Places that a child has now.", examples=[6])
    places_reserved: Places | None = Field(default=None, description="Places promised to a child.", examples=[1])
    waiting_count: Count | None = Field(
        default=None, description="Children who wait; null where that is not known.", examples=[0]
    )
    next_free_on: NormDay | None = Field(
        default=None, description="When the next place comes free.", examples=["2026-12-14"]
    )
    wait_days_intake: Days | None = Field(
        default=None, description="Days from referral to intake; leave out where nobody waits.", examples=[7]
    )
    wait_days_treatment: Days | None = Field(
        default=None, description="Days from intake to the first real help.", examples=[14]
    )
    note: Note | None = Field(default=None, description="A remark for referrers.", examples=["Plek op groep Noord."])


class WholeReport(NamedTuple):
    """A whole report: its figures by their Python names, when they were so (None: now), and which of them it names."""

    figures: Mapping[str, Any]
    observed_at: datetime | None
    named: Collection[str]


class CapacityIn(Said):
    """The whole of what a provider reports of one offer: what it leaves out is unknown.

    `acceptsReferrals` and `waitingCount` may not be left out where referrals are refused now, or children wait.
    """

    places_free: Places = Field(description=_FREE, examples=[1])
    accepts_referrals: YesNo = Field(default=True, description="Whether referrals are taken.", examples=[True])
    observed_at: Moment | None = Field(
        default=None, description="When the figures were so; now unless said.", examples=["2026-11-22T09:00:00+01:00"]
    )

    @field_validator("places_free")
    @classmethod
    def _within_total(cls, free: float, others: ValidationInfo) -> float:
        text = over_total({**others.data, "places_free": free})
        if text is not None:
            raise invalid("over-total", text)
        return free

    def whole(self) -> WholeReport:
        """What it says."""
        return WholeReport(self.values(exclude={"observed_at"}), self.observed_at, self.model_fields_set)


class CapacityChange(Said):
    """What changes of what a provider reports of one offer: what is left out stays, null empties."""

    places_free: Annotated[Places | None, WithJsonSchema(_PLACES)] = Field(
        default=None, description=f"{_FREE} Needed in the first report; cannot be emptied.", examples=[1]
    )
    accepts_referrals: Annotated[YesNo | None, WithJsonSchema({"type": "boolean"})] = Field(
        default=None, description="Whether referrals are taken; cannot be emptied.", examples=[True]
    )

    @field_validator("places_free", "accepts_referrals", mode="before")
    @classmethod
    def _never_empty(cls, value: object) -> object:
        if value is None:
            raise invalid("missing", NEVER_EMPTY)
        return value

    def named(self) -> dict[str, Any]:
        """The figures that it names, by their Python names."""
        return {name: getattr(self, name) for name in self.model_fields_set & UNKNOWN.keys()}


class CapacityPatch(CapacityChange):
    """What changes of what a provider reports of one offer: what is left out stays, null empties."""

    observed_at: Moment | None = Field(
        default=None, description="When the figures were so; now unless said.", examples=["2026-11-22T09:00:00+01:00"]
    )


class ConfirmationIn(Schema):
    """Nothing: a confirmation says only that the figures are unchanged. New figures go to PUT."""

    model_config = ConfigDict(json_schema_extra={"examples": [{}]})


class Hint(Answer):
    """Something that a report says, and its sender may not have meant."""

    code: HintCode = Field(
        description="`waiting-first`: as many wait as there are free places, so they do not count as free; "
        "`next-free-passed`: nothing is free, and the date of the next free place has passed.",
        examples=["waiting-first"],
    )
    detail: str = described(
        "What that means, and what to do where it was not meant so.",
        "Wie wacht gaat voor: er wachten er minstens zoveel als er vrij zijn, dus dit telt niet als vrij.",
    )


class CapacityOut(Answer):
    """The report that stands for an offer, or one of its history."""

    offer_id: UUID = described("The offer.", "0b6a4f0e-3f55-5d51-8a53-0d0f6a0c7b21")
    places_total: ShownPlaces | None = described("All places.", 8)
    places_occupied: ShownPlaces | None = described("Places that a child has now.", 6)
    places_reserved: ShownPlaces | None = described("Places promised to a child.", 1)
    places_free: ShownPlaces = described(_FREE, 1)
    waiting_count: int | None = described("Children who wait; null where that is not known.", 0)
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
    hints: list[Hint] = Field(
        description="What its sender may not have meant by it; empty where there is nothing to tell.", examples=[[]]
    )


class ExpectedWaitOut(Answer):
    """How long a child that asks for an offer now would wait: our estimate beside what its provider states.

    `days` and what goes with it is null where the reports say too little, of an offer in hours a week, and of one that
    takes no referrals.
    """

    days: int | None = described("Our estimate: days that are as likely too many as too few.", 41)
    soonest: int | None = described("In one of ten cases it takes no more days.", 17)
    latest: int | None = described("In nine of ten cases it takes no more days.", 88)
    ahead: int | None = described("Children who wait already.", 3)
    places_freed: int | None = described("Places that came free in those weeks.", 12)
    weeks: int | None = described("Weeks of reports that it is made of.", 26)
    stated_days: int | None = described("Days to intake that the provider states.", 30)


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
        default=None, alias="from", description="Observed on or after this date.", examples=["2026-01-01"]
    )
    to: Day | None = Field(default=None, description="Observed on or before this date.", examples=["2026-12-31"])
