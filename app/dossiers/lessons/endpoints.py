"""Lessons: what worked, for others whose search is stuck."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response

from app.dossiers.lessons import service
from app.dossiers.lessons.schemas import LessonOut, LessonQuery
from app.kit.http.dependencies import ReadingAcross
from app.kit.http.pagination import listed
from app.kit.http.rights import Learner
from app.kit.http.routing import router as make_router
from app.kit.pages import Page

router = make_router("Requests")


@router.get("/lessons", response_model=Page[LessonOut])
async def list_lessons(
    request: Request, query: Annotated[LessonQuery, Query()], _: Learner, session: ReadingAcross
) -> Response:
    """What worked when a search was stuck, the last year first: not where, for whom, or on what day.

    Of an outcome that was marked as a lesson; it stays when the request closes.
    """
    rows = await service.list_lessons(session, query, query.key(request.url.path, int, UUID))
    return listed(request, query, rows, key=lambda row: [-row.year, row.id], show=service.lesson_out)
