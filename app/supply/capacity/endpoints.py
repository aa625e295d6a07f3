"""Capacity: providers report it, everyone with a role reads it, the history stays."""

from datetime import datetime
from typing import Annotated, Final

from fastapi import Query, Request, Response
from pydantic import ValidationError

from app.domain.dates import dutch_day
from app.domain.language import Language
from app.kit.database.sessions import DirectConnection, ReadSession
from app.kit.errors import ConflictError, InvalidInputError, NotFoundError
from app.kit.http.declared_errors import LOCATION, raises
from app.kit.http.dependencies import Now, Reading, ReplicaReading, Writing
from app.kit.http.idempotency import DirectIdempotent, Idempotent
from app.kit.http.language import InLanguage, language_of
from app.kit.http.pagination import listed
from app.kit.http.parts import parts_of
from app.kit.http.raw_routes import is_json, plain_id, raw
from app.kit.http.respond import OptionalIfMatch, respond
from app.kit.http.rights import AnyCaller, Owner, caller_of
from app.kit.http.routing import router as make_router
from app.kit.json_text import read_json
from app.kit.pages import Page
from app.supply.capacity import confirmations, service
from app.supply.capacity.dependencies import CapacityParts
from app.supply.capacity.expected_waits import expected_wait, expected_wait_out
from app.supply.capacity.plain_reports import read_report
from app.supply.capacity.schemas import (
    CapacityIn,
    CapacityOut,
    CapacityPatch,
    ConfirmationIn,
    ConfirmationsOut,
    ExpectedWaitOut,
    HistoryQuery,
    WholeReport,
)
from app.supply.capacity.tables import CapacityReportRow, Standing
from app.supply.offers.endpoints import OfferId
from app.supply.providers.endpoints import OwnKey, ProviderId

router = make_router("Capacity")


@router.put("/offers/{offerId}/capacity", response_model=CapacityOut, responses=raises(NotFoundError, ConflictError))
async def put_capacity(
    request: Request,
    offer_id: OfferId,
    body: CapacityIn,
    caller: Owner,
    once: DirectIdempotent,
    now: Now,
    language: InLanguage,
    if_match: OptionalIfMatch = None,
) -> Response:
    """Reports the whole capacity of an offer; the answer is the report that stands afterwards.

    What is left out is unknown. `acceptsReferrals` and `waitingCount` may not be left out while referrals are refused
    or children wait: a 400 says what stands, and how to say that it changed. PATCH reports what changes alone.
    """

    if if_match is None and once.is_plain:
        writer = parts_of(request.app, CapacityParts).report_writer
        stored = await writer.report(caller, offer_id, body.whole(), now)
        if stored is not None:
            return _shown(request, stored, language)

    async def create(connection: DirectConnection) -> Response:
        standing = await service.report(connection, caller, offer_id, body, if_match, now)
        return _shown(request, standing, language)

    return await once(caller, create, alone=if_match is None)


_ASKS_MORE: Final = ("if-match", "idempotency-key")


@raw(put_capacity)
async def put_plain(request: Request, body: bytes) -> Response | None:
    """As `put_capacity`, of a report that is plainly good, and is neither held against a version nor sent again."""
    offer_id, caller = plain_id(request.path_params["offerId"]), caller_of(request)
    is_more = request.scope["query_string"] or any(name in request.headers for name in _ASKS_MORE)
    if offer_id is None or caller is None or is_more or not is_json(request):
        return None
    report = read_report(body) or _read(body)
    if report is None:
        return None
    parts = parts_of(request.app, CapacityParts)
    stored = await parts.report_writer.report(caller, offer_id, report, parts.clock())
    return None if stored is None else _shown(request, stored, language_of(request))


def _read(body: bytes) -> WholeReport | None:
    """The report that a body is, as its schema has it; None where it is none."""
    try:
        return CapacityIn.model_validate(read_json(body)).whole()
    except (InvalidInputError, ValidationError):
        return None


@router.patch("/offers/{offerId}/capacity", response_model=CapacityOut, responses=raises(NotFoundError, ConflictError))
async def change_capacity(
    request: Request,
    offer_id: OfferId,
    body: CapacityPatch,
    caller: Owner,
    once: DirectIdempotent,
    now: Now,
    language: InLanguage,
    if_match: OptionalIfMatch = None,
) -> Response:
    """Reports what changed of the capacity of an offer; the answer is the report that stands afterwards.

    What is left out stays as in the newest report that is not younger than this one; null empties, save `placesFree`
    and `acceptsReferrals`. The first report of an offer needs `placesFree`.
    """

    async def create(connection: DirectConnection) -> Response:
        standing = await service.change(connection, caller, offer_id, body, if_match, now)
        return _shown(request, standing, language)

    return await once(caller, create, alone=False)


def _shown(
    request: Request,
    standing: Standing,
    language: Language,
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> Response:
    content = service.capacity_shown(standing, language)
    return respond(request, content, status=status, version=standing.report_id, headers=headers)


@router.post(
    "/offers/{offerId}/capacity/confirmations",
    response_model=CapacityOut,
    status_code=201,
    responses=LOCATION | raises(NotFoundError, ConflictError),
)
async def confirm_capacity(
    request: Request,
    offer_id: OfferId,
    caller: Owner,
    session: Writing,
    now: Now,
    once: Idempotent,
    language: InLanguage,
    _: ConfirmationIn | None = None,
) -> Response:
    """Says "unchanged" in one call: the figures that stand are observed as of now."""

    async def create() -> Response:
        standing = await confirmations.confirm(session, caller, offer_id, now)
        return _shown(request, standing, language, 201, {"Location": f"/v1/offers/{offer_id}/capacity"})

    return await once(caller, create)


@router.post(
    "/providers/{providerId}/capacity/confirmations", response_model=ConfirmationsOut, responses=raises(NotFoundError)
)
async def confirm_capacities(
    request: Request,
    provider_id: ProviderId,
    caller: Owner,
    session: Writing,
    now: Now,
    once: Idempotent,
    _: ConfirmationIn | None = None,
) -> Response:
    """Says "unchanged" of all offers that a provider gives now; of what was never reported there is nothing to say."""

    async def create() -> Response:
        return respond(request, await confirmations.confirm_all(session, caller, provider_id, None, now))

    return await once(caller, create)


@router.post(
    "/providers/{providerId}/locations/{key}/capacity/confirmations",
    response_model=ConfirmationsOut,
    responses=raises(NotFoundError),
)
async def confirm_capacities_of_location(
    request: Request,
    provider_id: ProviderId,
    key: OwnKey,
    caller: Owner,
    session: Writing,
    now: Now,
    once: Idempotent,
    _: ConfirmationIn | None = None,
) -> Response:
    """Says "unchanged" of all offers that a provider gives now at one of its locations."""

    async def create() -> Response:
        return respond(request, await confirmations.confirm_all(session, caller, provider_id, key, now))

    return await once(caller, create)


@router.get("/offers/{offerId}/capacity", response_model=CapacityOut, responses=raises(NotFoundError))
async def get_capacity(
    request: Request, offer_id: OfferId, _: AnyCaller, session: Reading, language: InLanguage
) -> Response:
    """The report that stands."""
    return _shown(request, await service.get_capacity(session, offer_id), language)


@router.get("/offers/{offerId}/expected-wait", response_model=ExpectedWaitOut, responses=raises(NotFoundError))
async def get_expected_wait(
    request: Request, offer_id: OfferId, _: AnyCaller, replica: ReplicaReading, now: Now
) -> Response:
    """How long a child that asks now would wait, as we estimate it from the offer's own reports of the last year.

    Its queue against how often places came free; `soonest` and `latest` say how sure that is. The ranking goes by what
    the provider states, unless it is asked with `waitSource=expected`.
    """
    waits = await replica(lambda session: expected_wait(session, offer_id, dutch_day(now)))
    return respond(request, expected_wait_out(waits))


@router.get("/offers/{offerId}/capacity-history", response_model=Page[CapacityOut], responses=raises(NotFoundError))
async def list_capacity_history(
    request: Request,
    offer_id: OfferId,
    query: Annotated[HistoryQuery, Query()],
    _: AnyCaller,
    replica: ReplicaReading,
    language: InLanguage,
) -> Response:
    """Every report of an offer that ever came in, by the time observed; `from` and `to` are Dutch days."""
    key = query.key(request.url.path, datetime, int)

    async def read(session: ReadSession) -> list[CapacityReportRow]:
        return await service.list_reports(session, offer_id, query, key)

    rows = await replica(read)
    return listed(
        request,
        query,
        rows,
        key=lambda row: [row.observed_at, row.id],
        show=lambda row: service.capacity_out(row, language),
    )
