"""The figures that the overview draws: of which resource each is, how it is drawn, and what is asked for it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Literal, TypeAlias

from pydantic import Field

from app.domain.dates import add_months
from app.insight.answers.schemas import InsightQuery
from app.insight.answers.service import Answered
from app.insight.capacity.schemas import CapacityQuery
from app.insight.capacity.service import get_capacity
from app.insight.choices.service import get_choices
from app.insight.dashboard.lights import TileName
from app.insight.declines.service import get_declines
from app.insight.freshness.service import get_freshness
from app.insight.norms.service import get_norms
from app.insight.waiting_children.service import get_month_ends
from app.kit.database.sessions import ReadSession
from app.kit.security.callers import Caller
from app.web.overview.areas import AreaForm
from app.web.shell.forms import check_form

MONTHS: Final = 24
"""Over how many months figures are drawn unless another number is asked."""

Ask: TypeAlias = Callable[[ReadSession, Caller, Any, datetime], Awaitable[Answered]]
Drawing = Literal["lines", "bars", "shares"]


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure: what it is called in addresses and on pages, the service that answers, and what is drawn of it.

    `course` are the measures over time, `parts` those of one month by municipality or provider (`by`).
    """

    slug: str
    title: str
    ask: Ask
    by: Literal["municipality", "provider"]
    drawing: Drawing
    course: tuple[str, ...]
    parts: tuple[str, ...]
    note: str
    tile: TileName | None = None
    query: type[InsightQuery] = InsightQuery

    @property
    def has_targets(self) -> bool:
        """Whether it can be held against a target line."""
        return self.query is CapacityQuery

    @property
    def filter(self) -> str:
        """The field of the form that confines it."""
        return "gemeente" if self.by == "municipality" else "aanbieder"


_CHOICES: Final = ("firstChoice", "secondChoice", "thirdChoice", "alternative", "outside", "said")
FIGURES: Final[Mapping[str, Figure]] = {
    each.slug: each
    for each in (
        Figure(
            "normen",
            "Op tijd volgens de normen",
            get_norms,
            "municipality",
            "lines",
            ("workerInTimeShare", "courseInTimeShare", "helpInTimeShare"),
            ("helpDue", "helpLate"),
            "Deel van de kinderen van wie de termijn in de maand eindigde.",
            tile="late",
        ),
        Figure(
            "wachtenden",
            "Kinderen die wachten op passende hulp",
            get_month_ends,
            "municipality",
            "lines",
            ("waiting", "overNorm"),
            ("waiting", "overNorm"),
            "Stand op de laatste dag van de maand, of vandaag.",
            tile="waiting",
        ),
        Figure(
            "keuzen",
            "Welke keuze kinderen kregen",
            get_choices,
            "municipality",
            "shares",
            tuple(f"{each}Share" for each in _CHOICES),
            ("helped", "firstChoice"),
            "Deel van de kinderen van wie de hulp in de maand begon.",
            tile="firstChoice",
        ),
        Figure(
            "plekken",
            "Plekken tegenover het streefaantal",
            get_capacity,
            "provider",
            "lines",
            ("placesTotal", "placesFree", "target"),
            ("placesTotal", "placesFree"),
            "Stand op de laatste dag van de maand, volgens de laatste melding van elk aanbod.",
            query=CapacityQuery,
        ),
        Figure(
            "afwijzingen",
            "Aangenomen en afgewezen aanmeldingen",
            get_declines,
            "provider",
            "bars",
            ("accepted", "declined"),
            ("decided", "declined"),
            "Aanmeldingen waarover de aanbieder in de maand het laatst besliste.",
            tile="declined",
        ),
        Figure(
            "versheid",
            "Hoe vers de cijfers van aanbieders zijn",
            get_freshness,
            "provider",
            "shares",
            ("freshShare", "ageingShare", "staleShare", "missingShare"),
            ("offers", "stale", "missing"),
            "Deel van het aanbod, op de laatste dag van de maand.",
            tile="stale",
        ),
    )
}
"""By what they are called in addresses."""

OF_TILE: Final = {each.tile: each for each in FIGURES.values() if each.tile}
"""The figure behind each tile."""


class FigureForm(AreaForm):
    """The filters of a figure, by their names in the address: months from and to, and the one that is broken down."""

    van: str = Field(default="", max_length=40)
    tot: str = Field(default="", max_length=40)
    maand: str = Field(default="", max_length=40)
    streeflijn: str = Field(default="", max_length=40)


def question(figure: Figure, form: FigureForm, region: str | None, today: date) -> InsightQuery:
    """What a form asks of a figure; `InvalidInputError` where it cannot be asked.

    Of all regions together it is broken down by region.
    """
    last = form.tot or f"{today:%Y-%m}"
    first = form.van or _months_before(form.tot, today)
    values: dict[str, Any] = {"firstMonth": first, "lastMonth": last, "by": figure.by if region else "region"}
    if figure.has_targets and form.streeflijn:
        values["target"] = form.streeflijn
        values["by"] = "care-type"
    else:
        values["region"] = region
        values[figure.by] = getattr(form, figure.filter) or None
    return check_form(figure.query, values)


def _months_before(last: str, today: date) -> str | None:
    """The first month of the two years up to a month; None where that is none."""
    try:
        month = date.fromisoformat(f"{last}-01") if last else today.replace(day=1)
    except ValueError:
        return None
    return f"{add_months(month, 1 - MONTHS):%Y-%m}"


def last_whole(answered: Answered) -> str:
    """The period that is broken down where none is said: the last that is over, or the only one."""
    over: Sequence[str] = [each.period.name for each in answered.totals if not each.provisional]
    return over[-1] if over else answered.totals[-1].period.name
