"""The report of a run: tables for people and JSON for machines."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from scripts.benchmark.figures import Asked, Figure, Outcome, Results, outcomes
from scripts.benchmark.plan import MEASURES, Plan

_NAMES: Final[dict[Asked, str]] = {
    "product": "beschikbaarheidswijzer",
    "framework": "bare framework, 10 KB",
    "same size": "bare framework, as many bytes",
    "postgres": "PostgreSQL alone",
}


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
        """Everything: each figure with its samples, and what came of the goals."""
        return {
            "warnings": self.warnings,
            "machine": self.machine,
            "plan": asdict(self.plan),
            "figures": [self._told(each) for each in self.results.figures()],
            "goals": [asdict(each) | {"reached": each.reached} for each in outcomes(self.results, self.plan)],
        }

    def _told(self, figure: Figure) -> dict[str, Any]:
        sums = {"median": figure.median, "errors": figure.errors, "ratio": self._ratio(figure)}
        return asdict(figure) | sums

    def to_markdown(self) -> str:
        """Tables: the goals, each measure, and what it was measured on."""
        figures = self.results.figures()
        lines = [
            f"# Benchmark\n\nMedians of {self.plan.repetitions} runs of {self.plan.seconds} s each; least and most in "
            "brackets. Rate limits are off, and all else is as by default. What each measure is: docs/performance.md.",
            *(f"\n**{each}**" for each in self.warnings),
            *_table("Goals", [_outcome(each) for each in outcomes(self.results, self.plan)]),
        ]
        for measure in MEASURES:
            rows = [self._row(each) for each in figures if each.setup.measure == measure]
            lines += _table(measure.capitalize(), rows)
        lines += _table("Machine", [{"what": what, "which": which} for what, which in self.machine.items()])
        return "\n".join([*lines, ""])

    def _row(self, figure: Figure) -> dict[str, str]:
        setup = figure.setup
        values = sorted(each.value for each in figure.samples if each.value is not None)
        around = f" ({_number(values[0])}-{_number(values[-1])})" if len(values) > 1 else ""
        return {
            "who": _NAMES[setup.asked],
            "what": setup.what,
            "offers": f"{setup.offers:,}" if setup.offers else "",
            "ground": setup.ground if setup.measure in ("match", "search") else "",
            "workers": "" if setup.asked == "postgres" else str(setup.workers),
            "connections": str(setup.connections),
            "figure": _number(figure.median) + around,
            "unit": setup.unit,
            "p50 ms": _number(figure.p50_ms, none=""),
            "p99 ms": _number(figure.p99_ms, none=""),
            "errors": f"{figure.errors} ERRORS" if figure.errors else "",
            "product / this": _number(self._ratio(figure), none=""),
            "cost, of that at the smallest": _number(self.results.growth(setup), none=""),
        }

    def _ratio(self, figure: Figure) -> float | None:
        return None if figure.setup.asked == "product" else self.results.ratio(figure.setup)


def _outcome(outcome: Outcome) -> dict[str, str]:
    goal, setup = outcome.goal, outcome.setup
    failed = f"{outcome.errors} errors: no figure" if outcome.errors else ""
    return {
        "goal": goal.name,
        "where": setup.what or f"{setup.offers:,} offers, {setup.workers} workers, {setup.connections} connections",
        "wanted": f"at least {goal.least:g}" if goal.least is not None else f"at most {goal.most:g}",
        "measured": failed or _number(outcome.figure),
        "verdict": "reached" if outcome.reached else "missed",
    }


def _table(title: str, rows: Sequence[dict[str, str]]) -> list[str]:
    """A section with a table, without the columns in which no row says anything; nothing where there are no rows."""
    if not rows:
        return []
    names = [name for name in rows[0] if any(row[name] for row in rows)]
    lines = [f"| {' | '.join(row[name] for name in names)} |" for row in rows]
    head = [f"| {' | '.join(names)} |", f"|{' --- |' * len(names)}"]
    return ["", f"## {title}", "", *head, *lines]


def _number(value: float | None, none: str = "-") -> str:
    """With three digits that say something, and all those before the point."""
    if value is None:
        return none
    digits = 0 if value >= 100 else 1 if value >= 10 else 2 if value >= 1 else 3
    return f"{value:,.{digits}f}"
