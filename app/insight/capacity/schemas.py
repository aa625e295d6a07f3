"""The question of places, as it is asked."""

from uuid import UUID

from pydantic import Field

from app.insight.answers.schemas import InsightQuery


class CapacityQuery(InsightQuery):
    """A question about places."""

    target: UUID | None = Field(
        default=None,
        description="A target line (`GET /insight/targets`): the figures are of what it counts, with it beside them. "
        "It goes instead of region, supraregion, provider and careType.",
        examples=["7c2e9a14-6b3d-4f58-8e01-9d5a7b3c2f10"],
    )
