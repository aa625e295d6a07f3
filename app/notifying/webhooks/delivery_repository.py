"""Statements of delivering: setting events out for those who asked, claiming what is due, and what came of it.

Of one webhook, pending deliveries with the same subject go in the order of their ids, which is that of the events:
one process at a time sets events out. A claim lasts LEASE; who dies in it leaves its deliveries to others.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import delete, exists, func, or_, select, text, update

from app.kit.database.jobs import Job
from app.kit.database.sessions import ReadSession, WriteSession
from app.notifying.outbox.tables import OutboxEventRow
from app.notifying.webhooks.attempt_outcomes import Attempt, Outcome
from app.notifying.webhooks.tables import DeliveryRow, WebhookRow

LEASE: Final = timedelta(seconds=60)
"""How long a claim keeps others away; longer than an attempt can take."""
MOST_EVENTS: Final = 1000
"""Events that are set out in one transaction."""
MOST_AT_ONCE: Final = 8
"""Deliveries that one process makes to one webhook at a time."""

KEPT: Final = timedelta(days=7)
"""How long what was delivered is kept, to be looked up."""
KEPT_DEAD: Final = timedelta(days=30)
"""How long what could not be delivered is kept, to be delivered after all."""

_DUE: Final = """
    FROM webhook_deliveries d
    WHERE d.webhook_id = {webhook} AND d.state = 'pending' AND d.due_at <= :now AND NOT EXISTS (
        SELECT FROM webhook_deliveries earlier
        WHERE earlier.webhook_id = d.webhook_id AND earlier.subject = d.subject
            AND earlier.state = 'pending' AND earlier.id < d.id)
    ORDER BY d.due_at, d.id
"""
"""What may be tried now of a webhook: the first of its subject, whose time has come."""
_WAITING: Final = text(f"""
    SELECT w.id FROM webhooks w
    CROSS JOIN LATERAL (SELECT d.due_at {_DUE.format(webhook="w.id")} LIMIT 1) d
    WHERE w.disabled_because IS NULL AND w.id <> ALL (:busy)
        AND (CAST(:among AS uuid[]) IS NULL OR w.id = ANY (CAST(:among AS uuid[])))
    ORDER BY d.due_at LIMIT :limit
""")  # noqa: S608 - the parts are those above
_TURN: Final = text("SELECT pg_try_advisory_xact_lock(hashtextextended('webhooks: set out', 0))")
_SET_OUT: Final = text("""
    WITH taken AS (
        UPDATE outbox_events SET taken_at = :now
        WHERE id IN (SELECT id FROM outbox_events WHERE taken_at IS NULL ORDER BY id LIMIT :limit)
        RETURNING id, type, subject, organisation_id, provider_id, data
    ), added AS (
        INSERT INTO webhook_deliveries (webhook_id, outbox_id, subject, due_at, created_at)
        SELECT w.id, e.id, e.subject, :now, :now
        FROM taken e
        JOIN webhooks w ON w.disabled_because IS NULL AND e.type = ANY (w.types)
            AND (e.organisation_id IS NULL OR e.organisation_id = w.organisation_id)
            AND (e.provider_id IS NULL OR e.provider_id = w.provider_id)
            AND (e.type <> 'capacity.changed' OR w.provider_id IS NULL OR e.data->>'providerId' = w.provider_id::text)
            AND (w.care_types IS NULL OR e.data->>'careType' IS NULL OR e.data->>'careType' = ANY (w.care_types))
            AND (w.providers IS NULL OR e.data->>'providerId' IS NULL
                 OR e.data->>'providerId' = ANY (w.providers::text[]))
            AND (w.regions IS NULL OR jsonb_typeof(e.data->'regions') IS DISTINCT FROM 'array'
                 OR e.data->'regions' ?| w.regions)
        ORDER BY e.id
    )
    SELECT count(*) FROM taken
""")
_CLAIM: Final = text(f"""
    WITH claimed AS (SELECT d.id {_DUE.format(webhook=":webhook")} LIMIT :limit FOR UPDATE SKIP LOCKED)
    UPDATE webhook_deliveries d
    SET attempts = attempts + 1, due_at = :until, last_tried_at = :now,
        first_tried_at = coalesce(first_tried_at, :now)
    FROM claimed WHERE d.id = claimed.id RETURNING d.id
""")  # noqa: S608 - as above


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery that is this process's to make, for LEASE."""

    delivery: DeliveryRow
    webhook: WebhookRow
    event: OutboxEventRow


async def has_events(session: ReadSession) -> bool:
    """Whether there are events to set out."""
    return bool(await session.scalar(select(exists().where(OutboxEventRow.taken_at.is_(None)))))


async def list_waiting(
    session: ReadSession, busy: Collection[UUID], limit: int, now: datetime, *, among: Collection[UUID] | None = None
) -> list[UUID]:
    """Webhooks that something is due for, who waits longest first; none that are `busy`, and where given of `among`."""
    given = {"busy": list(busy), "among": None if among is None else list(among), "limit": limit, "now": now}
    return list(await session.scalars(_WAITING, given))


async def set_out(session: WriteSession, now: datetime) -> bool:
    """Sets events out for the webhooks that ask for them; whether more may follow at once.

    One process at a time: the others find the lock taken and leave it to that one.
    """
    if not await session.scalar(_TURN):
        return False
    taken: int = await session.scalar(_SET_OUT, {"now": now, "limit": MOST_EVENTS})
    return taken == MOST_EVENTS


async def claim(session: WriteSession, webhook_id: UUID, now: datetime, most: int = MOST_AT_ONCE) -> list[Claimed]:
    """What is due for a webhook, the longest first: at most so many, of as many subjects."""
    given = {"webhook": webhook_id, "limit": most, "now": now, "until": now + LEASE}
    ids = list(await session.scalars(_CLAIM, given))
    if not ids:
        return []
    statement = (
        select(DeliveryRow, WebhookRow, OutboxEventRow)
        .join(WebhookRow, WebhookRow.id == DeliveryRow.webhook_id)
        .join(OutboxEventRow, OutboxEventRow.id == DeliveryRow.outbox_id)
        .where(DeliveryRow.id.in_(ids), WebhookRow.disabled_because.is_(None))
        .order_by(DeliveryRow.id)
    )
    return [Claimed(*row) for row in await session.execute(statement)]


async def record(session: WriteSession, claimed: Claimed, attempt: Attempt, outcome: Outcome, now: datetime) -> bool:
    """Writes what became of a delivery; False where another attempt began since, whose business it is now."""
    delivery = claimed.delivery
    values: dict[str, Any] = {
        "state": outcome.state,
        "last_status": attempt.status,
        "last_error": outcome.error,
        "ended_at": None if outcome.state == "pending" else now,
    }
    if outcome.due_at is not None:
        values["due_at"] = outcome.due_at
    if outcome.gone:  # the webhook before its deliveries, as whoever deletes it
        await session.execute(select(WebhookRow.id).where(WebhookRow.id == claimed.webhook.id).with_for_update())
    ours = [DeliveryRow.id == delivery.id, DeliveryRow.attempts == delivery.attempts, DeliveryRow.state == "pending"]
    changed = await session.scalar(update(DeliveryRow).where(*ours).values(values).returning(DeliveryRow.id))
    if outcome.gone and changed is not None:
        await _end(session, claimed.webhook.id, now)
    return changed is not None


async def _end(session: WriteSession, webhook_id: UUID, now: datetime) -> None:
    """The target says that it is there no more: nothing goes to it until its owner says otherwise."""
    webhook = update(WebhookRow).where(WebhookRow.id == webhook_id, WebhookRow.disabled_because.is_(None))
    disabled = {"disabled_because": "gone", "version": WebhookRow.version + 1, "updated_at": now}
    await session.execute(webhook.values(disabled))
    waiting = update(DeliveryRow).where(DeliveryRow.webhook_id == webhook_id, DeliveryRow.state == "pending")
    await session.execute(waiting.values(state="dead", last_error="gone", ended_at=now))


@dataclass(frozen=True, slots=True)
class Backlog:
    """How much there is to deliver: pending, since when the oldest of it, and dead."""

    pending: int
    oldest: datetime | None
    dead: int


async def measure(session: ReadSession) -> Backlog:
    """The backlog of all webhooks."""
    pending = DeliveryRow.state == "pending"
    counts = select(
        func.count().filter(pending),
        func.min(DeliveryRow.created_at).filter(pending),
        func.count().filter(DeliveryRow.state == "dead"),
    ).where(DeliveryRow.state != "delivered")
    return Backlog(*(await session.execute(counts)).one())


async def prune(session: WriteSession) -> None:
    """Forgets what was delivered a week ago or given up a month ago, and the events that nobody waits for any more."""
    old = func.now() - KEPT
    state = DeliveryRow.state
    ended = or_(
        (state == "delivered") & (DeliveryRow.ended_at < old),
        (state == "dead") & (DeliveryRow.ended_at < func.now() - KEPT_DEAD),
    )
    await session.execute(delete(DeliveryRow).where(DeliveryRow.ended_at < old, ended))
    awaited = exists().where(DeliveryRow.outbox_id == OutboxEventRow.id)
    await session.execute(delete(OutboxEventRow).where(OutboxEventRow.taken_at < old, ~awaited))


PRUNING: Final = Job("prune-webhook-deliveries", "47 * * * *", prune)
