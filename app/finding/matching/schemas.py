"""The question for a ranking. Nothing in it can name a child."""

from typing import Annotated, Final
from uuid import UUID

from pydantic import Field, WithJsonSchema

from app.domain.dates import MONTH_PATTERN, YearMonth
from app.domain.language import Text
from app.kit.schemas import (
    NormDay,
    Number,
    Schema,
    Unique,
    Whole,
    YesNo,
    described,
    invalid,
    parsed,
)
from app.ranking.model import (
    ChildGender,
    Policy,
    Reason,
    WaitSource,
)
from app.reference.schemas import (
    CareTypeCode,
    DeclineReasonCode,
    ExclusionCode,
    MeasureCode,
    MunicipalityField,
    Pc4Field,
    SpecialisationCode,
)

MONTHS_UNBORN: Final = 9
"""How many months ahead a child that is not born yet can be expected: help can be arranged before birth."""


AskedWaitSource = Annotated[
    WaitSource,
    Field(
        description="Whose waits to intake are ranked by: what providers state, or where there is one our estimate "
        "(`/offers/{offerId}/expected-wait`).",
        examples=["stated"],
    ),
]


def _month(text: str) -> str:
    month = YearMonth.parse(text)
    if not 1990 <= month.year <= 2100:
        raise invalid("out-of-range", Text(nl="Een jaar van 1990 tot 2100.", en="A year from 1990 to 2100."))
    return str(month)


Month = Annotated[
    str,
    parsed(_month),
    WithJsonSchema({"type": "string", "pattern": MONTH_PATTERN, "examples": ["2012-03"]}),
]


class Measure(Schema):
    """A child-protection measure (kinderbeschermingsmaatregel)."""

    type: MeasureCode = Field(description="The measure; see /v1/measures.")
    imposed_on: NormDay = Field(description="When the judge imposed it.", examples=["2026-10-12"])


class Child(Schema):
    """What the ranking has to know of the child: no name, no birth date, no number."""

    birth_month: Month = Field(description="Year and month of birth.")
    gender: ChildGender = described("The child's gender; one that is unknown fits every offer.", "female")
    municipality: MunicipalityField = Field(description="The responsible municipality (woonplaatsbeginsel).")
    postcode: Pc4Field | None = Field(
        default=None,
        description="Where the child lives, of which the four digits count: where distance is counted from.",
    )
    measure: Measure | None = Field(
        default=None,
        description="Its child-protection measure; null where there is none.",
        examples=[{"type": "21", "imposedOn": "2026-10-12"}],
    )
    court_authorisation: YesNo = Field(
        default=False, description="Whether a judge has authorised secure care.", examples=[False]
    )


class Choice(Schema):
    """A kind of help that suits the child, at a named offer or provider or at any."""

    care_type: CareTypeCode = Field(description="The care type.", examples=["gezinshuis"])
    offer_id: UUID | None = Field(
        default=None, description="Only this offer.", examples=["0b6a4f0e-3f55-5d51-8a53-0d0f6a0c7b21"]
    )
    provider_id: UUID | None = Field(
        default=None, description="Only this provider.", examples=["6f1b7c1e-8a55-5b0f-9d62-1d7f6f0e3c11"]
    )
    max_distance_km: Annotated[Number, Field(ge=0, le=400)] | None = Field(
        default=None, description="At most this far away, in km.", examples=[40]
    )


class EarlierDecline(Schema):
    """An earlier refusal of this child."""

    offer_id: UUID = Field(description="The offer that refused.", examples=["0b6a4f0e-3f55-5d51-8a53-0d0f6a0c7b21"])
    declined_on: NormDay = Field(description="When.", examples=["2026-11-20"])
    reason: DeclineReasonCode = Field(description="Why.", examples=["no-place"])


Choices = Annotated[list[Choice], Field(min_length=1, max_length=3)]
Specialisations = Annotated[list[SpecialisationCode], Unique]
Characteristics = Annotated[list[ExclusionCode], Unique]
Places = Annotated[Whole, Field(ge=1, le=20)]


class CareRequest(Schema):
    """What help is looked for, for one child."""

    child: Child = Field(description="The child.")
    choices: Choices = Field(description="The first, second and third choice of the jeugdbeschermer.")
    needs: Specialisations = Field(
        default=[], description="Specialisations that an offer must have.", examples=[["trauma"]]
    )
    wishes: Specialisations = Field(
        default=[], description="Specialisations that it had better have.", examples=[["broers-zussen"]]
    )
    characteristics: Characteristics = Field(
        default=[], description="What is held against offers' exclusion criteria.", examples=[["weglopen"]]
    )
    places: Places = Field(default=1, description="Places that are needed together (siblings).", examples=[1])
    needed_by: NormDay | None = Field(
        default=None, description="When help is needed, where that is sooner than the norm.", examples=["2026-12-15"]
    )


class MatchRequest(CareRequest):
    """What is asked for a child."""

    declines: Annotated[list[EarlierDecline], Field(max_length=200)] = Field(
        default=[],
        description="Earlier refusals of this child: an offer that refused less than 28 days ago is left out, for want "
        "of room only until it reports on a later day.",
        examples=[
            [
                {
                    "offerId": "0b6a4f0e-3f55-5d51-8a53-0d0f6a0c7b21",
                    "declinedOn": "2026-11-20",
                    "reason": "no-place",
                }
            ]
        ],
    )
    policy: Policy = Field(default="timely-first", description="Which factors go first.", examples=["timely-first"])
    wait_source: AskedWaitSource = "stated"
    limit: Annotated[Whole, Field(ge=1, le=200)] = Field(
        default=20, description="Results, and alternatives, at most.", examples=[20]
    )


class OfferException(Schema):
    """An exception that was granted for this child."""

    offer_id: UUID
    reason: Reason


class DossierMatchRequest(MatchRequest):
    """What is asked for the child of a dossier, which alone knows what was granted for it: no body is read into it."""

    exceptions: list[OfferException] = Field(default=[])


class MatchQuery(Schema):
    """The query keys of a match."""

    explain: bool = Field(default=False, description="List every excluded offer with its reasons.", examples=[True])
