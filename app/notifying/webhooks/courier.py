"""This process's part in delivering: it sets events out, claims what is due, sends it and writes what came of it.

It is no job of PgQueuer's: a job there is one transaction of one process, and a queue of its that its trigger announces
would put the commits of writers in line (NOTIFY). What it needs besides a claim, order within a subject while others
go on, no queue has. All processes take part, and one that dies leaves its claims to the others.
"""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final
from uuid import UUID

import httpx

from app.kit.clock import Clock
from app.kit.database.sessions import Database
from app.kit.monitoring import metrics
from app.kit.monitoring.log_events import (
    WEBHOOK_FAILED,
    WEBHOOK_GIVEN_UP,
    WEBHOOKS_INTERRUPTED,
    frames_of,
    log,
)
from app.notifying.webhooks import delivery_repository as repository
from app.notifying.webhooks.attempt_outcomes import Attempt, decide
from app.notifying.webhooks.delivery_repository import MOST_AT_ONCE, Claimed
from app.notifying.webhooks.messages import CONTENT_TYPE, USER_AGENT, body_of
from app.notifying.webhooks.secrets import SealError, Vault, sign
from app.notifying.webhooks.sender import Sender
from app.notifying.webhooks.targets import RefusedTargetError, Target, Targets

INTERVAL: Final = 1.0
"""Seconds between two looks for work."""
PAUSE: Final = 10.0
"""Seconds until it is tried again after the database was lost."""
PATIENCE: Final = 5.0
"""Seconds that attempts may take to end when the process stops; those that do not are made again by another."""
MOST_WEBHOOKS: Final = 50
"""Webhooks that one process sends to at a time, of those that answer."""
MOST_SILENT: Final = 100
"""The same of those that do not, as far as is known: they wait for each other, and for no other."""
PROMPT: Final = 2.0
"""Seconds after which one that has not answered is held for silent, and leaves its place to another."""
MOST_ROUNDS: Final = 100
"""How often a webhook is delivered to in one turn, while others may wait for theirs."""
MEASURED_EVERY: Final = 30.0
"""Seconds between two counts of the backlog."""
_CHANCE: Final = random.SystemRandom().random


class Courier:
    """Delivers what is due; `chance` gives numbers between 0 and 1 for the jitter."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        targets: Targets,
        *,
        source: str,
        clock: Clock,
        sender: Sender | None = None,
        chance: Callable[[], float] = _CHANCE,
        interval: float = INTERVAL,
        pause: float = PAUSE,
        prompt: float = PROMPT,
    ) -> None:
        self._database = database
        self._vault = vault
        self._targets = targets
        self._source = source
        self._clock = clock
        self._sender = sender or Sender()
        self._chance = chance
        self._interval = interval
        self._pause = pause
        self._prompt = prompt
        self._running: dict[UUID, asyncio.Task[None]] = {}
        self._silent: set[UUID] = set()
        self._measured = float("-inf")

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Delivers for as long as the block lasts; attempts that run at its end get some seconds to finish."""
        loop = asyncio.create_task(self._run())
        try:
            yield
        finally:
            loop.cancel()
            await asyncio.wait([loop])
            await self._stop()

    async def _stop(self) -> None:
        tasks = list(self._running.values())
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=PATIENCE)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            try:
                await self._measure()
                if not await self.begin():
                    await self._wait(self._interval)
            except Exception as error:  # noqa: BLE001 - whatever it was, the work goes on when it is over
                _interrupted(error)
                await self._wait(self._pause)

    async def _wait(self, seconds: float) -> None:
        """Waits so long, or until a webhook is through with what it got."""
        if not self._running:
            await asyncio.sleep(seconds)
            return
        await asyncio.wait(self._running.values(), timeout=seconds, return_when=asyncio.FIRST_COMPLETED)

    async def _measure(self) -> None:
        if time.monotonic() < self._measured + MEASURED_EVERY:
            return
        async with self._database.read() as session:
            backlog = await repository.measure(session)
        age = (self._clock() - backlog.oldest).total_seconds() if backlog.oldest else 0.0
        metrics.WEBHOOK_PENDING.set(backlog.pending)
        metrics.WEBHOOK_OLDEST.set(max(0.0, age))
        metrics.WEBHOOK_DEAD.set(backlog.dead)
        self._measured = time.monotonic()

    async def deliver_all(self) -> None:
        """Delivers all that is due now, and what becomes due by that."""
        while await self.begin() or self._running:
            if self._running:
                await asyncio.wait(self._running.values(), return_when=asyncio.FIRST_COMPLETED)

    async def begin(self) -> bool:
        """Sets events out and begins to deliver what is due; whether more events may follow at once."""
        now, more = self._clock(), False
        async with self._database.read() as session:
            has_events = await repository.has_events(session)
        if has_events:
            async with self._database.write() as session:
                more = await repository.set_out(session, now)
        async with self._database.read() as session:
            silent = self._silent & self._running.keys()
            room = min(MOST_WEBHOOKS + len(silent), MOST_WEBHOOKS + MOST_SILENT) - len(self._running)
            waiting = await repository.list_waiting(session, self._running.keys() | self._silent, max(0, room), now)
            behind, room = self._silent - silent, max(0, MOST_SILENT - len(silent))
            if behind and room:
                waiting += await repository.list_waiting(session, self._running.keys(), room, now, among=behind)
        for webhook_id in waiting:
            self._running[webhook_id] = asyncio.create_task(self._deliver(webhook_id))
        return more

    async def _deliver(self, webhook_id: UUID) -> None:
        """Delivers to one webhook what is due, for as long as there is something, and others get their turn too.

        To one that is silent one message at a time.
        """
        try:
            async with AsyncExitStack() as clients:
                url, client = None, self._sender.client()
                for _ in range(MOST_ROUNDS):
                    async with self._database.write() as session:
                        most = 1 if webhook_id in self._silent else MOST_AT_ONCE
                        claimed = await repository.claim(session, webhook_id, self._clock(), most)
                    if not claimed:
                        return
                    if claimed[0].webhook.url != url:
                        url = claimed[0].webhook.url
                        client = await clients.enter_async_context(self._sender.client())
                    await self._make_attempts(client, url, claimed)
        except Exception as error:  # noqa: BLE001 - what was claimed is tried again when the claim runs out
            _interrupted(error)
        finally:
            del self._running[webhook_id]

    async def _make_attempts(self, client: httpx.AsyncClient, url: str, deliveries: Sequence[Claimed]) -> None:
        """Each on its own, to a target that was checked just now."""
        try:
            target: Target | Attempt = await self._targets.check(url)
        except RefusedTargetError as error:
            target = Attempt(error=error.code)
        await asyncio.gather(*(self._attempt(client, target, each) for each in deliveries))

    async def _attempt(self, client: httpx.AsyncClient, target: Target | Attempt, claimed: Claimed) -> None:
        attempt = target if isinstance(target, Attempt) else await self._send(client, target, claimed)
        try:
            await self._record(claimed, attempt)
        except Exception as error:  # noqa: BLE001 - the claim runs out, and then it is tried again
            _interrupted(error)

    async def _send(self, client: httpx.AsyncClient, target: Target, claimed: Claimed) -> Attempt:
        webhook_id = claimed.webhook.id
        unanswered = asyncio.get_running_loop().call_later(self._prompt, self._silent.add, webhook_id)
        try:
            body = body_of(claimed.event, self._source)
            attempt = await self._sender.send(client, target, self._headers(claimed, body), body)
        except SealError:
            return Attempt(error="sealed-with-another-key")
        except Exception as error:  # noqa: BLE001 - it counts as an attempt, so that it ends some day
            _interrupted(error)
            return Attempt(error="connection")
        finally:
            unanswered.cancel()
        if attempt.status is None:
            self._silent.add(webhook_id)
        else:
            self._silent.discard(webhook_id)
        return attempt

    def _headers(self, claimed: Claimed, body: bytes) -> dict[str, str]:
        """Signed at this moment, with the secret that stands, and the one before it for as long as that holds."""
        webhook, now, message_id = claimed.webhook, self._clock(), str(claimed.event.event_id)
        sealed = [webhook.secret]
        if webhook.previous_secret is not None and webhook.previous_until is not None and webhook.previous_until > now:
            sealed.append(webhook.previous_secret)
        signatures = [sign(self._vault.open(each, webhook.id), message_id, now, body) for each in sealed]
        return {
            "webhook-id": message_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": " ".join(signatures),
            "content-type": CONTENT_TYPE,
            "user-agent": USER_AGENT,
        }

    async def _record(self, claimed: Claimed, attempt: Attempt) -> None:
        delivery, now = claimed.delivery, self._clock()
        outcome = decide(attempt, delivery.attempts, delivery.first_tried_at or now, now, self._chance())
        async with self._database.write() as session:
            if not await repository.record(session, claimed, attempt, outcome, now):
                return
        metrics.WEBHOOK_ATTEMPTS.labels("failed" if outcome.state == "pending" else outcome.state).inc()
        if outcome.error is not None:
            log(
                WEBHOOK_GIVEN_UP if outcome.state == "dead" else WEBHOOK_FAILED,
                webhook=str(claimed.webhook.id),
                delivery=delivery.id,
                attempt=delivery.attempts,
                error=outcome.error,
                status=attempt.status,
            )


def _interrupted(error: Exception) -> None:
    log(WEBHOOKS_INTERRUPTED, error=type(error).__qualname__, frames=frames_of(error))
