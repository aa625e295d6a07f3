"""Telling the other side of a transfer that it was proposed, or what came of it: ids and codes."""

from datetime import datetime
from uuid import UUID

from app.dossiers.transfers.tables import TransferRow
from app.kit.database.sessions import WriteSession
from app.notifying.outbox.service import NewEvent, write_events


async def tell(session: WriteSession, row: TransferRow, to: UUID, now: datetime) -> None:
    """Writes an event for the organisation `to`."""
    data = {"transferId": str(row.id), "requestId": str(row.request_id), "status": row.status}
    event = NewEvent(type="transfer.changed", subject=str(row.id), data=data, time=now, organisation_id=to)
    await write_events(session, event)
