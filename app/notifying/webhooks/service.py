"""Keeping webhooks: each organisation its own."""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from app.domain.language import Text
from app.kit.database.sessions import ReadSession, WriteSession
from app.kit.database.upserts import change
from app.kit.errors import ConflictError, InputError, InvalidInputError
from app.kit.pages import PageQuery
from app.kit.security.callers import Caller
from app.kit.versions import check_version
from app.notifying.webhooks import repository
from app.notifying.webhooks.errors import TooManyWebhooksError, WebhookKeyMissingError
from app.notifying.webhooks.repository import Delivered
from app.notifying.webhooks.schemas import (
    DeliveryOut,
    DeliveryQuery,
    WebhookIn,
    WebhookOut,
    WebhookPatch,
)
from app.notifying.webhooks.secrets import Vault, new_secret
from app.notifying.webhooks.tables import WebhookRow
from app.notifying.webhooks.targets import RefusedTargetError, Targets

MOST_WEBHOOKS: Final = 20
"""Of one organisation in one role."""


async def list_webhooks(
    session: ReadSession, caller: Caller, query: PageQuery, key: list[Any] | None
) -> list[WebhookRow]:
    """The caller's webhooks, the first made first; after `key` (when made, id), and one more than the page."""
    return await repository.list_webhooks(session, caller, limit=query.window, key=key)


async def get_webhook(session: ReadSession, caller: Caller, webhook_id: UUID) -> WebhookRow:
    """A webhook of the caller's; `NotFoundError` where there is none."""
    return await repository.get_webhook(session, caller, webhook_id)


async def list_deliveries(
    session: ReadSession, caller: Caller, webhook_id: UUID, query: DeliveryQuery, key: list[Any] | None
) -> list[Delivered]:
    """What is delivered to a webhook of the caller's, the newest first; after `key` (id), one more than the page."""
    row = await repository.get_webhook(session, caller, webhook_id)
    return await repository.list_deliveries(session, row, state=query.state, limit=query.window, key=key)


async def add_webhook(
    session: WriteSession, caller: Caller, body: WebhookIn, vault: Vault, now: datetime
) -> WebhookRow:
    """Makes a webhook, whose target was checked, with a new secret, sealed."""
    _check_key(vault)
    if await repository.count_webhooks(session, caller) >= MOST_WEBHOOKS:
        raise TooManyWebhooksError(MOST_WEBHOOKS)
    id_ = uuid4()
    values = body.values() | repository.owned_by(caller)
    made = {"id": id_, "secret": vault.seal(new_secret(), id_), "created_at": now, "updated_at": now}
    return await repository.add_webhook(session, values | made)


def _check_key(vault: Vault) -> None:
    if not vault.can_seal:
        raise WebhookKeyMissingError


async def check_target(targets: Targets, url: str) -> None:
    """`InvalidInputError` where nothing may be sent to the URL of a webhook; it may take seconds to find out."""
    try:
        await targets.check(url)
    except RefusedTargetError as error:
        raise InvalidInputError(InputError("#/url", error.code, error.detail)) from error


async def change_webhook(
    session: WriteSession,
    caller: Caller,
    webhook_id: UUID,
    body: WebhookPatch,
    if_match: str | None,
    now: datetime,
) -> WebhookRow:
    """Changes what the body names, whose target was checked; one whose target was gone can be made active again."""
    row = await repository.get_webhook(session, caller, webhook_id, lock=True)
    check_version(if_match, row.version)
    values = body.values(exclude_unset=True)
    active = values.pop("active", None)
    if active is not None and active != (row.disabled_because is None):
        values["disabled_because"] = None if active else "owner"
    await change(session, row, values, now)
    return row


async def delete_webhook(session: WriteSession, caller: Caller, webhook_id: UUID) -> None:
    """Deletes a webhook; what was to be delivered to it is not any more."""
    row = await repository.get_webhook(session, caller, webhook_id, lock=True)
    await repository.delete_webhook(session, row)


async def rotate(
    session: WriteSession, caller: Caller, webhook_id: UUID, vault: Vault, overlap: timedelta, now: datetime
) -> WebhookRow:
    """Puts a new secret in the place of the one that stands, which signs as well for `overlap`.

    A secret from before that one does not sign any more.
    """
    _check_key(vault)
    row = await repository.get_webhook(session, caller, webhook_id, lock=True)
    values: dict[str, Any] = {
        "secret": vault.seal(new_secret(), row.id),
        "previous_secret": row.secret if overlap else None,
        "previous_until": now + overlap if overlap else None,
    }
    await change(session, row, values, now)
    return row


async def send_test(session: WriteSession, caller: Caller, webhook_id: UUID, now: datetime) -> Delivered:
    """Makes an event for this webhook alone, delivered as any other."""
    row = await repository.get_webhook(session, caller, webhook_id, lock=True)
    _check_active(row)
    return await repository.add_test(session, caller, row, now)


async def redeliver(
    session: WriteSession, caller: Caller, webhook_id: UUID, delivery_id: int, now: datetime
) -> Delivered:
    """Has a dead delivery tried anew, for three days again; it may come after later events of its subject."""
    row = await repository.get_webhook(session, caller, webhook_id, lock=True)
    delivery, event = await repository.get_delivery(session, row, delivery_id)
    if delivery.state != "dead":
        text = Text(
            nl=f"Alleen wat is opgegeven (dead) kan opnieuw; dit is {delivery.state}.",
            en=f"Only what was given up (dead) can be delivered again; this is {delivery.state}.",
        )
        raise ConflictError(text)
    _check_active(row)
    await repository.revive(session, delivery, now)
    return delivery, event


def _check_active(row: WebhookRow) -> None:
    if row.disabled_because is not None:
        text = Text(
            nl="Deze webhook staat uit; zet hem eerst aan (PATCH met active).",
            en="This webhook is not active; make it so first (PATCH with active).",
        )
        raise ConflictError(text)


def webhook_out(row: WebhookRow, now: datetime) -> WebhookOut:
    """A webhook as its owner sees it, without its secret."""
    overlap = row.previous_until is not None and row.previous_until > now
    return WebhookOut.model_construct(
        **{name: getattr(row, name) for name in _AS_THEY_ARE},
        active=row.disabled_because is None,
        previous_secret_until=row.previous_until if overlap else None,
    )


_AS_THEY_ARE: Final = (
    *("id", "url", "description", "types", "care_types", "regions", "providers", "disabled_because", "created_at"),
)


def delivery_out(delivered: Delivered) -> DeliveryOut:
    """A delivery as the owner of its webhook sees it."""
    delivery, event = delivered
    return DeliveryOut.model_construct(
        id=delivery.id,
        event_id=event.event_id,
        type=event.type,
        subject=event.subject,
        time=event.time,
        state=delivery.state,
        attempts=delivery.attempts,
        last_tried_at=delivery.last_tried_at,
        last_status=delivery.last_status,
        last_error=delivery.last_error,
        due_at=delivery.due_at if delivery.state == "pending" else None,
        ended_at=delivery.ended_at,
    )
