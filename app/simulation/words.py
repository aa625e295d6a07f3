"""What a study says, in words and in a table."""

from typing import Final

from rich.table import Table

from app.domain.language import Language, Text
from app.simulation.model import Behaviour, Interval, Measure, Varied
from app.simulation.study import Study

BEHAVIOUR: Final[dict[Behaviour, Text]] = {
    "phone": Text(nl="rondbellen", en="phoning round"),
    "search": Text(nl="zoeken in vrije plekken", en="searching free places"),
    "ranking": Text(nl="de volgorde volgen", en="following the ranking"),
    "proposals": Text(nl="wekelijks voorstel", en="weekly proposals"),
}
MEASURE: Final[dict[Measure, Text]] = {
    "first_choice": Text(nl="eerste keus", en="first choice"),
    "in_time": Text(nl="binnen drie maanden", en="within three months"),
    "mean_wait": Text(nl="wachttijd, gemiddeld (dagen)", en="wait, mean (days)"),
    "wait_90": Text(nl="wachttijd, 9 van 10 korter (dagen)", en="wait, 9 of 10 shorter (days)"),
    "refusals": Text(nl="afwijzingen per kind", en="refusals a child"),
    "calls": Text(nl="telefoontjes per kind", en="calls a child"),
    "empty": Text(nl="plekken die leeg stonden", en="places that stood empty"),
    "still_waiting": Text(nl="na een jaar zonder hulp", en="without help after a year"),
    "started": Text(nl="kinderen met hulp", en="children with help"),
}
VARIED: Final[dict[Varied, Text]] = {
    "stale": Text(nl="aandeel van het aanbod met oude cijfers", en="share of offers with stale figures"),
    "scarcity": Text(nl="gevraagde hulp per plek", en="help asked for a place"),
    "taking-part": Text(nl="aandeel van het aanbod dat meedoet", en="share of offers that take part"),
}
SHARES: Final = frozenset[Measure]({"first_choice", "in_time", "empty", "still_waiting"})
_ONE_YEAR: Final = Text(nl="Eén jaar", en="One year")
_TITLE: Final = Text(
    nl="Gemiddeld over {seeds} jaren; tussen haakjes waartussen 9 van 10 liggen",
    en="Mean over {seeds} years; in brackets between which 9 of 10 lie",
)


def tables_of(study: Study, language: Language) -> list[Table]:
    """A table for each value of what is varied: a row a measure, a column a behaviour."""
    tables = []
    for point in study.points:
        seeds = len(study.seeds)
        title = (_ONE_YEAR if seeds == 1 else _TITLE.format(seeds=seeds)).in_(language)
        if study.varied is not None and point.value is not None:
            title = f"{VARIED[study.varied].in_(language)} {shown(point.value, share=True)}\n{title}"
        table = Table(title=title, title_justify="left")
        table.add_column("")
        for behaviour in point.figures:
            table.add_column(BEHAVIOUR[behaviour].in_(language), justify="right")
        for measure, text in MEASURE.items():
            cells = [_cell(measure, each[measure], seeds) for each in point.figures.values()]
            table.add_row(text.in_(language), *cells)
        tables.append(table)
    return tables


def _cell(measure: Measure, interval: Interval, seeds: int) -> str:
    """The mean and its interval, which there is only of more than one year."""
    mean, low, high = (shown(each, share=measure in SHARES) for each in (interval.mean, interval.low, interval.high))
    return mean if seeds == 1 else f"{mean} ({low}-{high})"


def shown(value: float, *, share: bool) -> str:
    """A figure as people read it: a share as a percentage."""
    if share:
        return f"{value * 100:.0f}%"
    return f"{value:.0f}" if value >= 10 else f"{value:.1f}"
