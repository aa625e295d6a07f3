"""The figures: the table has the values of the plot, and what a screen reader, a phone and the CSP need is there."""

import gzip
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from hypothesis import given

from app.web.plots.drawing import Drawn, drawn_bars, drawn_lines, drawn_rows, drawn_shares
from app.web.plots.plot import Column, Missing, Plot, Series, Target
from app.web.plots.wording import period_in_words, value_in_words
from tests.web.plots.played import plots, year
from tests.web.rendered import of_class, read, words, written

YEAR = year(
    Series("eerste keuze", (12, 14, 9, 8, 7, 12, 13, Missing.HIDDEN, 11, 9, 8, 7)),
    Series("tweede keuze", (4, 4, 3, 5, 6, 7, Missing.UNKNOWN, 4, 5, 4, 4, 4)),
    summary="De eerste keuze werd het vaakst.",
    target=Target("streefaantal", 20),
)
NAMED = Plot(
    "redenen",
    "Redenen",
    (Column("Geen plek"), Column("Past <niet> & meer")),
    (Series("2025", (120, 0)), Series("2026", (98, Missing.HIDDEN))),
)
DRAWN: dict[str, Drawn[Any]] = {
    "line_plot": drawn_lines(YEAR),
    "bar_plot": drawn_bars(YEAR, "stacked"),
    "share_plot": drawn_shares(YEAR),
    "row_plot": drawn_rows(NAMED),
}


def figure(macro: str, drawn: Drawn[Any]) -> Element:
    return read(written("plots/plots.html", macro, drawn, "/v1/insight/choices?by=region"))


def table_of(html: Element) -> list[list[str]]:
    return [[words(cell) for cell in row] for row in html.iter("tr")]


def expected(plot: Plot) -> list[list[str]]:
    rows = []
    for index, column in enumerate(plot.columns):
        name = period_in_words(column.period) if column.period else " ".join(column.name.split())
        end = " (voorlopig)" if column.provisional else ""
        values = [value_in_words(each.values[index], plot.unit) for each in plot.series]
        rows.append([f"{name}{end}", *(" ".join(each.split()) for each in values)])
    return rows


@pytest.mark.parametrize("macro", DRAWN)
def test_the_table_has_the_values_of_the_plot(macro: str) -> None:
    heading, *rows = table_of(figure(macro, DRAWN[macro]))
    plot = DRAWN[macro].plot
    assert heading[1:] == [each.name for each in plot.series]
    assert rows == expected(plot)


@given(plots())
def test_the_table_of_any_plot_has_its_values(plot: Plot) -> None:
    assert table_of(figure("line_plot", drawn_lines(plot)))[1:] == expected(plot)


def test_a_table_of_shares_has_the_shares() -> None:
    rows = table_of(figure("share_plot", DRAWN["share_plot"]))
    assert rows[1] == ["december 2025", "75 %", "25 %"]
    assert rows[7] == ["juni 2026", "onbekend", "onbekend"]
    assert rows[8] == ["juli 2026", "niet getoond", "niet getoond"]
    assert rows[12][0] == "november 2026 (voorlopig)"


@pytest.mark.parametrize("macro", DRAWN)
def test_a_figure_has_a_caption_a_name_for_each_drawing_a_table_and_a_link(macro: str) -> None:
    html = figure(macro, DRAWN[macro])
    assert html.tag == "figure"
    assert DRAWN[macro].plot.title in words(next(html.iter("figcaption")))
    ids = [each.get("id") for each in html.iter() if each.get("id")]
    assert len(ids) == len(set(ids))
    drawings = list(html.iter("svg"))
    assert len(drawings) == 2
    for each in drawings:
        assert each.get("role") == "img"
        assert each.get("viewBox")
        named = (each.get("aria-labelledby") or "").split()
        assert [found.tag for found in each if found.get("id") in named] == ["title", "desc"]
    (details,) = html.iter("details")
    assert list(details.iter("table"))
    (link,) = html.iter("a")
    assert link.get("href") == "/v1/insight/choices?by=region"


def test_notes_say_how_to_read_it() -> None:
    caption = words(next(figure("line_plot", DRAWN["line_plot"]).iter("figcaption")))
    assert caption == (
        "Titel De eerste keuze werd het vaakst. Stippellijn: streefaantal, 20. Kleine aantallen worden niet getoond. "
        "Waar niets staat, is het cijfer niet bekend. Open stip of onderbroken rand: de periode is nog niet voorbij."
    )


def test_series_are_told_apart_by_class_and_by_name() -> None:
    html = figure("line_plot", DRAWN["line_plot"])
    narrow = next(html.iter("svg"))
    assert [each.get("class") for each in of_class(narrow, "plot__line")] == [
        "plot__line plot__line--1",
        "plot__line plot__line--2",
    ]
    assert sorted(words(each) for each in of_class(narrow, "plot__text--label")) == ["eerste keuze", "tweede keuze"]
    (target,) = of_class(narrow, "plot__text--target")
    assert words(target) == "streefaantal"


@pytest.mark.parametrize("macro", ["bar_plot", "share_plot", "row_plot"])
def test_bars_have_a_pattern_that_is_there(macro: str) -> None:
    for drawing in figure(macro, DRAWN[macro]).iter("svg"):
        patterns = {f"url(#{each.get('id')})" for each in drawing.iter("pattern")}
        bars = list(of_class(drawing, "plot__bar"))
        assert {each.get("fill") for each in bars} == patterns
        assert len(patterns) == 2


@pytest.mark.parametrize("macro", DRAWN)
def test_nothing_in_it_needs_a_style_or_a_script(macro: str) -> None:
    html = figure(macro, DRAWN[macro])
    for each in html.iter():
        assert each.tag not in {"style", "script"}
        assert not [name for name in each.attrib if name == "style" or name.startswith("on")]


@pytest.mark.parametrize("macro", DRAWN)
def test_it_is_small_over_the_wire(macro: str) -> None:
    html = written("plots/plots.html", macro, DRAWN[macro], "/x.csv")
    assert len(gzip.compress(html.encode())) < 3_000
