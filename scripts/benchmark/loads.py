"""The product under load beside its limits, and at every size alone.

Each repetition asks every server after the other, so that all of them meet the same machine.
"""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import islice, product
from statistics import fmean
from typing import Final

from scripts.benchmark.bench import Bench
from scripts.benchmark.dataset import Ground
from scripts.benchmark.figures import Asked, Sample, Setup
from scripts.benchmark.plan import Measure, Plan
from scripts.benchmark.postgres import PostgresAlone
from scripts.benchmark.server import Server
from scripts.benchmark.wrk import drive
from scripts.local.polling import wait_for

_LIMITS: Final[dict[Measure, tuple[Asked, ...]]] = {
    "match": ("framework", "same size"),
    "search": ("framework", "same size"),
    "capacity": ("postgres",),
    "bulk": ("postgres",),
}
_GROUNDS: Final[tuple[tuple[Ground, tuple[Measure, ...]], ...]] = (
    ("steady", ("match", "search")),
    ("growing", ("match", "search", "capacity", "bulk")),
)
"""Where growth is measured: reports cost the same anywhere."""
_SETTLE_SECONDS: Final = 60
_SIZED: Final = 20
"""Answers whose mean size is that of the limit of the same size."""


def setups(plan: Plan, workers: int) -> list[Setup]:
    """What is measured with so many workers; with one of them growth too, over one connection, so that a rate is the
    inverse of a cost."""
    found = [
        Setup(load, asked, plan.base, "growing", workers, connections)
        for load in plan.loads
        for connections in plan.connections
        for asked in ("product", *_LIMITS[load])
    ]
    for ground, loads in _GROUNDS if workers == 1 else ():
        found += [
            Setup(load, "product", size, ground) for load, size in product(loads, plan.sizes) if load in plan.loads
        ]
    return list(dict.fromkeys(found))


def measure(bench: Bench) -> None:
    """Every load of the plan, in all of its setups."""
    alone = PostgresAlone(bench.databases[bench.plan.base], bench.plan.base, bench.var)
    for workers in bench.plan.workers:
        wanted = setups(bench.plan, workers)
        with ExitStack() as stack:
            servers = _serve(bench, stack, wanted)
            for _ in range(bench.plan.repetitions):
                for setup in wanted:
                    bench.note(setup, _run(bench, setup, servers, alone))


def _serve(bench: Bench, stack: ExitStack, wanted: list[Setup]) -> dict[tuple[Asked, int], Server]:
    """The servers that are asked, warm; who is not asked has next to nothing to do."""
    servers: dict[tuple[Asked, int], Server] = {}
    for setup in wanted:
        asked, offers = setup.asked, setup.offers
        if asked == "postgres" or (asked, offers) in servers:
            continue
        sizes = _sizes(bench, servers["product", offers], offers) if asked == "same size" else ()
        server = stack.enter_context(bench.serving(asked, offers, setup.workers, "", *sizes))
        for load in bench.plan.loads:
            if asked == "product" or asked in _LIMITS[load]:
                server.warm_up(bench.file(load, "growing", offers))
        _settle(bench, server)
        servers[asked, offers] = server
    return servers


def _sizes(bench: Bench, server: Server, offers: int) -> Iterator[str]:
    """How many bytes the product answers with, as the limit takes it: `match=51200`."""
    for load in ("match", "search"):
        asked = islice(bench.questions(load, "growing", offers), _SIZED)
        yield f"{load}={fmean(len(server.ask(each)) for each in asked):.0f}"


def _run(bench: Bench, setup: Setup, servers: dict[tuple[Asked, int], Server], alone: PostgresAlone) -> Sample:
    if setup.asked == "postgres":
        return alone.drive(setup.measure, setup.connections, bench.plan.seconds)
    server = servers[setup.asked, setup.offers]
    asked = bench.file(setup.measure, setup.ground, setup.offers)
    sample = drive(server.url, asked, setup.connections, bench.plan.seconds)
    _settle(bench, server)
    return sample


def _settle(bench: Bench, server: Server) -> None:
    """Waits for what was under way when a load ended, so that it does not burden the next one."""
    database = bench.databases[bench.plan.base]
    if not wait_for(lambda: server.is_idle() and not asyncio.run(database.is_busy()), _SETTLE_SECONDS):
        bench.say(f"  {server.url} is still at work {_SETTLE_SECONDS} s after its load ended")
