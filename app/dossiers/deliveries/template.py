"""The empty table that institutions fill in, in the form that spreadsheets of a language open."""

from typing import Final

from app.domain.language import Language
from app.dossiers.deliveries.columns import CELLS, LAYOUT
from app.kit.files.cells import day, yes_no
from app.kit.files.writing import write_csv
from app.kit.media_types import XLSX

_TITLES: Final = {"nl": "wachtende kinderen", "en": "waiting children"}
_TEXTS: Final = [index for index, cell in enumerate(CELLS.values()) if cell not in {day, yes_no}]
"""The columns in which a spreadsheet is to leave what is typed as it is: all but days, and yes and no."""


def write_template(language: Language, media_type: str) -> bytes:
    """The heading in that language, as a workbook or as text."""
    heading = LAYOUT.headings(language)
    if media_type != XLSX:
        return write_csv(language, heading)
    from app.kit.files.workbook import write_workbook  # noqa: PLC0415 - is asked for seldom

    return write_workbook(_TITLES[language], heading, (), _TEXTS)


def file_name(language: Language, media_type: str) -> str:
    """What the file is called: wachtende-kinderen.csv, waiting-children.xlsx."""
    return f"{_TITLES[language].replace(' ', '-')}.{'xlsx' if media_type == XLSX else 'csv'}"
