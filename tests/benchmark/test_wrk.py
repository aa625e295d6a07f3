"""What the load generators print, read back."""

from pathlib import Path

import pytest

from scripts.benchmark import BenchmarkError, postgres, wrk
from scripts.benchmark.figures import Sample

WRK = """Running 2s test @ http://127.0.0.1:8000
  2 threads and 16 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     9.13ms    3.09ms  36.23ms   86.15%
  3501 requests in 2.00s, 36.12MB read
  Non-2xx or 3xx responses: 3
{"microseconds": 2000000, "requests": 3501, "errors": 6, "p50": 8700, "p99": 21350}
"""

PGBENCH = """pgbench (18.4)
transaction type: capacity.sql
number of clients: 16
number of transactions actually processed: 14876
number of failed transactions: 2 (0.013%)
latency average = 2.148 ms
initial connection time = 21.021 ms
tps = 7450.123456 (without initial connection time)
"""


def test_a_run_of_wrk() -> None:
    assert wrk.read(WRK) == Sample(1750.5, 8.7, 21.35, errors=6)


def test_a_run_in_which_nothing_was_answered() -> None:
    line = '{"microseconds": 2000000, "requests": 0, "errors": 4, "p50": 0, "p99": 0}'
    assert wrk.read(line) == Sample(0.0, errors=4)


@pytest.mark.parametrize("output", ["", "unable to connect to 127.0.0.1:1 Connection refused\n"])
def test_a_run_that_told_nothing(output: str) -> None:
    with pytest.raises(BenchmarkError, match="told nothing"):
        wrk.read(output)


def test_each_thread_has_connections_and_questions_of_its_own() -> None:
    def asked(connections: int) -> list[str]:
        return wrk.command("http://127.0.0.1:1", Path("asked.tsv"), connections, seconds=3)

    assert asked(1)[:4] == ["wrk", "-t1", "-c1", "-d3"]
    assert asked(16)[:4] == ["wrk", "-t2", "-c16", "-d3"]
    assert asked(16)[-2:] == ["asked.tsv", "2"]


def test_a_run_of_pgbench() -> None:
    assert postgres.read(PGBENCH) == Sample(7450.123456, errors=2)


def test_a_run_of_pgbench_that_told_nothing() -> None:
    with pytest.raises(BenchmarkError, match="no rate"):
        postgres.read("pgbench: error: connection failed\n")
