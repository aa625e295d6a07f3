"""The cells of a table of waiting children that are of no other table: codes by their names too, and months.

Each takes the text of a cell that is not empty, and gives what a line says; `CellError` where that cannot be told.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final

from app.domain.dates import MONTH_PATTERN
from app.domain.language import MONTHS, Text
from app.kit.files.cells import Cell, CellError, day
from app.kit.files.layout import plain
from app.reference.lists import reference

_SEPARATED: Final = re.compile(r"\s*[,;|\n]\s*")
_GENDERS: Final = {
    **dict.fromkeys(("v", "vrouw", "vrouwelijk", "meisje", "f", "female", "girl"), "female"),
    **dict.fromkeys(("m", "man", "mannelijk", "jongen", "male", "boy"), "male"),
    **dict.fromkeys(("x", "anders", "other", "nonbinair", "nonbinary"), "other"),
    **dict.fromkeys(("onbekend", "unknown", "?"), "unknown"),
}
_NUMBERS: Final = re.compile(r"(?P<y>\d{4})[-/](?P<m>\d{1,2})|(?P<m2>\d{1,2})[-/](?P<y2>\d{4})", re.ASCII)
_IN_WORDS: Final = re.compile(r"(?P<m>[a-z]{3,9})\.?[- ](?P<y>\d{4}|\d{2})", re.ASCII | re.IGNORECASE)
_MONTH_NAMES: Final = {name[:length].lower(): number for number, name in MONTHS for length in (3, len(name))} | {
    "mrt": 3,
    "sept": 9,
}
_SERIAL: Final = re.compile(r"\d{5}", re.ASCII)
_MONTH: Final = Text(
    nl="Hier hoort een maand, zoals 2014-05 of mei 2014; '{cell}' is dat niet.",
    en="A month goes here, such as 2014-05 or May 2014; '{cell}' is none.",
)
_FULL_DATE: Final = Text(
    nl="Hier staat een hele datum; de dienst bewaart geen geboortedatum. Geef jaar en maand, zoals 2014-05.",
    en="This is a full date; the service keeps no date of birth. Give year and month, such as 2014-05.",
)


def code_in(codes: Callable[[], Mapping[str, Any]]) -> Cell:
    """What reads a code of a list, or one of its names in either language; what is neither stays as it is."""

    @cache
    def by_name() -> dict[str, str]:
        return {plain(each): code for code, value in codes().items() for each in (*_names_of(value), code)}

    return lambda cell: by_name().get(plain(cell), cell)


def _names_of(value: Any) -> tuple[str, ...]:
    name = value.name
    return (name.nl, name.en) if isinstance(name, Text) else (name,)


def codes_in(codes: Callable[[], Mapping[str, Any]]) -> Cell:
    """What reads several of them, apart by commas, semicolons, bars or ends of lines, or as one name with commas."""
    one = code_in(codes)

    def read(cell: str) -> object:
        whole = one(cell)
        return [whole] if whole in codes() else [one(part) for part in _SEPARATED.split(cell) if part]

    return read


_EVERYDAY: Final = {"denhaag": "'s-Gravenhage", "denbosch": "'s-Hertogenbosch"}
_municipality: Final = code_in(lambda: reference().municipalities)


def municipality(cell: str) -> object:
    """A municipality by its code or name, the everyday one too; what is neither stays as it is."""
    return _municipality(_EVERYDAY.get(plain(cell), cell))


def gender(cell: str) -> object:
    """A gender by its code, in words or by a letter; what is neither stays as it is."""
    return _GENDERS.get(cell if cell == "?" else plain(cell), cell)


def month(cell: str) -> object:
    """A month as "YYYY-MM"; the first day of one is what spreadsheets make of it, any other is a full date."""
    plainly = " ".join(cell.split())
    numbers, words = _NUMBERS.fullmatch(plainly), _IN_WORDS.fullmatch(plainly)
    if numbers is not None:
        return _written(numbers["y"] or numbers["y2"], int(numbers["m"] or numbers["m2"]), cell)
    if words is not None:
        year = words["y"] if len(words["y"]) == 4 else f"20{words['y']}"
        return _written(year, _MONTH_NAMES.get(words["m"].lower(), 0), cell)
    if _SERIAL.fullmatch(plainly):
        raise CellError("format", _MONTH, cell)
    try:
        found = str(day(cell))
    except CellError as error:
        raise CellError("format", _MONTH, cell) from error
    if not found.endswith("-01"):
        raise CellError("full-date", _FULL_DATE, cell)
    return found[:7]


def _written(year: str, number: int, cell: str) -> str:
    written = f"{year}-{number:02}"
    if re.fullmatch(MONTH_PATTERN, written) is None:
        raise CellError("format", _MONTH, cell)
    return written
