"""Offers as they go over the wire."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, ValidationInfo, field_validator

from app.domain.language import Text
from app.kit.pages import PageQuery
from app.kit.schemas import (
    Answer,
    FreeText,
    Key,
    Moment,
    Name,
    Schema,
    Unique,
    Whole,
    Words,
    YesNo,
    described,
    invalid,
)
from app.ranking.model import Gender
from app.reference.schemas import (
    AreaField,
    CareTypeCode,
    ExclusionCode,
    MunicipalityField,
    ProductCodeField,
    RegionField,
    SpecialisationCode,
)
from app.supply.offers.tables import Unit
from app.supply.providers.schemas import Contact, LocationOut


class OfferIn(Schema):
    """An offer to create or replace."""

    name: Name = described("What the offer is called.", "Gezinshuis De Duinen")
    description: FreeText | None = Field(
        default=None, description="What help it is, for whom.", examples=["Vier plekken in een gezin."]
    )
    care_type: CareTypeCode = Field(description="The care type of the help.", examples=["gezinshuis"])
    age_min: Whole = described("Youngest age taken in, in whole years.", 4, ge=0, le=99)
    age_max: Whole = described("Oldest age taken in, in whole years (inclusive).", 17, ge=0, le=99)
    genders: Annotated[list[Gender], Unique] = Field(
        default=["female", "male", "other"], min_length=1, description="Who is taken in.", examples=[["female"]]
    )
    specialisations: Annotated[list[SpecialisationCode], Unique] = Field(
        default=[], description="What it is specialised in.", examples=[["trauma"]]
    )
    exclusion_criteria: Annotated[list[ExclusionCode], Unique] = Field(
        default=[], description="Characteristics for which it refuses a child.", examples=[["brandstichting"]]
    )
    location_key: Key | None = Field(
        default=None, description="The provider's own key of the location.", examples=["de-duinen"]
    )
    at_home: YesNo = Field(default=False, description="Whether the help comes to the child.", examples=[False])
    service_area: Annotated[list[MunicipalityField], Unique] | None = Field(
        default=None, description="Municipalities that it serves; null for no limit.", examples=[["GM0400"]]
    )
    needs_court_authorisation: YesNo | None = Field(
        default=None,
        description="Whether it takes a court authorisation; as the care type does where not given.",
        examples=[False],
    )
    product_codes: Annotated[list[ProductCodeField], Unique] = Field(
        default=[], description="Product codes under which it is paid.", examples=[["43A10"]]
    )
    unit: Unit = Field(default="places", description="What its capacity counts.", examples=["places"])

    @field_validator("age_max")
    @classmethod
    def _ages_in_order(cls, age_max: int, others: ValidationInfo) -> int:
        if others.data.get("age_min", age_max) > age_max:
            raise invalid(
                "order",
                Text(nl="De laagste leeftijd (ageMin) is hoger dan de hoogste (ageMax).", en="ageMin is above ageMax."),
            )
        return age_max


class OfferOut(Answer):
    """An offer."""

    id: UUID = described("Our id.", "0b6a4f0e-3f55-5d51-8a53-0d0f6a0c7b21")
    provider_id: UUID = described("Whose offer it is.", "6f1b7c1e-8a55-5b0f-9d62-1d7f6f0e3c11")
    provider_name: str = described("The provider's name.", "Demo Jeugdhulp De Vuurtoren")
    contact: Contact = described("How to reach the provider.", {"email": "aanmelden@example.org"})
    key: str = described("The provider's own key.", "gezinshuis-duinen")
    name: str = described("What the offer is called.", "Gezinshuis De Duinen")
    description: str | None = described("What help it is, for whom.", "Vier plekken in een gezin.")
    care_type: CareTypeCode = Field(description="The care type of the help.", examples=["gezinshuis"])
    age_min: int = described("Youngest age taken in, in whole years.", 4)
    age_max: int = described("Oldest age taken in, in whole years (inclusive).", 17)
    genders: list[Gender] = described("Who is taken in.", ["female", "male", "other"])
    specialisations: list[SpecialisationCode] = described("What it is specialised in.", ["trauma"])
    exclusion_criteria: list[ExclusionCode] = described("Characteristics for which it refuses.", ["brandstichting"])
    location_key: str | None = described("The provider's own key of the location.", "de-duinen")
    location: LocationOut | None = Field(description="The location; null where it has none.")
    at_home: bool = described("Whether the help comes to the child.", False)
    service_area: list[MunicipalityField] | None = described("Municipalities that it serves; null: all.", ["GM0400"])
    needs_court_authorisation: bool = described("Whether it takes a court authorisation.", False)
    product_codes: list[ProductCodeField] = described("Product codes under which it is paid.", ["43A10"])
    unit: Unit = described("What its capacity counts.", "places")
    ended_at: Moment | None = described("When it ended; null while it is given.", "2026-11-22T09:00:00Z")


class OwnOfferQuery(PageQuery):
    """The query keys of a provider's offers."""

    ended: bool = Field(default=False, description="Also those that have ended.", examples=[False])


class OfferQuery(PageQuery):
    """The query keys of the sociale kaart."""

    q: Words | None = Field(
        default=None,
        description="Words of the offer, its provider, care type, town and municipality (Dutch stemming).",
        examples=["pleegzorg den helder"],
    )
    care_type: list[CareTypeCode] = Field(default=[], description="One of these care types; may repeat.")
    region: list[RegionField] = Field(
        default=[], description="The jeugdregio where the help is given, or one of these; may repeat."
    )
    municipality: list[MunicipalityField] = Field(
        default=[],
        description="The municipality where the help is given, or one of these; may repeat. With `region`: both.",
    )
    contracted_for: AreaField | None = Field(
        default=None, description="The municipality (GM…) or jeugdregio (JZ…) whose contracts cover it today."
    )
    provider: UUID | None = Field(
        default=None, description="Only this provider's.", examples=["6f1b7c1e-8a55-5b0f-9d62-1d7f6f0e3c11"]
    )
