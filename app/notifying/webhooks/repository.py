"""Statements on webhooks: all of a caller's start from its own."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, delete, func, select, text

from app.domain.language import Text
from app.kit.database.keyset import after
from app.kit.database.sessions import ReadSession, WriteSession
from app.kit.errors import NotFoundError
from app.kit.security.callers import Caller
from app.notifying.outbox.tables import OutboxEventRow
from app.notifying.webhooks.tables import DeliveryRow, DeliveryState, WebhookRow

_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('webhooks of ' || :organisation, 0))"


def owned_by(caller: Caller) -> dict[str, Any]:
    """Whose a caller's webhooks are: its organisation in this role."""
    return {
        "organisation_id": caller.organisation_id,
        "role": caller.role.value,
        "provider_id": caller.provider_id,
    }


def _own(caller: Caller) -> Select[WebhookRow]:
    conditions = [getattr(WebhookRow, name).is_not_distinct_from(value) for name, value in owned_by(caller).items()]
    return select(WebhookRow).where(*conditions)


async def get_webhook(
    session: ReadSession | WriteSession, caller: Caller, webhook_id: UUID, *, lock: bool = False
) -> WebhookRow:
    """The webhook; `NotFoundError` where the caller has no such. `lock` holds it until the transaction ends."""
    statement = _own(caller).where(WebhookRow.id == webhook_id)
    row = await session.scalar(statement.with_for_update() if lock else statement)
    if row is None:
        raise NotFoundError(Text(nl="Deze webhook", en="This webhook"))
    return row


async def count_webhooks(session: WriteSession, caller: Caller) -> int:
    """How many the caller has; nobody else adds to them until the transaction ends."""
    await session.execute(text(_LOCK), {"organisation": str(caller.organisation_id)})
    return await session.scalar(select(func.count()).select_from(_own(caller).subquery())) or 0


async def list_webhooks(session: ReadSession, caller: Caller, *, limit: int, key: list[Any] | None) -> list[WebhookRow]:
    """At most `limit` of the caller's webhooks, the first made first, after the one with `key` (created_at, id)."""
    order = [WebhookRow.created_at, WebhookRow.id]
    statement = _own(caller).order_by(*order).limit(limit)
    if key is not None:
        statement = statement.where(after(order, key))
    return list((await session.scalars(statement)).all())


async def add_webhook(session: WriteSession, values: Mapping[str, Any]) -> WebhookRow:
    """A new webhook."""
    row = WebhookRow(**values)
    session.add(row)
    await session.flush()
    return row


async def delete_webhook(session: WriteSession, row: WebhookRow) -> None:
    """Deletes a webhook, with all that was to be delivered to it."""
    await session.execute(delete(WebhookRow).where(WebhookRow.id == row.id))


Delivered = tuple[DeliveryRow, OutboxEventRow]
"""A delivery with its event."""


def _deliveries(row: WebhookRow) -> Select[DeliveryRow, OutboxEventRow]:
    statement = select(DeliveryRow, OutboxEventRow).join(OutboxEventRow, OutboxEventRow.id == DeliveryRow.outbox_id)
    return statement.where(DeliveryRow.webhook_id == row.id)


async def list_deliveries(
    session: ReadSession, row: WebhookRow, *, state: DeliveryState | None, limit: int, key: list[Any] | None
) -> list[Delivered]:
    """At most `limit` deliveries to a webhook, the newest first, after the one with `key` (id)."""
    statement = _deliveries(row).order_by(DeliveryRow.id.desc()).limit(limit)
    if state is not None:
        statement = statement.where(DeliveryRow.state == state)
    if key is not None:
        statement = statement.where(DeliveryRow.id < key[0])
    return [(found[0], found[1]) for found in await session.execute(statement)]


async def get_delivery(session: WriteSession, row: WebhookRow, delivery_id: int) -> Delivered:
    """A delivery to this webhook, held; `NotFoundError` where there is no such."""
    statement = _deliveries(row).where(DeliveryRow.id == delivery_id).with_for_update(of=DeliveryRow)
    found = (await session.execute(statement)).one_or_none()
    if found is None:
        raise NotFoundError(Text(nl="Deze aflevering", en="This delivery"))
    return found[0], found[1]


async def add_test(session: WriteSession, caller: Caller, row: WebhookRow, now: datetime) -> Delivered:
    """An event for this webhook alone."""
    event = OutboxEventRow(
        type="webhook.test",
        subject=str(row.id),
        time=now,
        organisation_id=caller.organisation_id,
        data={"webhookId": str(row.id)},
        taken_at=now,
    )
    session.add(event)
    await session.flush()
    delivery = DeliveryRow(webhook_id=row.id, outbox_id=event.id, subject=event.subject, due_at=now, created_at=now)
    session.add(delivery)
    await session.flush()
    await session.refresh(event)
    return delivery, event


async def revive(session: WriteSession, delivery: DeliveryRow, now: datetime) -> None:
    """Makes a dead delivery one that has yet to be tried."""
    delivery.state, delivery.ended_at = "pending", None
    delivery.attempts, delivery.first_tried_at, delivery.due_at = 0, None, now
    await session.flush()
