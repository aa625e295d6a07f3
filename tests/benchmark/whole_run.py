"""A whole run, as small and as short as can be: everything that it measures is in its report, without an error.

It is not about how fast anything is: a run of a second on a busy machine says nothing of that.
"""

import json
import signal
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from app.insight.definitions.resources import RESOURCES
from scripts.benchmark.plan import MEASURES, SMALLEST, Plan
from scripts.benchmark.run import run
from scripts.local.stop_signals import Interrupts

PLAN = Plan(
    sizes=(SMALLEST,),
    seconds=1,
    repetitions=1,
    workers=(1,),
    connections=(1,),
    matches=20,
    changes=3,
    children=1_000,
)


@pytest.fixture(scope="module")
def report() -> Iterator[dict[str, Any]]:
    """The report of one run, as it is written for machines."""
    handlers = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    with TemporaryDirectory(prefix="wijzer-bench-", ignore_cleanup_errors=True) as var:
        try:
            made = run(Interrupts(), PLAN, Path(var))
        finally:
            for number, handler in handlers.items():
                signal.signal(number, handler)
        made.write(Path(var) / "report.json", Path(var) / "report.md")
        assert "## Insight" in (Path(var) / "report.md").read_text()
        yield json.loads((Path(var) / "report.json").read_text())


def _of(report: dict[str, Any], measure: str) -> list[dict[str, Any]]:
    return [each for each in report["figures"] if each["setup"]["measure"] == measure]


def test_everything_is_measured_without_an_error(report: dict[str, Any]) -> None:
    assert {each["setup"]["measure"] for each in report["figures"]} == set(MEASURES)
    assert [each["setup"] for each in report["figures"] if each["errors"] or each["median"] is None] == []


def test_each_load_stands_beside_its_limits(report: dict[str, Any]) -> None:
    for load, limits in {
        "match": {"framework", "same size"},
        "search": {"framework", "same size"},
        "capacity": {"postgres"},
        "bulk": {"postgres"},
    }.items():
        found = {each["setup"]["asked"]: each for each in _of(report, load) if each["setup"]["ground"] == "growing"}
        assert found.keys() == {"product", *limits}
        for limit in limits:
            ours, theirs = found["product"]["median"], found[limit]["median"]
            # on a busy machine a second may pass without an answer
            assert found[limit]["ratio"] == (pytest.approx(ours / theirs) if ours and theirs else None)


def test_a_worker_is_followed_from_its_start_on(report: dict[str, Any]) -> None:
    started = [each["setup"]["what"] for each in _of(report, "start")]
    assert started == ["wijzer --help", "wijzer rank", "ready", "second 1", "second 2", "second 3"]
    held = {(each["setup"]["what"], each["setup"]["offers"]): each["median"] for each in _of(report, "memory")}
    assert held["above an empty one", SMALLEST] == held["resident", SMALLEST] - held["resident", 0]


def test_insight_is_asked_for_every_resource_beside_its_statements(report: dict[str, Any]) -> None:
    setups = [each["setup"] for each in _of(report, "insight") if each["setup"]["what"].startswith(("first", "again"))]
    asked = Counter((each["what"].split()[1], each["asked"]) for each in setups)
    assert {name for name, _ in asked} == {"dashboard", *(each.name for each in RESOURCES)}
    assert all(asked[each.name, "postgres"] >= 2 for each in RESOURCES)
    assert all(each["ratio"] > 0 for each in _of(report, "insight") if each["setup"]["asked"] == "postgres")


def test_goals_are_told(report: dict[str, Any]) -> None:
    told = {each["goal"]["measure"] for each in report["goals"]}
    assert told == set(MEASURES)
    assert report["plan"]["children"] == PLAN.children
    assert any("first impression" in each for each in report["warnings"])
