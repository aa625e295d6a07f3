"""Finding what worked elsewhere when a search is stuck. Anonymous: what leads back is never read."""

from collections.abc import Sequence
from typing import Any

from app.dossiers.lessons import repository
from app.dossiers.lessons.schemas import LessonOut, LessonQuery
from app.kit.database.sessions import ReadSession


async def list_lessons(session: ReadSession, query: LessonQuery, key: list[Any] | None) -> Sequence[Any]:
    """The lessons that are asked, the last year first; after `key` (minus the year, id), and one more than the page."""
    return await repository.list_lessons(
        session, care_type=query.care_type, characteristic=query.characteristic, limit=query.window, key=key
    )


def lesson_out(row: Any) -> LessonOut:
    """A lesson as it goes over the wire."""
    return LessonOut.model_construct(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for a row as a mapping
