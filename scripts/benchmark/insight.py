"""How fast insight answers: each resource asked over HTTP, beside what PostgreSQL says that its statements took."""

import asyncio
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from hashlib import md5
from itertools import product
from pathlib import Path
from typing import Final
from uuid import UUID

from app.insight.definitions.resources import RESOURCES
from app.kit.security.callers import Caller, Role
from scripts.benchmark.bench import Bench
from scripts.benchmark.databases import Database
from scripts.benchmark.dataset import multiply_insight
from scripts.benchmark.figures import Sample, Setup
from scripts.benchmark.questions import Question
from scripts.benchmark.server import Server

_REGION: Final = "JZ03"
_ASKERS: Final = (
    Caller("benchmark-inspectorate", UUID(int=0), Role.INSPECTORATE),
    Caller("benchmark-region", UUID(int=1), Role.REGION, region=_REGION),
    Caller("benchmark-institution", UUID(md5(f"{_REGION}1".encode(), usedforsecurity=False).hexdigest()), Role.GI),
)
_LEAST_REPETITIONS: Final = 3
_TOOK: Final = re.compile(r"duration: ([\d.]+) ms")


def measure(bench: Bench) -> None:
    """Each question once, and then again; it fills tables of the data set, and nobody else may use it meanwhile."""
    offers, database = bench.plan.base, bench.databases[bench.plan.base]
    log = asyncio.run(_prepare(database, bench.plan.children))
    with bench.serving("product", offers, name="-insight") as server:
        for name, question in questions():
            first, _ = _ask(server, question, log)
            bench.note(Setup("insight", "product", offers, what=f"first: {name}", unit="ms"), Sample(first))
            again = Setup("insight", "product", offers, what=f"again: {name}", unit="ms")
            for _ in range(max(_LEAST_REPETITIONS, bench.plan.repetitions)):
                took, statements = _ask(server, question, log)
                bench.note(again, Sample(took))
                bench.note(replace(again, asked="postgres"), Sample(statements))


async def _prepare(database: Database, children: int) -> Path:
    """Fills the tables of insight, and has PostgreSQL write down what statements take: where it does so."""
    async with database.connection() as connection:
        await multiply_insight(connection, children)
        await connection.execute(f'ALTER DATABASE "{database.url.database}" SET log_duration = on')
        return Path(await connection.fetchval("SHOW data_directory")) / "log"


def _ask(server: Server, question: Question, log: Path) -> tuple[float, float]:
    """Milliseconds of the answer, and of its statements."""
    written, start = log.stat().st_size, time.perf_counter()
    server.ask(question)
    took = 1000 * (time.perf_counter() - start)
    with log.open(encoding="utf-8", errors="replace") as told:
        told.seek(written)
        return took, sum(map(float, _TOOK.findall(told.read())))


def questions() -> Iterator[tuple[str, Question]]:
    """Each resource about a year by month as an inspectorate by region, as a region, and as an institution; by
    municipality where there are figures of that."""
    for resource in RESOURCES:
        for asker, by in product(_ASKERS, ("region", "municipality")):
            if by in resource.by and (by == "region" or asker.role is not Role.GI):
                question = Question("GET", f"/v1/insight/{resource.name}?by={by}", asker)
                yield f"{resource.name} by {by}, {asker.role}", question
