"""Statements as they go over the wire."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field, WithJsonSchema

from app.domain.dates import QUARTER_PATTERN, Quarter
from app.domain.language import Text
from app.kit.schemas import Answer, described, invalid
from app.reference.schemas import CareTypeCode, RegionField


def _quarter(text: str) -> str:
    try:
        return str(Quarter.parse(text))
    except ValueError as error:
        detail = Text(
            nl="Een kwartaal is een jaar met een van vier delen: 2026-Q1, 2026-Q2, 2026-Q3 of 2026-Q4.",
            en="A quarter is a year with one of four parts: 2026-Q1, 2026-Q2, 2026-Q3 or 2026-Q4.",
        )
        raise invalid("format", detail) from error


QuarterName = Annotated[
    str,
    AfterValidator(_quarter),
    WithJsonSchema({"type": "string", "pattern": QUARTER_PATTERN, "examples": ["2026-Q3"]}),
]


class StatementCompleteness(Answer):
    """How complete the figures were. A day is known while a report of no more than 30 days old tells who waits."""

    offers: int = described("Offers that were given in the quarter.", 4)
    offers_known: int = described("Of those, the offers with figures on at least one day.", 3)
    offers_at_end: int = described("Offers that were given on the last day.", 4)
    offers_known_at_end: int = described("Of those, the offers with figures on it.", 3)
    offer_days: int = described("Days that the offers were given, added up.", 368)
    offer_days_known: int = described("Of those, the days with figures.", 276)
    share: float | None = described("Which part of those days had figures, 0 to 1; null: no offers.", 0.75)


class Figures(Answer):
    """Waiting. Null where no offer told; children that wait with two offers count twice."""

    waiting_count_at_end: int | None = described("Children who waited on the last day, over offers with figures.", 12)
    waiting_count_average: float | None = described(
        "The average of each offer over its days with figures, added up.", 10.5
    )
    wait_days_at_end: float | None = described(
        "Estimated days from referral to the first real help: the average of the offers on the last day.", 49.0
    )
    wait_days_average: float | None = described("The same, over all days with figures.", 45.5)
    wait_days_intake_at_end: float | None = described("Estimated days from referral to intake, on the last day.", 21.0)
    wait_days_intake_average: float | None = described("The same, over all days with figures.", 19.5)
    wait_days_treatment_at_end: float | None = described(
        "Estimated days from intake to the first real help, on the last day.", 28.0
    )
    wait_days_treatment_average: float | None = described("The same, over all days with figures.", 26.0)


class StatementLineOut(Answer):
    """The figures of one care type in one region."""

    care_type: CareTypeCode = Field(description="The care type (vorm van jeugdhulp).", examples=["gezinshuis"])
    region: RegionField | None = Field(
        description="The jeugdregio where the help is given; null: more than one, or not said."
    )
    figures: Figures = Field(description="Waiting.")
    completeness: StatementCompleteness = Field(description="How complete the figures were.")


class StatementOut(Answer):
    """What a provider states of waiting in a quarter, by care type and region."""

    provider_id: UUID = described("The provider.", "6f1b7c1e-8a55-5b0f-9d62-1d7f6f0e3c11")
    provider_name: str = described("The provider's name.", "Demo Jeugdhulp De Vuurtoren")
    agb_code: str | None = described("Its AGB code (Vektis).", "22220001")
    kvk_number: str | None = described("Its number at the Chamber of Commerce.", "12345678")
    quarter: str = described("The quarter.", "2026-Q3")
    first_day: date = described("Its first day.", "2026-07-01")
    last_day: date = described("The last day that is counted: today where the quarter is not over.", "2026-09-30")
    provisional: bool = described("Whether the quarter is not over, so that the figures can change.", False)
    completeness: StatementCompleteness = Field(description="How complete the figures were, over all.")
    items: list[StatementLineOut] = Field(description="The figures, by care type and region.")
