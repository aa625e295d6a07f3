"""A study: the same text whatever the number of processes, intervals that hold what they say, plots that show it."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner

from app.cli import main
from app.simulation.model import Help, World
from app.simulation.plots import plot_of
from app.simulation.study import study, years_of
from app.simulation.words import MEASURE

SMALL = World(children=40, help=(Help("gezinshuis", 0.5, 200, 2), Help("ambulant", 0.5, 120, 2)))
SVG = "{http://www.w3.org/2000/svg}"


def test_it_is_the_same_in_two_processes() -> None:
    told: list[None] = []
    alone = study(SMALL, [1, 2], behaviours=["phone"], told=lambda: told.append(None))
    assert len(told) == years_of(["phone"], [1, 2], None) == 2
    assert study(SMALL, [1, 2], behaviours=["phone"], processes=2).as_json() == alone.as_json()


def test_an_interval_holds_nine_of_ten() -> None:
    found = study(SMALL, range(20), behaviours=["phone"])
    years = sorted(
        study(SMALL, [seed], behaviours=["phone"]).points[0].figures["phone"]["mean_wait"].mean for seed in range(20)
    )
    interval = found.points[0].figures["phone"]["mean_wait"]
    assert (interval.low, interval.high) == (years[1], years[-2])
    assert interval.mean == pytest.approx(sum(years) / 20)


def test_a_plot_has_a_line_a_behaviour_and_a_point_a_value() -> None:
    found = study(SMALL, [1], behaviours=["phone", "search"], varied="stale")
    root = ElementTree.fromstring(plot_of(found, "mean_wait", "en"))  # noqa: S314 - our own
    lines = root.findall(f".//{SVG}polyline")
    assert [len(line.attrib["points"].split()) for line in lines] == [4, 4]
    said = {text.text for text in root.findall(f".//{SVG}text")}
    assert {"phoning round", "searching free places", "share of offers with stale figures", "60%"} <= said
    spoken = [title.text for title in root.findall(f".//{SVG}g//{SVG}title")]
    mean = found.points[0].figures["phone"]["mean_wait"].mean
    assert (spoken[0] or "").startswith(f"phoning round: {mean:.0f}")


def test_the_command_writes_a_table_figures_and_plots(tmp_path: Path) -> None:
    figures, plots = tmp_path / "figures.json", tmp_path / "plots"
    asked = ["simulate", "--seeds", "1", "--behaviour", "phone", "--children", "40", "--processes", "1"]
    done = CliRunner().invoke(main, [*asked, "--vary", "stale", "--json", str(figures), "--plots", str(plots)])
    assert done.exit_code == 0, done.output
    assert MEASURE["first_choice"].nl in done.stdout
    written = json.loads(figures.read_text())
    assert [point["value"] for point in written["points"]] == [0.0, 0.2, 0.4, 0.6]
    assert written["world"]["children"] == 40
    assert {path.name for path in plots.iterdir()} >= {"first-choice.svg", "mean-wait.svg"}


@pytest.mark.parametrize(("seeds", "interval"), [(1, False), (2, True)])
def test_one_year_has_no_interval(seeds: int, *, interval: bool) -> None:
    asked = ["simulate", "--seeds", str(seeds), "--behaviour", "phone", "--children", "40", "--processes", "1"]
    said = CliRunner().invoke(main, [*asked, "--language", "en"]).stdout
    assert ("One year" in said, "Mean over 2 years" in said) == (not interval, interval)
    [first] = [line for line in said.splitlines() if "first choice" in line]
    assert ("(" in first) == interval


@pytest.mark.parametrize(("arguments", "said"), [(["--stale", "2"], "stale"), (["--plots", "x"], "--vary")])
def test_what_cannot_be_is_said(arguments: list[str], said: str) -> None:
    done = CliRunner().invoke(main, ["simulate", *arguments])
    assert done.exit_code == 2
    assert said in done.output
