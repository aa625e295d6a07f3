"""The load generator: wrk, with as many connections as are asked for, each sending its next request at once."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from scripts.benchmark import BenchmarkError
from scripts.benchmark.figures import Sample

_SCRIPT: Final = Path(__file__).with_name("wrk.lua")
_PATIENCE_SECONDS: Final = 60


def drive(url: str, questions: Path, connections: int, seconds: int) -> Sample:
    """Sends the requests of a file to a server for so many seconds, over that many connections."""
    done = subprocess.run(  # noqa: S603 - our own command, without a shell
        command(url, questions, connections, seconds),
        capture_output=True,
        text=True,
        check=False,
        timeout=seconds + 2 * _PATIENCE_SECONDS,
    )
    if done.returncode:
        raise BenchmarkError(f"wrk failed: {done.stderr or done.stdout}")
    return read(done.stdout)


def command(url: str, questions: Path, connections: int, seconds: int) -> list[str]:
    """One thread for one connection and two for more, on a machine of two cores or larger."""
    threads = min(2, connections)
    options = [f"-t{threads}", f"-c{connections}", f"-d{seconds}", f"--timeout={_PATIENCE_SECONDS}"]
    return ["wrk", *options, "-s", str(_SCRIPT), url, "--", str(questions), str(threads)]


def read(output: str) -> Sample:
    """What `wrk.lua` printed, among what wrk itself says."""
    line = next((line for line in output.splitlines() if line.startswith("{")), None)
    if line is None:
        raise BenchmarkError(f"wrk told nothing of its run:\n{output}")
    told = json.loads(line)
    requests, seconds = told["requests"], told["microseconds"] / 1e6
    p50_ms, p99_ms = (told[name] / 1000 if requests else None for name in ("p50", "p99"))
    return Sample(requests / seconds if seconds else 0.0, p50_ms, p99_ms, told["errors"])


@contextmanager
def driven(url: str, questions: Path, connections: int, seconds: int) -> Iterator[None]:
    """A load that goes on for as long as the block lasts, and at most so many seconds; nobody looks at its figures."""
    process = subprocess.Popen(  # noqa: S603 - our own command, without a shell
        command(url, questions, connections, seconds), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield
    finally:
        process.kill()
        process.wait()
