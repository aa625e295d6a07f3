"""Webhooks: every organisation keeps its own, and sees what was delivered to them."""

import base64
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

import orjson
from fastapi import Depends, Path, Query, Request, Response

from app.kit.errors import ConflictError, NotFoundError
from app.kit.http.declared_errors import LOCATION, raises
from app.kit.http.dependencies import Now, Reading, Writing
from app.kit.http.idempotency import Idempotent
from app.kit.http.pagination import listed
from app.kit.http.parts import KitParts, parts_of
from app.kit.http.respond import IfMatch, respond
from app.kit.http.rights import AnyCaller
from app.kit.http.routing import router as make_router
from app.kit.json_bytes import to_json
from app.kit.pages import Page, PageQuery
from app.notifying.webhooks import service
from app.notifying.webhooks.errors import TooManyWebhooksError, WebhookKeyMissingError
from app.notifying.webhooks.schemas import (
    DeliveryOut,
    DeliveryQuery,
    NothingIn,
    RotationIn,
    RotationOut,
    WebhookIn,
    WebhookMade,
    WebhookOut,
    WebhookPatch,
)
from app.notifying.webhooks.secrets import SealError, Vault
from app.notifying.webhooks.targets import Targets

router = make_router("Webhooks")

WebhookId = Annotated[
    UUID, Path(alias="webhookId", description="The webhook.", examples=["5b0c1c9e-6a53-4b0f-9d62-1d7f6f0e3c11"])
]
DeliveryId = Annotated[int, Path(alias="deliveryId", ge=1, le=2**63 - 1, description="The delivery.", examples=[1042])]


@dataclass(frozen=True, kw_only=True)
class WebhookParts(KitParts):
    """With the vault of their secrets, and where they may lead to."""

    vault: Vault
    targets: Targets


async def _vault(request: Request) -> Vault:
    return parts_of(request.app, WebhookParts).vault


async def _targets(request: Request) -> Targets:
    return parts_of(request.app, WebhookParts).targets


Sealing = Annotated[Vault, Depends(_vault)]
Checking = Annotated[Targets, Depends(_targets)]


def _sealed(secret: bytes) -> str:
    """A secret as it may stand in an answer that is kept under an idempotency key."""
    return base64.b64encode(secret).decode()


def _revealed(answer: Response, vault: Vault, webhook_id: UUID | None = None) -> Response:
    """The answer with its secret, which is sealed in what is kept of it."""
    content = orjson.loads(bytes(answer.body))
    try:
        owner = webhook_id or UUID(content["id"])
        content["secret"] = vault.open(base64.b64decode(content["secret"]), owner)
    except SealError as error:
        raise WebhookKeyMissingError from error
    headers = {name: value for name, value in answer.headers.items() if name != "content-length"}
    return Response(to_json(content), status_code=answer.status_code, headers=headers)


@router.post(
    "/webhooks",
    response_model=WebhookMade,
    status_code=201,
    responses=LOCATION | raises(TooManyWebhooksError, WebhookKeyMissingError),
)
async def add_webhook(
    request: Request,
    body: WebhookIn,
    caller: AnyCaller,
    session: Writing,
    now: Now,
    once: Idempotent,
    vault: Sealing,
    targets: Checking,
) -> Response:
    """Makes a webhook; the answer has its secret, which is not shown again."""
    await service.check_target(targets, body.url)  # may take seconds, so before a connection is held

    async def create() -> Response:
        row = await service.add_webhook(session, caller, body, vault, now)
        content = service.webhook_out(row, now).model_dump(mode="json") | {"secret": _sealed(row.secret)}
        headers = {"Location": f"/v1/webhooks/{row.id}"}
        return respond(request, content, status=201, version=row.version, headers=headers, cache="no-store")

    return _revealed(await once(caller, create), vault)


@router.get("/webhooks", response_model=Page[WebhookOut])
async def list_webhooks(
    request: Request, query: Annotated[PageQuery, Query()], caller: AnyCaller, session: Reading, now: Now
) -> Response:
    """The caller's own webhooks, the first made first."""
    rows = await service.list_webhooks(session, caller, query, query.key(request.url.path, datetime, UUID))
    return listed(
        request,
        query,
        rows,
        key=lambda row: [row.created_at, row.id],
        show=lambda row: service.webhook_out(row, now),
    )


@router.get("/webhooks/{webhookId}", response_model=WebhookOut, responses=raises(NotFoundError))
async def get_webhook(
    request: Request, webhook_id: WebhookId, caller: AnyCaller, session: Reading, now: Now
) -> Response:
    """One webhook."""
    row = await service.get_webhook(session, caller, webhook_id)
    return respond(request, service.webhook_out(row, now), version=row.version)


@router.patch("/webhooks/{webhookId}", response_model=WebhookOut, responses=raises(NotFoundError))
async def change_webhook(
    request: Request,
    webhook_id: WebhookId,
    body: WebhookPatch,
    caller: AnyCaller,
    session: Writing,
    now: Now,
    targets: Checking,
    if_match: IfMatch = None,
) -> Response:
    """Changes what the body names; `active` stops and starts it."""
    if body.url is not None:
        await service.check_target(targets, body.url)
    row = await service.change_webhook(session, caller, webhook_id, body, if_match, now)
    return respond(request, service.webhook_out(row, now), version=row.version)


@router.delete("/webhooks/{webhookId}", status_code=204, responses=raises(NotFoundError))
async def delete_webhook(webhook_id: WebhookId, caller: AnyCaller, session: Writing) -> Response:
    """Deletes a webhook; what was to be delivered to it is not any more."""
    await service.delete_webhook(session, caller, webhook_id)
    return Response(status_code=204)


@router.post(
    "/webhooks/{webhookId}/secret-rotations",
    response_model=RotationOut,
    status_code=201,
    responses=LOCATION | raises(NotFoundError, WebhookKeyMissingError),
)
async def rotate_secret(
    request: Request,
    webhook_id: WebhookId,
    caller: AnyCaller,
    session: Writing,
    now: Now,
    once: Idempotent,
    vault: Sealing,
    body: RotationIn | None = None,
) -> Response:
    """Makes a new secret; for some hours messages are signed with the previous one as well."""
    overlap = timedelta(hours=(body or RotationIn()).overlap_hours)

    async def create() -> Response:
        row = await service.rotate(session, caller, webhook_id, vault, overlap, now)
        until = service.webhook_out(row, now).model_dump(mode="json")["previousSecretUntil"]
        content = {"secret": _sealed(row.secret), "previousSecretUntil": until}
        headers = {"Location": f"/v1/webhooks/{row.id}"}
        return respond(request, content, status=201, version=row.version, headers=headers, cache="no-store")

    return _revealed(await once(caller, create), vault, webhook_id)


@router.post(
    "/webhooks/{webhookId}/test-events",
    response_model=DeliveryOut,
    status_code=201,
    responses=LOCATION | raises(NotFoundError, ConflictError),
)
async def send_test_event(
    request: Request,
    webhook_id: WebhookId,
    caller: AnyCaller,
    session: Writing,
    now: Now,
    once: Idempotent,
    _: NothingIn | None = None,
) -> Response:
    """Sends an event `webhook.test` to this webhook; the answer is its delivery, to be followed in the list."""

    async def create() -> Response:
        delivered = await service.send_test(session, caller, webhook_id, now)
        location = {"Location": f"/v1/webhooks/{webhook_id}/deliveries"}
        return respond(request, service.delivery_out(delivered), status=201, headers=location)

    return await once(caller, create)


@router.get("/webhooks/{webhookId}/deliveries", response_model=Page[DeliveryOut], responses=raises(NotFoundError))
async def list_deliveries(
    request: Request,
    webhook_id: WebhookId,
    query: Annotated[DeliveryQuery, Query()],
    caller: AnyCaller,
    session: Reading,
) -> Response:
    """What was, is or could not be delivered, the newest first; kept for 7 days, dead ones for 30."""
    found = await service.list_deliveries(session, caller, webhook_id, query, query.key(request.url.path, int))
    return listed(request, query, found, key=lambda each: [each[0].id], show=service.delivery_out)


@router.post(
    "/webhooks/{webhookId}/deliveries/{deliveryId}/redeliveries",
    response_model=DeliveryOut,
    status_code=201,
    responses=LOCATION | raises(NotFoundError, ConflictError),
)
async def redeliver(
    request: Request,
    webhook_id: WebhookId,
    delivery_id: DeliveryId,
    caller: AnyCaller,
    session: Writing,
    now: Now,
    once: Idempotent,
    _: NothingIn | None = None,
) -> Response:
    """Has a dead delivery tried anew, for three days again."""

    async def create() -> Response:
        delivered = await service.redeliver(session, caller, webhook_id, delivery_id, now)
        location = {"Location": f"/v1/webhooks/{webhook_id}/deliveries"}
        return respond(request, service.delivery_out(delivered), status=201, headers=location)

    return await once(caller, create)
