"""Placement stops as they go over the wire."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field, ValidationInfo, field_validator

from app.domain.language import Text
from app.kit.pages import PageQuery
from app.kit.schemas import (
    Answer,
    Day,
    FreeText,
    Key,
    NotNull,
    Schema,
    described,
    invalid,
)
from app.reference.schemas import RegionField
from app.supply.placement_stops.tables import ImposedBy

Reason = Annotated[FreeText, Field(min_length=1)]
_PROVIDER = "6f1b7c1e-8a55-5b0f-9d62-1d7f6f0e3c11"
_OFFER = "0b6a4f0e-3f55-5d51-8a53-0d0f6a0c7b21"


class StopIn(Schema):
    """A stop to impose, on a provider or on one of its locations or offers."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "providerId": _PROVIDER,
                    "locationKey": "de-duinen",
                    "from": "2026-11-22",
                    "imposedBy": "region",
                    "reason": "Verscherpt toezicht.",
                }
            ]
        }
    )

    provider_id: UUID = described("The provider.", _PROVIDER)
    location_key: Key | None = Field(default=None, description="Only this location of it.", examples=["de-duinen"])
    offer_id: UUID | None = Field(default=None, description="Only this offer of it.", examples=[_OFFER])
    from_: Day = Field(alias="from", description="Its first day.", examples=["2026-11-22"])
    to: Day | None = Field(
        default=None, description="Its last day; null: until further notice.", examples=["2027-01-31"]
    )
    imposed_by: ImposedBy = described("Who imposes it; a region's stop binds its own children only.", "region")
    reason: Reason = described("Why.", "Kwaliteit onder verscherpt toezicht.")

    @field_validator("to")
    @classmethod
    def _in_order(cls, to: date | None, others: ValidationInfo) -> date | None:
        if to is not None and to < others.data.get("from_", to):
            raise invalid(
                "order", Text(nl="De laatste dag (to) ligt vóór de eerste (from).", en="to lies before from.")
            )
        return to

    @field_validator("offer_id")
    @classmethod
    def _one_target(cls, offer_id: UUID | None, others: ValidationInfo) -> UUID | None:
        if offer_id is not None and others.data.get("location_key") is not None:
            text = Text(nl="Noem een locatie of een aanbod, niet beide.", en="Name a location or an offer, not both.")
            raise invalid("two-targets", text)
        return offer_id


class StopPatch(Schema):
    """What changes of a stop; what is left out stays."""

    from_: Annotated[Day | None, NotNull] = Field(
        default=None, alias="from", description="Its first day.", examples=["2026-11-22"]
    )
    to: Day | None = Field(
        default=None, description="Its last day; null: until further notice.", examples=["2027-01-31"]
    )
    reason: Annotated[Reason | None, NotNull] = Field(default=None, description="Why.", examples=["Verlengd."])


class StopOut(Answer):
    """A placement stop."""

    id: UUID = described("Our id.", "5c0a7c3e-5d3e-5b57-8f4e-2c9d7f3b1a60")
    provider_id: UUID = described("The provider.", _PROVIDER)
    location_key: str | None = described("Only this location of it.", "de-duinen")
    offer_id: UUID | None = described("Only this offer of it.", _OFFER)
    from_: date = Field(alias="from", description="Its first day.", examples=["2026-11-22"])
    to: date | None = described("Its last day; null: until further notice.", "2027-01-31")
    imposed_by: ImposedBy = described("Who imposed it.", "region")
    region: RegionField | None = described("The region that imposed it, whose children it binds.", "JZ03")
    reason: str = described("Why.", "Kwaliteit onder verscherpt toezicht.")


class StopQuery(PageQuery):
    """The query keys of the placement stops."""

    provider: UUID | None = Field(default=None, description="Only this provider's.", examples=[_PROVIDER])
    on: Day | None = Field(default=None, description="Only those in force on this date.", examples=["2026-11-22"])
