"""How an answer of insight is sent: as JSON, as CSV or as a workbook."""

from typing import Any, Final

from fastapi import Request, Response

from app.domain.language import Language
from app.insight.answers import service
from app.insight.answers.definitions import Resource
from app.insight.answers.schemas import answer_schema
from app.insight.answers.service import Answered, sheet_about, sheet_of
from app.insight.answers.sheets import Sheet, write_csv, write_xlsx
from app.insight.answers.small_counts import BELOW
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


def shown(answered: Answered, language: Language) -> dict[str, Any]:
    """The answer as its schema takes it."""
    resource = answered.resource
    return {
        "resource": resource.name,
        "region": answered.region,
        "supraregion": answered.query.supraregion,
        "by": answered.by,
        "known": answered.query.known,
        "source_at": answered.source_at,
        "overlapping": answered.by in resource.overlapping,
        "completeness": [
            {"what": each.what.in_(language), "known": each.known, "of": each.of} for each in answered.completeness
        ],
        "definitions": definitions_of(resource, language),
        "small_counts": None if answered.hidden is None else {"below": BELOW, "hidden": answered.hidden},
        "totals": [_row(each) for each in answered.totals],
        "items": [{"code": each.code, "name": each.name, **_row(each)} for each in answered.items],
    }


def _row(row: service.Row) -> dict[str, Any]:
    return {
        "period": row.period.name,
        "first_day": row.period.first,
        "last_day": row.last_day,
        "provisional": row.provisional,
        **row.figures,
    }


def definitions_of(resource: Resource, language: Language) -> list[dict[str, str]]:
    """What each figure of a resource says."""
    return [
        {
            "name": each.name,
            "title": each.title.in_(language),
            "kind": each.kind,
            "definition": each.definition.in_(language),
        }
        for each in resource
    ]
