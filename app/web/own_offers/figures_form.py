"""The fields of a row, as people fill them in: read as the cells of a table, and held against the rules of a report."""

from collections.abc import Mapping
from typing import Any

from app.kit.files.cells import CellError
from app.supply.capacity.schemas import CapacityPatch
from app.supply.capacity_reports.columns import CELLS
from app.web.own_offers.rows import COLUMNS
from app.web.shell.forms import Errors, read_form


def read_figures(texts: Mapping[str, str]) -> tuple[CapacityPatch | None, Errors]:
    """The report that changes what is filled in, an empty field empties; None with all that is wrong, by field.

    >>> read_figures({"placesFree": "een"})[1]
    {'/placesFree': "Hier hoort een getal, zoals 3; 'een' is dat niet."}
    """
    given, errors = dict[str, Any](), Errors()
    for column in COLUMNS:
        if column.name not in texts:
            continue
        text = texts[column.name]
        try:
            given[column.name] = CELLS[column.name](text) if text else None
        except CellError as error:
            errors[f"/{column.name}"] = error.text.nl
    patch, wrong = read_form(CapacityPatch, given)
    return (None, wrong | errors) if errors else (patch, wrong)
