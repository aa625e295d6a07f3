"""Tables as text, in the form that spreadsheets of a language open."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date

from app.domain.language import Language

Value = str | float | bool | date | None
"""A cell that is filled in; a number may be whole."""


def write_csv(language: Language, heading: Sequence[str], rows: Iterable[Sequence[Value]] = ()) -> bytes:
    """The heading and these rows as text; Dutch spreadsheets part by semicolon."""
    written = io.StringIO()
    writer = csv.writer(written, delimiter=";" if language == "nl" else ",", lineterminator="\r\n")
    writer.writerow(heading)
    writer.writerows([_text(value, language) for value in row] for row in rows)
    return written.getvalue().encode("utf-8-sig")


def _text(value: Value, language: Language) -> str:
    if isinstance(value, date):
        return f"{value.day}-{value.month}-{value.year}"
    if isinstance(value, float):
        written = f"{value:g}"
        return written.replace(".", ",") if language == "nl" else written
    return "" if value is None else str(value)
