"""A whole run: the server, the data sets, everything that is measured, and the report."""

import asyncio
import json
import shutil
from contextlib import ExitStack
from datetime import date
from pathlib import Path

from app.demo.holding import sole_run
from app.demo.interrupts import Interrupts
from app.demo.postgres import embedded
from app.kit.clock import system_clock
from scripts.benchmark import machine, measuring
from scripts.benchmark.bench import Bench
from scripts.benchmark.candidates import mean_candidates
from scripts.benchmark.databases import Databases, databases, make_data_set
from scripts.benchmark.figures import Results, grounds_of
from scripts.benchmark.plan import Plan
from scripts.benchmark.questions import matches
from scripts.benchmark.report import Report
from scripts.benchmark.tokens import Askers

_SAMPLE = 100
"""Matches whose candidates are counted."""


def run(interrupts: Interrupts, plan: Plan, var: Path, *, fresh: bool) -> Report:
    """Measures by the plan, with everything in `var`; by the time it returns or raises, all that it started is gone."""
    with ExitStack() as stack:
        try:
            stack.enter_context(sole_run(var))
            now = system_clock()
            told = machine.describe(now)
            server = databases(stack.enter_context(embedded(var)))
            interrupts.check()
            results = _measure(stack, server, plan, now.date(), var.resolve(), fresh=fresh)
            return Report(told, asyncio.run(server.settings()), plan, results)
        finally:
            interrupts.close()


def _measure(stack: ExitStack, server: Databases, plan: Plan, today: date, var: Path, *, fresh: bool) -> Results:
    shutil.rmtree(var / "questions", ignore_errors=True)
    names = {size: _working_copy(stack, server, size, today, fresh=fresh) for size in (0, *plan.sizes)}
    bench = Bench(plan, today, server, names, var, Askers(), Results(), _say)
    if "match" in plan.measures:
        _count_candidates(bench)
    measuring.hold_nothing(bench)
    for workers in plan.workers:
        _say(f"Comparing, with workers: {workers}")
        measuring.compare(bench, workers)
    _say(f"Growth, to {max(plan.sizes):,} offers")
    measuring.grow(bench)
    for size in plan.sizes if plan.watch else ():
        _say(f"Changes in another process, {size:,} offers")
        measuring.watch(bench, size)
    return bench.results


def _working_copy(stack: ExitStack, server: Databases, size: int, today: date, *, fresh: bool) -> str:
    """A copy of the data set that the run may change; the data set itself stays as it was loaded."""
    kept = make_data_set(server, size, today, fresh=fresh, say=_say)
    name = f"{kept}_now"
    asyncio.run(server.copy(kept, name))
    stack.callback(lambda: asyncio.run(server.drop(name)))
    return name


def _count_candidates(bench: Bench) -> None:
    for size in bench.plan.sizes:
        for ground in grounds_of("match"):
            asked = matches(ground, bench.today, _SAMPLE)
            mean = asyncio.run(mean_candidates(bench.server, bench.names[size], asked))
            bench.results.candidates[size, ground] = mean
            _say(f"{size:,} offers, {ground} ground: {mean:,.1f} candidates for a match on average")


def _say(line: str) -> None:
    print(line, flush=True)


def write(report: Report, to_json: Path, to_markdown: Path) -> None:
    """Leaves the report in both forms."""
    for path, text in (
        (to_json, json.dumps(report.to_json(), indent=1, default=str)),
        (to_markdown, report.to_markdown()),
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + "\n", encoding="utf-8")
