"""Signing in and out. In demo mode one button a role."""

from typing import Annotated

from fastapi import Form, Query, Request, Response

from app.domain.language import Text
from app.kit.errors import NotFoundError
from app.kit.http.dependencies import Now, Reading, Writing
from app.kit.http.parts import KitParts, parts_of
from app.web.shell.rendering import go_to, render
from app.web.shell.routing import router as make_router
from app.web.sign_in import service
from app.web.sign_in.cookies import hand_out, take_back, token_of
from app.web.sign_in.dependencies import Anybody
from app.web.sign_in.views import demo_roles, own_path

router = make_router()


@router.get("/aanmelden")
async def show_sign_in(
    request: Request, session: Reading, _: Anybody, naar: Annotated[str, Query(max_length=2000)] = "/"
) -> Response:
    """How to sign in; `naar` is the page to go to afterwards."""
    demo = parts_of(request.app, KitParts).settings.demo
    roles = demo_roles(await service.list_demo_callers(session)) if demo else []
    return render(request, "sign_in/page.html", demo_roles=roles, to=own_path(naar))


@router.post("/aanmelden/demo")
async def sign_in_for_demo(
    request: Request,
    session: Writing,
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
async def sign_out(request: Request, session: Writing) -> Response:
    """Ends the session, here and in the database."""
    settings = parts_of(request.app, KitParts).settings
    token = token_of(request, settings)
    if token is not None:
        await service.end_session(session, token)
    answer = go_to(request, "/aanmelden")
    take_back(answer, settings)
    return answer
