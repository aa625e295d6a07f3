"""Contracts as they go over the wire."""

from datetime import date
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, ValidationInfo, field_validator, model_validator

from app.domain.language import Text
from app.kit.pages import PageQuery
from app.kit.schemas import (
    Answer,
    Day,
    FreeText,
    Moment,
    NotNull,
    Schema,
    Unique,
    YesNo,
    described,
    invalid,
)
from app.ranking.model import ContractKind
from app.reference.schemas import (
    CareTypeCode,
    MunicipalityField,
    ProductCodeField,
    RegionField,
)

_PROVIDER = "6f1b7c1e-8a55-5b0f-9d62-1d7f6f0e3c11"


class Ceiling(Schema):
    """The budget ceiling of a contract."""

    reached: YesNo = Field(default=False, description="Whether it is reached: no new children.", examples=[False])
    exempts_measure: YesNo = Field(
        default=False, description="Whether children with a protection measure are taken all the same.", examples=[True]
    )


class ContractIn(Schema):
    """A contract to register."""

    provider_id: UUID = described("The provider whose care is bought.", _PROVIDER)
    kind: ContractKind = described("What kind of contract it is.", "regional")
    regions: Annotated[list[RegionField], Unique] = Field(
        default=[], description="Jeugdregio's whose children it covers.", examples=[["JZ03"]]
    )
    municipalities: Annotated[list[MunicipalityField], Unique] = Field(
        default=[], description="Municipalities whose children it covers.", examples=[["GM0400"]]
    )
    care_types: Annotated[list[CareTypeCode], Unique, Field(min_length=1)] | None = Field(
        default=None,
        description="Care types that it covers; null for all of the provider's.",
        examples=[["gezinshuis"]],
    )
    product_codes: Annotated[list[ProductCodeField], Unique] = Field(
        default=[], description="Product codes that it covers.", examples=[["43A10"]]
    )
    valid_from: Day = Field(description="Its first day.", examples=["2026-01-01"])
    valid_to: Day | None = Field(default=None, description="Its last day; null: no end.", examples=["2027-12-31"])
    ceiling: Ceiling = Field(default_factory=Ceiling, description="Its budget ceiling.", examples=[{"reached": False}])

    @field_validator("valid_to")
    @classmethod
    def _in_order(cls, valid_to: date | None, others: ValidationInfo) -> date | None:
        if valid_to is not None and valid_to < others.data.get("valid_from", valid_to):
            raise invalid(
                "order",
                Text(
                    nl="De laatste dag (validTo) ligt vóór de eerste (validFrom).", en="validTo lies before validFrom."
                ),
            )
        return valid_to

    @model_validator(mode="after")
    def _has_area(self) -> Self:
        if not self.regions and not self.municipalities:
            text = Text(nl="Noem minstens één regio of gemeente.", en="Name at least one region or municipality.")
            raise invalid("no-area", text)
        return self


class ContractPatch(Schema):
    """What changes of a contract; what is left out stays."""

    regions: Annotated[Annotated[list[RegionField], Unique] | None, NotNull] = Field(
        default=None, description="Jeugdregio's whose children it covers.", examples=[["JZ03"]]
    )
    municipalities: Annotated[Annotated[list[MunicipalityField], Unique] | None, NotNull] = Field(
        default=None, description="Municipalities whose children it covers.", examples=[["GM0400"]]
    )
    care_types: Annotated[list[CareTypeCode], Unique, Field(min_length=1)] | None = Field(
        default=None, description="Care types that it covers; null for all.", examples=[["gezinshuis"]]
    )
    product_codes: Annotated[Annotated[list[ProductCodeField], Unique] | None, NotNull] = Field(
        default=None, description="Product codes that it covers.", examples=[["43A10"]]
    )
    valid_from: Annotated[Day | None, NotNull] = Field(
        default=None, description="Its first day.", examples=["2026-01-01"]
    )
    valid_to: Day | None = Field(default=None, description="Its last day; null: no end.", examples=["2027-12-31"])
    ceiling: Annotated[Ceiling | None, NotNull] = Field(
        default=None, description="What changes of its ceiling.", examples=[{"reached": True}]
    )


class ContractOut(Answer):
    """A contract."""

    id: UUID = described("Our id.", "3f0f2a52-0e0c-5a5e-9a0a-0f0a6b7c8d90")
    provider_id: UUID = described("The provider whose care is bought.", _PROVIDER)
    kind: ContractKind = described("What kind of contract it is.", "regional")
    regions: list[RegionField] = described("Jeugdregio's whose children it covers.", ["JZ03"])
    municipalities: list[MunicipalityField] = described("Municipalities whose children it covers.", ["GM0400"])
    care_types: list[CareTypeCode] | None = described("Care types that it covers; null: all.", ["gezinshuis"])
    product_codes: list[ProductCodeField] = described("Product codes that it covers.", ["43A10"])
    valid_from: date = described("Its first day.", "2026-01-01")
    valid_to: date | None = described("Its last day; null: no end.", "2027-12-31")
    ceiling: Ceiling = described("Its budget ceiling.", {"reached": False, "exemptsMeasure": False})
    arrangement_id: UUID | None = described("The arrangement of a child that it was made for.", None)
    withdrawn_at: Moment | None = described("When it was withdrawn as registered in error: it has no effect.", None)
    why: str | None = described("Why it was withdrawn.", None)


class ContractQuery(PageQuery):
    """The query keys of the contracts."""

    provider: UUID | None = Field(default=None, description="Only this provider's.", examples=[_PROVIDER])
    region: RegionField | None = Field(
        default=None, description="Only those that cover this jeugdregio or one of its municipalities."
    )
    withdrawn: bool = Field(
        default=False, description="Only those that were withdrawn; else only the others.", examples=[True]
    )


class WithdrawalQuery(Schema):
    """The query key of a withdrawal: HTTP gives the body of a DELETE no meaning (RFC 9110, 9.3.5)."""

    why: Annotated[FreeText, Field(min_length=1, max_length=200)] = described(
        "Why it is withdrawn; nothing about a child.", "Dubbel ingevoerd"
    )
