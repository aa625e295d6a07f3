"""Who would not take a child, and why, as the referrals know it."""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from app.domain.dates import dutch_day
from app.domain.language import Language
from app.dossiers.referrals import history_repository
from app.dossiers.referrals.schemas import Refusal
from app.dossiers.referrals.tables import FullReferral
from app.dossiers.requests import entries_repository
from app.finding.matching.schemas import EarlierDecline
from app.kit.database.sessions import ReadSession, WriteSession
from app.ranking.derived_dates import FOR_WANT_OF_ROOM
from app.supply.reminders.service import prompt


async def list_refusals(
    session: ReadSession | WriteSession, request_ids: Collection[UUID]
) -> dict[UUID, list[Refusal]]:
    """The refusals of these requests by request, the first first."""
    found: dict[UUID, list[Refusal]] = {request_id: [] for request_id in request_ids}
    if not found:
        return found
    for request_id, row, provider_name, declined_at in await history_repository.list_refusals(session, request_ids):
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


async def follow_refusal(
    session: WriteSession,
    full: FullReferral,
    children: Collection[UUID],
    now: datetime,
    *,
    base: str = "",
    language: Language = "nl",
) -> None:
    """What a decline asks for: its criteria are proposed as characteristics of these children's requests, and for want
    of room its provider is asked at once for new figures (a mail leads to `base`)."""
    row, provider = full.referral, full.provider
    common = {
        "referral_id": row.id,
        "provider_name": provider.name if provider else row.outside_provider,
        "proposed_on": dutch_day(now),
    }
    await entries_repository.add_proposals(
        session,
        [
            {**common, "request_id": request_id, "code": code}
            for request_id in children
            for code in row.decline_criteria
        ],
    )
    if row.offer_id is not None and row.decline_reason in FOR_WANT_OF_ROOM:
        await prompt(session, row.offer_id, now, base=base, language=language)


def earlier_declines(refusals: Iterable[Refusal]) -> list[EarlierDecline]:
    """The refusals as the ranking asks for them: those of offers, and not of care outside the contracts."""
    return [
        EarlierDecline.model_construct(offer_id=each.offer_id, declined_on=each.on, reason=each.reason)
        for each in refusals
        if each.offer_id is not None
    ]
