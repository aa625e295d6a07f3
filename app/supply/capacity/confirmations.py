"""Taking in "unchanged": the figures that stand are observed anew, of one offer or of many at once."""

from datetime import datetime
from uuid import UUID

from app.domain.language import Text
from app.kit.database.sessions import WriteSession
from app.kit.errors import (
    ConflictError,
    NotFoundError,
)
from app.kit.monitoring import metrics
from app.kit.security.callers import Caller
from app.supply.capacity import confirmation_repository, repository
from app.supply.capacity.schemas import (
    ConfirmationsOut,
    ConfirmedOut,
)
from app.supply.capacity.service import check_reporter
from app.supply.capacity.tables import Standing
from app.supply.providers.repository import find_location, get_provider
from app.supply.providers.service import check_owner


async def confirm(session: WriteSession, caller: Caller, offer_id: UUID, now: datetime) -> Standing:
    """Takes in "unchanged": the figures that stand are observed as of now."""
    check_reporter(caller, await repository.find_reporter(session, offer_id))
    current = await confirmation_repository.add_confirmation(session, offer_id, now, caller.client_id)
    standing = current or await repository.find_current(session, offer_id)
    if standing is None:
        raise ConflictError(
            Text(
                nl="Er is nog niets om te bevestigen; stuur eerst de cijfers (PUT).",
                en="There is nothing to confirm yet; send the figures first (PUT).",
            )
        )
    metrics.CAPACITY_REPORTS.labels("confirmed").inc()
    return standing


async def confirm_all(
    session: WriteSession, caller: Caller, provider_id: UUID, location_key: str | None, now: datetime
) -> ConfirmationsOut:
    """Takes in "unchanged" for all offers that a provider gives now, or for those at its location with this key."""
    await get_provider(session, provider_id)
    check_owner(caller, provider_id)
    location_id = None
    if location_key is not None:
        location = await find_location(session, provider_id, location_key)
        if location is None:
            raise NotFoundError(Text(nl="Deze locatie", en="This location"))
        location_id = location.id
    await confirmation_repository.add_confirmations(session, provider_id, location_id, now, caller.client_id)
    items = [
        ConfirmedOut(
            offer_id=row.id,
            offer_key=row.key,
            status="never-reported" if row.observed_at is None else "confirmed",
            observed_at=row.observed_at,
        )
        for row in await confirmation_repository.list_standing(session, provider_id, location_id)
    ]
    confirmed = sum(each.status == "confirmed" for each in items)
    metrics.CAPACITY_REPORTS.labels("confirmed").inc(confirmed)
    return ConfirmationsOut(confirmed=confirmed, never_reported=len(items) - confirmed, items=items)
