"""The child of a request as it goes over the wire. Nothing in it can name the child."""

from typing import Annotated

from pydantic import Field

from app.finding.matching.schemas import Child, Measure, Month
from app.kit.schemas import NormDay, NotNull, Schema, YesNo
from app.ranking.model import ChildGender
from app.reference.schemas import MunicipalityField, Pc4Field, RegionField

_MEASURE = {"type": "21", "imposedOn": "2026-10-12", "informedOn": "2026-10-14", "startedOn": None}


class KeptMeasure(Measure):
    """A child-protection measure, with the other days that a norm can count from."""

    informed_on: NormDay | None = Field(
        default=None,
        description="When the institution knew of it, where that is known; not before it was imposed.",
        examples=["2026-10-14"],
    )
    started_on: NormDay | None = Field(
        default=None,
        description="When its execution started, where that is known; not before it was imposed.",
        examples=["2026-10-19"],
    )


class KeptChild(Child):
    """What a request says of the child: no name, no birth date, no number."""

    measure: KeptMeasure | None = Field(
        default=None, description="Its child-protection measure; null where there is none.", examples=[_MEASURE]
    )
    court_authorisation_until: NormDay | None = Field(
        default=None,
        description="The last day of the court's authorisation of secure care; null where there is none or it is not "
        "known.",
        examples=[None],
    )


class ChildPatch(Schema):
    """What changes of a child; what is left out stays."""

    birth_month: Annotated[Month | None, NotNull] = Field(default=None, description="Year and month of birth.")
    gender: Annotated[ChildGender | None, NotNull] = Field(
        default=None, description="The child's gender.", examples=["female"]
    )
    municipality: Annotated[MunicipalityField | None, NotNull] = Field(
        default=None, description="The responsible municipality."
    )
    postcode: Pc4Field | None = Field(
        default=None, description="Where the child lives; its four digits are kept. null: unknown."
    )
    measure: KeptMeasure | None = Field(
        default=None,
        description="Its child-protection measure; null where there is none. With another type or `imposedOn` it is "
        "another measure, whose other days are unknown unless said.",
        examples=[_MEASURE],
    )
    court_authorisation: Annotated[YesNo | None, NotNull] = Field(
        default=None, description="Whether a judge has authorised secure care.", examples=[False]
    )
    court_authorisation_until: NormDay | None = Field(
        default=None,
        description="The last day of that authorisation; null: not known. Without an authorisation there is none.",
        examples=["2027-02-28"],
    )


class RequestedChild(KeptChild):
    """The child of a request."""

    region: RegionField = Field(description="The jeugdregio of its municipality.")
