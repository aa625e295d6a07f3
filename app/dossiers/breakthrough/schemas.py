"""The breakthrough list as it goes over the wire."""

from datetime import date
from uuid import UUID

from pydantic import Field

from app.dossiers.agreements.steps import Step
from app.dossiers.referrals.schemas import Refusal
from app.dossiers.requests.references import Reference
from app.dossiers.requests.schemas import ClockOut, Status
from app.finding.matching.answer_schemas import MatchAlternative, MatchResult
from app.finding.matching.schemas import Choice
from app.kit.pages import PageQuery
from app.kit.schemas import Answer, described
from app.reference.schemas import MunicipalityField, RegionField

_CHOICE = {"careType": "gezinshuis", "offerId": None, "providerId": None, "maxDistanceKm": 40}


class BreakthroughQuery(PageQuery):
    """The query keys of the breakthrough list."""

    region: RegionField | None = Field(default=None, description="Only children of this jeugdregio.")


class OverNorm(Answer):
    """A child over a norm of the inspectorates."""

    request_id: UUID = described("The request.", "b1f6c0de-6a0e-4c59-8a3f-0c7d1e2f3a4b")
    child_reference: Reference | None = Field(description="Its own institution's reference; null for others.")
    organisation_id: UUID = described("Whose it is.", "9c1c6d0a-7a55-5a0f-8f2b-1a4c0d9e7b33")
    organisation: str | None = described("Its name, where it is registered here.", "De Jeugd- en Gezinsbeschermers")
    region: RegionField = Field(description="The child's jeugdregio.")
    municipality: MunicipalityField = Field(description="The responsible municipality.")
    age: int = described("The child's age in whole years.", 12)
    status: Status = described("How far it is.", "open")
    over_norm_since: date = described("The first day over a norm.", "2027-01-13")
    days_over: int = described("Days over it, with today.", 14)
    clocks: list[ClockOut] = Field(description="The clocks that are red, with why.")
    escalated_to: Step | None = described("The highest step that it stands before.", "expert-team")
    choices: list[Choice] = Field(description="The choices.", examples=[[_CHOICE]])
    needs: list[str] = described("Specialisations that an offer must have.", ["trauma"])
    refusals: list[Refusal] = Field(description="Who would not take the child, and why; the first comes first.")


class Breakthrough(OverNorm):
    """A child over a norm of the inspectorates, and what could be done."""

    results: list[MatchResult] = Field(description="The best offers that fit now, three at most.")
    alternatives: list[MatchAlternative] = Field(
        description="What would be possible, three at most, and what it takes."
    )
