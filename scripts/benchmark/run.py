"""A whole run: the server, the data sets, everything that is measured, and the report."""

import asyncio
import json
import shutil
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from app.kit.clock import system_clock
from scripts.benchmark import machine, measuring
from scripts.benchmark.bench import Bench
from scripts.benchmark.candidates import mean_candidates
from scripts.benchmark.databases import databases, make_data_set
from scripts.benchmark.figures import Results, grounds_of
from scripts.benchmark.plan import Plan
from scripts.benchmark.questions import matches
from scripts.benchmark.report import Report
from scripts.benchmark.tokens import Askers
from scripts.local.file_locks import sole_run
from scripts.local.postgres import embedded
from scripts.local.stop_signals import Interrupts

_SAMPLE = 100
"""Matches whose candidates are counted."""


def run(interrupts: Interrupts, plan: Plan, var: Path, *, fresh: bool) -> Report:
    """Measures by the plan, with everything in `var`; by the time it returns or raises, all that it started is gone."""
    with ExitStack() as stack:
        try:
            stack.enter_context(sole_run(var))
            now = system_clock()
            told, warnings = machine.describe(now), [*machine.now_busy(), *plan.warnings()]
            server = databases(stack.enter_context(embedded(var)))
            interrupts.check()
            bench = Bench(plan, now.date(), server, {}, var.resolve(), Askers(), Results(), _teller(interrupts))
            _prepare(stack, bench, fresh=fresh)
            _measure(bench)
            return Report(told, asyncio.run(server.settings()), plan, bench.results, warnings)
        finally:
            interrupts.close()


def _teller(interrupts: Interrupts) -> Callable[[str], None]:
    """Says how far it is, and stops where somebody has asked for that."""

    def say(line: str) -> None:
        interrupts.check()
        print(line, flush=True)

    return say


def _prepare(stack: ExitStack, bench: Bench, *, fresh: bool) -> None:
    shutil.rmtree(bench.var / "questions", ignore_errors=True)
    for size in (0, *bench.plan.sizes):
        bench.names[size] = _working_copy(stack, bench, size, fresh=fresh)
    if "match" in bench.plan.measures:
        _count_candidates(bench)


def _measure(bench: Bench) -> None:
    plan, say = bench.plan, bench.say
    measuring.hold_nothing(bench)
    for workers in plan.workers:
        say(f"Comparing, with workers: {workers}")
        measuring.compare(bench, workers)
    say(f"Growth, to {max(plan.sizes):,} offers")
    measuring.grow(bench)
    for size in plan.sizes if plan.watch else ():
        say(f"Changes in another process, {size:,} offers")
        measuring.watch(bench, size)


def _working_copy(stack: ExitStack, bench: Bench, size: int, *, fresh: bool) -> str:
    """A copy of the data set that the run may change; the data set itself stays as it was loaded."""
    server = bench.server
    kept = make_data_set(server, size, bench.today, fresh=fresh, say=bench.say)
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
            bench.say(f"{size:,} offers, {ground} ground: {mean:,.1f} candidates for a match on average")


def write(report: Report, to_json: Path, to_markdown: Path) -> None:
    """Leaves the report in both forms."""
    for path, text in (
        (to_json, json.dumps(report.to_json(), indent=1)),
        (to_markdown, report.to_markdown()),
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + "\n", encoding="utf-8")
