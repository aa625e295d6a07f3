"""Waiting children in bulk: JSON, NDJSON or a table in, each line answered; and who has delivered which month."""

from collections.abc import Sequence
from functools import cache
from typing import Annotated, Any

from fastapi import Query, Request, Response

from app.domain.dates import dutch_day
from app.domain.language import Language
from app.dossiers.deliveries import months, service
from app.dossiers.deliveries.lines import READER
from app.dossiers.deliveries.month_schemas import DeliveryIn, DeliveryOut, DeliveryQuery, InstitutionMonth
from app.dossiers.deliveries.months import delivery_out, institution_out
from app.dossiers.deliveries.outcomes import Closed, Delivered, Outcome
from app.dossiers.deliveries.schemas import WaitingChildIn, WaitingChildrenDelivered, WaitingChildrenQuery
from app.dossiers.deliveries.template import file_name, write_template
from app.finding.catalogue.dependencies import Context
from app.kit.errors import NotAllAcceptedError
from app.kit.files.formats import Source
from app.kit.files.records import Fault
from app.kit.http.accept import preferred
from app.kit.http.declared_errors import LOCATION
from app.kit.http.dependencies import Now, ReadingAcross, Writing
from app.kit.http.files import body_of, chunks_of, hints_out, lines_of, respond_lines, respond_table, template_of
from app.kit.http.idempotency import Idempotent
from app.kit.http.language import InLanguage, language_of
from app.kit.http.pagination import listed
from app.kit.http.problem import describe
from app.kit.http.respond import respond
from app.kit.http.rights import Observer, Referrer
from app.kit.http.routing import router as make_router
from app.kit.media_types import CSV, NDJSON, XLSX
from app.kit.pages import Page
from app.kit.turns import in_turns

router = make_router("Deliveries")

_CHILD = WaitingChildIn.model_json_schema(ref_template="#/components/schemas/{model}")


def _line(request: Request, outcome: Outcome) -> dict[str, Any]:
    """A `ChildLineOut`, as plain as JSON, because there are so many."""
    language = language_of(request)
    return {
        "line": outcome.line,
        "status": outcome.status,
        "requestId": outcome.request_id,
        "created": outcome.created,
        "hints": [{"code": code, "detail": text.in_(language)} for code, text in outcome.hints],
        "problem": describe(request, outcome.error, language) if outcome.error else None,
    }


def _closed(request: Request, closed: Closed) -> dict[str, Any]:
    """A `ClosedChildOut`."""
    problem = describe(request, closed.error, language_of(request)) if closed.error else None
    return {"requestId": closed.request_id, "childReference": closed.child_reference, "problem": problem}


async def _shown(request: Request, delivered: Delivered, hints: Sequence[Fault], *, dry_run: bool) -> dict[str, Any]:
    """The `WaitingChildrenDelivered` of these."""
    return {
        "dryRun": dry_run,
        "month": delivered.month,
        **delivered.counts(),
        "hints": hints_out(request, hints),
        "items": [_line(request, each) async for each in in_turns(delivered.outcomes)],
        "closedRequests": [_closed(request, each) async for each in in_turns(delivered.closed)],
    }


@router.post(
    "/waiting-children",
    response_model=WaitingChildrenDelivered,
    responses={200: {"content": {NDJSON: {"schema": lines_of("child", "hints", "closedRequests")}}}},
    openapi_extra={"requestBody": body_of(_CHILD, "The children", "A child")},
)
async def deliver_waiting_children(
    request: Request,
    query: Annotated[WaitingChildrenQuery, Query()],
    caller: Referrer,
    session: Writing,
    context: Context,
    once: Idempotent,
) -> Response:
    """Makes and changes the institution's requests by its own references; each line is answered, in order.

    A line has the rules of PATCH and of the milestones: it changes what it names, an empty cell empties, and what says
    nothing new is `unchanged` and leaves no trace. A line that is wrong is `rejected` and leaves the others be, unless
    `atomic` is asked: then it is a 400 and nothing is taken in. What is not in the file stays, unless `endMissing` is
    asked: that closes what was delivered before, waits, and is not in it; requests that were never delivered are left
    alone. With `dryRun` nothing is changed, and the answer says what would be.
    """
    source = Source(READER, request.headers.get("content-type", ""), chunks_of(request))
    lines = await source.read()

    async def take_in() -> Response:
        await context.follower.catch_up()
        catalogue, now = context.follower.catalogue, context.now
        try:
            delivered = await service.take_in(session, catalogue, caller, lines, query, now)
        except NotAllAcceptedError as error:
            error.members |= await _shown(request, error.outcomes, source.hints, dry_run=query.dry_run)
            raise
        shown = await _shown(request, delivered, source.hints, dry_run=query.dry_run)
        last = {name: shown[name] for name in ("hints", "closedRequests") if shown[name]}
        return respond_lines(request, shown["items"], shown, last)

    if query.dry_run:
        return await take_in()
    return await once(caller, take_in, content=source.digest + query.model_dump_json().encode())


@cache
def _template(language: Language, media_type: str) -> bytes:
    return write_template(language, media_type)


@router.get(
    "/waiting-children/template", response_class=Response, responses=template_of("The heading, with every column.")
)
async def get_waiting_children_template(request: Request, _: Referrer, language: InLanguage) -> Response:
    """The empty table to fill in, with every column, in Dutch or English.

    As text for spreadsheets, or with `Accept: application/vnd.openxmlformats-officedocument.spreadsheetml.sheet` as a
    workbook.
    """
    media_type = preferred(request, CSV, XLSX)
    name = file_name(language, media_type)
    return respond_table(request, _template(language, media_type), media_type, name, language)


@router.get("/deliveries", response_model=Page[InstitutionMonth])
async def list_monthly_deliveries(
    request: Request, query: Annotated[DeliveryQuery, Query()], caller: Observer, session: ReadingAcross, now: Now
) -> Response:
    """Who has delivered, or confirmed, its waiting children for a month, and who has not, by name.

    An institution or local team sees itself; a region, supraregion or inspectorate every institution that kept a
    waiting child of its regions that month, or that is contracted there.
    """
    key = query.key(request.url.path, str, str)
    rows = await months.list_institutions(session, caller, query, key, dutch_day(now))
    return listed(request, query, rows, key=lambda row: row.key, show=institution_out)


@router.post("/deliveries", response_model=DeliveryOut, status_code=201, responses=LOCATION)
async def confirm_month(
    request: Request, body: DeliveryIn, caller: Referrer, session: Writing, now: Now, once: Idempotent
) -> Response:
    """Says that the institution's dossiers are complete for a month, for one that keeps them here by hand."""

    async def create() -> Response:
        row = await months.confirm(session, caller, body, now)
        return respond(request, delivery_out(row, is_own=True), status=201, headers={"Location": "/v1/deliveries"})

    return await once(caller, create)
