"""Plots to draw in tests: any that there can be, and one of a year."""

from datetime import date

from hypothesis import strategies as st

from app.domain.dates import add_months
from app.insight.answers.periods import Period, Unit, periods_between
from app.web.plots.plot import Column, Missing, Plot, Series, Value

VALUES: st.SearchStrategy[Value] = (
    st.integers(0, 20_000) | st.floats(0, 1e6).map(lambda each: round(each, 2)) | st.sampled_from(Missing)
)


def periods(number: int, first: date = date(2025, 12, 1), unit: Unit = "month") -> list[Period]:
    """So many periods from the one that this day is in."""
    if number == 0:
        return []
    months = {"month": 1, "quarter": 3, "year": 12}[unit]
    return list(periods_between(first, add_months(first, (number - 1) * months), unit))


def columns(number: int, *, last_is_open: bool = False) -> tuple[Column, ...]:
    """So many months, of which the last may not be over."""
    return tuple(
        Column(each.name, each, last_is_open and index == number - 1) for index, each in enumerate(periods(number))
    )


@st.composite
def plots(draw: st.DrawFn, *, with_names: bool = False) -> Plot:
    """Any plot of periods, or of things with a name."""
    number = draw(st.integers(0, 40))
    names = st.text("abcdefgh ", min_size=1, max_size=60)
    stand = tuple(Column(draw(names)) for _ in range(number)) if with_names else columns(number)
    values = st.lists(VALUES, min_size=number, max_size=number).map(tuple)
    series = st.lists(st.builds(Series, names, values), min_size=1, max_size=6).map(tuple)
    return Plot("p", "Titel", stand, draw(series))


def year(*series: Series, **fields: object) -> Plot:
    """Twelve months, of which the last is not over."""
    return Plot("p", "Titel", columns(12, last_is_open=True), series, **fields)  # type: ignore[arg-type]
