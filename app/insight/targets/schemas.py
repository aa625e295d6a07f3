"""Target lines as they go over the wire."""

from itertools import pairwise
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field

from app.domain.language import Text
from app.insight.keeping.schemas import KeptOut, KeptQuery
from app.insight.targets.tables import Bound
from app.kit.schemas import Name, NormDay, NotNull, Schema, Unique, defaulted, described, invalid
from app.reference.schemas import CareTypeCode
from app.supply.capacity.schemas import Places

_TITLE = "Minder gesloten plekken"
_SOURCE = "Regionaal plan 2021, oplossingsrichting 3"
_CARE_TYPES = ["jeugdzorgplus"]
_POINTS = [{"on": "2022-01-01", "places": 235}, {"on": "2024-12-31", "places": 100}]


class TargetPoint(Schema):
    """How many places are aimed at on a day."""

    on: NormDay = described("The day.", "2024-12-31")
    places: Places = described("How many places.", 100)


def _onward(points: list[TargetPoint]) -> list[TargetPoint]:
    for earlier, later in pairwise(points):
        if later.on <= earlier.on:
            text = Text(
                nl=f"De punten staan op volgorde, elk op een latere dag: {later.on} komt na {earlier.on}.",
                en=f"The points go in order, each on a later day: {later.on} comes after {earlier.on}.",
            )
            raise invalid("order", text)
    return points


TargetPoints = Annotated[list[TargetPoint], Field(min_length=1, max_length=100), AfterValidator(_onward)]
CareTypes = Annotated[list[CareTypeCode], Unique, Field(min_length=1)]


class TargetIn(Schema):
    """A target line of the caller's own plan."""

    title: Name = described("What is aimed at.", _TITLE)
    source: Name = described("Where it was agreed.", _SOURCE)
    care_types: CareTypes | None = defaulted(
        None, "The care types whose places are counted together; null: all.", _CARE_TYPES
    )
    provider_id: UUID | None = defaulted(None, "The provider whose places are counted; null: all.", None)
    bound: Bound = described("Whether there are to be at most so many places, or at least.", "at-most")
    points: TargetPoints = described(
        "Days in order, with how many places. Between two of them the line is straight; before the first there is no "
        "target, and the last holds on.",
        _POINTS,
    )


class TargetPatch(Schema):
    """What changes of a target line; what is left out stays."""

    title: Annotated[Name | None, NotNull] = defaulted(None, "What is aimed at.", _TITLE)
    source: Annotated[Name | None, NotNull] = defaulted(None, "Where it was agreed.", _SOURCE)
    care_types: CareTypes | None = defaulted(
        None, "The care types whose places are counted together, as a whole; null: all.", _CARE_TYPES
    )
    provider_id: UUID | None = defaulted(None, "The provider whose places are counted; null: all.", None)
    bound: Annotated[Bound | None, NotNull] = defaulted(None, "At most so many places, or at least.", "at-most")
    points: Annotated[TargetPoints | None, NotNull] = defaulted(None, "The days in order, as a whole.", _POINTS)


class TargetOut(KeptOut):
    """A target line of the plan of a region or supraregion."""

    title: str = described("What is aimed at.", _TITLE)
    source: str = described("Where it was agreed.", _SOURCE)
    care_types: list[str] | None = described(
        "The care types whose places are counted together; null: all.", _CARE_TYPES
    )
    provider_id: UUID | None = described("The provider whose places are counted; null: all.", None)
    bound: Bound = described("Whether there are to be at most so many places, or at least.", "at-most")
    points: list[TargetPoint] = described("Days in order, with how many places; straight lines between.", _POINTS)


class TargetQuery(KeptQuery):
    """The query keys of the target lines."""

    care_type: CareTypeCode | None = Field(
        default=None, description="Only those that count places of this care type, be it among others."
    )
