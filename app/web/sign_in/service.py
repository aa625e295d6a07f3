"""Who somebody is, and sessions of the web app: begun for a caller, found by the token in a cookie, ended."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any, Final

from app.access import authentication as access
from app.kit.database.sessions import ReadSession, WriteSession
from app.kit.security.callers import Caller, caller_of, claims_of
from app.kit.security.issuers import NotSpokenForError
from app.settings import Settings
from app.web.shell.words import ROLES
from app.web.sign_in import repository
from app.web.sign_in.attempts import Attempt
from app.web.sign_in.errors import Failure, SignInError
from app.web.sign_in.issuer import Issuer, failed
from app.web.sign_in.schemas import IssuerAnswer
from app.web.sign_in.tables import WebSessionRow

NOTED_EVERY: Final = timedelta(minutes=1)
"""A session that is used is noted so often; once a request would be a write for each page."""

_LONGEST_NAME: Final = 100


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


async def find_person(issuer: Issuer, back: str, attempt: Attempt | None, said: IssuerAnswer) -> tuple[Caller, str]:
    """Who came back from the issuer, as a caller and with the name that pages show; else `SignInError`.

    `attempt` is the one of the browser that comes back, where it has one; `back` is where it does so.
    """
    if attempt is None or not attempt.is_of(said.state):
        raise SignInError(Failure.EXPIRED, "state" if attempt else "attempt")
    if said.iss not in {None, issuer.url}:
        raise SignInError(Failure.UNTRUSTED, "iss")
    if said.error:
        raise failed(said.error)
    claims = await issuer.finish(back, said.code, attempt)
    try:
        caller = caller_of(issuer.trusted.claims_for(issuer.url, claims))
    except NotSpokenForError as error:
        raise SignInError(Failure.NO_ROLE, str(error)) from error
    return caller, _name(claims) or ROLES[caller.role]


def _name(claims: dict[str, Any]) -> str:
    name = claims.get("name")
    return name[:_LONGEST_NAME] if isinstance(name, str) else ""


async def start_session(
    session: WriteSession,
    settings: Settings,
    caller: Caller,
    name: str,
    now: datetime,
    *,
    instead_of: str | None,
    issuer: str | None = None,
) -> str:
    """Begins a session, and returns the token for its cookie; the session with the token `instead_of` ends.

    Whatever way of signing in found the caller ends here; `name` is what pages call who signed in, and `issuer` is the
    one that they signed in with.
    """
    if instead_of is not None:
        await end_session(session, instead_of)
    token = secrets.token_urlsafe(32)
    values = {
        "token_hash": _hash(token),
        "claims": claims_of(caller) | ({"iss": issuer} if issuer else {}),
        "name": name,
        "created_at": now,
        "last_seen_at": now,
        "idle_at": now + timedelta(minutes=settings.session_idle_minutes),
        "expires_at": now + timedelta(hours=settings.session_hours),
    }
    await repository.add_session(session, values)
    return token


async def find_session(session: ReadSession, token: str, now: datetime) -> WebSessionRow | None:
    """The session of a cookie's token; None where it ended or never was."""
    return await repository.find_session(session, _hash(token), now)


async def prolong(session: WriteSession, settings: Settings, token: str, now: datetime) -> None:
    """Notes that a session is used."""
    await repository.prolong(session, _hash(token), now, now + timedelta(minutes=settings.session_idle_minutes))


async def end_session(session: WriteSession, token: str) -> str | None:
    """Ends a session; the issuer that it was begun with, where it was one."""
    return await repository.delete_session(session, _hash(token))


async def list_demo_callers(session: ReadSession) -> list[tuple[Caller, str]]:
    """The demo clients as callers, by name, each with the name of its organisation."""
    return await access.list_demo_callers(session)


async def find_demo_caller(session: WriteSession, client_id: str) -> tuple[Caller, str] | None:
    """The demo client with this name, as `list_demo_callers` has it."""
    return await access.find_demo_caller(session, client_id)
