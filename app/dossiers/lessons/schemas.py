"""Lessons as they go over the wire."""

from uuid import UUID

from pydantic import Field

from app.dossiers.escalations.schemas import OutcomeLesson
from app.kit.pages import PageQuery
from app.kit.schemas import described
from app.reference.schemas import CareTypeCode, ExclusionCode


class LessonQuery(PageQuery):
    """The query keys of the lessons."""

    care_type: CareTypeCode | None = Field(default=None, description="Only those in which this was looked for.")
    characteristic: ExclusionCode | None = Field(default=None, description="Only those in which this was in the way.")


class LessonOut(OutcomeLesson):
    """What worked elsewhere, when a search was stuck; not where, for whom or on what day."""

    id: UUID = described("Its own id, which leads to nothing else.", "2b7d1c4e-6f5a-4e3b-9d8c-0a1b2c3d4e5f")
    year: int = described("When that was.", 2026)
