"""Who may see a page, said in the signature of its endpoint: the caller of the session, let through by its role."""

from typing import Annotated

from fastapi import Depends, Request

from app.domain.language import Text
from app.kit.errors import ForbiddenError, UnauthenticatedError
from app.kit.http.addresses import address_of
from app.kit.http.dependencies import database_across
from app.kit.http.guards import before_body
from app.kit.http.parts import KitParts, parts_of
from app.kit.http.rate_limit import count
from app.kit.http.streams import MEDIA_TYPE as EVENT_STREAM
from app.kit.security.callers import REFERRING, Caller, Role, caller_of
from app.web.shell.visitors import Visitor, greet, visitor_of
from app.web.shell.words import ROLES
from app.web.sign_in import service
from app.web.sign_in.cookies import token_of


async def _find_visitor(request: Request) -> Visitor | None:
    """Who asks, looked up and counted once a request."""
    known = visitor_of(request)
    if known is not None:
        return known
    parts = parts_of(request.app, KitParts)
    token, now, database = token_of(request, parts.settings), parts.clock(), database_across(request)
    if token is None:
        return None
    async with database.read() as session:
        row = await service.find_session(session, token, now)
    if row is None:
        return None
    caller = caller_of(row.claims)
    if parts.callers.revocations.covers(caller.client_id, row.created_at.timestamp()):
        return None
    if now - row.last_seen_at >= service.NOTED_EVERY and not asks_by_itself(request):
        async with database.write() as writing:
            await service.prolong(writing, parts.settings, token, now)
    visitor = Visitor(caller, row.name, row.expires_at)
    count(request, parts.rate_limit, visitor.caller.client_id)
    greet(request, visitor)
    return visitor


def asks_by_itself(request: Request) -> bool:
    """Whether a page asks that follows what happens (`static/live.js`): it does so with nobody before it, too."""
    return "x-refresh" in request.headers or request.headers.get("accept") == EVENT_STREAM


def _sign_in_first() -> UnauthenticatedError:
    return UnauthenticatedError(Text(nl="Meld u eerst aan.", en="Sign in first."))


@before_body
async def _maybe(request: Request) -> Caller | None:
    visitor = await _find_visitor(request)
    return visitor.caller if visitor else None


@before_body
async def _reader(request: Request) -> Caller | None:
    caller, parts = await _maybe(request), parts_of(request.app, KitParts)
    if caller is None:
        if not parts.settings.public_access:
            raise _sign_in_first()
        count(request, parts.rate_limit, f"address {address_of(request)}")
    return caller


@before_body
async def limit_address(request: Request) -> None:
    """Counts a request of somebody who has yet to sign in, as those for tokens are counted."""
    count(request, parts_of(request.app, KitParts).token_rate_limit, address_of(request))


@before_body
class seen_by:  # noqa: N801 - reads as what it says in a signature
    """A dependency that lets through only who signed in with one of these roles; others are told who has the page."""

    def __init__(self, *roles: Role) -> None:
        self._roles = roles

    @property
    def wanted(self) -> str:
        """Whose page it is, in Dutch."""
        return " of ".join(ROLES[role] for role in self._roles)

    async def __call__(self, request: Request) -> Caller:
        caller = await _maybe(request)
        if caller is None:
            raise _sign_in_first()
        if caller.role not in self._roles:
            raise ForbiddenError(
                Text(
                    nl=f"Deze pagina is er voor de rol {self.wanted}; u bent aangemeld als {ROLES[caller.role]}.",
                    en=f"This page takes the role {', '.join(self._roles)}; yours is {caller.role}.",
                )
            )
        return caller


Anybody = Annotated[Caller | None, Depends(_maybe)]
"""Whoever looks, signed in or not."""

Reader = Annotated[Caller | None, Depends(_reader)]
"""Every role, and with the setting PUBLIC_ACCESS everybody (None), as `AnyReader` of the API."""

SignedIn = Annotated[Caller, Depends(seen_by(*Role))]
Matcher = Annotated[Caller, Depends(seen_by(*REFERRING))]
Referrer = Annotated[Caller, Depends(seen_by(Role.GI, Role.LOCAL_TEAM))]
Provider = Annotated[Caller, Depends(seen_by(Role.PROVIDER))]
Region = Annotated[Caller, Depends(seen_by(Role.REGION))]
"""As those of the same name in `app.kit.http.rights`; a page for others names its roles: `Depends(seen_by(…))`."""
