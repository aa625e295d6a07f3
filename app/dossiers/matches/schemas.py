"""The matches of a request as they go over the wire."""

from uuid import UUID

from pydantic import Field

from app.dossiers.arrangements.schemas import ArrangementOut
from app.dossiers.calls.schemas import CallOut, RankedCallAnswer
from app.finding.matching.answer_schemas import MatchAnswer
from app.finding.matching.schemas import AskedWaitSource, MatchQuery
from app.kit.schemas import described
from app.ranking.model import Policy


class RequestMatchQuery(MatchQuery):
    """The query keys of the matches of a request."""

    policy: Policy = Field(default="timely-first", description="Which factors go first.", examples=["timely-first"])
    wait_source: AskedWaitSource = "stated"
    limit: int = Field(default=20, ge=1, le=200, description="Results, and alternatives, at most.", examples=[20])


class RequestMatchAnswer(MatchAnswer):
    """The ranking for a request. It advises; the jeugdbeschermer decides (Jeugdwet art. 3.5)."""

    ranking_id: UUID | None = described(
        "What this ranking is kept as; a referral that follows from it names it. null to those with whom the request "
        "is shared: theirs is not kept.",
        "8a2d4c6e-1b3f-5d7a-9c0e-2f4a6b8c0d1e",
    )
    calls: list[CallOut] = Field(description="The last calls of the request, those withdrawn aside; the first first.")
    call_answers: list[RankedCallAnswer] = Field(
        description="The answers to these that stand: those that can first, the soonest first. The ranking knows "
        "nothing of them."
    )
    arrangements: list[ArrangementOut] = Field(
        description="What was asked to make alternatives possible, and what came of it; the last 50, the last first."
    )
