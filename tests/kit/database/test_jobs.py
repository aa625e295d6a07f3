"""Background jobs: each runs once over all processes, again where its process died, and none takes another down."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager

import asyncpg
import pytest
from pgqueuer.models import Schedule
from pgqueuer.queries import Queries
from prometheus_client import REGISTRY
from sqlalchemy import text
from structlog.testing import capture_logs
from structlog.typing import EventDict

from app.dossiers.audit.service import AuditLog
from app.kit.clock import system_clock
from app.kit.database.jobs import Job, Jobs, _Pooled
from app.kit.database.sessions import Database, WriteSession, connect
from tests.patience import PATIENCE
from tests.replication import Replication

YEARLY = "0 0 1 1 *"
"""A time that does not come during a test; a job is due because the test says so."""
LONG = PATIENCE
"""Seconds that no test should come to wait for."""

Looked = Callable[[int], Awaitable[None]]


@pytest.fixture
async def database(fresh_database_url: str) -> AsyncIterator[Database]:
    """A database of this test alone, as the service connects to it."""
    made = connect(fresh_database_url, pool_size=5)
    yield made
    await made.close()


@pytest.fixture
def looked(monkeypatch: pytest.MonkeyPatch) -> Looked:
    """Waits until processes have looked for work this many times."""
    looks, original = asyncio.Semaphore(0), Queries.fetch_schedule

    async def look(queries: Queries, *given: dict[object, object]) -> list[Schedule]:
        found = await original(queries, *given)  # type: ignore[arg-type]
        looks.release()
        return found

    async def wait(times: int) -> None:
        async with asyncio.timeout(LONG):
            for _ in range(times):
                await looks.acquire()

    monkeypatch.setattr(Queries, "fetch_schedule", look)
    return wait


async def ask(url: str, statement: str, *arguments: object) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(url.replace("postgresql+asyncpg", "postgresql"))
    rows: list[asyncpg.Record] = await connection.fetch(statement, *arguments)
    await connection.close()
    return rows


async def make_due(url: str, name: str = "work", cron: str = YEARLY) -> None:
    """Makes it the time of a job, whether a process has put it in the table or not."""
    statement = """
        INSERT INTO pgqueuer_schedules (entrypoint, expression, next_run) VALUES ($1, $2, now())
        ON CONFLICT (entrypoint, expression) DO UPDATE SET next_run = now()
    """
    await ask(url, statement, name, cron)


async def regions(url: str) -> list[str]:
    """The names of the regions that a job added."""
    return [row["name"] for row in await ask(url, "SELECT name FROM regions WHERE code LIKE 'X%'")]


async def add_region(session: WriteSession, name: str, code: str = "X1") -> None:
    await session.execute(text("INSERT INTO regions VALUES (:code, :name)"), {"code": code, "name": name})


async def something(logs: list[EventDict]) -> None:
    """Waits until something has been logged."""
    while not logs:  # noqa: ASYNC110 - nothing announces it
        await asyncio.sleep(0)


class Work:
    """A job that waits in the middle of its transaction until it may go on."""

    def __init__(self, name: str = "work", region: str = "Nieuw") -> None:
        self.job = Job(name, YEARLY, self._run)
        self.region = region
        self.runs = 0
        self.started = asyncio.Event()
        self.released = asyncio.Event()

    async def _run(self, session: WriteSession) -> None:
        self.runs += 1
        await add_region(session, self.region)
        self.started.set()
        await self.released.wait()


@asynccontextmanager
async def running(database: Database, *jobs: Job, pause: float = 0, patience: float = LONG) -> AsyncIterator[None]:
    """A process that takes part; it stops as the service does."""
    async with (
        asyncio.timeout(LONG),
        Jobs(database, jobs, AuditLog(), system_clock, pause=pause, patience=patience).running(),
    ):
        yield


async def test_a_job_runs_once_over_all_processes(database: Database, fresh_database_url: str, looked: Looked) -> None:
    work = Work()
    await make_due(fresh_database_url)
    async with AsyncExitStack() as processes:
        for _ in range(5):
            await processes.enter_async_context(running(database, work.job))
        await looked(5)
        work.released.set()
    assert work.runs == 1
    assert await regions(fresh_database_url) == ["Nieuw"]


async def test_a_job_that_ran_waits_for_its_next_time(
    database: Database, fresh_database_url: str, looked: Looked
) -> None:
    work = Work()
    work.released.set()
    await make_due(fresh_database_url)
    for _ in range(2):
        async with running(database, work.job):
            await looked(1)
    assert work.runs == 1
    (row,) = await ask(fresh_database_url, "SELECT status, next_run > now() AS later FROM pgqueuer_schedules")
    assert (row["status"], row["later"]) == ("queued", True)
    await make_due(fresh_database_url)
    await ask(fresh_database_url, "DELETE FROM regions WHERE code = 'X1'")
    async with running(database, work.job):
        await looked(1)
    assert work.runs == 2


async def test_a_job_that_is_not_due_does_not_run(database: Database, looked: Looked) -> None:
    work = Work()
    async with running(database, work.job):
        await looked(1)
    assert work.runs == 0


PROCESS = """
import asyncio, sys
from app.dossiers.audit.service import AuditLog
from app.kit.clock import system_clock
from app.kit.database.sessions import connect
from app.kit.database.jobs import Jobs
from tests.kit.database.test_jobs import Work

async def main():
    work = Work(region="Half")
    async with Jobs(connect(sys.argv[1]), [work.job], AuditLog(), system_clock).running():
        await work.started.wait()
        print("started", flush=True)
        await work.released.wait()

asyncio.run(main())
"""


async def test_a_job_whose_process_was_killed_runs_again(
    database: Database, fresh_database_url: str, looked: Looked
) -> None:
    await make_due(fresh_database_url)
    process = subprocess.Popen(  # noqa: S603, ASYNC220 - our own program
        [sys.executable, "-c", PROCESS, fresh_database_url], stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    with process.stdout:
        assert await asyncio.to_thread(process.stdout.readline) == b"started\n"
        process.kill()
        process.wait()
    work = Work()
    work.released.set()
    async with running(database, work.job):
        await looked(1)
    assert work.runs == 0, "half a minute has not passed"
    await ask(fresh_database_url, "UPDATE pgqueuer_schedules SET heartbeat = heartbeat - interval '31 seconds'")
    async with running(database, work.job):
        await looked(1)
    assert work.runs == 1
    assert await regions(fresh_database_url) == ["Nieuw"]


async def test_a_job_that_fails_leaves_nothing_and_waits_for_its_next_time(
    database: Database, fresh_database_url: str, looked: Looked
) -> None:
    async def fail(session: WriteSession) -> None:
        await add_region(session, "Pietje", "X2")
        raise ValueError("Pietje")

    work = Work()
    work.released.set()
    for name in ("work", "wrong"):
        await make_due(fresh_database_url, name)
    labels = [{"job": "work", "outcome": "done"}, {"job": "wrong", "outcome": "failed"}]
    before = [REGISTRY.get_sample_value("wijzer_jobs_total", each) or 0 for each in labels]
    with capture_logs() as logs:
        async with running(database, Job("wrong", YEARLY, fail), work.job):
            await looked(1)
    assert await regions(fresh_database_url) == ["Nieuw"]
    assert {"event": "job.failed", "log_level": "error", "job": "wrong", "error": "ValueError"} in logs
    assert [each["job"] for each in logs if each["event"] == "job.done"] == ["work"]
    assert "Pietje" not in str(logs)
    after = [REGISTRY.get_sample_value("wijzer_jobs_total", each) for each in labels]
    assert after == [value + 1 for value in before]
    rows = await ask(fresh_database_url, "SELECT status, next_run > now() AS later FROM pgqueuer_schedules")
    assert [tuple(row) for row in rows] == [("queued", True)] * 2


async def test_a_process_that_stops_lets_its_job_finish(database: Database, fresh_database_url: str) -> None:
    work = Work()
    await make_due(fresh_database_url)
    async with AsyncExitStack() as process:
        await process.enter_async_context(running(database, work.job))
        await work.started.wait()
        stopping = asyncio.create_task(process.pop_all().aclose())
        await asyncio.sleep(0)  # it is told to stop while the job is in the middle
        work.released.set()
        await stopping
    assert await regions(fresh_database_url) == ["Nieuw"]


async def test_a_job_that_does_not_finish_when_its_process_stops_leaves_nothing(
    database: Database, fresh_database_url: str, looked: Looked
) -> None:
    work = Work()
    await make_due(fresh_database_url)
    async with running(database, work.job, patience=0.1):
        await looked(1)
        await work.started.wait()
    assert await regions(fresh_database_url) == []
    await make_due(fresh_database_url)
    work.released.set()
    async with running(database, work.job):
        await looked(1)
    assert await regions(fresh_database_url) == ["Nieuw"]


async def test_jobs_go_on_when_the_database_is_back(replication: Replication) -> None:
    database, work = connect(replication.primary_url, pool_size=2), Work()
    work.released.set()
    await make_due(replication.primary_url)
    replication.kill_primary()
    with capture_logs() as logs:
        async with running(database, work.job, pause=0.01):
            await something(logs)
            replication.primary.start()
            await work.started.wait()
    assert {each["event"] for each in logs} == {"jobs.interrupted", "job.done"}
    assert logs[0] == {"event": "jobs.interrupted", "log_level": "error", "error": "FileNotFoundError"}
    assert await regions(replication.primary_url) == ["Nieuw"]
    await database.close()


async def test_jobs_begin_when_the_database_has_been_migrated(database: Database, fresh_database_url: str) -> None:
    work = Work()
    work.released.set()
    await make_due(fresh_database_url)
    await ask(fresh_database_url, "ALTER TABLE pgqueuer_schedules RENAME TO away")
    with capture_logs() as logs:
        async with running(database, work.job, pause=0.01):
            await something(logs)
            await ask(fresh_database_url, "ALTER TABLE away RENAME TO pgqueuer_schedules")
            await work.started.wait()
    assert logs[0] == {"event": "jobs.interrupted", "log_level": "error", "error": "RuntimeError"}


async def test_a_lost_connection_is_replaced(database: Database, fresh_database_url: str, looked: Looked) -> None:
    work = Work()
    work.released.set()
    async with running(database, work.job):
        await looked(1)
    others = "SELECT pg_terminate_backend(pid, 60_000) FROM pg_stat_activity"
    await ask(fresh_database_url, f"{others} WHERE datname = current_database() AND pid <> pg_backend_pid()")
    await make_due(fresh_database_url)
    with capture_logs() as logs:
        async with running(database, work.job):
            await looked(1)
    assert [each["event"] for each in logs] == ["job.done"]


async def test_the_tables_are_those_that_pgqueuer_wants(database: Database) -> None:
    plan = await Queries(_Pooled(database.engine)).plan_upgrade()
    assert (plan.statements, plan.notes) == ((), ())
