"""Referrals that a provider received: the list by their clocks, and each with what can be decided on it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import Query, Request, Response

from app.dossiers.amendments import views as amendments
from app.dossiers.amendments.schemas import AmendmentDecisionIn, AmendmentOut
from app.dossiers.amendments.service import decide as settle
from app.dossiers.referrals import views
from app.dossiers.referrals.decision_schemas import DecisionIn
from app.dossiers.referrals.decisions import decide
from app.dossiers.referrals.errors import OfferExcludedError
from app.dossiers.referrals.schemas import ReferralOut, ReferralQuery
from app.finding.catalogue.dependencies import CatalogueContext, Context
from app.kit.database.sessions import ReadSession
from app.kit.entity_tags import etag_of
from app.kit.errors import ConflictError, InvalidInputError, PreconditionFailedError
from app.kit.http.dependencies import Reading, database_of
from app.kit.http.parts import KitParts, parts_of
from app.kit.pages import PageQuery
from app.kit.security.callers import Caller
from app.web.received.decision_form import BECAUSE, read_decision
from app.web.received.declining import declining_of
from app.web.received.views import STATUSES, TABS, concerns_of, facts_of, proposal_of, row_of
from app.web.shell.forms import Errors, Fields, errors_of, read_form, sent_fields, text_of
from app.web.shell.paging import split
from app.web.shell.problems import NO_MORE, said_of
from app.web.shell.rendering import go_to, render
from app.web.shell.routing import router as make_router
from app.web.sign_in.dependencies import Provider

router = make_router()

PATH: Final = "/aanmeldingen"
_NOTHING: Final[Fields] = {}


@router.get(PATH)
async def show_received(
    request: Request,
    caller: Provider,
    session: Reading,
    context: Context,
    stand: Annotated[str, Query(max_length=20)] = "",
    na: Annotated[str | None, Query(max_length=1000)] = None,
) -> Response:
    """Those that are so far: in a crisis first, then the oldest clock."""
    tab = stand if stand in TABS else ""
    query = ReferralQuery(status=TABS[tab][1], cursor=na)
    found = await views.list_referrals(session, caller, query, query.key(PATH, int, datetime, UUID), context.now)
    shown, following = split(
        query, PATH, found, lambda full: [views.pressing(full.referral), full.referral.sent_at, full.referral.id]
    )
    catalogue = context.follower.catalogue
    rows = [row_of(views.referral_out(full, caller, context.now, catalogue), context.now) for full in shown]
    more = f"{PATH}?stand={tab}&na={following}" if following else None
    return render(request, "received/page.html", rows=rows, tab=tab, tabs=TABS, following=more)


@router.get(f"{PATH}/{{referral_id}}")
async def show_referral(
    request: Request, referral_id: UUID, caller: Provider, session: Reading, context: Context
) -> Response:
    """A referral with all that the provider gets to know, and what it can decide. Looking at it changes nothing."""
    full = await views.get_referral(session, caller, referral_id)
    shown = views.referral_out(full, caller, context.now, context.follower.catalogue)
    proposals = await _proposals(session, caller, referral_id, context)
    return _show(request, shown, full.referral.version, context, proposals=proposals)


@router.post(f"{PATH}/{{referral_id}}/voorstel/{{number}}")
async def settle_proposal(
    request: Request, referral_id: UUID, number: int, caller: Provider, context: Context
) -> Response:
    """Agrees with what is proposed of the referral, such as that a sibling joins, or refuses it."""
    fields = await sent_fields(request)
    body, errors = read_form(
        AmendmentDecisionIn, {"decision": text_of(fields, "decision"), "why": text_of(fields, "why") or None}
    )
    trouble, status = None, 400
    if body is not None:
        try:
            await context.follower.catch_up()
            async with database_of(request).write() as writing:
                await settle(writing, caller, referral_id, number, body, context.now)
            return go_to(request, f"{PATH}/{referral_id}")
        except InvalidInputError as error:
            errors = errors_of(error)
        except ConflictError as error:
            trouble, status = said_of(error), 409
    async with database_of(request).read() as session:
        full = await views.get_referral(session, caller, referral_id)
        proposals = await _proposals(session, caller, referral_id, context)
    shown = views.referral_out(full, caller, context.now, context.follower.catalogue)
    if errors and all(each.number != number for each in proposals):
        trouble, status = NO_MORE, 409
    said = {**fields, "voorstel": [str(number)]}
    version = full.referral.version
    return _show(
        request, shown, version, context, status, said=said, errors=errors, trouble=trouble, proposals=proposals
    )


async def _proposals(
    session: ReadSession, caller: Caller, referral_id: UUID, context: CatalogueContext
) -> list[AmendmentOut]:
    """What the other side proposes of the referral, and waits for this one."""
    rows = await amendments.list_amendments(session, caller, referral_id, PageQuery(limit=200), None)
    waiting = [each for each in rows if each.status == "open"]
    requests = await amendments.requests_of(session, waiting)
    return [amendments.amendment_out(each, requests, caller, context.today) for each in waiting]


@router.post(f"{PATH}/{{referral_id}}/besluit")
async def take_decision(request: Request, referral_id: UUID, caller: Provider, context: Context) -> Response:
    """Takes a decision on the referral as it was shown; what is wrong with it is told at its field."""
    fields = await sent_fields(request)
    body, errors = read_decision(fields)
    trouble, status, wanted = None, 400, list[Any]()
    if body is not None:
        try:
            await _decide(request, caller, referral_id, body, text_of(fields, "versie") or None, context)
            return go_to(request, f"{PATH}/{referral_id}")
        except InvalidInputError as error:
            errors = errors_of(error)
        except OfferExcludedError as error:
            wanted = error.members["reasons"]
            errors = {f"/{BECAUSE}{each}": "Zeg waarom het toch kan." for each in wanted}
        except PreconditionFailedError:
            trouble = "Intussen is deze aanmelding gewijzigd. Kijk na wat er nu staat, en besluit dan opnieuw."
            status = 409
        except ConflictError as error:
            trouble, status = said_of(error), 409
    async with database_of(request).read() as session:
        full = await views.get_referral(session, caller, referral_id)
        proposals = await _proposals(session, caller, referral_id, context)
    shown = views.referral_out(full, caller, context.now, context.follower.catalogue)
    if errors and text_of(fields, "decision") not in shown.possible:
        trouble, status = NO_MORE, 409
    return _show(
        *(request, shown, full.referral.version, context, status),
        said=fields,
        errors=errors,
        trouble=trouble,
        wanted=wanted,
        proposals=proposals,
    )


async def _decide(
    request: Request,
    caller: Caller,
    referral_id: UUID,
    body: DecisionIn,
    version: str | None,
    context: CatalogueContext,
) -> None:
    """As the decisions of the API."""
    await context.follower.catch_up()
    settings = parts_of(request.app, KitParts).settings
    async with database_of(request).write() as session:
        await decide(
            *(session, context.follower.catalogue, caller, referral_id, body, version, context.now),
            base=settings.public_url,
            language=settings.mail_language,
        )


def _show(
    request: Request,
    referral: ReferralOut,
    version: int,
    context: CatalogueContext,
    status: int = 200,
    *,
    said: Fields = _NOTHING,
    errors: Errors | None = None,
    trouble: str | None = None,
    wanted: list[Any] | None = None,
    proposals: Sequence[AmendmentOut] = (),
) -> Response:
    """The page; `said` is what was filled in, of a decision that could not be taken, `wanted` what it has to say."""
    reasons = dict.fromkeys([*(each.reason for each in referral.concerns), *(wanted or [])])
    return render(
        request,
        "received/referral.html",
        status=status,
        referral=referral,
        version=etag_of(version, 0),
        row=row_of(referral, context.now),
        facts=facts_of(referral),
        status_word=STATUSES[referral.status],
        concerns=concerns_of(reasons),
        because=BECAUSE,
        declining=declining_of(referral.summary.characteristics, referral.summary.needs),
        said=said,
        errors=errors or {},
        trouble=trouble,
        proposals=[proposal_of(each) for each in proposals],
    )
