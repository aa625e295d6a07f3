"""A measure in the columns of a request: what is kept of what was said, and days that cannot be."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from app.dossiers.requests.errors import before_imposed
from app.dossiers.requests.tables import RequestRow
from app.finding.matching.errors import in_future
from app.kit.errors import InputError

_COLUMNS: Final = {
    "type": "measure_type",
    "imposed_on": "measure_imposed_on",
    "informed_on": "measure_informed_on",
    "started_on": "measure_started_on",
}
MEASURE_DAYS: Final = {
    "#/child/measure/imposedOn": "measure_imposed_on",
    "#/child/measure/informedOn": "measure_informed_on",
    "#/child/measure/startedOn": "measure_started_on",
}
"""The columns of a measure's days, by where they stand in what comes in."""


def measure_columns(measure: Mapping[str, Any] | None, row: RequestRow | None) -> dict[str, Any]:
    """The columns of a measure as it was said, None for no measure; `row` is the request where there is one already.

    A day that is left out is unknown, but stays where it is the same measure as before (type and `imposed_on`).
    """
    said = measure or {}
    given = {column: said[name] for name, column in _COLUMNS.items() if name in said}
    stated = [given.get(column) for column in ("measure_type", "measure_imposed_on")]
    if row is not None and stated == [row.measure_type, row.measure_imposed_on]:
        return given
    return dict.fromkeys(_COLUMNS.values()) | given


def wrong_days(values: Mapping[str, Any], today: date) -> Iterator[InputError]:
    """An error for each day of a measure in these columns that has not come, or lies before it was imposed."""
    imposed_on = values["measure_imposed_on"]
    for pointer, column in MEASURE_DAYS.items():
        day = values[column]
        if day is not None and day > today:
            yield in_future(pointer)
        if day is not None and imposed_on is not None and day < imposed_on:
            yield before_imposed(pointer)
