"""Where lines, bars and labels come: broken where a value is missing, in their frame, and never over each other."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.web.plots.axes import axes_of, highest_of
from app.web.plots.bars import Arrangement, bars_of, rows_of
from app.web.plots.frames import LETTER, LINE, NARROW, WIDE, Frame, wrapped
from app.web.plots.labels import End, labels_at, spread
from app.web.plots.lines import lines_of, runs
from app.web.plots.plot import Column, Missing, Plot, Series, Target, Value, known
from tests.web.plots.played import VALUES, columns, plots, year

HIDDEN, UNKNOWN = Missing.HIDDEN, Missing.UNKNOWN
FRAMES = st.sampled_from([NARROW, WIDE])


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((3, 4, HIDDEN, 5), [[0, 1], [3]]),
        ((UNKNOWN, 3, 4), [[1, 2]]),
        ((HIDDEN, UNKNOWN), []),
        ((), []),
        ((1, 2, 3), [[0, 1, 2]]),
    ],
)
def test_runs(values: tuple[Value, ...], expected: list[list[int]]) -> None:
    assert runs(values) == expected


def test_a_line_is_broken_where_a_value_is_missing() -> None:
    plot = Plot("p", "t", columns(6), (Series("a", (10, 20, HIDDEN, 40, UNKNOWN, 30)),))
    drawn = lines_of(plot, Frame(608 + 22, 240, 12))
    (line,) = drawn.lines
    assert re.findall("[ML]", line.path) == ["M", "L", "M", "M"]
    scale, bands = drawn.axes.scale, drawn.axes.bands
    assert [(dot.x, dot.y) for dot in line.dots] == [
        (round(bands.middle(3), 1), round(scale.pixel(40), 1)),
        (round(bands.middle(5), 1), round(scale.pixel(30), 1)),
    ]


def test_a_value_that_is_not_final_has_an_open_dot() -> None:
    (line,) = lines_of(year(Series("a", tuple(range(12)))), WIDE).lines
    assert [dot.is_open for dot in line.dots] == [True]


@given(plots(), FRAMES)
def test_every_known_value_is_on_its_line_in_the_frame(plot: Plot, frame: Frame) -> None:
    drawn = lines_of(plot, frame)
    inside = drawn.axes.inside
    for line, series in zip(drawn.lines, plot.series, strict=True):
        spots = [tuple(map(float, each.split())) for each in re.split("[ML]", line.path)[1:]]
        assert len(spots) == len(known(series.values))
        assert line.path.count("M") == len(runs(series.values))
        for x, y in spots:
            assert inside.left <= x <= inside.right
            assert inside.top - 0.1 <= y <= inside.bottom + 0.1


@given(plots(), FRAMES, st.sampled_from(["grouped", "stacked"]))
def test_bars_are_as_high_as_their_values(plot: Plot, frame: Frame, arrangement: Arrangement) -> None:
    drawn = bars_of(plot, frame, arrangement)
    scale, inside = drawn.axes.scale, drawn.axes.inside
    whole = [
        [each for each in column if not isinstance(each, Missing)]
        for column in zip(*(each.values for each in plot.series), strict=True)
        if arrangement == "grouped" or not any(isinstance(each, Missing) for each in column)
    ]
    expected = sorted(scale.pixel(0) - scale.pixel(each) for column in whole for each in column)
    assert sorted(each.height for each in drawn.bars) == pytest.approx(expected, abs=0.11)
    for bar in drawn.bars:
        assert bar.x >= inside.left - 0.1
        assert bar.x + bar.width <= inside.right + 0.2
        assert bar.y >= inside.top - 0.2


def test_a_stack_is_left_out_where_a_part_is_missing_and_a_group_is_not() -> None:
    plot = Plot("p", "t", columns(2), (Series("a", (1, 2)), Series("b", (3, HIDDEN))))
    assert [each.index for each in bars_of(plot, WIDE, "stacked").bars] == [0, 1]
    assert [each.index for each in bars_of(plot, WIDE, "grouped").bars] == [0, 0, 1]
    first, second = bars_of(plot, WIDE, "stacked").bars
    assert second.y + second.height == pytest.approx(first.y, abs=0.11)


def test_what_is_below_zero_is_not_stacked_and_not_a_bar_from_the_left() -> None:
    plot = Plot("p", "t", columns(1), (Series("a", (-1,)),))
    with pytest.raises(ValueError, match="below zero"):
        bars_of(plot, WIDE, "stacked")
    with pytest.raises(ValueError, match="below zero"):
        rows_of(plot, WIDE)
    (bar,) = bars_of(plot, WIDE, "grouped").bars
    assert bar.height > 0


def test_a_target_above_all_values_is_in_the_frame() -> None:
    plot = year(Series("a", (1,) * 12), target=Target("norm", 90))
    axes = axes_of(plot, WIDE, highest_of(plot))
    assert axes.target == round(axes.scale.pixel(90), 1)
    assert axes.inside.top <= (axes.target or 0) < axes.inside.bottom


def test_the_year_stands_below_the_first_label_and_each_new_year() -> None:
    axes = axes_of(year(Series("a", (1,) * 12)), WIDE, 1)
    assert [(each.text, each.below) for each in axes.columns][:3] == [("dec", "2025"), ("jan", "2026"), ("feb", "")]
    narrow = axes_of(Plot("p", "t", columns(2), (Series("a", (1, 2)),)), Frame(80, 240, 12), 1)
    assert [each.below for each in narrow.columns] == ["", "2026"]  # no room for both


def test_a_bar_from_the_left_says_its_value_and_where_there_are_more_of_what() -> None:
    one = Plot("p", "t", (Column("Alkmaar"),), (Series("2025", (1234,)),))
    two = Plot("p", "t", (Column("Alkmaar"),), (Series("2025", (1234,)), Series("2026", (HIDDEN,))))
    assert [row.text for row in rows_of(one, NARROW).names[0].rows] == ["1.234"]
    assert [row.text for row in rows_of(two, NARROW).names[0].rows] == ["1.234 (2025)", "niet getoond (2026)"]


def test_lines_need_periods() -> None:
    with pytest.raises(ValueError, match="no periods"):
        lines_of(Plot("p", "t", (Column("Alkmaar"),), (Series("a", (1,)),)), WIDE)


@given(plots(with_names=True), FRAMES)
def test_bars_from_the_left_have_their_value_beside_them(plot: Plot, frame: Frame) -> None:
    drawn = rows_of(plot, frame)
    assert len(drawn.names) == len(plot.columns)
    bottom = 0.0
    for place, named in enumerate(drawn.names):
        assert named.top >= bottom
        bottom = named.rows[-1].middle
        for row, series in zip(named.rows, plot.series, strict=True):
            assert (row.bar is None) == isinstance(series.values[place], Missing)
            assert row.bar is None or row.bar.width <= row.text_x <= frame.width
    assert bottom <= drawn.height


@given(st.lists(st.tuples(st.floats(-50, 400), st.floats(16, 48)), max_size=8), st.floats(0, 300))
def test_spread_keeps_the_order_and_lets_nothing_overlap(things: list[tuple[float, float]], bottom: float) -> None:
    middles = sorted(middle for middle, _ in things)
    heights = [height for _, height in things]
    tops = spread(middles, heights, bottom)
    assert all(top >= -1e-6 for top in tops)
    for (top, height), (below, _) in pairwise(zip(tops, heights, strict=True)):
        assert top + height <= below + 1e-6
    if tops:
        assert tops[-1] + heights[-1] <= max(bottom, sum(heights)) + 1e-6


@pytest.mark.parametrize(
    ("middles", "bottom", "expected"),
    [
        ([50, 52], 200, [42, 58]),
        ([20, 100], 200, [12, 92]),
        ([198, 199], 200, [168, 184]),
        ([0], 200, [0]),
    ],
)
def test_spread(middles: list[float], bottom: float, expected: list[float]) -> None:
    assert spread(middles, [16.0] * len(middles), bottom) == expected


def test_one_series_has_no_label_and_two_have() -> None:
    ends = [End(0, "a", 10, 50), End(1, "b", 10, 20)]
    assert labels_at(ends[:1], 20, 100, 200) == ()
    assert [(each.index, each.lines) for each in labels_at(ends, 20, 100, 200)] == [(1, ("b",)), (0, ("a",))]


@given(plots(), FRAMES)
def test_labels_are_inside_the_frame(plot: Plot, frame: Frame) -> None:
    drawn = lines_of(plot, frame)
    for label in drawn.labels:
        assert label.x < frame.width
        assert label.top >= 0
        assert label.top + len(label.lines) * LINE <= drawn.axes.height + 0.1


@pytest.mark.parametrize(
    ("text", "letters", "most", "expected"),
    [
        ("Gezinsgerichte opvang", 15, 3, ("Gezinsgerichte", "opvang")),
        ("een twee drie vier", 8, 2, ("een twee", "drie …")),
        ("onafscheidelijk", 8, 3, ("onafsch…",)),
        ("", 8, 3, ("",)),
    ],
)
def test_wrapped(text: str, letters: int, most: int, expected: tuple[str, ...]) -> None:
    assert wrapped(text, letters * LETTER, most) == expected


@given(st.text("abc ", max_size=80), st.floats(30, 300), st.integers(1, 4))
def test_wrapped_lines_fit(text: str, width: float, most: int) -> None:
    lines = wrapped(text, width, most)
    assert 1 <= len(lines) <= most
    assert all(len(each) * 7 <= max(width, 28) for each in lines)


@given(st.lists(VALUES, min_size=1, max_size=6))
def test_shares_add_up_to_one_or_are_none(values: list[Value]) -> None:
    plot = Plot("p", "t", columns(1), tuple(Series(str(index), (each,)) for index, each in enumerate(values)))
    shares = [each.values[0] for each in plot.as_shares().series]
    if len(known(values)) == len(values) and any(values):
        assert sum(known(shares)) == pytest.approx(1)
    else:
        assert known(shares) == []
        assert len(set(shares)) == 1


def test_a_plot_refuses_what_cannot_be_drawn() -> None:
    with pytest.raises(ValueError, match="1 values for 2 columns"):
        Plot("p", "t", columns(2), (Series("a", (1,)),))
    with pytest.raises(ValueError, match="7 series"):
        Plot("p", "t", columns(1), tuple(Series(str(each), (1,)) for each in range(7)))
