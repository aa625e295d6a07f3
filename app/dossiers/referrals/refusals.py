"""Who would not take a child, and why, as the referrals know it."""

from collections.abc import Collection
from uuid import UUID

from app.dossiers.referrals import repository
from app.dossiers.referrals.schemas import Refusal
from app.kit.database.sessions import ReadSession


async def list_refusals(session: ReadSession, request_ids: Collection[UUID]) -> dict[UUID, list[Refusal]]:
    """The refusals of these requests by request, the first first."""
    found: dict[UUID, list[Refusal]] = {request_id: [] for request_id in request_ids}
    for request_id, row, provider_name in await repository.list_refusals(session, request_ids):
        refusal = Refusal.model_construct(
            provider_name=provider_name,
            offer_id=row.offer_id,
            reason=str(row.decline_reason),
            criteria=row.decline_criteria,
            specialisations=row.decline_specialisations,
            on=row.updated_at.date(),
        )
        found[request_id].append(refusal)
    return found
