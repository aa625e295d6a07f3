"""Telling other systems of referrals: ids and codes, each side what was not its own doing."""

from datetime import datetime
from typing import Any

from app.dossiers.referrals.states import EventCode
from app.dossiers.referrals.tables import Actor, ReferralRow
from app.kit.database.sessions import WriteSession
from app.notifying.outbox.service import NewEvent, write_events
from app.notifying.outbox.tables import EventType
from app.supply.offers.repository import find_offer


async def tell(session: WriteSession, row: ReferralRow, decision: EventCode, actor: Actor, now: datetime) -> None:
    """Writes an event for each side that did not do it itself; of what the service did, for both.

    A provider never learns which request a referral belongs to, and care outside the contracts has no provider here.
    """
    kind: EventType = "referral.sent" if decision == "send" else "referral.decided"
    subject, data = str(row.offer_id or row.id), await _data(session, row, decision)
    events = []
    if row.provider_id is not None and actor != "provider":
        events.append(NewEvent(type=kind, subject=subject, data=data, time=now, provider_id=row.provider_id))
    if actor != "institution":
        own = data | {"requestId": str(row.request_id)}
        events.append(NewEvent(type=kind, subject=subject, data=own, time=now, organisation_id=row.organisation_id))
    await write_events(session, *events)


async def _data(session: WriteSession, row: ReferralRow, decision: EventCode) -> dict[str, Any]:
    offer = await find_offer(session, row.offer_id) if row.offer_id is not None else None
    return {
        "referralId": str(row.id),
        "offerId": str(row.offer_id) if row.offer_id else None,
        "providerId": str(row.provider_id) if row.provider_id else None,
        "careType": offer.care_type if offer else None,
        "decision": decision,
        "status": row.status,
    }
