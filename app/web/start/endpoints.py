"""Where everybody begins: a referrer with what is to be done today and a search, others at their first page."""

from typing import Final

from fastapi import Request, Response

from app.finding.catalogue.dependencies import Context
from app.kit.http.dependencies import Reading
from app.kit.security.callers import Role
from app.reference.lists import reference
from app.web.shell.navigation import START, items_for
from app.web.shell.rendering import go_to, render
from app.web.shell.routing import router as make_router
from app.web.sign_in.dependencies import Anybody
from app.web.start import service

router = make_router()

_WITH_DOSSIERS: Final = {Role.GI, Role.LOCAL_TEAM}
_SEARCHES: Final = {*_WITH_DOSSIERS, Role.REFERRER}


@router.get(START.path)
async def show_start(request: Request, caller: Anybody, session: Reading, context: Context) -> Response:
    """The start of who has signed in, by role; others are led to sign in."""
    if caller is None:
        return go_to(request, "/aanmelden")
    first = items_for(caller.role)[0].path
    if first != START.path:
        return go_to(request, first)
    today = None
    if caller.role in _WITH_DOSSIERS:
        today = await service.read_today(session, caller, context.follower.catalogue, context.now)
    care_types, searches = reference().care_types.values(), caller.role in _SEARCHES
    return render(request, "start/page.html", today=today, searches=searches, care_types=care_types)
