"""The children whose dossiers went to another institution, by what their former one called them."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from app.domain.dates import dutch_day
from app.dossiers.deliveries import repository
from app.dossiers.deliveries.errors import HandedOverError
from app.dossiers.requests.history import CHILD_REFERENCE
from app.dossiers.requests.tables import RequestEventRow
from app.kit.database.sessions import WriteSession
from app.kit.security.callers import Caller


async def list_handed_over(session: WriteSession, caller: Caller) -> dict[str, HandedOverError]:
    """What to say of each child that the caller handed over, by the reference that it had."""
    gone = await repository.list_handed_over(session, caller)
    events = defaultdict[UUID, list[RequestEventRow]](list)
    for event in await repository.list_handovers(session, {request_id for _, request_id, _ in gone}):
        events[event.request_id].append(event)
    return {
        _called(events[request_id], transfer.decided_at, now): HandedOverError(
            transfer.receiver, dutch_day(transfer.decided_at)
        )
        for transfer, request_id, now in gone
        if transfer.decided_at is not None
    }


def _called(events: Sequence[RequestEventRow], at: datetime, now: str) -> str:
    """What a child was called until then: what the first event since then that renamed it has as old, or as it is now.

    Handed over on Monday (K-1 became X-7) and on Friday (X-7 became Q-2): K-1 until Monday, X-7 until Friday.
    """
    renamed = (change for event in events if event.at >= at for change in event.changes)
    return next((str(each["old"]) for each in renamed if each["field"] == CHILD_REFERENCE), now)
