"""Where everybody begins."""

from fastapi import Request, Response

from app.kit.security.callers import Role
from app.reference.lists import reference
from app.web.shell.rendering import go_to, render
from app.web.shell.routing import router as make_router
from app.web.sign_in.dependencies import Anybody

router = make_router()

_SEARCHES = {Role.GI, Role.LOCAL_TEAM, Role.REFERRER}


@router.get("/")
async def show_start(request: Request, caller: Anybody) -> Response:
    """The start of who has signed in, by role; others are led to sign in."""
    if caller is None:
        return go_to(request, "/aanmelden")
    searches = caller.role in _SEARCHES
    return render(request, "start/page.html", searches=searches, care_types=reference().care_types.values())
