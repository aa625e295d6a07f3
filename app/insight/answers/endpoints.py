"""How an answer of insight is sent: as JSON, as CSV or as a workbook."""

from typing import Any, Final

from fastapi import Request, Response

from app.domain.language import Language
from app.insight.answers.schemas import answer_schema
from app.insight.answers.service import Answered
from app.insight.answers.sheets import Sheet, write_csv, write_xlsx
from app.insight.answers.views import sheet_about, sheet_of, shown
from app.kit.http.accept import preferred
from app.kit.http.respond import respond, respond_bytes
from app.kit.media_types import CSV, JSON, XLSX

VARY: Final = {"Vary": "Accept, Accept-Language, Authorization"}
_TABLE: Final = {"type": "string", "description": "A row for each total, period and code, as in the JSON."}
TABLES: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {CSV: {"schema": _TABLE}, XLSX: {"schema": _TABLE | {"format": "binary"}}}}
}
"""What a route of insight answers with beside JSON."""


def send(request: Request, answered: Answered, language: Language) -> Response:
    """The answer in the form that `Accept` asks for."""
    if preferred(request, JSON, CSV, XLSX) == JSON:
        content = answer_schema(answered.resource).model_validate(shown(answered, language), by_name=True)
        return respond(request, content, headers=VARY)
    return send_sheet(request, sheet_about(answered.resource, *sheet_of(answered, language), language), language)


def send_sheet(request: Request, sheet: Sheet, language: Language) -> Response:
    """A table as CSV, or as a workbook with a sheet of notes."""
    if preferred(request, CSV, XLSX) == CSV:
        body, kind, ending = write_csv(sheet, language), f"{CSV}; charset=utf-8", "csv"
    else:
        body, kind, ending = write_xlsx(sheet, language), XLSX, "xlsx"
    named = {
        "Content-Disposition": f'attachment; filename="{sheet.name}.{ending}"',
        "Content-Language": language,
    }
    return respond_bytes(request, body, kind, headers=VARY | named)
