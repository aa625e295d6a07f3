"""The agreements of a region as they go over the wire."""

from typing import Annotated

from pydantic import AfterValidator, Field

from app.domain.language import Text
from app.dossiers.agreements.default_terms import AUTHORISATION_WARNING_DAYS, NEXT_PLACE_DAYS
from app.dossiers.agreements.steps import STEPS, Step
from app.kit.schemas import (
    Answer,
    Schema,
    Unique,
    Whole,
    YesNo,
    described,
    invalid,
)
from app.reference.schemas import RegionField, SupraregionField

Days = Annotated[Whole, Field(ge=1, le=365)]


def _upward(steps: list[Step]) -> list[Step]:
    if sorted(steps, key=STEPS.index) != steps:
        order = ", ".join(STEPS)
        raise invalid(
            "order", Text(nl=f"De treden staan in deze volgorde: {order}.", en=f"Steps go in order: {order}.")
        )
    return steps


class AgreementsIn(Schema):
    """What a region has agreed; a null is no such agreement. The norms of the inspectorates hold everywhere."""

    contact_local_team_days: Days | None = described(
        "Days after the request in which the local team is contacted where no help could be arranged.", 14
    )
    expert_team_days: Days | None = described(
        "Days after the start of the measure in which the expert team is asked where no help has started.", 42
    )
    also_without_measure: YesNo = Field(
        default=False,
        description="Whether these two terms hold for a child without a measure or with a preventive one (31) as well; "
        "without a measure both count from the request.",
        examples=[True],
    )
    authorisation_warning_days: Days = Field(
        default=AUTHORISATION_WARNING_DAYS,
        description="Days before the end of a court authorisation of secure care from which its clock is amber.",
        examples=[28],
    )
    next_place_days: Days = Field(
        default=NEXT_PLACE_DAYS,
        description="Days before the end of secure care by which the next place is known.",
        examples=[42],
    )
    referral_answer_days: Annotated[Whole, Field(ge=1, le=60)] = described(
        "Working days in which a provider answers a referral.", 5
    )
    urgent_answer_days: Annotated[Whole, Field(ge=1, le=60)] = Field(
        default=2, description="Working days in which it answers an urgent one.", examples=[2]
    )
    crisis_answer_hours: Annotated[Whole, Field(ge=1, le=168)] = Field(
        default=24, description="Hours in which it answers one in a crisis; nights and weekends count.", examples=[24]
    )
    arrangement_answer_days: Annotated[Whole, Field(ge=1, le=60)] = Field(
        default=5,
        description="Working days in which the region, or a provider, answers what is asked for an alternative.",
        examples=[5],
    )
    escalation_ladder: Annotated[list[Step], Field(min_length=1), Unique, AfterValidator(_upward)] = described(
        "The steps that a request can be put before, from the first to the last.", list(STEPS)
    )
    supraregion: SupraregionField | None = Field(
        default=None,
        description="Which of its supraregions takes the supraregional step of its children; null: the widest.",
        examples=["noord-holland"],
    )


class AgreementsOut(Answer):
    """What a region has agreed."""

    region: RegionField = Field(description="The jeugdregio.", examples=["JZ05"])
    contact_local_team_days: int | None = described("Days after the request; null: no such agreement.", 14)
    expert_team_days: int | None = described("Days after the start of the measure; null: no such agreement.", 42)
    also_without_measure: bool = described(
        "Whether these two hold without a measure, and with a preventive one, as well.", False
    )
    authorisation_warning_days: int = described(
        "Days before a court authorisation ends from which it is warned of.", 28
    )
    next_place_days: int = described("Days before the end of secure care by which the next place is known.", 42)
    referral_answer_days: int = described("Working days in which a provider answers a referral.", 5)
    urgent_answer_days: int = described("Working days in which it answers an urgent one.", 2)
    crisis_answer_hours: int = described("Hours in which it answers one in a crisis.", 24)
    arrangement_answer_days: int = described("Working days in which an arrangement is answered.", 5)
    escalation_ladder: list[Step] = described("The steps that a request can be put before.", list(STEPS))
    supraregion: str | None = described(
        "The supraregion that takes the supraregional step: the chosen one, or else the widest; null: it is in none.",
        "noord-holland",
    )
