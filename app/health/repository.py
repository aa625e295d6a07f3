"""What the database says of itself."""

from sqlalchemy import text

from app.kit.database.sessions import ReadSession


async def find_revision(session: ReadSession) -> str | None:
    """The migration that the database is at; None where none ever ran."""
    known = await session.scalar(text("SELECT to_regclass('alembic_version')"))
    if known is None:
        return None
    revision: str | None = await session.scalar(text("SELECT version_num FROM alembic_version"))
    return revision


async def goes_on(session: ReadSession, head: str) -> bool:
    """Whether a release that knows the migrations up to `head` works with a database that has newer ones."""
    if await session.scalar(text("SELECT to_regclass('migrations_run')")) is None:
        return False
    expanded: bool | None = await session.scalar(
        text("""
            SELECT bool_and(expands) FILTER (WHERE revision > :head) AND bool_or(revision = :head)
            FROM migrations_run
        """),
        {"head": head},
    )
    return bool(expanded)


async def has_reference_data(session: ReadSession) -> bool:
    """Whether the reference data is loaded."""
    return bool(await session.scalar(text("SELECT EXISTS (SELECT FROM care_types)")))
