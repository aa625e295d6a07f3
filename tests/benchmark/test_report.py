"""Medians, ratios, goals and the two forms of the report."""

import json
from dataclasses import replace

import pytest

from scripts.benchmark.figures import Asked, Delays, Holding, Results, Setup, goals, growth_setup, ratio
from scripts.benchmark.load import Load
from scripts.benchmark.plan import Plan
from scripts.benchmark.report import Report
from scripts.benchmark.run import warnings_of

PLAN = Plan(workers=(1,), connections=(1,))
DELAYS = Delays(60_000, loaded=False, changes=300, p50_ms=4, p99_ms=40, unseen=0, own_unseen=0)


def _setup(asked: Asked) -> Setup:
    return Setup("compared", asked, "match", "growing", 60_000, 1, 1)


def _load(per_second: float, errors: int = 0) -> Load:
    return Load(per_second, 1000 / per_second, 2000 / per_second, errors)


@pytest.fixture
def results() -> Results:
    """The product at 1,000 matches a second; slower once, and faster once."""
    rates = {"product": (900, 1_500, 1_000), "framework": (2_000, 1_900, 2_100)}
    made = Results()
    for asked, each in rates.items():
        made.loads += [(_setup(asked), _load(rate)) for rate in each]  # type: ignore[arg-type]
    for offers, rate in ((6_000, 1_100), (600_000, 1_000)):
        made.loads.append((growth_setup("match", "steady", offers), _load(rate)))
    made.memory = [Holding(0, [100]), Holding(60_000, [220, 240])]
    made.delays = [DELAYS, replace(DELAYS, loaded=True, p99_ms=140)]
    return made


def _verdicts(results: Results) -> dict[str, tuple[float | None, str]]:
    return {each.name: (each.figure, each.verdict) for each in goals(results, PLAN)}


def test_a_summary_has_the_medians(results: Results) -> None:
    found = results.summary(_setup("product"))
    assert found is not None
    assert (found.per_second, found.slowest, found.fastest) == (1_000, 900, 1_500)
    assert (found.p50_ms, found.p99_ms, found.repetitions, found.errors) == (1, 2, 3, 0)


def test_a_ratio_is_that_of_the_medians(results: Results) -> None:
    ours = results.summary(_setup("product"))
    assert ratio(ours, results.summary(_setup("framework"))) == 0.5
    assert ratio(ours, results.summary(_setup("postgres"))) is None


def test_an_error_makes_a_figure_none(results: Results) -> None:
    results.loads.append((_setup("framework"), _load(100, errors=1)))
    assert ratio(results.summary(_setup("product")), results.summary(_setup("framework"))) is None
    missed = next(each for each in goals(results, PLAN) if each.name.startswith("match, of"))
    assert (missed.figure, missed.verdict) == (None, "missed")
    assert "1 requests failed" in missed.remark


def test_goals_are_reached_missed_or_not_measured(results: Results) -> None:
    assert (
        _verdicts(results).items()
        >= {
            "match, of the bare framework (0.7 in the long run): workers 1, connections 1": (0.5, "reached"),
            "search page, of the bare framework: workers 1, connections 1": (None, "not measured"),
            "match, cost at 600,000 offers of that at 6,000, with equal candidates": (1.1, "reached"),
            "memory of a worker above an empty one, at 60,000 offers (MB)": (140, "reached"),
            "a change shows in another worker, p99 (ms), at rest": (40, "reached"),
            "a change shows in another worker, p99 (ms), while it answers matches": (140, "missed"),
        }.items()
    )


def test_changes_that_never_showed_are_told(results: Results) -> None:
    results.delays[0] = replace(DELAYS, unseen=2, own_unseen=1)
    found = {each.name: each for each in goals(results, PLAN)}
    assert found["a change shows in another worker, p99 (ms), at rest"].verdict == "missed"
    assert "2 of 300" in found["a change shows in another worker, p99 (ms), at rest"].remark
    assert found["changes that did not show at once in the worker that made them"].verdict == "missed"


@pytest.fixture
def report(results: Results) -> Report:
    return Report({"processor": "a real one"}, PLAN, results, ["Busy."])


def test_the_tables_have_every_figure(report: Report) -> None:
    text = report.to_markdown()
    for told in (
        "**Busy.**",
        "a real one",
        "1,000 (900-1,500)",
        "0.500",
        "220, 240",
        "| 40.0 |",
    ):
        assert told in text


def test_the_tables_shout_errors(report: Report, results: Results) -> None:
    results.loads.append((_setup("product"), _load(1_000, errors=7)))
    assert "7 ERRORS" in report.to_markdown()


def test_the_json_has_every_repetition(report: Report) -> None:
    read = json.loads(json.dumps(report.to_json()))
    assert [each["per_second"] for each in read["repetitions"][:3]] == [900, 1_500, 1_000]
    assert read["medians"][0]["setup"]["asked"] == "product"
    assert read["goals"][0]["verdict"] == "reached"


def test_an_empty_run_has_a_report_too() -> None:
    assert "not measured" in Report({}, PLAN, Results(), []).to_markdown()


def test_figures_of_a_busy_machine_or_a_short_run_are_not_to_be_quoted() -> None:
    assert warnings_of(2, 0.4) == PLAN.warnings() == []
    assert "load 1.5 on 2 cores" in warnings_of(2, 1.5)[0]
    assert "1 x 4 s" in Plan(repetitions=1).warnings()[0]
    assert "3 x 1 s" in Plan(seconds=1).warnings()[0]
