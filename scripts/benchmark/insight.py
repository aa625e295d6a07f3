"""How fast insight answers: each resource asked over HTTP, beside what PostgreSQL says that its statements took."""

import re
import time
from collections.abc import Iterator
from datetime import date
from hashlib import md5
from itertools import product
from pathlib import Path
from statistics import median
from typing import Final
from uuid import UUID

from app.insight.definitions.resources import RESOURCES
from app.kit.security.callers import Caller, Role
from scripts.benchmark.databases import Databases
from scripts.benchmark.figures import Answered
from scripts.benchmark.insight_data import fill
from scripts.benchmark.questions import Askers, Question
from scripts.benchmark.visibility import ask, client

_REGION: Final = "JZ03"
_ASKERS: Final = (
    Caller("benchmark-inspectorate", UUID(int=0), Role.INSPECTORATE),
    Caller("benchmark-region", UUID(int=1), Role.REGION, region=_REGION),
    Caller("benchmark-institution", UUID(md5(f"gi{_REGION}1".encode(), usedforsecurity=False).hexdigest()), Role.GI),
)
_TOOK: Final = re.compile(r"duration: ([\d.]+) ms")


def questions() -> Iterator[tuple[str, Question]]:
    """Each resource about a year by month as an inspectorate by region, as a region, and as an institution; by
    municipality where there are figures of that."""
    for resource in RESOURCES:
        for asker, by in product(_ASKERS, ("region", "municipality")):
            if by in resource.by and (by == "region" or asker.role is not Role.GI):
                question = Question("GET", f"/v1/insight/{resource.name}?by={by}", asker)
                yield f"{resource.name} by {by}, {asker.role}", question


async def prepare(server: Databases, name: str, today: date) -> Path:
    """Fills the tables of insight, and has PostgreSQL write down what statements take: where it does so."""
    async with server.connection(name) as connection:
        await fill(connection, today)
        await connection.execute(f'ALTER DATABASE "{name}" SET log_duration = on')
        return Path(await connection.fetchval("SHOW data_directory")) / "log"


def measure(url: str, log: Path, askers: Askers, repetitions: int) -> Iterator[Answered]:
    """Asks each question once, and then `repetitions` times; nobody else may use the database meanwhile."""
    with client(url) as http:
        for name, question in questions():
            took, statements = list[float](), list[float]()
            for _ in range(1 + repetitions):
                written, start = log.stat().st_size, time.perf_counter()
                ask(http, question, askers)
                took.append(1000 * (time.perf_counter() - start))
                with log.open(encoding="utf-8", errors="replace") as told:
                    told.seek(written)
                    statements.append(sum(map(float, _TOOK.findall(told.read()))))
            yield Answered(name, took[0], median(took[1:]), median(statements[1:]))
