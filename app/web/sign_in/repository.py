"""Statements on sessions of the web app."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import delete, func, or_, select, update

from app.kit.clock import system_clock
from app.kit.database.jobs import Job
from app.kit.database.sessions import ReadSession, WriteSession
from app.web.sign_in.tables import WebSessionRow


async def add_session(session: WriteSession, values: dict[str, Any]) -> None:
    """A new session."""
    session.add(WebSessionRow(**values))
    await session.flush()


async def find_session(session: ReadSession, token_hash: bytes, now: datetime) -> WebSessionRow | None:
    """The session of a token, where it goes on."""
    statement = select(WebSessionRow).where(
        WebSessionRow.token_hash == token_hash, WebSessionRow.idle_at > now, WebSessionRow.expires_at > now
    )
    return await session.scalar(statement)


async def prolong(session: WriteSession, token_hash: bytes, now: datetime, idle_at: datetime) -> None:
    """Notes that a session is used; its end stays."""
    statement = update(WebSessionRow).where(WebSessionRow.token_hash == token_hash, WebSessionRow.idle_at > now)
    await session.execute(statement.values(last_seen_at=now, idle_at=func.least(idle_at, WebSessionRow.expires_at)))


async def delete_session(session: WriteSession, token_hash: bytes) -> str | None:
    """Ends a session, where there is one; the issuer in its claims."""
    statement = delete(WebSessionRow).where(WebSessionRow.token_hash == token_hash)
    issuer: str | None = await session.scalar(statement.returning(WebSessionRow.claims["iss"].astext))
    return issuer


async def prune(session: WriteSession, now: datetime) -> None:
    """Deletes the sessions that ended."""
    await session.execute(
        delete(WebSessionRow).where(or_(WebSessionRow.idle_at <= now, WebSessionRow.expires_at <= now))
    )


async def _prune(session: WriteSession) -> None:
    await prune(session, system_clock())


PRUNING: Final = Job("prune-web-sessions", "23 * * * *", _prune)
