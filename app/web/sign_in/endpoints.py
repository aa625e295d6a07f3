"""Signing in and out: with the account of one's organisation, and in demo mode with a button a role."""

from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import Depends, Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from app.domain.language import Text
from app.kit.errors import NotFoundError
from app.kit.http.dependencies import Now, Reading, WritingAcross, database_across
from app.kit.http.guards import before_body
from app.kit.http.parts import KitParts, parts_of
from app.kit.http.respond import origin_of
from app.kit.monitoring.log_events import SIGN_IN_DONE, SIGN_IN_FAILED, log
from app.web.shell.rendering import go_to, render
from app.web.shell.routing import router as make_router
from app.web.sign_in import attempts, service
from app.web.sign_in.cookies import ATTEMPT, hand_out, read, take_back, token_of
from app.web.sign_in.dependencies import Anybody, limit_address
from app.web.sign_in.errors import SignInError
from app.web.sign_in.issuer import Issuer
from app.web.sign_in.schemas import IssuerAnswer
from app.web.sign_in.views import advice, demo_roles, own_path

router = make_router()


@dataclass(frozen=True, kw_only=True)
class SignInParts(KitParts):
    """With the issuer that people sign in with; None where the settings name none."""

    issuer: Issuer | None


async def _issuer(request: Request) -> Issuer:
    issuer = parts_of(request.app, SignInParts).issuer
    if issuer is None:
        raise NotFoundError(Text(nl="Aanmelden met een account van uw organisatie", en="Sign-in with an issuer"))
    return issuer


@before_body
async def _demo_only(request: Request) -> None:
    if not parts_of(request.app, KitParts).settings.demo:
        raise NotFoundError


Signing = Annotated[Issuer, Depends(_issuer)]
OwnPath = Annotated[str, Query(max_length=2000)]


@router.get("/aanmelden")
async def show_sign_in(request: Request, session: Reading, _: Anybody, naar: OwnPath = "/") -> Response:
    """How to sign in; `naar` is the page to go to afterwards."""
    parts = parts_of(request.app, SignInParts)
    roles = demo_roles(await service.list_demo_callers(session)) if parts.settings.demo else []
    name = parts.settings.sign_in_name if parts.issuer else None
    return render(request, "sign_in/page.html", demo_roles=roles, organisation=name, to=own_path(naar))


@router.get("/aanmelden/organisatie", dependencies=[Depends(limit_address)])
async def begin_sign_in(
    request: Request,
    issuer: Signing,
    now: Now,
    naar: OwnPath = "/",
    ander: Annotated[Literal["", "ja"], Query()] = "",
) -> Response:
    """Leads to the issuer; with `ander` it asks again who somebody is. A link, as no form may lead to another site."""
    parts = parts_of(request.app, SignInParts)
    try:
        address, attempt = await issuer.begin(_back(request), own_path(naar), anew=bool(ander))
    except SignInError as error:
        return _refuse(request, error, own_path(naar))
    answer = RedirectResponse(address, 303, {"Cache-Control": "no-store"})
    sealed = attempts.seal(attempt, parts.tokens, now)
    hand_out(answer, parts.settings, sealed, ATTEMPT, int(attempts.LIFETIME.total_seconds()))
    return answer


@router.get("/aanmelden/terug", dependencies=[Depends(limit_address)])
async def finish_sign_in(
    request: Request, issuer: Signing, now: Now, said: Annotated[IssuerAnswer, Query()]
) -> Response:
    """Where the issuer leads back to, with a code for who signed in or with what went wrong."""
    parts = parts_of(request.app, SignInParts)
    settings, sealed = parts.settings, read(request, parts.settings, ATTEMPT)
    attempt = attempts.unseal(sealed, parts.tokens, now) if sealed else None
    to = attempt.to if attempt else "/"
    try:
        person = await service.find_person(issuer, _back(request), attempt, said)
    except SignInError as error:
        answer = _refuse(request, error, to)
    else:
        async with database_across(request).write() as session:
            token = await service.start_session(
                session,
                settings,
                *person,
                now,
                instead_of=token_of(request, settings),
                issuer=issuer.url,
            )
        log(SIGN_IN_DONE, client=person[0].client_id, role=person[0].role)
        answer = go_to(request, to)
        hand_out(answer, settings, token)
    take_back(answer, settings, ATTEMPT)
    return answer


def _back(request: Request) -> str:
    """Where the issuer sends people back to, which it has to know beforehand."""
    return f"{origin_of(request)}/aanmelden/terug"


def _refuse(request: Request, error: SignInError, to: str) -> Response:
    log(SIGN_IN_FAILED, reason=error.failure, error=error.error)
    found = advice(error.failure, parts_of(request.app, SignInParts).settings.sign_in_name, to)
    return render(request, "sign_in/failed.html", status=found.status, advice=found)


@router.post("/aanmelden/demo", dependencies=[Depends(_demo_only), Depends(limit_address)])
async def sign_in_for_demo(
    request: Request,
    session: WritingAcross,  # nobody has signed in yet
    now: Now,
    client: Annotated[str, Form(max_length=200)],
    naar: Annotated[str, Form(max_length=2000)] = "/",
) -> Response:
    """Signs in as a demo client; outside demo mode there is no such page."""
    settings = parts_of(request.app, KitParts).settings
    found = await service.find_demo_caller(session, client) if settings.demo else None
    if found is None:
        raise NotFoundError(Text(nl="Deze demorol", en="This demo role"))
    token = await service.start_session(session, settings, *found, now, instead_of=token_of(request, settings))
    answer = go_to(request, own_path(naar))
    hand_out(answer, settings, token)
    return answer


@router.post("/afmelden")
async def sign_out(request: Request) -> Response:
    """Ends the session, here and in the database; who signed in with the issuer is led to sign out there too."""
    parts = parts_of(request.app, SignInParts)
    token, signed_in_with = token_of(request, parts.settings), None
    if token is not None:
        async with database_across(request).write() as session:
            signed_in_with = await service.end_session(session, token)
    address = await _sign_out_address(request, signed_in_with)
    if address:  # a page that leads on, as no form may lead to another site
        name = parts.settings.sign_in_name
        answer = render(request, "sign_in/signed_out.html", address=address, organisation=name)
    else:
        answer = go_to(request, "/aanmelden")
    take_back(answer, parts.settings)
    return answer


async def _sign_out_address(request: Request, signed_in_with: str | None) -> str | None:
    issuer = parts_of(request.app, SignInParts).issuer
    if issuer is None or issuer.url != signed_in_with:
        return None
    try:
        return await issuer.sign_out_address(f"{origin_of(request)}/aanmelden")
    except SignInError as error:
        log(SIGN_IN_FAILED, reason=error.failure, error=error.error)
        return None
