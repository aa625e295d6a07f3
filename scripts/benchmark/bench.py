"""What every measurement shares: the plan, the databases, the questions, and how one run is made and noted."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from scripts.benchmark import questions
from scripts.benchmark.databases import Databases
from scripts.benchmark.figures import Measure, Results, Setup, Target
from scripts.benchmark.grounds import Ground
from scripts.benchmark.load import Load, drive
from scripts.benchmark.plan import Plan
from scripts.benchmark.server import Server
from scripts.benchmark.targets import prefix_of
from scripts.benchmark.tokens import Askers
from scripts.local.polling import wait_for

_QUESTIONS: Final = 2000
"""Of each measure; a run that gets through them starts again."""
_FILES: Final = 60
"""Of reports in bulk."""
_SETTLE_SECONDS: Final = 60


@dataclass(frozen=True, slots=True)
class Bench:
    """`names` are the databases to work on, by size; 0 is one without offers. `say` tells how far it is."""

    plan: Plan
    today: date
    server: Databases
    names: dict[int, str]
    var: Path
    askers: Askers
    results: Results
    say: Callable[[str], None]

    def dsn(self, offers: int) -> str:
        """The database with so many offers."""
        return self.server.url_of(self.names[offers])

    def asked(self, measure: Measure, ground: Ground, offers: int) -> Iterator[questions.Question]:
        """The questions of a measure."""
        if measure == "capacity":
            return questions.capacity_reports(offers, _QUESTIONS)
        if measure == "bulk":
            return questions.bulk_reports(offers, _FILES)
        make = questions.matches if measure == "match" else questions.searches
        return make(ground, self.today, _QUESTIONS)

    def file(self, measure: Measure, ground: Ground, offers: int, target: Target = "product") -> Path:
        """The file with them, as this target takes them."""
        prefix = prefix_of(target)
        path = self.var / "questions" / f"{measure}-{ground}-{offers}{prefix.replace('/', '-')}.tsv"
        if not path.exists():
            path.parent.mkdir(exist_ok=True)
            lines = questions.lines(self.asked(measure, ground, offers), self.askers.token, prefix)
            path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    def drive(self, server: Server, setup: Setup) -> None:
        """Measures a server once, while all others stand still."""
        asked = self.file(setup.measure, setup.ground, setup.offers, setup.target)
        with server.resumed():
            load = drive(server.url, asked, connections=setup.connections, seconds=self.plan.seconds)
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
        self.say(f"  {setup.measure:9}{setup.target:10}{load.per_second:10,.1f}/s  {where}{failed}")
