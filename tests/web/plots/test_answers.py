"""Plots of answers: each figure where it belongs, and the reason where one is empty."""

from datetime import date
from typing import Final

import pytest

from app.domain.language import Text
from app.insight.answers.definitions import Resource, count, middle, number, of_no_child, share
from app.insight.answers.figures import Figures
from app.insight.answers.periods import period_of
from app.insight.answers.schemas import InsightQuery
from app.insight.answers.service import Answered, Row
from app.web.plots.answers import by_code, of_period, over_time
from app.web.plots.plot import Missing

TEXTS: Final = ("in woorden", "in words")
RESOURCE: Final = Resource(
    name="played",
    title=Text(*TEXTS),
    question=Text(*TEXTS),
    source="dossiers",
    by=("region",),
    measures=(
        count("due", ("termijn verstreken", "due"), TEXTS),
        count("inTime", ("op tijd", "in time"), TEXTS),
        share("inTimeShare", ("deel op tijd", "share in time"), "inTime", "due"),
        count("started", ("begonnen", "started"), TEXTS),
        *middle("wait", ("wachttijd", "wait"), TEXTS, "started"),
        *of_no_child(number("places", ("plekken", "places"), TEXTS)),
    ),
)
EMPTY: Final[Figures] = {each.name: None for each in RESOURCE}
HIDDEN, UNKNOWN = Missing.HIDDEN, Missing.UNKNOWN


def row(month: int, code: str = "", **figures: float | None) -> Row:
    period = period_of(date(2026, month, 1), "month")
    return Row(period, code, f"Regio {code}", EMPTY | figures, provisional=month == 3, last_day=period.last)


def answered(*rows: Row, hidden: int | None = 2) -> Answered:
    return Answered(
        resource=RESOURCE,
        query=InsightQuery(),
        by="region",
        region=None,
        source_at=None,
        completeness=[],
        totals=[each for each in rows if not each.code],
        items=[each for each in rows if each.code],
        hidden=hidden,
    )


def test_totals_over_time_are_a_series_for_each_figure() -> None:
    answer = answered(row(1, due=10, inTime=7), row(2, due=12, inTime=None), row(3, due=0, inTime=0))
    plot = over_time(answer, ["due", "inTime"], plot_id="norm", title="De norm", summary="Beter.")
    assert [(each.name, each.provisional) for each in plot.columns] == [
        ("2026-01", False),
        ("2026-02", False),
        ("2026-03", True),
    ]
    assert [(each.name, each.values) for each in plot.series] == [
        ("termijn verstreken", (10, 12, 0)),
        ("op tijd", (7, HIDDEN, 0)),
    ]
    assert (plot.id, plot.title, plot.summary, plot.unit) == ("norm", "De norm", "Beter.", "number")


@pytest.mark.parametrize(
    ("name", "figures", "hidden", "expected"),
    [
        ("due", {"due": None}, 1, HIDDEN),
        ("inTimeShare", {"due": 0}, 1, UNKNOWN),  # nothing to divide by
        ("inTimeShare", {"due": 9}, 1, HIDDEN),
        ("inTimeShare", {"due": None}, 1, HIDDEN),
        ("inTimeShare", {"due": 0}, None, UNKNOWN),  # who sees all
        ("inTimeShare", {"due": 4, "inTimeShare": 0.5}, 1, 0.5),
        ("waitMedian", {"started": 0}, 1, UNKNOWN),
        ("waitMedian", {"started": 8}, 1, HIDDEN),  # too few are left for a middle
        ("places", {}, 1, UNKNOWN),  # of no child
    ],
)
def test_what_is_empty_is_hidden_or_not_known(
    name: str, figures: dict[str, float | None], hidden: int | None, expected: object
) -> None:
    plot = over_time(answered(row(1, "", **figures), hidden=hidden), [name], plot_id="p", title="t")
    assert plot.series[0].values == (expected,)


@pytest.mark.parametrize(("name", "unit"), [("inTimeShare", "share"), ("waitMedian", "days"), ("places", "number")])
def test_the_unit_is_that_of_the_figure(name: str, unit: str) -> None:
    assert over_time(answered(row(1)), [name], plot_id="p", title="t").unit == unit


def test_figures_of_two_units_do_not_go_together() -> None:
    with pytest.raises(ValueError, match="several units"):
        over_time(answered(row(1)), ["due", "inTimeShare"], plot_id="p", title="t")


def test_codes_over_time_are_a_series_each_and_none_where_there_is_no_row() -> None:
    answer = answered(row(1), row(2), row(1, "JZ01", due=3), row(2, "JZ01", due=None), row(2, "JZ03", due=8))
    plot = by_code(answer, "due", ["JZ03", "JZ01"], plot_id="p", title="t")
    assert [(each.name, each.values) for each in plot.series] == [
        ("Regio JZ03", (0, 8)),
        ("Regio JZ01", (3, HIDDEN)),
    ]
    shares = by_code(answer, "inTimeShare", ["JZ03"], plot_id="p", title="t")
    assert shares.series[0].values[0] is UNKNOWN


def test_the_breakdown_of_a_period_has_a_column_for_each_row() -> None:
    answer = answered(row(1), row(2), row(1, "JZ01", due=3), row(2, "JZ01", due=5), row(2, "JZ03", due=8))
    plot = of_period(answer, ["due"], "2026-02", plot_id="p", title="t")
    assert [(each.name, each.period) for each in plot.columns] == [("Regio JZ01", None), ("Regio JZ03", None)]
    assert plot.series[0].values == (5, 8)
