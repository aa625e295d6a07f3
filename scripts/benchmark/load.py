"""The load generator: wrk, with as many connections as are asked for, each sending its next request at once."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from scripts.benchmark import BenchmarkError

_SCRIPT: Final = Path(__file__).with_name("wrk.lua")
_PATIENCE_SECONDS: Final = 60


@dataclass(frozen=True, slots=True)
class Load:
    """What came of a run. Latencies in milliseconds; None where the tool tells none.

    `errors` are requests that were answered with a status of 400 or more, not in time, or not at all.
    """

    per_second: float
    p50_ms: float | None
    p99_ms: float | None
    errors: int


def drive(url: str, questions: Path, *, connections: int, seconds: int) -> Load:
    """Sends the requests of a file to a server for so many seconds, over that many connections."""
    done = subprocess.run(  # noqa: S603 - our own command, without a shell
        command(url, questions, connections=connections, seconds=seconds),
        capture_output=True,
        text=True,
        check=False,
        timeout=seconds + 2 * _PATIENCE_SECONDS,
    )
    if done.returncode:
        raise BenchmarkError(f"wrk failed: {done.stderr or done.stdout}")
    return read(done.stdout)


def command(url: str, questions: Path, *, connections: int, seconds: int) -> list[str]:
    """One thread for one connection and two for more, on a machine of two cores or larger."""
    threads = min(2, connections)
    options = [f"-t{threads}", f"-c{connections}", f"-d{seconds}", f"--timeout={_PATIENCE_SECONDS}"]
    return ["wrk", *options, "-s", str(_SCRIPT), url, "--", str(questions), str(threads)]


def read(output: str) -> Load:
    """What `wrk.lua` printed, among what wrk itself says."""
    line = next((line for line in output.splitlines() if line.startswith("{")), None)
    if line is None:
        raise BenchmarkError(f"wrk told nothing of its run:\n{output}")
    told = json.loads(line)
    errors = told["refused"] + told["broken"] + told["late"]
    requests, seconds = told["requests"], told["microseconds"] / 1e6
    return Load(
        per_second=requests / seconds if seconds else 0.0,
        p50_ms=told["p50"] / 1000 if requests else None,
        p99_ms=told["p99"] / 1000 if requests else None,
        errors=errors,
    )


@contextmanager
def driven(url: str, questions: Path, *, connections: int, seconds: int) -> Iterator[None]:
    """A load that goes on for as long as the block lasts, and at most so many seconds; nobody looks at its figures."""
    process = subprocess.Popen(  # noqa: S603 - our own command, without a shell
        command(url, questions, connections=connections, seconds=seconds),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.kill()
        process.wait()
