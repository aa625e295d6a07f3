"""The report of a run: tables for people and JSON for machines."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

from scripts.benchmark.figures import REPORTS, Answered, Asked, Results, Summary, goals, grounds_of, growth_setup, ratio
from scripts.benchmark.insight_data import REQUESTS
from scripts.benchmark.plan import Measure, Plan

_NAMES: dict[Asked, str] = {
    "product": "beschikbaarheidswijzer",
    "framework": "bare framework",
    "postgres": "PostgreSQL alone (pgbench)",
}
_HOW_COMPARED = """\
The bare framework is FastAPI under the same server settings; it reads its input with the product's models and answers
with 10 KB that are ready. PostgreSQL alone runs one prepared statement that adds a report to the history and lets it
stand, once beside each number of workers. In bulk a request is a CSV file of 1,000 reports by the providers' own keys;
there PostgreSQL alone runs one statement for as many rows."""
_HOW_GROWN = """\
On the steady ground a match ranks the same candidates at each size, while the rest of the country grows; on the growing
ground its candidates grow along. The last column is what a request costs at the largest size, of that at the
smallest."""
_HOW_WATCHED = """\
Two servers on one database: a change goes to the one, and the other is asked again and again. Counted from the answer
to the change until an answer that has it was there."""
_HOW_ASKED: Final = """\
Asked over HTTP, with one worker. The first time decides what may be told of small counts; the median is of those after
it, while nothing changes. The statements are those of one question, as PostgreSQL itself times them."""

Rows = Iterable[list[str]]


@dataclass(frozen=True, slots=True)
class Report:
    """What is told of a run."""

    machine: dict[str, str]
    plan: Plan
    results: Results
    warnings: list[str]

    def write(self, to_json: Path, to_markdown: Path) -> None:
        """Leaves the report in both forms."""
        for path, text in ((to_json, json.dumps(self.to_json(), indent=1)), (to_markdown, self.to_markdown())):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text + "\n", encoding="utf-8")

    def to_json(self) -> dict[str, Any]:
        """Everything: each repetition, the medians and the goals."""
        results = self.results
        return {
            "warnings": self.warnings,
            "machine": self.machine,
            "plan": asdict(self.plan),
            "medians": [asdict(each) for each in results.summaries()],
            "repetitions": [asdict(setup) | asdict(load) for setup, load in results.loads],
            "visibility": [asdict(each) for each in results.delays],
            "insight": [asdict(each) for each in results.insight],
            "memory": [asdict(each) for each in results.memory],
            "goals": [asdict(each) for each in goals(results, self.plan)],
        }

    def to_markdown(self) -> str:
        """Tables: the goals, the comparison, the growth, memory, visibility, and what it was measured on."""
        plan, sizes = self.plan, [f"{size:,} offers" for size in self.plan.sizes]
        lines = [
            f"# Benchmark\n\nMedians of {plan.repetitions} runs of {plan.seconds} s each; slowest and fastest run in "
            "brackets. Rate limits are off, and all else is as by default.",
            *(f"\n**{each}**" for each in self.warnings),
            *_table("Goals", "goal, wanted, measured, verdict, remark", self._goals()),
            *_table(
                f"Compared, at {plan.base:,} offers",
                "what, which, workers, connections, requests/s, p50 ms, p99 ms, errors, product / this",
                (self._compared(each) for each in self.results.summaries() if each.setup.series == "compared"),
                _HOW_COMPARED,
            ),
            *_table(
                "Growth, with one worker and one connection",
                "; ".join(["what", "ground", *sizes, "cost, largest to smallest"]),
                (self._grown(measure, ground) for measure in plan.measures for ground in grounds_of(measure)),
                _HOW_GROWN,
            ),
            *_table("Memory of a worker", "offers, workers, resident MB, MB above an empty one", self._memory()),
            *_table(
                "Until a change shows in another process",
                "offers, meanwhile, changes, p50 ms, p99 ms, unseen",
                self._delays(),
                _HOW_WATCHED,
            ),
            *_table(
                f"Insight, a year of {REQUESTS:,} requests and {plan.base:,} offers",
                "question, first ms, ms, its statements ms, ms / statements",
                (self._answered(each) for each in self.results.insight),
                _HOW_ASKED,
            ),
            *_table("Machine", "what, which", map(list, self.machine.items())),
            "",
        ]
        return "\n".join(lines)

    def _goals(self) -> Rows:
        for each in goals(self.results, self.plan):
            yield [each.name, each.wanted, _number(each.figure), each.verdict, each.remark]

    def _compared(self, summary: Summary) -> list[str]:
        setup = summary.setup
        ours = self.results.summary(replace(setup, asked="product"))
        return [
            setup.measure,
            _NAMES[setup.asked],
            "" if setup.asked == "postgres" else str(setup.workers),
            str(setup.connections),
            _rate(summary),
            _number(summary.p50_ms),
            _number(summary.p99_ms),
            str(summary.errors),
            "" if setup.asked == "product" else _number(ratio(ours, summary)),
        ]

    def _grown(self, measure: Measure, ground: Any) -> list[str]:
        found = [self.results.summary(growth_setup(measure, ground, size)) for size in self.plan.sizes]
        growth = ratio(found[0], found[-1]) if len(found) > 1 else None
        return [measure, "" if measure in REPORTS else ground, *map(_rate, found), _number(growth)]

    def _answered(self, each: Answered) -> list[str]:
        times = (each.first_ms, each.median_ms, each.statements_ms)
        return [each.question, *map(_number, times), _number(each.median_ms / each.statements_ms)]

    def _memory(self) -> Rows:
        for each in self.results.memory:
            held = ", ".join(f"{mb:,.0f}" for mb in each.workers_mb)
            yield [f"{each.offers:,}", str(len(each.workers_mb)), held, _number(self.results.above_empty(each.offers))]

    def _delays(self) -> Rows:
        for each in self.results.delays:
            unseen = f"{each.unseen}, and {each.own_unseen} where made"
            meanwhile = "it answers matches" if each.loaded else "nothing"
            yield [f"{each.offers:,}", meanwhile, str(each.changes), _number(each.p50_ms), _number(each.p99_ms), unseen]


def _table(title: str, headings: str, rows: Rows, text: str = "") -> list[str]:
    """A section with a table; nothing where it has no rows."""
    names = headings.split("; ") if "; " in headings else headings.split(", ")
    lines = [f"| {' | '.join(row)} |" for row in rows]
    if not lines:
        return []
    head = [f"| {' | '.join(names)} |", f"|{' --- |' * len(names)}"]
    return ["", f"## {title}", "", *([text, ""] if text else []), *head, *lines]


def _rate(summary: Summary | None) -> str:
    if summary is None:
        return "-"
    failed = f", {summary.errors} ERRORS" if summary.errors else ""
    around = "" if summary.repetitions == 1 else f" ({_number(summary.slowest)}-{_number(summary.fastest)})"
    return _number(summary.per_second) + around + failed


def _number(value: float | None) -> str:
    """With three digits that say something, and all those before the point; a dash for none."""
    if value is None:
        return "-"
    digits = 0 if value >= 100 else 1 if value >= 10 else 2 if value >= 1 else 3
    return f"{value:,.{digits}f}"
