"""Who would not take a child, and why, as the referrals know it."""

from collections.abc import Collection, Iterable
from uuid import UUID

from app.domain.dates import dutch_day
from app.dossiers.referrals import repository
from app.dossiers.referrals.schemas import Refusal
from app.finding.matching.schemas import EarlierDecline
from app.kit.database.sessions import ReadSession, WriteSession


async def list_refusals(
    session: ReadSession | WriteSession, request_ids: Collection[UUID]
) -> dict[UUID, list[Refusal]]:
    """The refusals of these requests by request, the first first."""
    found: dict[UUID, list[Refusal]] = {request_id: [] for request_id in request_ids}
    if not found:
        return found
    for request_id, row, provider_name, declined_at in await repository.list_refusals(session, request_ids):
        refusal = Refusal.model_construct(
            provider_name=provider_name,
            offer_id=row.offer_id,
            reason=str(row.decline_reason),
            criteria=row.decline_criteria,
            specialisations=row.decline_specialisations,
            on=dutch_day(declined_at),
        )
        found[request_id].append(refusal)
    return found


def earlier_declines(refusals: Iterable[Refusal]) -> list[EarlierDecline]:
    """The refusals as the ranking asks for them: those of offers, and not of care outside the contracts."""
    return [
        EarlierDecline.model_construct(offer_id=each.offer_id, declined_on=each.on, reason=each.reason)
        for each in refusals
        if each.offer_id is not None
    ]
