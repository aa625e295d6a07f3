"""What is said of a request as its columns, and the days among them that cannot be."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from app.domain.dates import add_months
from app.dossiers.requests.errors import before_measure, closed_before_asked, without_authorisation
from app.dossiers.requests.measure_days import MEASURE_DAYS, measure_columns, wrong_days
from app.dossiers.requests.tables import RequestRow
from app.dossiers.requests.views import MILESTONES
from app.finding.matching.errors import in_future
from app.finding.matching.schemas import MONTHS_UNBORN
from app.kit.errors import InputError, InvalidInputError
from app.reference.lists import reference

_CHILD_COLUMNS: Final = {"municipality": "municipality_code"}
NORMED: Final = tuple(column for name, column in MILESTONES.items() if name != "bridging")
"""The milestones that a measure comes before; the wait may have been bridged already when it was imposed."""
CHECKED: Final = (
    *("requested_on", "closed_on", "birth_month", "court_authorisation", "court_authorisation_until"),
    *MEASURE_DAYS.values(),
    *MILESTONES.values(),
)
"""The columns that `check_days` looks at."""


def child_columns(child: Mapping[str, Any], row: RequestRow | None = None) -> dict[str, Any]:
    """The columns of what is given of a child, of a request that there is already or of a new one."""
    values = {_CHILD_COLUMNS.get(name, name): value for name, value in child.items() if name != "measure"}
    if "municipality_code" in values:
        values["region_code"] = reference().municipalities[values["municipality_code"]].region
    if values.get("court_authorisation") is False:
        values = {"court_authorisation_until": None} | values
    if "measure" in child:
        values |= measure_columns(child["measure"], row)
    return values


def check_days(values: Mapping[str, Any], today: date) -> None:
    """`InvalidInputError` with every day in `values` that has not come, or lies after what it comes before."""
    errors = list(_wrong(values, today))
    if errors:
        raise InvalidInputError(*errors)


def _wrong(values: Mapping[str, Any], today: date) -> Iterator[InputError]:
    yield from _wrong_ends(values["requested_on"], values.get("closed_on"), today)
    if values["birth_month"] > f"{add_months(today, MONTHS_UNBORN):%Y-%m}":
        yield in_future("#/child/birthMonth")
    yield from wrong_days(values, today)
    if values.get("court_authorisation_until") is not None and not values["court_authorisation"]:
        yield without_authorisation("#/child/courtAuthorisationUntil")
    said = {name: values.get(column) for name, column in MILESTONES.items()}
    yield from (in_future(f"#/milestones/{name}") for name, day in said.items() if day is not None and day > today)
    imposed_on, normed = values["measure_imposed_on"], [values.get(column) for column in NORMED]
    if imposed_on is not None and any(day is not None and day < imposed_on for day in normed):
        yield before_measure("#/child/measure/imposedOn")


def _wrong_ends(requested_on: date, closed_on: date | None, today: date) -> Iterator[InputError]:
    """An error for the first and the last day of a request where it has not come, or they are the wrong way round."""
    if requested_on > today:
        yield in_future("#/requestedOn")
    if closed_on is not None and closed_on > today:
        yield in_future("#/closedOn")
    elif closed_on is not None and closed_on < requested_on:
        yield closed_before_asked("#/closedOn")
