"""What search and match show of an offer."""

from datetime import date
from typing import Any, Final
from uuid import UUID

from pydantic import Field

from app.finding.catalogue.availability import Status
from app.kit.schemas import Moment, Schema, described
from app.ranking.model import ContractKind, Gender
from app.reference.schemas import (
    CareTypeCode,
    ExclusionCode,
    MunicipalityField,
    SpecialisationCode,
)
from app.supply.offers.tables import Unit
from app.supply.providers.schemas import Contact


class ShownLocation(Schema):
    """Where the help is given."""

    name: str = described("What the place is called.", "Gezinshuis De Duinen")
    city: str | None = described("Town.", "Den Helder")
    postcode: str | None = described("Postcode.", "1781AB")
    municipality: MunicipalityField = Field(description="Code of the municipality.", examples=["GM0400"])
    latitude: float | None = described("Degrees north (WGS84).", 52.9563)
    longitude: float | None = described("Degrees east (WGS84).", 4.7601)


class ShownOffer(Schema):
    """An offer that was found."""

    id: UUID = described("Our id.", "0b6a4f0e-3f55-5d51-8a53-0d0f6a0c7b21")
    name: str = described("What the offer is called.", "Gezinshuis De Duinen")
    description: str | None = described("What help it is, for whom.", "Vier plekken in een gezin.")
    care_type: CareTypeCode = Field(description="The care type of the help.", examples=["gezinshuis"])
    age_min: int = described("Youngest age taken in, in whole years.", 4)
    age_max: int = described("Oldest age taken in, in whole years (inclusive).", 17)
    genders: list[Gender] = described("Who is taken in.", ["female", "male", "other"])
    specialisations: list[SpecialisationCode] = described("What it is specialised in.", ["trauma"])
    exclusion_criteria: list[ExclusionCode] = described("Characteristics for which it refuses.", ["brandstichting"])
    at_home: bool = described("Whether the help comes to the child.", False)
    service_area: list[MunicipalityField] | None = described("Municipalities that it serves; null: all.", ["GM0400"])
    needs_court_authorisation: bool = described("Whether it takes a court authorisation.", False)
    unit: Unit = described("What its capacity counts.", "places")
    location: ShownLocation | None = Field(description="Where it is; null where it has no place.")


class ShownProvider(Schema):
    """The provider of an offer that was found."""

    id: UUID = described("Our id.", "6f1b7c1e-8a55-5b0f-9d62-1d7f6f0e3c11")
    name: str = described("The provider's name.", "Demo Jeugdhulp De Vuurtoren")
    contact: Contact = described("How to reach it.", {"email": "aanmelden@example.org"})


class ShownAvailability(Schema):
    """When help could start."""

    status: Status = described(
        "free: room now by the report itself; soon: within 28 days, or a place that should have come free since the "
        "report; waiting: later or no telling when; unknown: never reported, or over 30 days ago; closed: a stop, or "
        "no referrals taken.",
        "free",
    )
    expected_start: date | None = described("The first day of real help, as far as is known.", "2026-12-14")
    wait_days: int | None = described("Days from referral to the first real help, as reported.", 21)
    wait_days_intake: int | None = described("Of these, from referral to intake.", 7)
    wait_days_treatment: int | None = described("Of these, from intake to the first real help.", 14)
    observed_at: Moment | None = described("When the figures were so.", "2026-11-22T08:00:00Z")
    age_days: int | None = described("How many days ago that was.", 0)
    places_total: float | None = Field(
        default=None, description="Places (or hours a week) in all, as reported; not for the public.", examples=[4]
    )
    places_free: float | None = Field(
        default=None,
        description="Places (or hours a week) that are empty now; who waits comes first. Not for the public.",
        examples=[1],
    )
    waiting_count: int | None = Field(default=None, description="Children who wait; not for the public.", examples=[0])
    note: str | None = Field(
        default=None,
        description="What the provider says with its report; not for the public.",
        examples=["Bel voor overleg over de start."],
    )


class ShownContract(Schema):
    """The best contract that covers the child."""

    kind: ContractKind = described("What kind it is.", "regional")
    ceiling_reached: bool = described("Whether its budget ceiling stands in the way.", False)


AGE: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "headers": {
            "Catalogue-Age": {
                "description": "How many seconds ago the database was last heard of; 0 while it is followed.",
                "schema": {"type": "integer", "minimum": 0, "examples": [0]},
            }
        }
    }
}
"""The header of an answer out of the catalogue, for the OpenAPI document."""
