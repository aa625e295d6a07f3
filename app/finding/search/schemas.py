"""The question for free places, and its answer."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.finding.catalogue.availability import Status
from app.finding.catalogue.schemas import (
    ShownAvailability,
    ShownContract,
    ShownOffer,
    ShownProvider,
)
from app.finding.matching.schemas import Warning_
from app.kit.http.pagination import PageQuery
from app.kit.schemas import Schema, described
from app.ranking.model import Gender
from app.reference.schemas import (
    AreaField,
    CareTypeCode,
    MunicipalityField,
    Pc4Field,
    RegionField,
    SpecialisationCode,
)

Sort = Literal["soonest", "nearest", "freshest"]


class AvailabilityFilter(Schema):
    """A question for free places; all that is asked holds at once."""

    care_type: list[CareTypeCode] = Field(default=[], description="One of these care types; may repeat.")
    region: RegionField | None = Field(default=None, description="The jeugdregio where the help is given.")
    municipality: MunicipalityField | None = Field(
        default=None, description="The municipality where the help is given."
    )
    contracted_for: AreaField | None = Field(
        default=None, description="The municipality (GM…) or jeugdregio (JZ…) whose contracts count."
    )
    postcode: Pc4Field | None = Field(default=None, description="Four digits: where distance is counted from.")
    radius_km: Annotated[float, Field(gt=0, le=400)] | None = Field(
        default=None, description="At most this far from the postcode, in km.", examples=[25]
    )
    age: Annotated[int, Field(ge=0, le=99)] | None = Field(
        default=None, description="An age that it takes in, in whole years.", examples=[14]
    )
    gender: Gender | None = Field(default=None, description="A gender that it takes in.", examples=["female"])
    specialisation: list[SpecialisationCode] = Field(
        default=[], description="Specialised in each of these; may repeat."
    )
    status: list[Status] = Field(
        default=[], description="One of these statuses; may repeat.", examples=[["free", "soon"]]
    )
    provider: UUID | None = Field(
        default=None, description="Only this provider's.", examples=["6f1b7c1e-8a55-5b0f-9d62-1d7f6f0e3c11"]
    )


class AvailabilityQuery(AvailabilityFilter, PageQuery):
    """The query keys of the list of free places."""

    sort: Sort = Field(
        default="soonest",
        description="soonest: by expected start, closed last; nearest: by distance; freshest: by time observed.",
        examples=["soonest"],
    )


class AvailabilityItem(Schema):
    """An offer and when help there could start."""

    offer: ShownOffer = Field(description="The offer.")
    provider: ShownProvider = Field(description="Its provider.")
    availability: ShownAvailability = Field(description="When help could start.")
    distance_km: float | None = described("Distance to the postcode; 0 where the help comes to the child.", 12.4)
    contract: ShownContract | None = Field(
        description="The best contract that covers `contractedFor`; null where that is not asked."
    )
    warnings: list[Warning_] = Field(description="What to know before asking for a place.", examples=[[]])
