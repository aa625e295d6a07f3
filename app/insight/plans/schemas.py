"""The actions of plans as they go over the wire."""

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from app.domain.language import Text
from app.insight.keeping.schemas import KeptOut, KeptQuery
from app.insight.plans.figure_names import FIGURES, takes_care_type
from app.insight.plans.states import Light, Status
from app.kit.schemas import (
    Answer,
    Day,
    FreeText,
    Name,
    NormDay,
    NotNull,
    Schema,
    Unique,
    Whole,
    defaulted,
    described,
    invalid,
)
from app.reference.schemas import CareTypeCode

Prose = Annotated[FreeText, Field(min_length=1)]
_DIRECTION = {"number": 2, "title": "Minder gesloten plaatsingen"}
_TITLE = "Gezinshuizen werven in de Kop"
_OWNER = "Projectleider gezinsgericht"
_RESULT = "Zes nieuwe plekken in gezinshuizen."
_WORD = "Twee van de vier gezinshuizen zijn gevonden; de derde is onzeker."
_FIGURES = [{"name": "norms.helpLate"}, {"name": "capacity.placesTotal", "careType": "gezinshuis"}]
_UNKNOWN = Text(
    nl="Dit cijfer bestaat niet; kies een ander (GET /insight/definitions, zoals norms.helpLate).",
    en="There is no such figure; name a question and a figure of GET /insight/definitions, such as norms.helpLate.",
)
_NO_CARE_TYPE = Text(
    nl="Dit cijfer is er niet per vorm van jeugdhulp; laat die weg (careType).",
    en="This figure is not there by care type; leave careType out.",
)


def _known(name: str) -> str:
    if name not in FIGURES:
        raise invalid("unknown-code", _UNKNOWN)
    return name


FigureName = Annotated[str, AfterValidator(_known), Field(max_length=100)]


class DirectionIn(Schema):
    """A direction of the plan (oplossingsrichting), as the plan itself calls it."""

    number: Annotated[Whole, Field(ge=1, le=999)] | None = defaulted(None, "Its number in the plan, if any.", 2)
    title: Name = described("Its title.", "Minder gesloten plaatsingen")


class ActionFigureIn(Schema):
    """A figure that an action is meant to move."""

    name: FigureName = described(
        "The question and the figure, as in `GET /insight/definitions`, with a full stop between them.",
        "norms.helpLate",
    )
    care_type: CareTypeCode | None = Field(
        default=None,
        description="The care type that it is about, where the question can be broken down by it; null: all together.",
        examples=["gezinshuis"],
    )

    @field_validator("care_type")
    @classmethod
    def _goes_with_name(cls, care_type: str | None, others: ValidationInfo) -> str | None:
        if care_type is not None and "name" in others.data and not takes_care_type(others.data["name"]):
            raise invalid("not-applicable", _NO_CARE_TYPE)
        return care_type


Figures = Annotated[list[ActionFigureIn], Unique, Field(max_length=20)]


class ActionIn(Schema):
    """An action of the caller's own plan."""

    direction: DirectionIn = described("The direction of the plan that it belongs to.", _DIRECTION)
    title: Name = described("What is done.", _TITLE)
    owner: Name = described("Who sees to it: an organisation or a function, rather than a person's name.", _OWNER)
    result: Prose = described("What is intended to come of it.", _RESULT)
    due_on: NormDay = described("The last day on which it is in time.", "2027-06-30")
    status: Status = defaulted("planned", "How far it is.", "running")
    light: Light = defaulted("green", "How it stands.", "amber")
    word: Prose | None = defaulted(None, "A word on how it stands; nothing about a child.", _WORD)
    figures: Figures = defaulted([], "The figures that it should move.", _FIGURES)


class ActionPatch(Schema):
    """What changes of an action; what is left out stays."""

    direction: Annotated[DirectionIn | None, NotNull] = defaulted(None, "The direction, as a whole.", _DIRECTION)
    title: Annotated[Name | None, NotNull] = defaulted(None, "What is done.", _TITLE)
    owner: Annotated[Name | None, NotNull] = defaulted(None, "Who sees to it.", _OWNER)
    result: Annotated[Prose | None, NotNull] = defaulted(None, "What is intended to come of it.", _RESULT)
    due_on: Annotated[NormDay | None, NotNull] = defaulted(None, "The last day on which it is in time.", "2027-06-30")
    status: Annotated[Status | None, NotNull] = defaulted(None, "How far it is.", "running")
    light: Annotated[Light | None, NotNull] = defaulted(None, "How it stands.", "amber")
    word: Prose | None = defaulted(None, "A word on how it stands; null takes it away.", _WORD)
    figures: Annotated[Figures | None, NotNull] = defaulted(
        None, "The figures that it should move, as a whole.", _FIGURES
    )


class DirectionOut(Answer):
    """A direction of the plan."""

    number: int | None = described("Its number in the plan, if any.", 2)
    title: str = described("Its title.", "Minder gesloten plaatsingen")


class ActionFigureOut(Answer):
    """A figure that an action is meant to move; its name may be one that is taken no more, where that is kept."""

    name: str = described("The question and the figure, with a full stop between them.", "capacity.placesTotal")
    care_type: str | None = described("The care type that it is about; null: no one in particular.", "gezinshuis")


class ActionOut(KeptOut):
    """An action of the plan of a region or supraregion."""

    direction: DirectionOut = described("The direction of the plan that it belongs to.", _DIRECTION)
    title: str = described("What is done.", _TITLE)
    owner: str = described("Who sees to it.", _OWNER)
    result: str = described("What is intended to come of it.", _RESULT)
    due_on: date = described("The last day on which it is in time.", "2027-06-30")
    status: Status = described("How far it is.", "running")
    light: Light = described("How it stands, in the judgement of who keeps it.", "amber")
    word: str | None = described("A word on how it stands.", _WORD)
    figures: list[ActionFigureOut] = Field(description="The figures that it should move.")


class ActionQuery(KeptQuery):
    """The query keys of the actions."""

    status: Status | None = Field(default=None, description="Only those that are so far.", examples=["running"])
    light: Light | None = Field(default=None, description="Only those that stand so.", examples=["red"])
    due_before: Day | None = Field(
        default=None, description="Only those whose due day lies before this date.", examples=["2027-01-01"]
    )
