"""Telling other systems of arrangements: ids and codes, each side what was not its own doing."""

from datetime import datetime
from typing import Any

from app.access.repository import list_regional
from app.dossiers.arrangements.states import PUT_TO, EventCode, Side
from app.dossiers.arrangements.tables import ArrangementRow
from app.kit.database.sessions import WriteSession
from app.notifying.outbox.service import NewEvent, write_events
from app.notifying.outbox.tables import EventType


async def tell(
    session: WriteSession, row: ArrangementRow, decision: EventCode, actor: Side | None, now: datetime
) -> None:
    """Writes an event for each side that did not do it itself; of what the service did (None), for both.

    A region is told by the organisations that are registered for it. Whom it was put to never learns which request it
    belongs to.
    """
    kind: EventType = "arrangement.asked" if decision == "ask" else "arrangement.decided"
    common: dict[str, Any] = {"type": kind, "subject": str(row.offer_id), "time": now}
    data, put_to = _data(row, decision), PUT_TO[row.kind]
    events = []
    if actor != put_to and put_to == "provider":
        events.append(NewEvent(data=data, provider_id=row.provider_id, **common))
    if actor != put_to and put_to == "region":
        regional = await list_regional(session, row.region_code)
        events += [NewEvent(data=data, organisation_id=each, **common) for each in regional]
    if actor != "institution":
        own = data | {"requestId": str(row.request_id)}
        events.append(NewEvent(data=own, organisation_id=row.organisation_id, **common))
    await write_events(session, *events)


def _data(row: ArrangementRow, decision: EventCode) -> dict[str, Any]:
    return {
        "arrangementId": str(row.id),
        "offerId": str(row.offer_id),
        "providerId": str(row.provider_id),
        "careType": row.care_type,
        "kind": row.kind,
        "decision": decision,
        "status": row.status,
        "dueOn": row.due_on.isoformat(),
    }
