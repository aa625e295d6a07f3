"""Capacity reports in bulk: JSON, NDJSON or CSV in, JSON or NDJSON out, each line answered in order."""

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from typing import Annotated, Any

from fastapi import Query, Request, Response
from starlette.requests import ClientDisconnect

from app.kit.clock import Now
from app.kit.database.sessions import Writing
from app.kit.errors import InvalidInputError, NotAllAcceptedError
from app.kit.http.idempotency import Idempotent
from app.kit.http.language import InLanguage, language_of
from app.kit.http.problem import UNREADABLE, describe
from app.kit.http.respond import respond_bytes, to_json
from app.kit.http.routing import router as make_router
from app.kit.security.auth import Owner
from app.supply.capacity_reports import service
from app.supply.capacity_reports.columns import template
from app.supply.capacity_reports.formats import NDJSON, Source
from app.supply.capacity_reports.limits import MOST
from app.supply.capacity_reports.schemas import (
    STATUSES,
    CapacityReportIn,
    CapacityReportsOut,
    CapacityReportsQuery,
)
from app.supply.capacity_reports.service import Outcome

router = make_router("Capacity")

_CSV = "text/csv"
_REPORT = CapacityReportIn.model_json_schema(ref_template="#/components/schemas/{model}")
_LINES = {"description": "A report a line.", "type": "string"}
_BODY: dict[str, Any] = {
    "required": True,
    "description": "The reports: as a list, as a line of JSON each, or as a table (see the template).",
    "content": {
        "application/json": {"schema": {"type": "array", "minItems": 1, "maxItems": MOST, "items": _REPORT}},
        NDJSON: {"schema": _LINES},
        _CSV: {"schema": _LINES},
    },
}


async def _chunks(request: Request) -> AsyncIterator[bytes]:
    try:
        async for chunk in request.stream():
            yield chunk
    except ClientDisconnect as error:
        raise InvalidInputError(UNREADABLE) from error


def _shown(request: Request, outcomes: Sequence[Outcome]) -> list[dict[str, Any]]:
    """A `LineOut` for each, as plain as JSON, because there are so many."""
    language = language_of(request)
    return [
        {
            "line": each.line,
            "status": each.status,
            "offerId": each.offer_id,
            "stands": each.stands,
            "problem": describe(request, each.error, language) if each.error else None,
        }
        for each in outcomes
    ]


def _counted(items: list[dict[str, Any]]) -> dict[str, Any]:
    """The `CapacityReportsOut` of these lines."""
    counts = Counter(item["status"] for item in items)
    return {status: counts[status] for status in STATUSES} | {"items": items}


def _respond(request: Request, outcomes: Sequence[Outcome]) -> Response:
    items = _shown(request, outcomes)
    wanted = [each.partition(";")[0].strip().lower() for each in request.headers.get("accept", "").split(",")]
    if wanted[0] == NDJSON:
        return respond_bytes(request, b"".join(to_json(item) + b"\n" for item in items), NDJSON)
    return respond_bytes(request, to_json(_counted(items)), "application/json")


@router.post(
    "/capacity-reports",
    response_model=CapacityReportsOut,
    responses={200: {"content": {NDJSON: {"schema": _LINES | {"description": "A line for each report."}}}}},
    openapi_extra={"requestBody": _BODY},
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

    A line has the rules of a single report. What says nothing new is `unchanged`: a report that is there already is
    not added again, and figures that stand already are confirmed. A line that is wrong is `rejected` and leaves the
    others be, unless `atomic` is asked: then it is a 400 and nothing is taken in.
    """
    source = Source(request.headers.get("content-type", ""), _chunks(request))
    lines = await source.read()

    async def take_in() -> Response:
        try:
            return _respond(request, await service.take_in(session, caller, lines, now, atomic=query.atomic))
        except NotAllAcceptedError as error:
            error.members |= _counted(_shown(request, error.outcomes))
            raise

    return await once(caller, take_in, content=source.digest + bytes([query.atomic]))


@router.get(
    "/capacity-reports/template",
    response_class=Response,
    responses={200: {"content": {_CSV: {"schema": {"type": "string", "description": "The heading."}}}}},
)
async def get_capacity_report_template(request: Request, _: Owner, language: InLanguage) -> Response:
    """The empty table to fill in, with every column, in Dutch or English."""
    name = {"nl": "capaciteit.csv", "en": "capacity.csv"}[language]
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Language": language}
    return respond_bytes(request, template(language), "text/csv; charset=utf-8", headers=headers)
