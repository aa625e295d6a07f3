"""What the form of a target line says."""

from itertools import zip_longest
from typing import Annotated, Any, Final, NamedTuple

from pydantic import Field

from app.insight.targets.schemas import TargetOut
from app.web.overview.keeping.form import KeptForm
from app.web.shell.forms import decimal
from app.web.shell.words import number

MOST_POINTS: Final = 100
"""Of a line, as in the API."""


class PointLine(NamedTuple):
    """A point in the form: so many places on a day."""

    on: str
    places: str

    def sent(self) -> dict[str, Any]:
        """The point by its names in the API."""
        return {"on": self.on, "places": decimal(self.places)}


class TargetForm(KeptForm):
    """The fields of the form of a target line; `dag` and `plekken` are the lines of its points."""

    titel: str = Field(default="", max_length=300)
    bron: str = Field(default="", max_length=300)
    grens: str = Field(default="at-most", max_length=20)
    zorgvorm: list[str] = Field(default=[], max_length=100)
    aanbieder: str = Field(default="", max_length=40)
    dag: list[Annotated[str, Field(max_length=20)]] = Field(default=[], max_length=MOST_POINTS)
    plekken: list[Annotated[str, Field(max_length=20)]] = Field(default=[], max_length=MOST_POINTS)

    @classmethod
    def of(cls, line: TargetOut, version: int) -> "TargetForm":
        """The form as it stands for a target line."""
        return cls(
            titel=line.title,
            bron=line.source,
            grens=line.bound,
            zorgvorm=line.care_types or [],
            aanbieder=str(line.provider_id or ""),
            dag=[each.on.isoformat() for each in line.points],
            plekken=[number(each.places) for each in line.points],
            versie=str(version),
        )

    @property
    def points(self) -> list[PointLine]:
        """The lines that say anything."""
        lines = zip_longest(self.dag, self.plekken, fillvalue="")
        return [PointLine(on.strip(), places.strip()) for on, places in lines if on.strip() or places.strip()]

    def sent(self) -> dict[str, Any]:
        """The values by their names in the API."""
        return {
            "title": self.titel,
            "source": self.bron,
            "bound": self.grens,
            "careTypes": self.zorgvorm or None,
            "providerId": self.aanbieder or None,
            "points": [each.sent() for each in self.points],
        }
