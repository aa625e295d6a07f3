"""The report of a plan's actions as a table: a row for each figure of an action, or one for an action without any."""

from collections.abc import Sequence
from typing import Final

from app.domain.language import Language, Text
from app.insight.answers.definitions import DIMENSIONS
from app.insight.answers.sheets import Value
from app.insight.plans.report_schemas import ActionReportOut, ReportedActionOut, ReportedFigureOut
from app.insight.plans.states import LIGHT_NAMES, STATUS_NAMES
from app.reference.lists import reference

TITLE: Final = Text(nl="Acties van het plan", en="Actions of the plan")
_COLUMNS: Final = (
    Text(nl="maand", en="month"),
    Text(nl="voorlopig", en="provisional"),
    Text(nl="nummer van de richting", en="number of the direction"),
    Text(nl="richting", en="direction"),
    Text(nl="actie", en="action"),
    Text(nl="trekker", en="owner"),
    Text(nl="beoogd resultaat", en="intended result"),
    Text(nl="uiterlijk", en="due"),
    Text(nl="stand", en="status"),
    Text(nl="licht", en="light"),
    Text(nl="licht een maand eerder", en="light a month before"),
    Text(nl="over tijd", en="overdue"),
    Text(nl="ingetrokken", en="withdrawn"),
    Text(nl="toelichting", en="word"),
    Text(nl="cijfer", en="figure"),
    DIMENSIONS["care-type"],
    Text(nl="in de maand", en="in the month"),
    Text(nl="een maand eerder", en="a month before"),
    Text(nl="definitie", en="definition"),
)
_FIGURES_OF: Final = {
    "plan": Text(
        nl="De cijfers zijn van heel het gebied van het plan.", en="The figures are of the plan's whole area."
    ),
    "own": Text(nl="De cijfers zijn van uw eigen deel daarvan.", en="The figures are of your own part of it."),
}


def sheet_of(report: ActionReportOut, language: Language) -> tuple[list[str], list[list[Value]]]:
    """The heading and the rows."""
    rows = [
        [report.month, report.provisional, *_action(item, language), *_figure(figure, language)]
        for item in report.items
        for figure in (item.figures or (None,))
    ]
    return [each.in_(language) for each in _COLUMNS], rows


def notes_of(report: ActionReportOut, language: Language) -> list[list[str]]:
    """Whose plan and whose figures they are, a row each."""
    lists = reference()
    area = lists.regions[report.region].name if report.region else lists.supraregions[report.supraregion or ""].name
    return [[TITLE.in_(language), area], [report.month, _FIGURES_OF[report.figures_of].in_(language)]]


def _action(item: ReportedActionOut, language: Language) -> Sequence[Value]:
    return [
        item.direction.number,
        item.direction.title,
        item.title,
        item.owner,
        item.result,
        item.due_on,
        STATUS_NAMES[item.status].in_(language),
        LIGHT_NAMES[item.light].in_(language),
        LIGHT_NAMES[item.previous_light].in_(language) if item.previous_light else None,
        item.overdue,
        item.withdrawn_at is not None,
        item.word,
    ]


def _figure(figure: ReportedFigureOut | None, language: Language) -> Sequence[Value]:
    if figure is None:
        return [None] * 5
    care_type = reference().care_types.get(figure.care_type or "")
    return [
        figure.title or figure.name,
        care_type.name.in_(language) if care_type else None,
        figure.value,
        figure.before,
        figure.definition,
    ]
