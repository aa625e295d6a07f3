"""Measures: each repetition asks every target after the other, so that all of them meet the same machine."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Final

from scripts.benchmark.bench import Bench
from scripts.benchmark.checks import check
from scripts.benchmark.figures import REPORTS, Holding, Measure, Setup, Target, grounds_of, growth_setup
from scripts.benchmark.load import driven
from scripts.benchmark.postgres import PostgresAlone
from scripts.benchmark.server import Server
from scripts.benchmark.targets import serving
from scripts.benchmark.visibility import Watcher, summarise

COMPARED: Final[dict[Measure, tuple[Target, ...]]] = {
    "match": ("product", "framework", "frame", "peer"),
    "search": ("product", "framework", "frame"),
    "capacity": ("product",),
    "bulk": ("product",),
}
"""The servers that are asked, the product among them. Reports are held against PostgreSQL alone as well."""

_WATCHED: Final = 300
"""Changes at most."""
_BACKGROUND_CONNECTIONS: Final = 4


@contextmanager
def _halted(bench: Bench, target: Target, offers: int, workers: int) -> Iterator[Server]:
    """A target that is warm and stands still until it is measured."""
    held = offers if target in {"product", "peer"} else 0
    with serving(target, bench.dsn(held), workers=workers, var=bench.var, name=f"-{offers}") as server:
        for measure, targets in COMPARED.items():
            if target in targets and measure in bench.plan.measures:
                server.warm_up(bench.file(measure, "growing", offers, target))
        bench.settle(server)
        server.halt()
        yield server


def compare(bench: Bench, workers: int) -> None:
    """The product, the limits and the peer, side by side on the data set that the goals are set for."""
    plan, offers = bench.plan, bench.plan.base
    used = dict.fromkeys(target for measure in plan.measures for target in COMPARED[measure])
    alone = None
    if any(measure in REPORTS for measure in plan.measures):
        alone = PostgresAlone(bench.server, bench.names[offers], offers, bench.var)
    with ExitStack() as stack:
        servers = {target: stack.enter_context(_halted(bench, target, offers, workers)) for target in used}
        check(bench, servers)
        for _ in range(plan.repetitions):
            for connections in plan.connections:
                _compare_once(bench, servers, alone, workers, connections)
        with servers["product"].resumed() as product:
            bench.results.memory.append(Holding(offers, product.memory()))


def _compare_once(
    bench: Bench, servers: Mapping[Target, Server], alone: PostgresAlone | None, workers: int, connections: int
) -> None:
    for measure in bench.plan.measures:
        for target in COMPARED[measure]:
            setup = Setup("compared", target, measure, "growing", bench.plan.base, workers, connections)
            bench.drive(servers[target], setup)
        if alone is not None and measure in REPORTS:
            setup = Setup("compared", "postgres", measure, "growing", bench.plan.base, workers, connections)
            bench.note(setup, alone.drive(measure, clients=connections, seconds=bench.plan.seconds))


def grow(bench: Bench) -> None:
    """The product at every size: what one question costs it."""
    plan = bench.plan
    with ExitStack() as stack:
        servers = {offers: stack.enter_context(_halted(bench, "product", offers, 1)) for offers in plan.sizes}
        for _ in range(plan.repetitions):
            for measure in plan.measures:
                for ground in grounds_of(measure):
                    for offers, server in servers.items():
                        bench.drive(server, growth_setup(measure, ground, offers))
        for offers, server in servers.items():
            with server.resumed():
                bench.results.memory.append(Holding(offers, server.memory()))


def hold_nothing(bench: Bench) -> None:
    """What a worker holds that answered the same questions on a database without offers: where memory counts from."""
    with serving("product", bench.dsn(0), workers=1, var=bench.var, name="-empty") as empty:
        for measure in bench.plan.measures:
            if measure not in REPORTS:
                empty.warm_up(bench.file(measure, "growing", bench.plan.base))
        bench.results.memory.append(Holding(0, empty.memory()))


def watch(bench: Bench, offers: int) -> None:
    """How soon changes show in a second process, while nothing else happens and while it answers matches."""
    with (
        serving("product", bench.dsn(offers), workers=1, var=bench.var, name="-one") as one,
        serving("product", bench.dsn(offers), workers=1, var=bench.var, name="-other") as other,
    ):
        for loaded in (False, True):
            with ExitStack() as stack:
                if loaded:
                    asked, most = bench.file("match", "growing", offers), bench.plan.watch_seconds + 60
                    stack.enter_context(driven(other.url, asked, connections=_BACKGROUND_CONNECTIONS, seconds=most))
                watcher = stack.enter_context(Watcher(one.url, other.url, bench.askers))
                seen = list(watcher.watch(offers, _WATCHED, bench.plan.watch_seconds))
            delays = summarise(seen, offers, loaded=loaded)
            bench.results.delays.append(delays)
            bench.say(
                f"  {delays.changes} changes, {delays.unseen} unseen, p99 {delays.shown_p99_ms} ms, loaded: {loaded}"
            )
