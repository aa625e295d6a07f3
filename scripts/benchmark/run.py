"""A whole run: the machine, the server, the data sets, everything that is measured, and the report."""

import os
import platform
import shutil
import subprocess
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final

from sqlalchemy import make_url

from app.kit.clock import system_clock
from scripts.benchmark import insight, loads, proposals, visibility, worker
from scripts.benchmark.bench import Bench
from scripts.benchmark.databases import make_data_set
from scripts.benchmark.plan import Plan
from scripts.benchmark.report import Report
from scripts.local.file_locks import sole_run
from scripts.local.postgres import embedded
from scripts.local.stop_signals import Interrupts

_PACKAGES: Final = ("fastapi", "pydantic", "uvicorn", "uvloop", "httptools", "sqlalchemy", "asyncpg", "orjson", "numpy")
_QUIET: Final = 0.25
"""Runnable processes for each core at most, of what else runs."""


def run(interrupts: Interrupts, plan: Plan, var: Path) -> Report:
    """Measures by the plan, with everything in `var`; by the time it returns or raises, all that it started is gone."""
    with ExitStack() as stack:
        try:
            stack.enter_context(sole_run(var))
            now, cores = system_clock(), len(os.sched_getaffinity(0))
            machine, warnings = _describe(now), [*warnings_of(cores, os.getloadavg()[0]), *plan.warnings()]
            server, say = make_url(stack.enter_context(embedded(var))), _teller(interrupts)
            shutil.rmtree(var / "questions", ignore_errors=True)
            bench = Bench(plan, now.date(), var.resolve(), say)
            for size in (0, *plan.sizes):
                say(f"Loading {size:,} offers ...")
                bench.add(size, make_data_set(server, size))
            measure(bench)
            return Report(machine, plan, bench.results, warnings)
        finally:
            interrupts.close()


def measure(bench: Bench) -> None:
    """All that the plan says; insight last, which fills tables of the data set that all else is measured on."""
    worker.measure(bench)
    if bench.plan.loads:
        loads.measure(bench)
    if "visibility" in bench.plan.measures:
        visibility.measure(bench)
    if "proposals" in bench.plan.measures:
        proposals.measure(bench)
    if "insight" in bench.plan.measures:
        insight.measure(bench)


def _teller(interrupts: Interrupts) -> Callable[[str], None]:
    """Says how far it is, and stops where somebody has asked for that."""

    def say(line: str) -> None:
        interrupts.check()
        print(line, flush=True)

    return say


def warnings_of(cores: int, load: float) -> list[str]:
    """Why figures of this machine should not be quoted now; `load` is its load average before the run."""
    if load <= cores * _QUIET:
        return []
    return [f"The machine was busy before the run (load {load:.1f} on {cores} cores): do not quote these figures."]


def _describe(now: datetime) -> dict[str, str]:
    """The machine, the moment, the versions and the commit; by name, for people."""
    changed = " and changes" if _first_line("git", "status", "--porcelain") else ""
    return {
        "date": now.isoformat(timespec="minutes"),
        "processor": f"{_field('/proc/cpuinfo', 'model name')}, {len(os.sched_getaffinity(0))} cores",
        "memory": _field("/proc/meminfo", "MemTotal"),
        "load before": " ".join(f"{each:.2f}" for each in os.getloadavg()),
        "commit": (_first_line("git", "rev-parse", "--short", "HEAD") or "unknown") + changed,
        "versions": ", ".join(
            [f"Python {platform.python_version()}", *(f"{name} {version(name)}" for name in _PACKAGES)]
        ),
        "load generator": _first_line("wrk", "-v").partition(" Copyright")[0],
    }


def _field(path: str, name: str) -> str:
    lines = Path(path).read_text().splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(name)), "unknown")


def _first_line(*command: str) -> str:
    try:
        told = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own
    except FileNotFoundError:
        return ""
    return next(iter(told.stdout.splitlines()), "")
