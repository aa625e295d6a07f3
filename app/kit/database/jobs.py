"""Background work that runs once, however many processes there are: periodic jobs, kept in PostgreSQL by PgQueuer.

A feature declares a `Job`, app.background lists it, and each process looks in the table of schedules at every time
that one falls due; the row is there for one of them to take (FOR UPDATE SKIP LOCKED). No NOTIFY is sent: in every
writing transaction that would put commits in line.

A job is one transaction. One that fails leaves nothing, and waits for its next turn. One whose process dies is taken
over at the first look after half a minute without its heartbeat. That may also befall a process that only froze, and
two processes whose clocks are seconds apart may both find one time due: a job must be safe to repeat.
"""

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import Self

from pgqueuer.core.tm import TaskManager
from pgqueuer.models import Schedule
from pgqueuer.ports.driver import Driver, NotifyCallback
from pgqueuer.queries import Queries
from pgqueuer.sm import SchedulerManager
from sqlalchemy.ext.asyncio import AsyncEngine

from app.kit.clock import Clock
from app.kit.database.sessions import Database, WriteSession, driver_of
from app.kit.database.trail import Doing, Recorder, trail_of
from app.kit.monitoring import metrics
from app.kit.monitoring.log_events import (
    JOB_DONE,
    JOB_FAILED,
    JOBS_INTERRUPTED,
    log,
)

PAUSE = 10.0
"""Seconds until jobs are looked for again after the database was lost."""
PATIENCE = 5.0
"""Seconds that a job may take to end when its process stops; then it is rolled back."""


@dataclass(frozen=True, slots=True)
class Job:
    """Periodic work in a transaction of its own; `cron` in UTC: minute, hour, day, month, weekday (and second)."""

    name: str
    cron: str
    run: Callable[[WriteSession], Awaitable[None]]


class _Pooled(Driver):
    """PgQueuer's statements on connections of our own pool: a lost one is replaced, and a failover followed."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._shutdown = asyncio.Event()

    async def fetch(self, query: str, *args: object) -> list[dict[str, object]]:
        async with self._engine.connect() as connection:
            return [dict(row) for row in await (await driver_of(connection)).fetch(query, *args)]

    async def execute(self, query: str, *args: object) -> str:
        async with self._engine.connect() as connection:
            return str(await (await driver_of(connection)).execute(query, *args))

    async def add_listener(self, channel: str, callback: NotifyCallback) -> None:
        raise NotImplementedError

    async def notify(self, channel: str, payload: str) -> None:
        raise NotImplementedError

    @property
    def shutdown(self) -> asyncio.Event:
        return self._shutdown

    @property
    def tm(self) -> TaskManager:
        return TaskManager()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None: ...


class Jobs:
    """This process's part in the background work."""

    def __init__(
        self,
        database: Database,
        jobs: Sequence[Job],
        recorder: Recorder,
        clock: Clock,
        *,
        pause: float = PAUSE,
        patience: float = PATIENCE,
    ) -> None:
        self._database = database
        self._jobs = jobs
        self._recorder = recorder
        self._clock = clock
        self._pause = pause
        self._patience = patience
        self._stopping = asyncio.Event()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Takes part for as long as the block lasts; a job that runs at its end gets some seconds to finish."""
        task = asyncio.create_task(self._run())
        try:
            yield
        finally:
            self._stopping.set()
            with suppress(TimeoutError):
                await asyncio.wait_for(task, self._patience)

    async def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                await self._scheduler().run()
            except Exception as error:  # noqa: BLE001 - whatever it was, the work goes on when it is over
                log(JOBS_INTERRUPTED, error=type(error).__qualname__)
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._stopping.wait(), self._pause)

    def _scheduler(self) -> SchedulerManager:
        scheduler = SchedulerManager(Queries(_Pooled(self._database.engine)))
        scheduler.shutdown = self._stopping
        for job in self._jobs:
            scheduler.schedule(job.name, job.cron, accepts_context=False)(partial(self._do, job))
        return scheduler

    async def _do(self, job: Job, _: Schedule) -> None:
        started = time.perf_counter()
        try:
            async with self._database.write() as session:
                await job.run(session)
                await self._record(session, job)
        except Exception as error:  # noqa: BLE001 - one job's failure is no other's, and its text may quote anything
            metrics.JOBS.labels(job.name, "failed").inc()
            log(JOB_FAILED, job=job.name, error=type(error).__qualname__)
        else:
            metrics.JOBS.labels(job.name, "done").inc()
            log(JOB_DONE, job=job.name, duration_ms=round((time.perf_counter() - started) * 1000, 2))

    async def _record(self, session: WriteSession, job: Job) -> None:
        """Records the dossiers that a job changed; what it only read, nobody saw."""
        changed = trail_of(session).changed
        if changed:
            doing = Doing(
                operation=f"job {job.name}",
                at=self._clock(),
                organisation_id=None,
                role="service",
                client_id="service",
                trace_id=secrets.token_hex(16),
                span_id=secrets.token_hex(8),
            )
            await self._recorder.record(session, doing, changed)
