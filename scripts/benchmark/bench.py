"""What is measured with, and what came of it: the plan, the data sets, servers on them, and the results."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

from scripts.benchmark import questions
from scripts.benchmark.databases import Database
from scripts.benchmark.dataset import Ground
from scripts.benchmark.figures import Asked, Results, Sample, Setup
from scripts.benchmark.plan import Measure, Plan
from scripts.benchmark.questions import Question, Target
from scripts.benchmark.server import Server, serving

_QUESTIONS: Final = 2_000
"""Of a load; a run that gets through them starts again."""
_FILES: Final = 60
"""Of reports in bulk."""


@dataclass(frozen=True, slots=True)
class Bench:
    """`databases` by their number of offers (0 is one without any), `targets` the offers of each to report on; `say`
    tells how far it is."""

    plan: Plan
    today: date
    var: Path
    say: Callable[[str], None]
    databases: dict[int, Database] = field(default_factory=dict)
    targets: dict[int, list[Target]] = field(default_factory=dict)
    results: Results = field(default_factory=Results)

    def add(self, size: int, database: Database) -> None:
        """Measures on this data set too."""
        self.databases[size] = database
        self.targets[size] = asyncio.run(database.targets())

    def note(self, setup: Setup, sample: Sample) -> None:
        """Keeps what came of a run."""
        self.results.add(setup, sample)
        figure = "nothing" if sample.value is None else f"{sample.value:,.2f}"
        where = f"{setup.offers:,} offers, {setup.ground} ground, {setup.workers} w, {setup.connections} c"
        failed = f"  {sample.errors} ERRORS" if sample.errors else ""
        self.say(f"  {setup.measure:11}{setup.asked:10}{figure:>10} {setup.unit:11} {setup.what or where}{failed}")

    @contextmanager
    def serving(self, asked: Asked, offers: int, workers: int = 1, name: str = "", *options: str) -> Iterator[Server]:
        """A server on the data set of this size; `name` tells several of one kind apart."""
        log = self.var / f"{asked}-{offers}{name}.log".replace(" ", "-")
        with serving(asked, self.databases[offers].dsn, workers, log, *options) as server:
            yield server

    def questions(self, load: Measure, ground: Ground, offers: int) -> Iterator[Question]:
        """What a load asks."""
        if load == "capacity":
            return questions.capacity_reports(self.targets[offers], _QUESTIONS)
        if load == "bulk":
            return questions.bulk_reports(self.targets[offers], _FILES)
        make = questions.matches if load == "match" else questions.searches
        return make(ground, self.today, _QUESTIONS)

    def file(self, load: Measure, ground: Ground, offers: int) -> Path:
        """The file with them, for the load generator."""
        path = self.var / "questions" / f"{load}-{ground}-{offers}.tsv"
        if not path.exists():
            path.parent.mkdir(exist_ok=True)
            path.write_text("\n".join(questions.lines(self.questions(load, ground, offers))) + "\n", encoding="utf-8")
        return path
