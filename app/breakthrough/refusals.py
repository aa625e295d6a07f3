"""Who would not take a child, and why, as the referrals know it."""

from collections.abc import Collection
from uuid import UUID

from app.breakthrough.schemas import Refusal
from app.kit.db import ReadSession


async def list_refusals(
    session: ReadSession,  # noqa: ARG001 - until there are referrals
    request_ids: Collection[UUID],
) -> dict[UUID, list[Refusal]]:
    """The refusals of these requests by request, the first first."""
    return {request_id: [] for request_id in request_ids}
