"""Rankings of a request as they go over the wire."""

from typing import Annotated
from uuid import UUID

from fastapi import Path
from pydantic import Field

from app.dossiers.calls.schemas import AnswerBeside, CallOut
from app.finding.matching.schemas import MatchAnswer, MatchQuery
from app.kit.schemas import (
    Answer,
    Moment,
    described,
)
from app.ranking.model import RULES, Policy

RankingId = Annotated[
    UUID, Path(alias="rankingId", description="The ranking.", examples=["8a2d4c6e-1b3f-5d7a-9c0e-2f4a6b8c0d1e"])
]
_ID = "8a2d4c6e-1b3f-5d7a-9c0e-2f4a6b8c0d1e"


class RequestMatchQuery(MatchQuery):
    """The query keys of the matches of a request."""

    policy: Policy = Field(default="timely-first", description="Which factors go first.", examples=["timely-first"])
    limit: int = Field(default=20, ge=1, le=200, description="Results, and alternatives, at most.", examples=[20])


class RequestMatchAnswer(MatchAnswer):
    """The ranking for a request. It advises; the jeugdbeschermer decides (Jeugdwet art. 3.5)."""

    ranking_id: UUID = described("What this ranking is kept as; a referral that follows from it names it.", _ID)
    calls: list[CallOut] = Field(description="The last calls of the request, those withdrawn aside; the first first.")
    call_answers: list[AnswerBeside] = Field(
        description="The answers to these that stand: those that can first, the soonest first. The ranking knows "
        "nothing of them."
    )


class RankingOut(Answer):
    """A ranking that was shown."""

    id: UUID = described("Our id.", _ID)
    shown_at: Moment = Field(description="When it was last shown.", examples=["2026-11-22T09:00:00Z"])
    policy: Policy = described("Which factors went first.", "timely-first")
    product_version: str = described("The version of the service that made it.", "1.0.0")
    rules: int = described("The version of the rules that it was made by.", RULES)
    kept: bool = described("Whether a referral names it; else it goes after 7 days.", False)
