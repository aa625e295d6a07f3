"""The report of a run: a table for people and JSON for machines."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

from scripts.benchmark.figures import REPORTS, Measure, Results, Setup, Summary, Target, grounds_of, growth_setup, ratio
from scripts.benchmark.goals import Goal, above_empty, goals
from scripts.benchmark.grounds import Ground
from scripts.benchmark.plan import Plan

_TARGETS: dict[Target, str] = {
    "product": "beschikbaarheidswijzer",
    "framework": "bare framework",
    "frame": "bare endpoint in the product's frame",
    "peer": "SQLAlchemy Core, ranked in Python",
    "postgres": "PostgreSQL alone (pgbench)",
}
_GROUNDS: dict[Ground, str] = {"steady": "the same candidates", "growing": "candidates that grow along"}

_HEADING_LINES = 2
_HOW_COMPARED = """\
The bare framework is FastAPI under the same server settings; it reads its input with the product's models and answers
with 10 KB that are ready. The same endpoint in the product's frame passes its middleware, logging and metrics too. The
peer answers the same question, with the same results. PostgreSQL alone runs one prepared statement that adds a report
to the history and lets it stand, once beside each number of workers. In bulk a request is a CSV file of 1,000 reports
by the providers' own keys; there PostgreSQL alone runs one statement for as many rows of the same offers."""
_HOW_GROWN = """\
On the steady ground a match ranks the same candidates at each size, while the rest of the country grows; on the growing
ground its candidates grow along. The last column is what a request costs at the largest size, of that at the
smallest."""
_HOW_WATCHED = """\
Two servers on one database: a change goes to the one, and the other is asked again and again. Counted from the answer
to the change until an answer that has it was there; and until the question was sent that had this answer."""


@dataclass(frozen=True, slots=True)
class Report:
    """What is told of a run."""

    machine: dict[str, str]
    database: dict[str, str]
    plan: Plan
    results: Results
    warnings: list[str]

    def to_json(self) -> dict[str, Any]:
        """Everything: each repetition, the medians and the goals."""
        results = self.results
        return {
            "warnings": self.warnings,
            "machine": self.machine,
            "database": self.database,
            "plan": asdict(self.plan),
            "candidates": [
                {"offers": offers, "ground": ground, "mean": mean}
                for (offers, ground), mean in results.candidates.items()
            ],
            "answers": results.answers,
            "medians": [asdict(each) for each in results.summaries()],
            "repetitions": [asdict(setup) | asdict(load) for setup, load in results.loads],
            "visibility": [asdict(each) for each in results.delays],
            "memory": [asdict(each) for each in results.memory],
            "goals": [asdict(each) for each in goals(results, self.plan)],
        }

    def to_markdown(self) -> str:
        """Tables: the goals, the comparison, the growth, memory, visibility, and what it was measured on."""
        return "\n".join(
            [
                "# Benchmark",
                "",
                f"Medians of {self.plan.repetitions} runs of {self.plan.seconds} s each; slowest and fastest run in "
                "brackets. Rate limits are off, and all else is as by default.",
                *(f"\n**{each}**" for each in self.warnings),
                *_section("Goals", _goal_table(goals(self.results, self.plan))),
                *_section(f"Compared, at {self.plan.base:,} offers", self._compared(), _HOW_COMPARED),
                *_section("Growth, with one worker and one connection", self._growth(), _HOW_GROWN),
                *_section("Memory of a worker", self._memory()),
                *_section("Until a change shows in another process", self._delays(), _HOW_WATCHED),
                *_section("What was asked and answered", self._asked()),
                *_section("Machine", _table(["what", "which"], ([a, b] for a, b in self.machine.items()))),
                *_section("PostgreSQL", _table(["setting", "value"], ([a, b] for a, b in self.database.items()))),
                "",
            ]
        )

    def _compared(self) -> Iterator[str]:
        found = [each for each in self.results.summaries() if self._is_compared(each.setup)]
        headings = [
            "what",
            "which",
            "workers",
            "connections",
            "requests/s",
            "p50 ms",
            "p99 ms",
            "errors",
            "product / this",
        ]
        return _table(headings, (self._compared_row(each) for each in found))

    def _is_compared(self, setup: Setup) -> bool:
        return setup.series == "compared"

    def _compared_row(self, summary: Summary) -> list[str]:
        setup = summary.setup
        return [
            setup.measure,
            _TARGETS[setup.target],
            "" if setup.target == "postgres" else str(setup.workers),
            str(setup.connections),
            _rate(summary),
            _ms(summary.p50_ms),
            _ms(summary.p99_ms),
            str(summary.errors),
            "" if setup.target == "product" else self._ratio(summary),
        ]

    def _ratio(self, summary: Summary) -> str:
        """How the product stands to this, with the same workers and connections."""
        found = ratio(self.results.summary(replace(summary.setup, target="product")), summary)
        return "-" if found is None else _number(found)

    def _growth(self) -> Iterator[str]:
        rows = [(measure, ground) for measure in self.plan.measures for ground in grounds_of(measure)]
        headings = ["what", "with", *(f"{size:,} offers" for size in self.plan.sizes), "cost, largest to smallest"]
        return _table(headings, (self._growth_row(measure, ground) for measure, ground in rows))

    def _growth_row(self, measure: Measure, ground: Ground) -> list[str]:
        sizes = self.plan.sizes
        found = [self.results.summary(growth_setup(measure, ground, size)) for size in sizes]
        growth = ratio(found[0], found[-1]) if len(sizes) > 1 else None
        cells = [
            f"{_rate(each)}{self._candidates(size, ground, measure)}" for size, each in zip(sizes, found, strict=True)
        ]
        name = "" if measure in REPORTS else _GROUNDS[ground]
        return [measure, name, *cells, "-" if growth is None else _number(growth)]

    def _candidates(self, size: int, ground: Ground, measure: Measure) -> str:
        mean = self.results.candidates.get((size, ground))
        return f"; {mean:,.0f} candidates" if measure == "match" and mean is not None else ""

    def _memory(self) -> Iterator[str]:
        def rows() -> Iterator[list[str]]:
            for each in self.results.memory:
                above = above_empty(self.results, each.offers)
                rss = ", ".join(f"{worker.rss_mb:,.0f}" for worker in each.workers)
                pss = ", ".join(f"{worker.pss_mb:,.0f}" for worker in each.workers)
                yield [f"{each.offers:,}", str(len(each.workers)), rss, pss, "-" if above is None else f"{above:,.0f}"]

        return _table(["offers", "workers", "resident MB", "proportional MB", "above an empty one, MB"], rows())

    def _delays(self) -> Iterator[str]:
        headings = ["offers", "meanwhile", "changes", "p50 ms", "p99 ms", "p50 ms, asked", "p99 ms, asked", "unseen"]
        rows = (
            [
                f"{each.offers:,}",
                "it answers matches" if each.loaded else "nothing",
                str(each.changes),
                _ms(each.shown_p50_ms),
                _ms(each.shown_p99_ms),
                _ms(each.asked_p50_ms),
                _ms(each.asked_p99_ms),
                f"{each.unseen}, and {each.own_unseen} where made",
            ]
            for each in self.results.delays
        )
        return _table(headings, rows)

    def _asked(self) -> Iterator[str]:
        candidates = (
            [f"mean candidates of a match, {size:,} offers, {_GROUNDS[ground]}", f"{mean:,.1f}"]
            for (size, ground), mean in self.results.candidates.items()
        )
        answers = ([name, f"{value:,.1f}"] for name, value in self.results.answers.items())
        return _table(["what", "figure"], [*candidates, *answers])


def _section(title: str, table: Iterable[str], text: str = "") -> list[str]:
    """Nothing where the table has no rows."""
    lines = list(table)
    if len(lines) <= _HEADING_LINES:
        return []
    return ["", f"## {title}", "", *([text, ""] if text else []), *lines]


def _table(headings: list[str], rows: Iterable[list[str]]) -> Iterator[str]:
    yield f"| {' | '.join(headings)} |"
    yield f"|{' --- |' * len(headings)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def _goal_table(found: Iterable[Goal]) -> Iterator[str]:
    rows = (
        [each.name, each.wanted, "-" if each.figure is None else _number(each.figure), each.verdict, each.remark]
        for each in found
    )
    return _table(["goal", "wanted", "measured", "verdict", "remark"], rows)


def _rate(summary: Summary | None) -> str:
    if summary is None:
        return "-"
    failed = f", {summary.errors} ERRORS" if summary.errors else ""
    around = "" if summary.repetitions == 1 else f" ({_number(summary.slowest)}-{_number(summary.fastest)})"
    return _number(summary.per_second) + around + failed


def _number(value: float) -> str:
    """With three digits that say something, and all those before the point."""
    digits = 0 if value >= 100 else 1 if value >= 10 else 2 if value >= 1 else 3
    return f"{value:,.{digits}f}"


def _ms(value: float | None) -> str:
    return "" if value is None else f"{value:,.2f}"
