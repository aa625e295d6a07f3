"""Sessions of the web app: begun for a caller, found by the token in a cookie, ended."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Final

from app.access import service as access
from app.kit.database.sessions import ReadSession, WriteSession
from app.kit.security.callers import Caller, claims_of
from app.settings import Settings
from app.web.sign_in import repository
from app.web.sign_in.tables import WebSessionRow

NOTED_EVERY: Final = timedelta(minutes=1)
"""A session that is used is noted so often; once a request would be a write for each page."""


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


async def start_session(
    session: WriteSession, settings: Settings, caller: Caller, name: str, now: datetime, *, instead_of: str | None
) -> str:
    """Begins a session, and returns the token for its cookie; the session with the token `instead_of` ends.

    Whatever way of signing in found the caller ends here; `name` is what pages call who signed in.
    """
    if instead_of is not None:
        await end_session(session, instead_of)
    token = secrets.token_urlsafe(32)
    values = {
        "token_hash": _hash(token),
        "claims": claims_of(caller),
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


async def end_session(session: WriteSession, token: str) -> None:
    """Ends a session."""
    await repository.delete_session(session, _hash(token))


async def list_demo_callers(session: ReadSession) -> list[tuple[Caller, str]]:
    """The demo clients as callers, by name, each with the name of its organisation."""
    return await access.list_demo_callers(session)


async def find_demo_caller(session: WriteSession, client_id: str) -> tuple[Caller, str] | None:
    """The demo client with this name, as `list_demo_callers` has it."""
    return await access.find_demo_caller(session, client_id)
