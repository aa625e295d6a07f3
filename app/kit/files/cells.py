"""The cells of a table: how people and spreadsheets write numbers, dates, yes and no, and keys.

A cell that is empty is not read. Each of these takes the text of one, without spaces around it, and gives the value
that a line has; `CellError` where there is none to be sure of.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from math import ceil
from typing import Final, NamedTuple

from app.domain.dates import AMSTERDAM
from app.domain.language import MONTHS, Text

Cell = Callable[[str], object]


class CellError(ValueError):
    """A cell says nothing that it can be taken for."""

    def __init__(self, code: str, text: Text, cell: str) -> None:
        super().__init__(text.en)
        self.code = code
        self.text = text.format(cell=cell[:40])


_LONGEST: Final = 15
"""Digits of a number that is read as one: a spreadsheet keeps no more."""
_WHOLE: Final = re.compile(r"-?\d+", re.ASCII)
_THOUSANDS: Final = re.compile(r"-?\d{1,3}(?:\.\d{3})+", re.ASCII)
_DECIMALS: Final = re.compile(r"(-?\d{1,9})(?:,(\d{1,2}|\d{4,9})|\.(\d{1,2}|\d{4,9}))", re.ASCII)
_ERROR_VALUES: Final = frozenset(
    [
        "#N/B",
        "#WAARDE!",
        "#VERW!",
        "#DEEL/0!",
        "#NAAM?",
        "#GETAL!",
        "#LEEG!",
        "#OVERLOOP!",
        "#BEREKENEN!",
        "#GEGEVENS_OPHALEN",
        "#N/A",
        "#VALUE!",
        "#REF!",
        "#DIV/0!",
        "#NAME?",
        "#NUM!",
        "#NULL!",
        "#SPILL!",
        "#CALC!",
        "#GETTING_DATA",
    ]
)
"""What Excel shows in Dutch and in English where a formula fails."""
_MANGLED: Final = re.compile(r"-?\d+(?:[.,]\d+)?E[+-]?\d+", re.ASCII | re.IGNORECASE)
_UNSEEN: Final = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
"""Marks without width."""
_YES_NO: Final = {
    **dict.fromkeys(("true", "yes", "ja", "waar", "j", "y", "1", "x", "✓", "✔"), True),
    **dict.fromkeys(("false", "no", "nee", "onwaar", "n", "0", "-"), False),
}
_TIME: Final = r"(?:(?:[Tt]|,? )(\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,6})?)?)\s?(Z|z|[+-]\d{2}:\d{2})?)?"
_YEAR_FIRST: Final = re.compile(rf"(?P<y>\d{{4}})-(?P<m>\d{{1,2}})-(?P<d>\d{{1,2}}){_TIME}", re.ASCII)
_DAY_FIRST: Final = re.compile(rf"(?P<d>\d{{1,2}})-(?P<m>\d{{1,2}})-(?P<y>\d{{4}}){_TIME}", re.ASCII)
_IN_WORDS: Final = re.compile(rf"(?P<d>\d{{1,2}})[- ](?P<m>[a-z]{{3,9}})\.?[- ](?P<y>\d{{4}}|\d{{2}}){_TIME}", re.I)
_SERIAL: Final = re.compile(r"(\d{5}|\d{7})(?:[.,](\d{1,17}))?", re.ASCII)
_SERIALS: Final = range(36_526, 73_051)
"""Of the days of 2000 to 2099."""
_LAST_SERIAL: Final = 2_958_465
"""Of 31 December 9999."""
_LOOKS_LIKE_DATE: Final = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:\D.*)?", re.ASCII)
_NO_YEARS: Final = frozenset({1899, 1900, 2999, 9999})
"""What systems and spreadsheets put where there is no date."""
_KEY_MADE_DATE: Final = re.compile(
    r"\d{4}-\d\d-\d\d(?:T.*)?|\d{1,2}-\d{1,2}-\d{4}|\d{1,2}-(?P<m>[a-z]{3})(?:-\d\d(?:\d\d)?)?|(?P<n>[a-z]{3})-\d\d",
    re.ASCII | re.IGNORECASE,
)
_EPOCH: Final = datetime(1899, 12, 30)  # noqa: DTZ001 - the calendar of spreadsheets has no zone
_MONTHS: Final = {
    **{name[:length].lower(): number for number, name in MONTHS for length in (3, len(name))},
    "mrt": 3,
    "sept": 9,
}
_PLAIN_NUMBER: Final = re.compile(rf"[1-9]\d{{0,{_LONGEST - 1}}}", re.ASCII)
_LIKE_NUMBER: Final = re.compile(r"[\d._~-]+", re.ASCII)
_WORDS: Final = re.compile("[a-z]+")
_REWRITTEN: Final = _MONTHS.keys() | {"true", "false", "waar", "onwaar"}
"""Words that a spreadsheet does not leave as they are, alone or with numbers beside them."""
_SHORT: Final = frozenset(name for name in _MONTHS if len(name) == 3)

_ERROR_VALUE: Final = Text(
    nl="Hier staat een foutwaarde van het rekenblad ({cell}); herstel de formule, of maak de cel leeg.",
    en="This is an error value of the spreadsheet ({cell}); mend the formula, or empty the cell.",
)
_NUMBER: Final = Text(
    nl="Hier hoort een getal, zoals 3; '{cell}' is dat niet.", en="A number goes here, such as 3; '{cell}' is none."
)
_TOO_LARGE: Final = Text(nl="Dit getal is te groot.", en="This number is too large.")
_AMBIGUOUS_NUMBER: Final = Text(
    nl="'{cell}' kan een duizendtal zijn of een getal met decimalen; schrijf het zonder punt of komma.",
    en="'{cell}' may be thousands or a number with decimals; write it without a point or comma.",
)
_YES_OR_NO: Final = Text(
    nl="Hier hoort ja of nee; '{cell}' is dat niet.", en="Yes or no goes here; '{cell}' is neither."
)
_DATE: Final = Text(
    nl="Hier hoort een datum, zoals 22-11-2026 of 22 november 2026; '{cell}' is dat niet.",
    en="A date goes here, with the day first, such as 22-11-2026 or 22 November 2026; '{cell}' is none.",
)
_AMBIGUOUS_DATE: Final = Text(
    nl="'{cell}' kan meer dan één datum zijn; schrijf dag-maand-jaar met vier cijfers voor het jaar, zoals 22-11-2026, "
    "of de maand in letters: 22 november 2026.",
    en="'{cell}' may be more than one date; write day-month-year with four digits for the year, such as 22-11-2026, "
    "or the month in letters: 22 November 2026.",
)
_NO_DATE: Final = Text(
    nl="'{cell}' staat voor geen datum; laat de cel leeg als er geen datum is.",
    en="'{cell}' stands for no date; leave the cell empty where there is none.",
)
_KEY: Final = Text(
    nl="Een rekenblad heeft deze sleutel veranderd in '{cell}'; maak de kolom op als Tekst en vul de sleutel opnieuw "
    "in.",
    en="A spreadsheet has changed this key into '{cell}'; format the column as Text and fill in the key again.",
)


def check_value(cell: str) -> None:
    """`CellError` where a formula failed, of which the cell has the error."""
    if cell.startswith("#") and cell.upper() in _ERROR_VALUES:
        raise CellError("error-value", _ERROR_VALUE, cell)


_FORMULA: Final = re.compile(rf"'*(?:[=+\-@\t\r]|(?:{'|'.join(map(re.escape, _ERROR_VALUES))})\Z)", re.IGNORECASE)
"""A text that a spreadsheet would take for a formula or the error of one, or that has an apostrophe against that."""


def note(cell: str) -> object:
    """The remark; an apostrophe before what a spreadsheet would take for a formula is not part of it."""
    return cell[1:] if _FORMULA.match(cell) and cell.startswith("'") else cell


def written_note(text: str, *, is_text: bool) -> str:
    """The cell that `note` reads as this remark; one that `is_text` is never taken for a formula."""
    return f"'{text}" if _FORMULA.match(text) and (not is_text or text[0] in "'#") else text


def survives(own_key: str) -> bool:
    """Whether a spreadsheet leaves a key as it is, and makes no number, date, yes or no of it."""
    if _PLAIN_NUMBER.fullmatch(own_key):
        return True
    words = _WORDS.findall(own_key.lower())
    return not (_LIKE_NUMBER.fullmatch(own_key) or words == ["e"] or (len(words) == 1 and words[0] in _REWRITTEN))


def weeks(cell: str) -> object:
    """A number of weeks, in days; half a week more is four days more, because a wait is told no shorter than it is."""
    counted = number(cell)
    return ceil(7 * counted) if isinstance(counted, int | float) else counted


def key(cell: str, mangled: Text = _KEY) -> object:
    """A key or an id, which a spreadsheet may have made a number or a date of; `mangled` says so, of this {cell}."""
    plain = _UNSEEN.sub("", cell)
    made_date = _KEY_MADE_DATE.fullmatch(plain)
    month = made_date and (made_date["m"] or made_date["n"])
    if _MANGLED.fullmatch(plain) or (made_date and (month is None or month.lower() in _SHORT)):
        raise CellError("mangled", mangled, plain)
    return plain


def number(cell: str) -> object:
    """A number as Dutch people and spreadsheets write it: "3", "3,0" and "1.200" are whole, "2,5" is not."""
    plain = _UNSEEN.sub("", cell).replace("\u2212", "-").replace("\xa0", "").replace("\u202f", "")
    if _THOUSANDS.fullmatch(plain):
        plain = plain.replace(".", "")
    if _WHOLE.fullmatch(plain):
        if len(plain.removeprefix("-")) > _LONGEST:
            raise CellError("out-of-range", _TOO_LARGE, cell)
        return int(plain)
    found = _DECIMALS.fullmatch(plain)
    if found is None:
        ambiguous = re.fullmatch(r"-?\d{1,9}(?:,\d{3})+", plain, re.ASCII)
        raise CellError("type", _AMBIGUOUS_NUMBER if ambiguous else _NUMBER, cell)
    value = float(f"{found[1]}.{found[2] or found[3]}")
    return int(value) if value.is_integer() else value


def yes_no(cell: str) -> object:
    """Yes or no, in Dutch or English, as a cross or as a spreadsheet's own."""
    answer = _YES_NO.get(cell.lower())
    if answer is None:
        raise CellError("type", _YES_OR_NO, cell)
    return answer


def day(cell: str) -> object:
    """A date as "YYYY-MM-DD"; a time of midnight that a spreadsheet adds is left out."""
    found, time, _ = _moment(cell)
    if not _is_midnight(time):
        raise CellError("format", _DATE, cell)
    return found.isoformat()


def moment(cell: str) -> object:
    """A time with its offset, which is that of the Netherlands unless it says another; a date where it has no time.

    A spreadsheet adds midnight to a date, so that midnight without an offset says no time either.
    """
    found, time, offset = _moment(cell)
    if time is None or (offset is None and _is_midnight(time)):
        return found
    try:
        hour, _, rest = time.partition(":")
        written = datetime.fromisoformat(f"{found.isoformat()}T{hour:0>2}:{rest}")
    except ValueError as error:
        raise CellError("format", _DATE, cell) from error
    return f"{written.isoformat()}{offset.upper()}" if offset else written.replace(tzinfo=AMSTERDAM).isoformat()


def _is_midnight(time: str | None) -> bool:
    return time is None or not any(digit in time for digit in "123456789")


class _Moment(NamedTuple):
    day: date
    time: str | None
    offset: str | None


def _moment(cell: str) -> _Moment:
    plain = " ".join(_UNSEEN.sub("", cell).split())
    serial = _SERIAL.fullmatch(plain)
    if serial is not None:
        return _of_serial(float(f"{serial[1]}.{serial[2] or 0}"), cell)
    for form in (_YEAR_FIRST, _DAY_FIRST, _IN_WORDS):
        found = form.fullmatch(plain)
        if found is not None:
            break
    else:
        is_like_one = _LOOKS_LIKE_DATE.fullmatch(plain)
        raise CellError("format", _AMBIGUOUS_DATE if is_like_one else _DATE, cell)
    month = found["m"] if found["m"].isdigit() else _MONTHS.get(found["m"].lower(), 0)
    year = int(found["y"]) + (2000 if len(found["y"]) == 2 else 0)
    if year in _NO_YEARS:
        raise CellError("out-of-range", _NO_DATE, cell)
    try:
        return _Moment(date(year, int(month), int(found["d"])), *found.groups()[3:])
    except ValueError as error:
        raise CellError("format", _DATE, cell) from error


def _of_serial(serial: float, cell: str) -> _Moment:
    """Days since 30 December 1899, as a spreadsheet counts them where a cell has lost the form of a date."""
    if int(serial) == _LAST_SERIAL:
        raise CellError("out-of-range", _NO_DATE, cell)
    if int(serial) not in _SERIALS:
        raise CellError("format", _DATE, cell)
    found = _EPOCH + timedelta(seconds=round(serial * 86400))
    return _Moment(found.date(), found.time().isoformat() if serial % 1 else None, None)
