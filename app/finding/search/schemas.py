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
from app.finding.matching.answer_schemas import Warning_
from app.kit.pages import Page, PageQuery
from app.kit.schemas import Schema, Words, described
from app.ranking.model import Gender
from app.reference.schemas import (
    AreaField,
    CareTypeCode,
    ExclusionCode,
    MunicipalityField,
    Pc4Field,
    RegionField,
    SpecialisationCode,
    SupraregionField,
)

Sort = Literal["soonest", "nearest", "freshest"]


class AvailabilityFilter(Schema):
    """A question for free places; all that is asked holds at once."""

    care_type: list[CareTypeCode] = Field(default=[], description="One of these care types; may repeat.")
    region: list[RegionField] = Field(
        default=[], description="The jeugdregio where the help is given, or one of these; may repeat."
    )
    municipality: list[MunicipalityField] = Field(
        default=[],
        description="The municipality where the help is given, or one of these; may repeat. With `region`: both.",
    )
    supraregion: SupraregionField | None = Field(
        default=None, description="The supraregion where the help is given; with the others all of it holds."
    )
    contracted_for: AreaField | None = Field(
        default=None, description="The municipality (GM…) or jeugdregio (JZ…) whose contracts count."
    )
    postcode: Pc4Field | None = Field(
        default=None, description="Where distance is counted from; its four digits count."
    )
    radius_km: Annotated[float, Field(gt=0, le=400)] | None = Field(
        default=None, description="At most this far from the postcode, in km.", examples=[25]
    )
    age: Annotated[int, Field(ge=0, le=99)] | None = Field(
        default=None, description="An age that it takes in, in whole years.", examples=[14]
    )
    gender: Gender | None = Field(default=None, description="A gender that it takes in.", examples=["female"])
    places: Annotated[int, Field(ge=1, le=20)] = Field(
        default=1, description="So many places at once (siblings): status and start are for these.", examples=[2]
    )
    crisis: bool | None = Field(
        default=None,
        description="true: only crisis help, that is help of a care type for crises (`crisis` in GET /care-types); "
        "false: all other help.",
        examples=[True],
    )
    characteristic: list[ExclusionCode] = Field(
        default=[],
        description="A characteristic of the child: offers that exclude it are left out; may repeat.",
        examples=[["weglopen"]],
    )
    specialisation: list[SpecialisationCode] = Field(
        default=[], description="Specialised in each of these; may repeat."
    )
    status: list[Status] = Field(
        default=[], description="One of these statuses; may repeat.", examples=[["free", "soon"]]
    )
    provider: UUID | None = Field(
        default=None, description="Only this provider's.", examples=["6f1b7c1e-8a55-5b0f-9d62-1d7f6f0e3c11"]
    )
    offer: UUID | None = Field(
        default=None, description="Only this offer.", examples=["0b6a4f0e-3f55-5d51-8a53-0d0f6a0c7b21"]
    )


class AvailabilityQuery(AvailabilityFilter, PageQuery):
    """The query keys of the list of free places."""

    q: Words | None = Field(
        default=None,
        description="Words of the offer, its provider, care type, town and municipality (Dutch stemming).",
        examples=["gezinshuizen alkmaar"],
    )
    facets: bool = Field(
        default=False,
        description="Also how many there are by care type, status and municipality, each counted with all filters "
        "but its own.",
        examples=[True],
    )
    sort: Sort = Field(
        default="soonest",
        description="soonest: by expected start, closed last; nearest: by distance; freshest: by time observed.",
        examples=["soonest"],
    )


class FoundOffer(ShownOffer):
    """An offer that a search found."""

    care_type_name: str = described("The care type in words, in the language asked for.", "Gezinshuis")


class AvailabilityItem(Schema):
    """An offer and when help there could start."""

    offer: FoundOffer = Field(description="The offer.")
    provider: ShownProvider = Field(description="Its provider.")
    availability: ShownAvailability = Field(description="When help could start.")
    distance_km: float | None = described("Distance to the postcode; 0 where the help comes to the child.", 12.4)
    contract: ShownContract | None = Field(
        default=None,
        description="The best contract that covers `contractedFor`; left out where that is not asked.",
        examples=[{"kind": "regional", "ceilingReached": False}],
    )
    warnings: list[Warning_] = Field(description="What to know before asking for a place.", examples=[[]])


class Facets(Schema):
    """How many offers a list would have with one value of a filter, by value; those with none are left out."""

    care_type: dict[str, int] = described("By care type.", {"gezinshuis": 12})
    status: dict[str, int] = described("By status.", {"free": 3, "waiting": 9})
    municipality: dict[str, int] = described(
        "By municipality where the help is given; help at home counts in each that it serves.", {"GM0361": 12}
    )


class AvailabilityPage(Page[AvailabilityItem]):
    """A page of free places, and where it is asked how many there are of what."""

    facets: Facets | None = Field(
        default=None,
        description="With `facets=true`.",
        examples=[{"careType": {"gezinshuis": 12}, "status": {"free": 12}, "municipality": {"GM0361": 12}}],
    )
