"""Which plan and which month are asked for, and what the form of an action says."""

from collections.abc import Mapping
from datetime import date
from itertools import zip_longest
from typing import Annotated, Any, Final, NamedTuple
from urllib.parse import urlencode

from pydantic import ConfigDict, Field

from app.domain.dates import YearMonth
from app.domain.identifiers import IdentifierError
from app.insight.keeping.areas import Area, areas_read_by
from app.insight.plans.report_schemas import ActionReportQuery
from app.insight.plans.schemas import ActionOut
from app.kit.errors import InputError, InvalidInputError
from app.kit.schemas import Schema
from app.kit.security.callers import Caller
from app.reference.lists import reference
from app.web.overview.areas import Option
from app.web.overview.keeping.form import KeptForm
from app.web.shell.forms import check_form, whole

MOST_FIGURES: Final = 20
"""Of an action, as in the API."""


class PlanForm(Schema):
    """The filters of the plan, by their names in the address: whose it is, and the month of its report."""

    model_config = ConfigDict(extra="ignore")

    van: str = Field(default="", max_length=50)
    maand: str = Field(default="", max_length=40)

    def address(self, path: str) -> str:
        """The address of these filters at a path."""
        given = {name: value for name, value in self.model_dump().items() if value}
        return f"{path}?{urlencode(given)}" if given else path


class FigureLine(NamedTuple):
    """A figure in the form, of a care type or of all."""

    name: str
    care_type: str

    def sent(self) -> Mapping[str, Any]:
        """The figure by its names in the API."""
        return {"name": self.name, "careType": self.care_type or None}


class ActionForm(KeptForm):
    """The fields of the form of an action; `cijfer` and `vorm` are lines of figures that it should move."""

    nummer: str = Field(default="", max_length=10)
    richting: str = Field(default="", max_length=300)
    titel: str = Field(default="", max_length=300)
    trekker: str = Field(default="", max_length=300)
    resultaat: str = Field(default="", max_length=3000)
    uiterlijk: str = Field(default="", max_length=20)
    stand: str = Field(default="planned", max_length=20)
    licht: str = Field(default="green", max_length=20)
    toelichting: str = Field(default="", max_length=3000)
    cijfer: list[Annotated[str, Field(max_length=100)]] = Field(default=[], max_length=MOST_FIGURES)
    vorm: list[Annotated[str, Field(max_length=100)]] = Field(default=[], max_length=MOST_FIGURES)

    @classmethod
    def of(cls, action: ActionOut, version: int) -> "ActionForm":
        """The form as it stands for an action."""
        number = action.direction.number
        return cls(
            nummer="" if number is None else str(number),
            richting=action.direction.title,
            titel=action.title,
            trekker=action.owner,
            resultaat=action.result,
            uiterlijk=action.due_on.isoformat(),
            stand=action.status,
            licht=action.light,
            toelichting=action.word or "",
            cijfer=[each.name for each in action.figures],
            vorm=[each.care_type or "" for each in action.figures],
            versie=str(version),
        )

    @property
    def figures(self) -> list[FigureLine]:
        """The lines that say anything."""
        lines = zip_longest(self.cijfer, self.vorm, fillvalue="")
        return [FigureLine(name, care_type) for name, care_type in lines if name or care_type]

    def sent(self) -> Mapping[str, Any]:
        """The values by their names in the API."""
        return {
            "direction": {"number": whole(self.nummer), "title": self.richting},
            "title": self.titel,
            "owner": self.trekker,
            "result": self.resultaat,
            "dueOn": self.uiterlijk,
            "status": self.stand,
            "light": self.licht,
            "word": self.toelichting.strip() or None,
            "figures": [each.sent() for each in self.figures],
        }


def area_asked(form: PlanForm, caller: Caller) -> str | None:
    """The code of the region or supraregion whose plan is asked; the caller's own unless said."""
    own = Area.of(caller)
    return form.van or own.region or own.supraregion


def question(form: PlanForm, caller: Caller) -> ActionReportQuery:
    """The plan that is asked; `InvalidInputError` where there is no such region."""
    code = area_asked(form, caller)
    name = "supraregion" if code in reference().supraregions else "region"
    return check_form(ActionReportQuery, {name: code})


def month_asked(form: PlanForm, today: date) -> YearMonth:
    """The month of the report: this one unless said."""
    if not form.maand:
        return YearMonth.of(today)
    try:
        return YearMonth.parse(form.maand)
    except IdentifierError as error:
        raise InvalidInputError(InputError("#/maand", error.code, error.text)) from error


def plans_of(caller: Caller) -> list[Option]:
    """The plans that a caller reads, by name; its own first."""
    lists, areas, own = reference(), areas_read_by(caller, ()), Area.of(caller)
    regions = [Option(code, lists.regions[code].name) for code in areas.regions if code in lists.regions]
    above = [
        Option(code, f"bovenregio {lists.supraregions[code].name}")
        for code in areas.supraregions
        if code in lists.supraregions
    ]
    return sorted([*regions, *above], key=lambda each: (each.code not in {own.region, own.supraregion}, each.name))
