"""Telling other systems of calls: ids and codes; what is asked for may describe a child, so it stays out."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from app.dossiers.calls.schemas import AnswerIn
from app.dossiers.calls.tables import CallRow
from app.kit.database.sessions import WriteSession
from app.notifying.outbox.service import NewEvent, write_events


async def tell_published(session: WriteSession, call: CallRow, providers: Iterable[UUID], now: datetime) -> None:
    """Writes an event for each provider that a call is put to."""
    said = {"callId": str(call.id), "respondBy": call.respond_by.isoformat()}
    events = [
        NewEvent(
            type="call.published",
            subject=str(call.id),
            data=said | {"providerId": str(provider_id)},
            time=now,
            provider_id=provider_id,
        )
        for provider_id in providers
    ]
    await write_events(session, *events)


async def tell_answered(
    session: WriteSession, call: CallRow, provider_id: UUID, answer: AnswerIn, now: datetime
) -> None:
    """Writes an event for the institution that asked; whoever answers holds how it was addressed."""
    data = {
        "callId": str(call.id),
        "requestId": str(call.request_id),
        "providerId": str(provider_id),
        "offerId": str(answer.offer_id) if answer.offer_id else None,
        "answer": answer.answer,
    }
    event = NewEvent(
        type="call.answered", subject=str(call.id), data=data, time=now, organisation_id=call.organisation_id
    )
    await write_events(session, event)
