"""The columns of a CSV file of capacity reports: what they may be called, and how their cells are read."""

import re
from collections.abc import Callable
from datetime import date
from typing import Final

from app.domain.language import Language, Text
from app.supply.capacity_reports.waits import Wait, names_with_unit, wait_of

_DAY_FIRST: Final = re.compile(r"(\d{1,2})-(\d{1,2})-(\d{4})(?=$|[Tt ])", re.ASCII)
_DECIMAL: Final = re.compile(r"(-?\d{1,9})[.,](\d{1,9})", re.ASCII)
FORMULA: Final = re.compile("'*[=+\\-@\t\r]")
"""How a text begins that a spreadsheet would take for a formula, or that has an apostrophe against that."""
_LONGEST: Final = 18
"""Digits of a number that is read as one."""
_YES_NO: Final = {
    **dict.fromkeys(("true", "yes", "ja", "waar", "j", "y", "1"), True),
    **dict.fromkeys(("false", "no", "nee", "onwaar", "n", "0"), False),
}

Cell = Callable[[str], object]


def _text(cell: str) -> object:
    return cell


def _whole(cell: str) -> object:
    digits = cell.removeprefix("-")
    return int(cell) if digits.isdigit() and digits.isascii() and len(digits) <= _LONGEST else cell


def _weeks(cell: str) -> object:
    """A number of weeks in days."""
    number = _whole(cell)
    return 7 * number if isinstance(number, int) else number


def _amount(cell: str) -> object:
    """A number that may have a half, with a comma or a point."""
    found = _DECIMAL.fullmatch(cell)
    return _whole(cell) if found is None else float(f"{found[1]}.{found[2]}")


def _note(cell: str) -> object:
    """The remark; an apostrophe before what a spreadsheet would take for a formula is not part of it."""
    return cell[1:] if FORMULA.match(cell) and cell.startswith("'") else cell


def _yes_no(cell: str) -> object:
    return _YES_NO.get(cell.lower(), cell)


def _moment(cell: str) -> object:
    """A time, or the date that stands for one."""
    written = _date(cell)
    try:
        return date.fromisoformat(str(written)) if len(str(written)) == len("2026-11-22") else written
    except ValueError:
        return written


def _date(cell: str) -> object:
    """A date or time of which the day may come first, as Dutch spreadsheets write it."""
    found = _DAY_FIRST.match(cell)
    return cell if found is None else f"{found[3]}-{found[2]:0>2}-{found[1]:0>2}{cell[found.end() :]}"


_CELLS: Final[dict[str, Cell]] = {
    "offerId": _text,
    "providerId": _text,
    "offerKey": _text,
    "placesTotal": _amount,
    "placesOccupied": _amount,
    "placesReserved": _amount,
    "placesFree": _amount,
    "waitingCount": _whole,
    "nextFreeOn": _date,
    "waitDaysIntake": _whole,
    "waitDaysTreatment": _whole,
    "acceptsReferrals": _yes_no,
    "note": _note,
    "observedAt": _moment,
}
"""How a cell of each field is read; what makes no sense stays the text that it is, for the schema to refuse."""

NEVER_EMPTY: Final = frozenset({"placesFree", "acceptsReferrals"})
EMPTIED: Final = _CELLS.keys() - NEVER_EMPTY - {"offerId", "providerId", "offerKey", "observedAt"}
"""The fields that an empty cell empties."""

_NAMES: Final = {
    "offerId": "aanbodId, offer id",
    "providerId": "aanbiederId, provider id",
    "offerKey": "aanbodSleutel, sleutel, eigen sleutel, sleutel van het aanbod, offer key, key",
    "placesTotal": "plekkenTotaal, totaal, totaal plekken, aantal plekken, plaatsen totaal, capaciteit, total",
    "placesOccupied": "plekkenBezet, bezet, bezette plekken, plaatsen bezet, occupied",
    "placesReserved": "plekkenGereserveerd, gereserveerd, gereserveerde plekken, plaatsen gereserveerd, reserved",
    "placesFree": "plekkenVrij, vrij, vrije plekken, plaatsen vrij, vrije plaatsen, beschikbaar, free",
    "waitingCount": "aantalWachtenden, wachtenden, wachtlijst, waiting",
    "nextFreeOn": "eerstvolgendVrijOp, eerstvolgend vrij, volgende plek vrij op, next free",
    "waitDaysIntake": "wachtdagenIntake",  # and all that `waits` reads
    "waitDaysTreatment": "wachtdagenBehandeling",
    "acceptsReferrals": "neemtAanmeldingenAan, neemt verwijzingen aan, neemt aan, aannamebereid, "
    "open voor aanmelding, open voor aanmeldingen",
    "note": "toelichting, opmerking, opmerkingen, notitie",
    "observedAt": "peilmoment, peildatum, waargenomen op, gemeten op, observed",
}
"""Other names of each column; the first is the one of the Dutch template."""


def _plain(name: str) -> str:
    return "".join(filter(str.isalnum, name.casefold()))


_FIELDS: Final = {_plain(name): field for field, names in _NAMES.items() for name in (field, *names.split(", "))}


def field_of(name: str) -> str | None:
    """The field that a column of this name holds, however it is spaced and capitalised; None where there is none."""
    wait = _wait_in(name)
    return _FIELDS.get(_plain(name)) if wait is None else wait.field


def _wait_in(name: str) -> Wait | None:
    return wait_of(_plain(name))


def cell_of(name: str) -> Cell:
    """How the cells are read of a column of this name, which holds a field."""
    wait = _wait_in(name)
    return _weeks if wait is not None and wait.unit == "weeks" else _CELLS[str(field_of(name))]


def unclear(name: str) -> Text | None:
    """What to call a column instead whose name does not say what it counts; None where it does."""
    wait = _wait_in(name)
    return names_with_unit(wait.field) if wait is not None and wait.unit is None else None


FIELDS: Final = tuple(_NAMES)
"""The fields of the template, in the order of its columns."""


def names_in(language: Language) -> list[str]:
    """What the columns of the template are called."""
    return [names.partition(",")[0] for names in _NAMES.values()] if language == "nl" else list(_NAMES)


def separator_in(language: Language) -> str:
    """What parts the columns of a file that spreadsheets of that language open."""
    return ";" if language == "nl" else ","


def template(language: Language) -> bytes:
    """An empty file with every column, as spreadsheets of that language open it: Dutch ones part by semicolon."""
    return f"\ufeff{separator_in(language).join(names_in(language))}\r\n".encode()
