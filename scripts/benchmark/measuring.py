"""Measures: each repetition asks every target after the other, so that all of them meet the same machine."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from scripts.benchmark import insight, questions
from scripts.benchmark.databases import Databases
from scripts.benchmark.dataset import Ground
from scripts.benchmark.figures import REPORTS, Asked, Holding, Results, Setup, grounds_of, growth_setup
from scripts.benchmark.load import Load, drive, driven
from scripts.benchmark.plan import Measure, Plan
from scripts.benchmark.postgres import PostgresAlone
from scripts.benchmark.server import Server, serving
from scripts.benchmark.visibility import Watcher, client, summarise
from scripts.local.polling import wait_for

_COMPARED: Final[dict[Measure, tuple[Asked, ...]]] = {
    "match": ("product", "framework"),
    "search": ("product", "framework"),
    "capacity": ("product",),
    "bulk": ("product",),
}
"""The servers that are asked. Reports are held against PostgreSQL alone as well."""
_QUESTIONS: Final = 2000
"""Of each measure; a run that gets through them starts again."""
_FILES: Final = 60
"""Of reports in bulk."""
_WATCHED: Final = 300
"""Changes at most."""
_BACKGROUND_CONNECTIONS: Final = 4
_SETTLE_SECONDS: Final = 60


@dataclass(frozen=True, slots=True)
class Bench:
    """What is measured with: `names` are the databases by size (0 is one without offers), `targets` the offers of each
    that are reported on. `say` tells how far it is."""

    plan: Plan
    today: date
    server: Databases
    names: dict[int, str]
    targets: dict[int, list[questions.Target]]
    var: Path
    askers: questions.Askers
    results: Results
    say: Callable[[str], None]

    def questions(self, measure: Measure, ground: Ground, offers: int) -> Iterator[questions.Question]:
        """The questions of a measure."""
        if measure == "capacity":
            return questions.capacity_reports(self.targets[offers], _QUESTIONS)
        if measure == "bulk":
            return questions.bulk_reports(self.targets[offers], _FILES)
        make = questions.matches if measure == "match" else questions.searches
        return make(ground, self.today, _QUESTIONS)

    def file(self, measure: Measure, ground: Ground, offers: int) -> Path:
        """The file with them, for the load generator."""
        path = self.var / "questions" / f"{measure}-{ground}-{offers}.tsv"
        if not path.exists():
            path.parent.mkdir(exist_ok=True)
            lines = questions.lines(self.questions(measure, ground, offers), self.askers.token)
            path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    def drive(self, server: Server, setup: Setup) -> None:
        """Measures a server once, while all others stand still."""
        file = self.file(setup.measure, setup.ground, setup.offers)
        with server.resumed():
            load = drive(server.url, file, connections=setup.connections, seconds=self.plan.seconds)
            self.settle(server)
        self.note(setup, load)

    def settle(self, server: Server) -> None:
        """Waits for what was under way when a load ended, so that it does not burden the next one."""
        if not wait_for(lambda: server.is_idle() and not asyncio.run(self.server.is_busy()), _SETTLE_SECONDS):
            self.say(f"  {server.url} is still at work {_SETTLE_SECONDS} s after its load ended")

    def note(self, setup: Setup, load: Load) -> None:
        """Keeps what came of a run."""
        self.results.loads.append((setup, load))
        where = f"{setup.offers:,} offers, {setup.ground} ground, {setup.workers} w, {setup.connections} c"
        failed = f"  {load.errors} ERRORS" if load.errors else ""
        self.say(f"  {setup.measure:9}{setup.asked:10}{load.per_second:10,.1f}/s  {where}{failed}")

    @contextmanager
    def serving(self, asked: Asked, offers: int, workers: int = 1, name: str = "") -> Iterator[Server]:
        """A server on the data set of this size."""
        dsn = self.server.url_of(self.names[offers])
        with serving(asked, dsn, workers=workers, var=self.var, name=f"-{offers}{name}") as server:
            yield server

    @contextmanager
    def halted(self, asked: Asked, offers: int, workers: int = 1) -> Iterator[Server]:
        """A server that is warm and stands still until it is measured."""
        with self.serving(asked, offers, workers) as server:
            for measure in self.plan.measures:
                if asked in _COMPARED[measure]:
                    server.warm_up(self.file(measure, "growing", offers))
            self.settle(server)
            server.halt()
            yield server


def compare(bench: Bench, workers: int) -> None:
    """The product and its limits side by side, on the data set that the goals are set for."""
    plan, offers = bench.plan, bench.plan.base
    used = dict.fromkeys(each for measure in plan.measures for each in _COMPARED[measure])
    alone = None
    if any(measure in REPORTS for measure in plan.measures):
        alone = PostgresAlone(bench.server, bench.names[offers], offers, bench.var)
    with ExitStack() as stack:
        servers = {each: stack.enter_context(bench.halted(each, offers, workers)) for each in used}
        for _ in range(plan.repetitions):
            for connections in plan.connections:
                _compare_once(bench, servers, alone, workers, connections)
        with servers["product"].resumed() as product:
            bench.results.memory.append(Holding(offers, product.memory()))


def _compare_once(
    bench: Bench, servers: Mapping[Asked, Server], alone: PostgresAlone | None, workers: int, connections: int
) -> None:
    for measure in bench.plan.measures:
        for asked in _COMPARED[measure]:
            setup = Setup("compared", asked, measure, "growing", bench.plan.base, workers, connections)
            bench.drive(servers[asked], setup)
        if alone is not None and measure in REPORTS:
            setup = Setup("compared", "postgres", measure, "growing", bench.plan.base, workers, connections)
            bench.note(setup, alone.drive(measure, clients=connections, seconds=bench.plan.seconds))


def grow(bench: Bench) -> None:
    """The product at every size: what one question costs it."""
    plan = bench.plan
    with ExitStack() as stack:
        servers = {offers: stack.enter_context(bench.halted("product", offers)) for offers in plan.sizes}
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
    with bench.serving("product", 0) as empty:
        for measure in bench.plan.measures:
            if measure not in REPORTS:
                empty.warm_up(bench.file(measure, "growing", bench.plan.base))
        bench.results.memory.append(Holding(0, empty.memory()))


def watch(bench: Bench, offers: int) -> None:
    """How soon changes show in a second process, while nothing else happens and while it answers matches."""
    with bench.serving("product", offers, name="-one") as one, bench.serving("product", offers, name="-two") as two:
        for loaded in (False, True):
            with ExitStack() as stack:
                if loaded:
                    asked, most = bench.file("match", "growing", offers), bench.plan.watch_seconds + 60
                    stack.enter_context(driven(two.url, asked, connections=_BACKGROUND_CONNECTIONS, seconds=most))
                made_in, looked_for_in = (stack.enter_context(client(each.url)) for each in (one, two))
                watcher = Watcher(made_in, looked_for_in, bench.askers)
                seen = list(watcher.watch(bench.targets[offers], _WATCHED, bench.plan.watch_seconds))
            delays = summarise(seen, offers, loaded=loaded)
            bench.results.delays.append(delays)
            bench.say(f"  {delays.changes} changes, {delays.unseen} unseen, p99 {delays.p99_ms} ms, loaded: {loaded}")


def ask_insight(bench: Bench) -> None:
    """How fast insight answers. Last of all: it fills tables of the data set that all else is measured on."""
    log = asyncio.run(insight.prepare(bench.server, bench.names[bench.plan.base], bench.today))
    with bench.serving("product", bench.plan.base, name="-insight") as server:
        for each in insight.measure(server.url, log, bench.askers, max(3, bench.plan.repetitions)):
            bench.results.insight.append(each)
            bench.say(f"  {each.question:50}{each.median_ms:8,.0f} ms, first {each.first_ms:8,.0f} ms")
