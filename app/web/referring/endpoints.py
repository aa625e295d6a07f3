"""A referral of a known child: one page to look at, filled in already, and then it is sent."""

from typing import Annotated, Final
from uuid import UUID

import orjson
from fastapi import Form, Request, Response

from app.domain.language import Text
from app.dossiers.referrals import service as referrals
from app.dossiers.referrals.errors import OfferExcludedError
from app.dossiers.referrals.schemas import ReferralIn
from app.dossiers.requests import views as requests
from app.finding.catalogue.dependencies import CatalogueContext, Context
from app.finding.search import service as search
from app.kit.database.sessions import ReadSession
from app.kit.errors import ConflictError, InvalidInputError, KeyReusedError, NotFoundError
from app.kit.http.dependencies import Reading, database_of
from app.kit.http.idempotency import Once
from app.kit.security.callers import Caller
from app.web.referring.form import ReferralForm
from app.web.referring.views import URGENCIES, addressee, obstacles, stands_for, told
from app.web.shell.forms import Errors, errors_of, read_form
from app.web.shell.problems import said_of
from app.web.shell.rendering import go_to, render
from app.web.shell.routing import router as make_router
from app.web.shell.teams import teams_of
from app.web.sign_in.dependencies import Referrer

router = make_router()

PREPARED: Final = "/passend/aanmelden"
SENT: Final = "/passend/versturen"
_NOT_GIVEN: Final = Text(nl="Dit aanbod is er niet, of wordt niet meer gegeven: het", en="This offer")
_NO_CHILD: Final = Text(nl="Deze hulpvraag", en="This request")
_EXCLUDED: Final = "Dit aanbod valt nu af. Kan het toch, leg dat dan uit; de aanbieder leest mee."
_EXPLAIN: Final = "Leg uit waarom het toch kan."
_SENT: Final = "Deze aanmelding is al verstuurd. U vindt haar op de pagina van de jeugdige."

Filled = Annotated[ReferralForm, Form()]


@router.post(PREPARED)
async def prepare_referral(
    request: Request, jeugdige: UUID, form: Filled, caller: Referrer, session: Reading, context: Context
) -> Response:
    """The referral as it would be sent. It is asked by a form, so that no address says what is looked for."""
    return await _page(request, session, caller, context, jeugdige, form)


@router.post(SENT)
async def send_referral(
    request: Request, jeugdige: UUID, form: Filled, caller: Referrer, session: Reading, context: Context
) -> Response:
    """Sends it, once for each page that was shown, and goes on to the child's page; else says what is in the way."""
    body, found = read_form(ReferralIn, form.asked())
    errors, problem = form.at_fields(found), None
    if body is not None:
        try:
            return await _send(request, jeugdige, form, body, caller, context)
        except InvalidInputError as error:
            errors = form.at_fields(errors_of(error))
        except OfferExcludedError as error:
            problem = _EXCLUDED
            form = form.needing(error.members["reasons"])
            errors = {f"waarom-{each}": _EXPLAIN for each in error.members["reasons"]}
        except KeyReusedError:
            problem = _SENT
        except ConflictError as error:
            problem = said_of(error)
    return await _page(request, session, caller, context, jeugdige, form, errors, problem)


async def _send(
    request: Request, request_id: UUID, form: ReferralForm, body: ReferralIn, caller: Caller, context: CatalogueContext
) -> Response:
    """In a transaction of its own: what is refused leaves nothing behind, and the page is shown again after it."""
    async with database_of(request).write() as session:

        async def create() -> Response:
            await context.follower.catch_up()  # as the API: a stop that was imposed just now counts
            await referrals.send(session, context.follower.catalogue, caller, request_id, body, context.now)
            return go_to(request, f"/jeugdigen/{request_id}")

        sent = form.model_dump_json().encode()
        return await Once(request, session, str(form.sleutel))(caller, create, content=sent)


async def _page(
    request: Request,
    session: ReadSession,
    caller: Caller,
    context: CatalogueContext,
    request_id: UUID,
    form: ReferralForm,
    errors: Errors | None = None,
    problem: str | None = None,
) -> Response:
    """The page with what was filled in. `NotFoundError` without such a request of the caller's, or such an offer."""
    row = await requests.get_request(session, caller, request_id)
    child = requests.request_out(row, await requests.context_of(session, [row], caller), context.today, "nl")
    if child.shared is not None:
        raise NotFoundError(_NO_CHILD)
    found = search.find_one(context.follower.catalogue, form.aanbod, context.today, "nl", public=False)
    if found is None:
        raise NotFoundError(_NOT_GIVEN)
    item = orjson.loads(orjson.dumps(found))
    return render(
        request,
        "referring/page.html",
        status=409 if problem else 400 if errors else 200,
        form=form,
        errors=errors or {},
        problem=problem,
        child=child,
        offer=addressee(item),
        told=told(child, context.today),
        choices=stands_for(child),
        urgencies=URGENCIES,
        obstacles=obstacles(form.said),
        teams=await teams_of(session, caller),
    )
