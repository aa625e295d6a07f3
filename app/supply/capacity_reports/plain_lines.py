"""Records of a table that are plainly good, read at once: most of them are, and files have thousands.

All cells of a record are held against one pattern, made of the columns of its table. What it lets through is what the
cells (`columns`) and the schema (`CapacityReportIn`) make the same thing of, or less: whatever is written otherwise,
and whatever may be wrong, is for `lines.read_line` to look at cell by cell.
"""

import re
from collections.abc import Callable, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, Final, NamedTuple
from uuid import UUID

from app.kit.files.cells import moment, weeks, yes_no
from app.kit.files.layout import Column
from app.kit.files.records import Record
from app.kit.schemas import read_moment
from app.supply.capacity_reports.schemas import CapacityReportIn, Reported

_BETWEEN: Final = "\x1f"
"""Between cells: it is in none that is plain."""
_ID: Final = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_NO_TOTALS: Final = "(?!(?i:sub|eind|tot|grand|som|sum))"
_NO_LONG_NUMBER: Final = rf"(?!(?:[^0-9{_BETWEEN}]*[0-9]){{8}})"
"""Fewer digits than a BSN has, wherever they stand."""
_KEY: Final = rf"{_NO_TOTALS}{_NO_LONG_NUMBER}[A-Za-z]{{4}}[A-Za-z0-9._~-]{{0,60}}|[1-9][0-9]{{0,6}}"
"""Four letters to begin with, or a number: a spreadsheet makes dates and other numbers of other keys."""
_DAY: Final = r"20[0-9]{2}-[0-9]{2}-[0-9]{2}"
_TIME: Final = r"T[0-9]{2}:[0-9]{2}(?::[0-9]{2})?(?:Z|\+[0-9]{2}:[0-9]{2})"
_PLACES: Final = "[0-9]{1,5}"
_DAYS: Final = "[0-9]{1,3}"
_WEEKS: Final = "[0-9]{1,2}"
_NOTE: Final = rf"{_NO_TOTALS}[A-Za-z][A-Za-z,;:.() ]*"
_YES_OR_NO: Final = "(?i:true|yes|ja|waar|false|no|nee|onwaar)"


def _observed_at(cell: str) -> object:
    """A moment, or a date where it says no time."""
    said = moment(cell)
    return read_moment(said) if isinstance(said, str) else said


_PLAIN: Final[dict[str, tuple[str, Callable[[str], object]]]] = {
    "offerId": (_ID, UUID),
    "providerId": (_ID, UUID),
    "offerKey": (_KEY, str),
    "placesTotal": (_PLACES, int),
    "placesOccupied": (_PLACES, int),
    "placesReserved": (_PLACES, int),
    "placesFree": (_PLACES, int),
    "waitingCount": (_PLACES, int),
    "nextFreeOn": (_DAY, date.fromisoformat),
    "waitDaysIntake": (_DAYS, int),
    "waitDaysTreatment": (_DAYS, int),
    "acceptsReferrals": (_YES_OR_NO, yes_no),
    "note": (_NOTE, str),
    "observedAt": (f"{_DAY}(?:{_TIME})?", _observed_at),
}
"""How a cell of each field is written where it is plainly good, and what reads it then."""
_MAY_BE_EMPTY: Final = _PLAIN.keys() - {"placesFree", "acceptsReferrals"}
_LONGEST: Final = 2_000
"""Characters of a plain note at most, and so of all cells together."""


class PlainTable(NamedTuple):
    """How the plain records of a table are read: their pattern, and what reads each cell, by its name in Python."""

    pattern: re.Pattern[str]
    cells: Sequence[tuple[str, Callable[[str], Any]]]

    def read(self, cells: Sequence[str]) -> Reported | None:
        """What a record says; None where it is not plainly good."""
        row = _BETWEEN.join([*cells, *[""] * (len(self.cells) - len(cells))])
        if len(row) > _LONGEST or self.pattern.fullmatch(row) is None:
            return None
        try:
            given = {
                name: read(cell) if cell else None
                for (name, read), cell in zip(self.cells, row.split(_BETWEEN), strict=True)
            }
        except ValueError:  # such as the 31st of June
            return None
        offer_id, provider_id = given.pop("offer_id", None), given.pop("provider_id", None)
        offer_key, observed_at = given.pop("offer_key", None), given.pop("observed_at", None)
        names_one = (offer_id is None) != (provider_id is None) and (provider_id is None) == (offer_key is None)
        return Reported(offer_id, provider_id, offer_key, observed_at, given) if names_one else None


_NAMES: Final = {str(field.alias): name for name, field in CapacityReportIn.model_fields.items()}


@lru_cache(256)
def _table_of(columns: tuple[Column | None, ...]) -> PlainTable | None:
    """How the plain records of a table with these columns are read; None where one has no name."""
    parts, cells = list[str](), list[tuple[str, Callable[[str], Any]]]()
    for column in columns:
        if column is None:
            return None
        written, read = (_WEEKS, weeks) if column.cell is weeks else _PLAIN[column.field]
        parts.append(f"(?:{written})?" if column.field in _MAY_BE_EMPTY else f"(?:{written})")
        cells.append((_NAMES[column.field], read))
    return PlainTable(re.compile(_BETWEEN.join(parts)), cells)


def read_plain(columns: Sequence[Column | None], record: Record) -> Reported | None:
    """What a record under these columns says; None where it is not plainly good."""
    if record.fault is not None or len(record.cells) > len(columns):
        return None
    table = _table_of(tuple(columns))
    return None if table is None else table.read(record.cells)
