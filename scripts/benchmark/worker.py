"""What one worker costs: to start, in its first seconds, in memory, and after a burst of reports."""

import os
import subprocess
import sys
import time
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Final

from scripts.benchmark import BenchmarkError
from scripts.benchmark.bench import Bench
from scripts.benchmark.figures import Sample, Setup
from scripts.benchmark.questions import Question, bulk_reports, matches
from scripts.benchmark.server import Server, environment
from scripts.benchmark.wrk import drive

_COMMANDS: Final = (["--help"], ["rank", str(Path(__file__).parents[2] / "tests/vectors/case-10.json")])
_FIRST_SECONDS: Final = 3
_BURSTS: Final = 20
_USUAL: Final = 9
"""Matches after the first one after a burst."""


def measure(bench: Bench) -> None:
    """A worker on each data set, from its start on; memory counts from the one without offers."""
    wanted = set(bench.plan.measures) & {"start", "memory", "burst"}
    if "start" in wanted:
        _commands(bench)
    empty_mb = None
    for offers in (0, *bench.plan.sizes) if wanted else ():
        with bench.serving("product", offers, name="-alone") as server:
            if "start" in wanted and offers:
                _start(bench, server, offers)
            if "memory" in wanted:
                empty_mb = _memory(bench, server, offers, empty_mb)
            if "burst" in wanted and offers:
                _burst(bench, server, offers)


def _commands(bench: Bench) -> None:
    for arguments in _COMMANDS:
        setup = Setup("start", "product", 0, what=f"wijzer {arguments[0]}", unit="s of CPU")
        for _ in range(bench.plan.repetitions):
            bench.note(setup, Sample(_cpu_of(arguments)))


def _cpu_of(arguments: list[str]) -> float:
    """Seconds of CPU of a `wijzer` command."""
    command = [sys.executable, "-m", "app.cli", *arguments]
    process = subprocess.Popen(command, env=environment(), stdout=subprocess.DEVNULL)  # noqa: S603 - our own
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise BenchmarkError(f"{' '.join(command)} ended with exit status {process.returncode}")
    return used.ru_utime + used.ru_stime


def _start(bench: Bench, server: Server, offers: int) -> None:
    """What it took until it was ready, and what it answers in each of the seconds after that."""
    bench.note(Setup("start", "product", offers, what="ready", unit="s of CPU"), Sample(server.cpu_seconds()))
    for second in range(1, 1 + _FIRST_SECONDS):
        asked = bench.file("match", "growing", offers)
        bench.note(Setup("start", "product", offers, what=f"second {second}"), drive(server.url, asked, 1, seconds=1))


def _memory(bench: Bench, server: Server, offers: int, empty_mb: float | None) -> float:
    """What it holds after that many different matches, and above an empty one; returns what the empty one holds."""
    for each in matches("growing", bench.today, bench.plan.matches):
        server.ask(each)
    held = max(server.memory())
    bench.note(Setup("memory", "product", offers, what="resident", unit="MB"), Sample(held))
    if empty_mb is None:
        return held
    bench.note(Setup("memory", "product", offers, what="above an empty one", unit="MB"), Sample(held - empty_mb))
    return empty_mb


def _burst(bench: Bench, server: Server, offers: int) -> None:
    """A file of reports on offers all over the country, and then matches, again and again; each from its own child."""
    setup = Setup("burst", "product", offers, what="the first match after it", unit="times")
    asked = matches("growing", bench.today, _BURSTS * (1 + _USUAL))
    for file in bulk_reports(bench.targets[offers], _BURSTS):
        server.ask(file)
        first, *usual = (_milliseconds(server, each) for each in islice(asked, 1 + _USUAL))
        bench.note(setup, Sample(first / median(usual), p50_ms=first))


def _milliseconds(server: Server, question: Question) -> float:
    start = time.perf_counter()
    server.ask(question)
    return 1000 * (time.perf_counter() - start)
