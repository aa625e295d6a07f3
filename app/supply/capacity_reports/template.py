"""The table that providers fill in, empty or with what stands, in the form that spreadsheets of a language open."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from app.domain.language import Language
from app.supply.capacity_reports.cells import survives, written_note
from app.supply.capacity_reports.columns import CELLS, KEYS, headings
from app.supply.capacity_reports.schemas import StandingOut

Value = str | float | bool | date | None
"""A cell that is filled in, in the order of the columns; a number may be whole."""

_TEXTS: Final = [index for index, field in enumerate(CELLS) if field in {*KEYS, "note"}]
_NOTE: Final = list(CELLS).index("note")
_TITLES: Final = {"nl": "capaciteit", "en": "capacity"}
_YES_NO: Final = {"nl": ("nee", "ja"), "en": ("no", "yes")}


def write_csv(language: Language, rows: Iterable[Sequence[Value]] = ()) -> bytes:
    """The heading and these rows as text; Dutch spreadsheets part by semicolon."""
    written = io.StringIO()
    writer = csv.writer(written, delimiter=";" if language == "nl" else ",", lineterminator="\r\n")
    writer.writerow(headings(language))
    writer.writerows([_text(value, language) for value in _in_words(row, language, is_text=False)] for row in rows)
    return written.getvalue().encode("utf-8-sig")


def write_xlsx(language: Language, rows: Iterable[Sequence[Value]] = ()) -> bytes:
    """The heading and these rows as a workbook, in which keys are text, so that Excel leaves them as they are."""
    from app.supply.capacity_reports.workbook import write_workbook  # noqa: PLC0415 - is asked for seldom

    worded = (_in_words(row, language, is_text=True) for row in rows)
    return write_workbook(_TITLES[language], headings(language), worded, _TEXTS)


def standing_row(row: StandingOut) -> list[Value]:
    """What stands of an offer as a row: its own keys and every figure.

    `observedAt` is left empty, so that what comes back is of then; a row that comes back as it was says nothing new.
    A key that a spreadsheet would make another of, such as 0012 or 3-12, makes way for our own id.
    """
    keys = {"offerId": None} if survives(row.offer_key) else {"providerId": None, "offerKey": None}
    values = row.model_dump() | keys | {"observedAt": None}
    return [str(values[field]) if field in KEYS and values[field] is not None else values[field] for field in CELLS]


def file_name(language: Language, kind: str) -> str:
    """What the file is called: capaciteit.csv, capacity.xlsx."""
    return f"{_TITLES[language]}.{kind}"


def _in_words(row: Sequence[Value], language: Language, *, is_text: bool) -> list[Value]:
    """The row with yes and no in words, and a remark that is read back as it is; `is_text` as for `written_note`."""
    values = [_YES_NO[language][value] if isinstance(value, bool) else value for value in row]
    note = values[_NOTE]
    if isinstance(note, str):
        values[_NOTE] = written_note(note, is_text=is_text)
    return values


def _text(value: Value, language: Language) -> str:
    if isinstance(value, date):
        return f"{value.day}-{value.month}-{value.year}"
    if isinstance(value, float):
        written = f"{value:g}"
        return written.replace(".", ",") if language == "nl" else written
    return "" if value is None else str(value)
