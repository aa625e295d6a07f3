"""Writing events that other systems are told of (webhooks), in the transaction of what happened.

What rolls back tells nothing, and what commits is told at least once: delivering is other, later work.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from app.kit.database.sessions import WriteSession
from app.notifying.outbox import repository
from app.notifying.outbox.tables import EventType


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEvent:
    """Something that happened, for the webhooks of those whom it concerns.

    `subject` is what it happened to: events of one subject reach each webhook in the order in which they were written.
    It is an offer's id, and another id only where no offer is concerned. The event is for one organisation
    (`organisation_id`) or for the organisations of one provider (`provider_id`), never for both: write it twice then.

    `data` goes out as it is: a JSON object with camelCase names; ids, codes, numbers and times (RFC 3339, UTC), never
    a free text and nothing about a child. Where it has a `careType`, `regions` (a list: where the help is given) or a
    `providerId`, a webhook that asks for some of these only is told of it when it is one of them. `time` is when the
    event is written (NL GOV profile for CloudEvents, `time`).
    """

    type: EventType
    subject: str
    data: Mapping[str, Any]
    time: datetime
    organisation_id: UUID | None = None
    provider_id: UUID | None = None


async def write_events(session: WriteSession, *events: NewEvent) -> None:
    """Writes events in this order, in the caller's transaction; `ValueError` where one is for nobody or for two.

    Write them where what they tell of is held (its row is locked), so that the order is that of what happened.
    The types and their data, besides those that this service writes itself (capacity.changed is a trigger's):

    - `reminder.due`: a provider has something to do. `subject` is the offer's id; `provider_id` the provider's;
      `data` {`offerId`, `providerId`, `careType`, `reason`: the code of what is due, `dueOn`: a date, and ids that
      lead to it}. One event an offer, also where one message to a person names several.
    - `watch.matched`: a watch (a stored question) of an organisation found something. `subject` is the offer's id, and
      the watch's where it is about no single offer; `organisation_id` the one whose watch it is; `data` {`watchId`,
      `offerId`, `providerId`, `careType`, `status`: that of its availability, and ids that lead to it}. What the watch
      asks for may describe a child, so it stays out.
    - `transfer.changed`: a dossier is proposed to another institution, or that was decided on. `subject` is the
      transfer's id; `organisation_id` the other side; `data` {`transferId`, `requestId`, `status`}.
    - `escalation.changed`: a step of the ladder asks, or has an outcome. `subject` is the escalation's id;
      `organisation_id` whoever did not do it; `data` {`escalationId`, `step`, `status`, `outcomeKind`, and `requestId`
      to those who may read it}.
    - `delivery.due`: an institution has yet to deliver a month. `subject` is the organisation's id, and so is
      `organisation_id`; `data` {`month`}.
    """
    if not events:
        return
    for event in events:
        if (event.organisation_id is None) == (event.provider_id is None):
            raise ValueError(f"{event.type} is for one organisation or one provider")
    rows = [
        {
            "type": event.type,
            "subject": event.subject,
            "time": event.time,
            "organisation_id": event.organisation_id,
            "provider_id": event.provider_id,
            "data": dict(event.data),
        }
        for event in events
    ]
    await repository.add_events(session, rows)
