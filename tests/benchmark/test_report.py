"""Medians, ratios, goals and the two forms of the report."""

import json
from dataclasses import replace

import pytest

from scripts.benchmark.figures import Results, Sample, Setup, outcomes
from scripts.benchmark.plan import Plan
from scripts.benchmark.report import Report
from scripts.benchmark.run import warnings_of

PLAN = Plan(workers=(1,), connections=(1,))
MATCH = Setup("match", "product", 60_000)
SEEN = Setup("visibility", "product", 60_000, what="at rest", unit="ms, p99")
MEMORY = Setup("memory", "product", 60_000, what="above an empty one", unit="MB")


def _add(results: Results, setup: Setup, *rates: float, errors: int = 0) -> None:
    for rate in rates:
        results.add(setup, Sample(rate, 1000 / rate, 2000 / rate, errors))


@pytest.fixture
def results() -> Results:
    """The product at 1,000 matches a second; slower once, and faster once."""
    made = Results()
    _add(made, MATCH, 900, 1_500, 1_000)
    _add(made, replace(MATCH, asked="framework"), 2_000, 1_900, 2_100)
    for offers, rate in ((6_000, 1_100), (600_000, 1_000)):
        _add(made, replace(MATCH, offers=offers, ground="steady"), rate)
    made.add(MEMORY, Sample(140))
    made.add(replace(MEMORY, what="resident"), Sample(240))
    made.add(SEEN, Sample(40, 4, 40))
    made.add(replace(SEEN, what="while it answers matches"), Sample(140, 4, 140))
    return made


def _outcomes(results: Results) -> dict[tuple[str, str], tuple[float | None, bool]]:
    return {(each.goal.name, each.setup.what): (each.figure, each.reached) for each in outcomes(results, PLAN)}


def test_a_figure_has_the_medians(results: Results) -> None:
    found = next(each for each in results.figures() if each.setup == MATCH)
    assert (found.median, found.p50_ms, found.p99_ms, found.errors) == (1_000, 1, 2, 0)


def test_a_ratio_is_that_of_the_medians(results: Results) -> None:
    assert results.ratio(replace(MATCH, asked="framework")) == 0.5
    assert results.ratio(replace(MATCH, asked="postgres")) is None


def test_growth_is_of_what_a_question_costs(results: Results) -> None:
    steady = replace(MATCH, ground="steady")
    assert results.growth(replace(steady, offers=600_000)) == 1.1
    assert results.growth(replace(steady, offers=6_000)) is None
    results.add(replace(MEMORY, offers=6_000), Sample(35))
    assert results.growth(MEMORY) == 4, "a figure that is no rate is a cost itself"


def test_goals_are_reached_or_missed(results: Results) -> None:
    assert _outcomes(results) == {
        ("match, of the bare framework", ""): (0.5, True),
        ("match, cost of that at the smallest size, with equal candidates", ""): (1.1, True),
        ("memory of a worker above an empty one (MB)", "above an empty one"): (140, True),
        ("a change shows in another worker, p99 (ms)", "at rest"): (40, True),
        ("a change shows in another worker, p99 (ms)", "while it answers matches"): (140, False),
    }


def test_an_error_makes_a_figure_none(results: Results) -> None:
    _add(results, replace(MATCH, asked="framework"), 100, errors=1)
    assert results.ratio(replace(MATCH, asked="framework")) is None
    assert _outcomes(results)["match, of the bare framework", ""] == (None, False)
    assert "| 1 errors: no figure | missed |" in Report({}, PLAN, results, []).to_markdown()


def test_changes_that_never_showed_are_told(results: Results) -> None:
    results.samples[SEEN] = [Sample(None, 4, None, errors=2)]
    assert _outcomes(results)["a change shows in another worker, p99 (ms)", "at rest"] == (None, False)
    assert "| 2 ERRORS |" in Report({}, PLAN, results, []).to_markdown()


@pytest.fixture
def report(results: Results) -> Report:
    return Report({"processor": "a real one"}, PLAN, results, ["Busy."])


def test_the_tables_have_every_figure(report: Report) -> None:
    text = report.to_markdown()
    for told in ("**Busy.**", "a real one", "1,000 (900-1,500)", "0.500", "| 240 | MB |", "| 40.0 |", "| 1.10 |"):
        assert told in text
    assert "## Insight" not in text, "what was not measured has no table"


def test_the_json_has_every_sample(report: Report) -> None:
    read = json.loads(json.dumps(report.to_json()))
    first, second = read["figures"][:2]
    assert [each["value"] for each in first["samples"]] == [900, 1_500, 1_000]
    assert (second["setup"]["asked"], second["ratio"]) == ("framework", 0.5)
    assert read["goals"][0]["reached"] is True


def test_an_empty_run_has_a_report_too() -> None:
    assert "Medians of 3 runs" in Report({}, PLAN, Results(), []).to_markdown()


def test_figures_of_a_busy_machine_or_a_short_run_are_not_to_be_quoted() -> None:
    assert warnings_of(2, 0.4) == PLAN.warnings() == []
    assert "load 1.5 on 2 cores" in warnings_of(2, 1.5)[0]
    assert "1 x 4 s" in Plan(repetitions=1).warnings()[0]
    assert "3 x 1 s" in Plan(seconds=1).warnings()[0]
