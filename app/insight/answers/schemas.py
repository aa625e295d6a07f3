"""What is asked of insight, and the form of its answers."""

from datetime import date
from functools import cache
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from pydantic import Field, PlainSerializer, WithJsonSchema, create_model

from app.domain.dates import YearMonth
from app.insight.answers.definitions import Dimension, Kind, Resource, Source
from app.insight.answers.periods import Unit
from app.insight.answers.questions import Known
from app.kit.schemas import Answer, Moment, Schema, described, parsed, plain_number
from app.reference.schemas import CareTypeCode, MunicipalityField, RegionField, SupraregionField


def _month(text: str) -> date:
    year_month = YearMonth.parse(text)
    return date(year_month.year, year_month.month, 1)


Month = Annotated[
    date,
    parsed(_month),
    WithJsonSchema({"type": "string", "pattern": r"^\d{4}-\d{2}$", "examples": ["2026-10"]}),
]
"""A calendar month, YYYY-MM; its first day."""


class Whose(Schema):
    """Of which children or offers; all that is asked holds at once."""

    region: RegionField | None = Field(default=None, description="The jeugdregio of the children, or of the offers.")
    supraregion: SupraregionField | None = Field(default=None, description="The supraregion that the region is in.")
    municipality: MunicipalityField | None = Field(default=None, description="The municipality.")
    institution: UUID | None = Field(
        default=None, description="The institution's id.", examples=["7c9e6679-7425-40de-944b-e07fc1f90ae7"]
    )
    provider: UUID | None = Field(
        default=None, description="The provider's id.", examples=["0b6a4f0e-3f0a-4c5e-9a53-1c4c9a0f2d11"]
    )
    care_type: CareTypeCode | None = Field(default=None, description="The care type.")


class Asked(Whose):
    """A question to insight, whatever it is about."""

    by: Dimension | None = Field(
        default=None,
        description="What the figures are broken down by; `GET /insight/definitions` says what is possible.",
        examples=["municipality"],
    )
    known: Known = Field(
        default="now",
        description="`then`: as it was known when the period ended. `now`: with what was put right since.",
        examples=["now"],
    )


class InsightQuery(Asked):
    """A question to insight about months, quarters or years."""

    unit: Unit = Field(default="month", description="Figures by month, quarter or year.", examples=["month"])
    first_month: Month | None = Field(
        default=None, description="The first month; twelve months back where it is left out."
    )
    last_month: Month | None = Field(default=None, description="The last month; this one where it is left out.")


class DefinitionOut(Answer):
    """What one figure says."""

    name: str = described("The figure's name in the answer.", "helpLate")
    title: str = described("The figure in words.", "passende hulp te laat")
    kind: Kind = described("How it comes about.", "count")
    definition: str = described("What is counted.", "Kinderen van wie de termijn verstreek zonder passende hulp.")


class CompletenessOut(Answer):
    """How much of what there should be the figures rest on."""

    what: str = described("Of what.", "instellingen die deze maand leverden of bevestigden")
    known: int = described("How many are in the figures.", 3)
    of: int | None = Field(description="Of how many; null where that is not known.", examples=[4])


class SmallOut(Answer):
    """How small counts are kept from view."""

    below: int = described("Counts above zero and below this are not shown.", 5)
    hidden: int = described("Figures that are left empty for it, with those from which they would follow.", 2)


class ResourceOut(Answer):
    """A question that insight answers, and its figures."""

    resource: str = described("Its name: GET /insight/{resource}.", "norms")
    title: str = described("In words.", "De normen")
    question: str = described("What it answers.", "Krijgt elk kind op tijd passende hulp?")
    source: Source = described("Where the figures come from.", "dossiers")
    by: list[Dimension] = described("What they can be broken down by.", ["region"])
    figures: list[DefinitionOut] = described("Each figure.")


class Definitions(Answer):
    """All figures of insight."""

    items: list[ResourceOut] = described("The questions.")


class InsightAnswer(Answer):
    """What every answer says of itself."""

    resource: str = described("The question.", "norms")
    region: str | None = described("The region that was asked of, or whose figures the caller sees.", "JZ03")
    supraregion: str | None = described("The supraregion that was asked of.", "noord-holland")
    by: Dimension = described("What the rows are broken down by.", "municipality")
    known: Known = described("As it was known then, or now.", "now")
    source_at: Moment | None = described(
        "What had been recorded by then is in the figures; null where nothing has yet.", "2026-11-22T09:00:00Z"
    )
    overlapping: bool = described(
        "Whether one child may stand in several rows, so that they need not add up to the totals, in which each child "
        "counts once.",
        False,
    )
    completeness: list[CompletenessOut] = described("How complete the figures are.")
    definitions: list[DefinitionOut] = described("What each figure says.")
    small_counts: SmallOut | None = Field(description="How small counts are kept from view; null where all is shown.")


class PeriodRow(Answer):
    """The period of a row."""

    period: str = described("The period: a month, quarter, year or day.", "2026-10")
    first_day: date = described("Its first day.", "2026-10-01")
    last_day: date = described("The day of which standing figures are: its last, or today.", "2026-10-31")
    provisional: bool = described("Whether the period is not over.", False)


class CodedRow(PeriodRow):
    """A row of a breakdown."""

    code: str = described("The code of what it is broken down by.", "GM0400")
    name: str = described("Its name.", "Den Helder")


_OF_PLACES: Final = {"number", "difference"}
Number = Annotated[float, PlainSerializer(plain_number, return_type=Any), WithJsonSchema({"type": "number"})]
"""What may have a fraction, and is written without one where it has none."""


def _field(kind: Kind, title: str, definition: str) -> tuple[Any, Any]:
    whole: Any = int | None if kind == "count" else Number | None if kind in _OF_PLACES else float | None
    example = {"share": 0.75, "count": 12}.get(kind, 30)
    return whole, Field(description=f"{title[0].upper()}{title[1:]}. {definition}", examples=[example])


@cache
def answer_schema(resource: Resource) -> type[InsightAnswer]:
    """The schema of a resource's answer: a row has its figures by name, described by their definitions."""
    name = "".join(part.capitalize() for part in resource.name.split("-"))
    fields: dict[str, Any] = {each.name: _field(each.kind, each.title.en, each.definition.en) for each in resource}
    row = create_model(f"{name}Row", __base__=CodedRow, __doc__="The figures of one code in one period.", **fields)
    total = create_model(f"{name}Total", __base__=PeriodRow, __doc__="The figures of all in one period.", **fields)
    lists: dict[str, Any] = {
        "totals": (list[total], described("All together, a row for each period.")),
        "items": (list[row], described("Broken down, by period and code.")),
    }
    return create_model(f"{name}Answer", __base__=InsightAnswer, __doc__=resource.question.en, **lists)


Format = Literal["json", "csv", "xlsx"]
