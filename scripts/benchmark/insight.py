"""What an answer of insight costs: milliseconds of a processor, of the worker and of PostgreSQL, for whoever may ask.

The worker is this process, without the jobs of a running one: these would be counted too, and change figures meanwhile.
"""

import asyncio
import gc
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import md5
from itertools import product
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import asyncpg
import httpx

from app.insight.answers import kept, small_counts
from app.insight.answers.definitions import Dimension, Resource
from app.insight.definitions.resources import RESOURCES
from app.insight.settling.service import settle
from app.kit.clock import system_clock
from app.kit.database.sessions import Database, make_engine
from app.kit.monitoring import logging
from app.kit.security.callers import Caller, Role
from app.main import create_app
from app.settings import Settings
from scripts.benchmark import BenchmarkError
from scripts.benchmark.bench import Bench
from scripts.benchmark.figures import Sample, Setup
from scripts.benchmark.insight_dataset import multiply_insight
from scripts.benchmark.questions import TOKEN_LIFETIME, Question, token

_REGION: Final = "JZ03"
_BY: Final[frozenset[Dimension]] = frozenset({"region", "municipality", "care-type"})
_OF_PROVIDERS: Final = frozenset(
    ("supply", "capacity", "waiting-times", "freshness", "referrals", "declines", "residential-flow")
)
"""What a provider may ask of its own."""
_ONE_PROVIDER: Final = "SELECT provider_id FROM insight_referrals GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"
_BACKENDS: Final = """
    SELECT pid FROM pg_stat_activity
    WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
"""
_CHANGED: Final = (
    "UPDATE insight_sources SET state = gen_random_uuid()",
    "UPDATE insight_settled SET resource = resource",
    "UPDATE insight_supply_states SET state = DEFAULT WHERE month = (SELECT max(month) FROM insight_supply_states)",
)
"""What tells a worker that what it keeps is so no more: all of children, and of supply what is of this month."""


def measure(bench: Bench) -> None:
    """Settles what may be told of small counts, and asks each question anew and again; it fills tables of the data set,
    and nobody else may use it meanwhile."""
    asyncio.run(_measure(bench))


async def _measure(bench: Bench) -> None:
    offers, made = bench.plan.base, bench.databases[bench.plan.base]
    async with made.connection() as connection:
        await multiply_insight(connection, bench.plan.children)
        # what a statement takes is all in its own process then, and can be read there
        await connection.execute(f'ALTER DATABASE "{made.url.database}" SET max_parallel_workers_per_gather = 0')
        provider = await connection.fetchval(_ONE_PROVIDER)
        database = Database(make_engine(made.dsn, pool_size=2))
        began = time.process_time()
        async with database.write() as session:
            await settle(session, system_clock())
        settled = Setup("insight", "product", offers, what="small counts of a year settled", unit="s of CPU")
        bench.note(settled, Sample(time.process_time() - began))
        asking = _Asking(create_app(_settings(made.dsn), database=database, clock=system_clock), connection)
        gc.collect()
        gc.freeze()  # as a worker does once it has its data
        for name, question in questions(provider):
            await _compare(bench, asking, name, question)
        await database.close()


def _settings(dsn: str) -> Settings:
    """As `SETTINGS` of a server has them, with a log of warnings alone: it would be printed between the figures."""
    settings = Settings(
        database_url=dsn,
        demo=True,
        rate_limit="",
        token_rate_limit="",
        token_lifetime_seconds=int(TOKEN_LIFETIME.total_seconds()),
        log_level="warning",
    )
    logging.configure(settings)
    return settings


async def _compare(bench: Bench, asking: "_Asking", name: str, question: Question) -> None:
    first = Setup("insight", "product", bench.plan.base, what=f"first: {name}", unit="ms of CPU")
    again = replace(first, what=f"again: {name}")
    for _ in range(bench.plan.repetitions):
        await asking.forget()
        for setup in (first, again):
            worker, postgres = await asking.ask(question)
            bench.note(setup, Sample(worker + postgres))
            bench.note(replace(setup, asked="postgres"), Sample(postgres))


@dataclass(frozen=True, slots=True)
class _Asking:
    """Asks the application, and looks at what that takes."""

    app: Any
    connection: asyncpg.Connection

    async def forget(self) -> None:
        """As after the jobs have taken in changes."""
        for each in _CHANGED:
            await self.connection.execute(each)
        kept.forget()
        small_counts.forget()

    async def ask(self, question: Question) -> tuple[float, float]:
        """Milliseconds of a processor of the worker, and of PostgreSQL."""
        headers = {"Authorization": f"Bearer {token(question.asker)}"}
        transport = httpx.ASGITransport(self.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://insight", timeout=None) as http:  # noqa: S113 - waits for what it measures
            backends = [each[0] for each in await self.connection.fetch(_BACKENDS)]
            before, began = _milliseconds(backends), time.process_time()
            answer = await http.get(question.path, headers=headers)
            took = 1000 * (time.process_time() - began)
        if answer.status_code != httpx.codes.OK:
            raise BenchmarkError(f"{question.path}: {answer.status_code} {answer.text}")
        return took, _milliseconds(backends) - before


def _milliseconds(pids: list[int]) -> float:
    """What these processes used of a processor until now; the system counts it in nanoseconds."""
    return sum(int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) for pid in pids) / 1e6


def questions(provider: UUID) -> Iterator[tuple[str, Question]]:
    """Each resource about a year by month, of the whole country, a region, an institution and a provider, by region,
    municipality and care type where there are figures of that; and the page of the region."""
    institution = UUID(md5(f"{_REGION}1".encode(), usedforsecurity=False).hexdigest())
    askers = (
        Caller("benchmark-inspectorate", UUID(int=0), Role.INSPECTORATE),
        Caller("benchmark-region", UUID(int=1), Role.REGION, region=_REGION),
        Caller("benchmark-institution", institution, Role.GI),
        Caller("benchmark-provider", provider, Role.PROVIDER, provider_id=provider),
    )
    for asker, resource in product(askers, RESOURCES):
        if asker.role is not Role.PROVIDER or resource.name in _OF_PROVIDERS:
            for by in _broken_down(resource, asker):
                path = f"/v1/insight/{resource.name}?by={by}"
                yield f"{resource.name} by {by}, {asker.role}", Question("GET", path, asker)
    yield "dashboard of a region", Question("GET", f"/v1/insight/dashboard?region={_REGION}", askers[1])


def _broken_down(resource: Resource, asker: Caller) -> list[Dimension]:
    """By what a resource is first of all broken down, and by what is compared; the country by what it is told."""
    untold = resource.overlapping if asker.role in {Role.INSPECTORATE, Role.PROVIDER} else frozenset[Dimension]()
    return [by for by in resource.by if by not in untold and (by in _BY or by == resource.by[0])]
