"""The outcome of a ranking as JSON: `expected` of a case, and what `wijzer rank` prints."""

from datetime import date
from typing import Any, Literal

from pydantic import Field

from app.kit.schemas import Schema, described
from app.ranking.model import (
    FACTORS,
    Factor,
    Need,
    Outcome,
    Reason,
)

Decider = Factor | Literal["id"]


class Factors(Schema):
    """What the order is made of; smaller is better in each."""

    delay: int = described("Periods of 28 days after the norm; 3 where the start is unknown.", 0)
    choice: int = described("1, 2 or 3.", 1)
    wishes: int = described("Wishes that the offer lacks.", 0)
    contract: int = described("0 regional, 1 supraregional, 2 national, 3 light, 4 none.", 0)
    wait: int = described("Periods of 28 days from today; 3 where the start is unknown.", 0)
    distance: int = described("Whole km, rounded up; 9999 where unknown.", 13)
    start: int = described("Days from today; 9999 where unknown.", 0)
    age_of_report: int = Field(alias="age-of-report", description="Days; 9999 where there is no report.", examples=[2])


class CaseResult(Schema):
    """An offer that stays in, in its place."""

    offer_id: str = described("The offer.", "o07")
    choice: int = described("Which choice it answers.", 1)
    expected_start: date | None = described("The first day of real help, as far as is known.", "2026-12-14")
    distance_km: float | None = described("Distance in km to the metre; 0 where the help comes to the child.", 12.4)
    factors: Factors = Field(description="What the order is made of.")
    decided_by: Decider | None = described("The first factor on which it beats the next; null for the last.", "delay")


class CaseExclusion(Schema):
    """An offer that is out."""

    offer_id: str = described("The offer.", "o12")
    reasons: list[Reason] = described("Every reason that excludes it.", ["age", "too-far"])


class CaseAlternative(Schema):
    """An offer that would be possible if one thing were arranged."""

    offer_id: str = described("The offer.", "o03")
    needs: Need = described("What would have to be arranged.", "light-contract")


class CaseOutcome(Schema):
    """What came out of a ranking."""

    deadline: date = described("When help is due.", "2027-01-12")
    results: list[CaseResult] = Field(description="The offers that fit, best first.")
    excluded: list[CaseExclusion] = Field(description="The offers that do not, by id.")
    alternatives: list[CaseAlternative] = Field(description="What would be possible, best first.")


def write_outcome(outcome: Outcome) -> dict[str, Any]:
    """The outcome in the shape of `CaseOutcome`: JSON, with distances in km to the metre."""
    return {
        "deadline": outcome.deadline.isoformat(),
        "results": [
            {
                "offerId": each.offer.id,
                "choice": each.choice,
                "expectedStart": None if each.expected_start is None else each.expected_start.isoformat(),
                "distanceKm": None if each.distance_km is None else round(each.distance_km, 3),
                "factors": dict(zip(FACTORS, each.factors, strict=True)),
                "decidedBy": each.decided_by,
            }
            for each in outcome.results
        ],
        "excluded": [{"offerId": each.offer.id, "reasons": list(each.reasons)} for each in outcome.excluded],
        "alternatives": [{"offerId": each.offer.id, "needs": each.needs} for each in outcome.alternatives],
    }
