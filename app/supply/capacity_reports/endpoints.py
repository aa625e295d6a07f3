"""Capacity reports in bulk: JSON, NDJSON or a table in, JSON or NDJSON out, each line answered in order."""

from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import Annotated, Any

from fastapi import Query, Request, Response

from app.domain.language import Language
from app.kit.errors import NotAllAcceptedError, NotFoundError
from app.kit.files.formats import Source
from app.kit.files.records import Fault
from app.kit.http.accept import preferred
from app.kit.http.declared_errors import raises
from app.kit.http.dependencies import Now, Reading, Writing
from app.kit.http.files import (
    BY_FORM,
    body_of,
    chunks_of,
    hints_out,
    lines_of,
    respond_lines,
    respond_table,
    template_of,
)
from app.kit.http.idempotency import Idempotent
from app.kit.http.language import InLanguage, language_of
from app.kit.http.pagination import listed
from app.kit.http.problem import describe
from app.kit.http.rights import AnyCaller, Owner
from app.kit.http.routing import router as make_router
from app.kit.media_types import CSV, JSON, NDJSON, XLSX
from app.kit.pages import Page, PageQuery
from app.kit.turns import in_turns
from app.supply.capacity_reports import service
from app.supply.capacity_reports.lines import READER
from app.supply.capacity_reports.schemas import (
    STATUSES,
    CapacityReportIn,
    CapacityReportsOut,
    CapacityReportsQuery,
    StandingOut,
)
from app.supply.capacity_reports.service import Outcome
from app.supply.capacity_reports.template import file_name, standing_row, write_csv, write_xlsx
from app.supply.providers.endpoints import ProviderId

router = make_router("Capacity")

_REPORT = CapacityReportIn.model_json_schema(ref_template="#/components/schemas/{model}")


async def _shown(request: Request, outcomes: Sequence[Outcome]) -> list[dict[str, Any]]:
    """A `LineOut` for each, as plain as JSON, because there are so many."""
    language = language_of(request)
    return [
        {
            "line": each.line,
            "status": each.status,
            "offerId": each.offer_id,
            "stands": each.stands,
            "changes": [change.values() for change in each.changes],
            "hints": [{"code": code, "detail": text.in_(language)} for code, text in each.hints],
            "problem": describe(request, each.error, language) if each.error else None,
        }
        async for each in in_turns(outcomes)
    ]


def _counted(
    request: Request, query: CapacityReportsQuery, items: list[dict[str, Any]], hints: Sequence[Fault]
) -> dict[str, Any]:
    """The `CapacityReportsOut` of these lines."""
    counts = Counter(item["status"] for item in items)
    counted = {"dryRun": query.dry_run} | {status: counts[status] for status in STATUSES}
    return counted | {"hints": hints_out(request, hints), "items": items}


@router.post(
    "/capacity-reports",
    response_model=CapacityReportsOut,
    responses={200: {"content": {NDJSON: {"schema": lines_of("report", "hints")}}}},
    openapi_extra={"requestBody": body_of(_REPORT, "The reports", "A report")},
)
async def report_capacities(
    request: Request,
    query: Annotated[CapacityReportsQuery, Query()],
    caller: Owner,
    session: Writing,
    now: Now,
    once: Idempotent,
) -> Response:
    """Reports the capacity of many offers at once; each line is answered, in order.

    A line has the rules of a single PATCH: it changes what it names, and an empty cell empties. Lines of one offer
    build on each other, by the time observed. What says nothing new is `unchanged`: a report that is there already is
    not added again, and figures that stand already are confirmed. A line that is wrong is `rejected` and leaves the
    others be, unless `atomic` is asked: then it is a 400 and nothing is taken in.
    With `dryRun` nothing is taken in, and
    the answer says what would come of each line.
    """
    source = Source(READER, request.headers.get("content-type", ""), chunks_of(request))
    lines = await source.read()

    async def take_in() -> Response:
        try:
            outcomes = await service.take_in(session, caller, lines, now, atomic=query.atomic, dry_run=query.dry_run)
        except NotAllAcceptedError as error:
            error.members |= _counted(request, query, await _shown(request, error.outcomes), source.hints)
            raise
        items = await _shown(request, outcomes)
        last = {"hints": hints_out(request, source.hints)} if source.hints else {}
        return respond_lines(request, items, _counted(request, query, items, source.hints), last)

    if query.dry_run:
        return await take_in()
    return await once(caller, take_in, content=source.digest + bytes([query.atomic]))


@cache
def _template(language: Language, media_type: str) -> bytes:
    return write_xlsx(language) if media_type == XLSX else write_csv(language)


_TABLE = {"type": "string", "description": "The table of the template, a row for each offer."}


@router.get(
    "/providers/{providerId}/capacity",
    response_model=Page[StandingOut],
    responses=raises(NotFoundError)
    | {200: {"content": {CSV: {"schema": _TABLE}, XLSX: {"schema": _TABLE | {"format": "binary"}}}}},
)
async def list_provider_capacity(
    request: Request,
    provider_id: ProviderId,
    query: Annotated[PageQuery, Query()],
    _: AnyCaller,
    session: Reading,
    language: InLanguage,
) -> Response:
    """What stands of each offer that a provider gives now, by the provider's own keys.

    `Accept` asks for `text/csv` or a workbook (xlsx) in the shape of the template instead: all rows at once, to
    change and send back. Rows that come back as they were are `unchanged`.
    """
    key, media_type = query.key(request.url.path, str), preferred(request, JSON, CSV, XLSX)
    limit = query.window if media_type == JSON else None
    rows = await service.list_standing(session, provider_id, limit=limit, key=key)
    if media_type == JSON:
        return listed(request, query, rows, key=lambda row: [row.offer_key], show=lambda row: row, headers=BY_FORM)
    write, ending = (write_xlsx, "xlsx") if media_type == XLSX else (write_csv, "csv")
    body = write(language, map(standing_row, rows))
    return respond_table(request, body, media_type, file_name(language, ending), language)


@router.get(
    "/capacity-reports/template",
    response_class=Response,
    responses=template_of("The heading."),
)
async def get_capacity_report_template(request: Request, _: Owner, language: InLanguage) -> Response:
    """The empty table to fill in, with every column, in Dutch or English.

    As text for spreadsheets, or with `Accept: application/vnd.openxmlformats-officedocument.spreadsheetml.sheet` as a
    workbook.
    """
    media_type = preferred(request, CSV, XLSX)
    name = file_name(language, "xlsx" if media_type == XLSX else "csv")
    return respond_table(request, _template(language, media_type), media_type, name, language)
