"""The table that providers fill in, empty or with what stands, in the form that spreadsheets of a language open."""

from collections.abc import Iterable, Sequence
from typing import Final

from app.domain.language import Language
from app.kit.files import writing
from app.kit.files.cells import survives, written_note
from app.kit.files.writing import Value
from app.supply.capacity_reports.columns import CELLS, KEYS, LAYOUT
from app.supply.capacity_reports.schemas import StandingOut

_TEXTS: Final = [index for index, field in enumerate(CELLS) if field in {*KEYS, "note"}]
_NOTE: Final = list(CELLS).index("note")
_TITLES: Final = {"nl": "capaciteit", "en": "capacity"}
_YES_NO: Final = {"nl": ("nee", "ja"), "en": ("no", "yes")}


def write_csv(language: Language, rows: Iterable[Sequence[Value]] = ()) -> bytes:
    """The heading and these rows as text, each in the order of the columns."""
    worded = (_in_words(row, language, is_text=False) for row in rows)
    return writing.write_csv(language, LAYOUT.headings(language), worded)


def write_xlsx(language: Language, rows: Iterable[Sequence[Value]] = ()) -> bytes:
    """The heading and these rows as a workbook, in which keys are text, so that Excel leaves them as they are."""
    from app.kit.files.workbook import write_workbook  # noqa: PLC0415 - is asked for seldom

    worded = (_in_words(row, language, is_text=True) for row in rows)
    return write_workbook(_TITLES[language], LAYOUT.headings(language), worded, _TEXTS)


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
