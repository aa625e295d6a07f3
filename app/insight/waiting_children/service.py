"""The statement of waiting children on a day, and the lines of an institution's own."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any, Final

from app.domain.dates import dutch_day
from app.domain.language import Language, Text
from app.dossiers.agreements.steps import STEPS
from app.insight.answers.names import names_of
from app.insight.answers.periods import on_day
from app.insight.answers.questions import Question
from app.insight.answers.schemas import InsightQuery
from app.insight.answers.service import Answered, answer_over, asked_periods, question_of, told_until
from app.insight.answers.sheets import Value
from app.insight.history.tables import NeedRow
from app.insight.waiting_children import repository
from app.insight.waiting_children.definition import WAITING_CHILDREN
from app.insight.waiting_children.schemas import WaitingChild, WaitingQuery
from app.kit.database.sessions import ReadSession
from app.kit.errors import InputError, InvalidInputError
from app.kit.security.callers import Caller
from app.reference.lists import reference

_AHEAD: Final = Text(nl="Deze dag is nog niet gekomen.", en="This day has yet to come.")


async def get_statement(
    session: ReadSession, caller: Caller, query: WaitingQuery, now: datetime
) -> tuple[Answered, list[WaitingChild] | None]:
    """The counts of a day, and of an institution's own children a line each; None for whoever keeps none."""
    today = dutch_day(now)
    day = query.as_of or today
    if day > today:
        raise InvalidInputError(InputError("#/query/asOf", "in-future", _AHEAD))
    told, _ = await told_until(session, caller, WAITING_CHILDREN, now)
    periods = [on_day(min(day, told))]
    answered = await answer_over(session, caller, WAITING_CHILDREN, repository.gather, query, periods, now)
    question = question_of(caller, WAITING_CHILDREN, query, periods, today)
    if question.scope.organisation_id is None:
        return answered, None
    return answered, await _children(session, question, day)


async def get_month_ends(session: ReadSession, caller: Caller, query: InsightQuery, now: datetime) -> Answered:
    """The counts on the last day of each month that is asked, or today where that is not over."""
    told, _ = await told_until(session, caller, WAITING_CHILDREN, now)
    periods = [on_day(each.end(told)) for each in asked_periods(query, dutch_day(now))]
    return await answer_over(session, caller, WAITING_CHILDREN, repository.gather, query, periods, now)


async def _children(session: ReadSession, question: Question, day: date) -> list[WaitingChild]:
    rows = await repository.list_waiting(session, question)
    said = await repository.list_explanations(session, [row.request_id for row in rows], day)
    names = await names_of(session, "institution", {str(row.organisation_id) for row in rows})
    return [_child(row, day, names.get(str(row.organisation_id)), said.get(row.request_id)) for row in rows]


def _child(row: NeedRow, day: date, institution: str | None, explanation: str | None) -> WaitingChild:
    on = day.isoformat()
    causes = [each["cause"] for each in reversed(row.details["causes"]) if each["on"] <= on]
    steps = [each["step"] for each in _open(row.details["steps"], on, "to")]
    return WaitingChild(
        child_reference=row.child_reference,
        reference_day=day,
        region=row.region_code,
        municipality=row.municipality_code,
        institution=institution,
        measure_kind=row.measure_kind,
        measure_type=row.measure_type,
        waiting_since=row.since,
        days_waiting=(day - row.since).days,
        days_over_norm=None if row.help_due is None else max(0, (day - row.help_due).days),
        care_types=row.care_types,
        referred_to=len({each["to"] for each in _open(row.details["referred"], on, "until")}),
        causes=list(dict.fromkeys(causes)),
        bridged=any(each.contains(day) for each in row.bridged),
        step=max(steps, key=STEPS.index, default=None),
        explanation=explanation if causes else None,
    )


def _open(items: Sequence[dict[str, Any]], on: str, end: str) -> Iterator[dict[str, Any]]:
    """Those that were open on a day: begun by then, and not over."""
    return (each for each in items if each["from"] <= on and (each[end] is None or each[end] > on))


_COLUMNS: Final = {
    "reference_day": Text(nl="peildatum", en="reference day"),
    "region": Text(nl="jeugdregio", en="region"),
    "municipality": Text(nl="verantwoordelijke gemeente", en="responsible municipality"),
    "institution": Text(nl="instelling", en="institution"),
    "child_reference": Text(nl="kenmerk", en="child reference"),
    "measure": Text(nl="soort maatregel", en="kind of measure"),
    "waiting_since": Text(nl="wacht sinds", en="waiting since"),
    "days_waiting": Text(nl="dagen wachttijd", en="days waiting"),
    "days_over_norm": Text(nl="dagen boven de norm", en="days over the norm"),
    "first": Text(nl="eerste keuze", en="first choice"),
    "second": Text(nl="tweede keuze", en="second choice"),
    "third": Text(nl="derde keuze", en="third choice"),
    "referred_to": Text(nl="aangemeld bij (aantal aanbieders)", en="referred to (number of providers)"),
    "causes": Text(nl="oorzaken", en="causes"),
    "bridged": Text(nl="overbrugging", en="bridging"),
    "step": Text(nl="trede", en="step"),
    "explanation": Text(nl="toelichting", en="explanation"),
}


def sheet_of(children: Sequence[WaitingChild], language: Language) -> tuple[list[str], list[list[Value]]]:
    """The uniform monthly statement as a table, a row for each child."""
    return [text.in_(language) for text in _COLUMNS.values()], [_line(child, language) for child in children]


def _line(child: WaitingChild, language: Language) -> list[Value]:
    lists = reference()
    measure = lists.measures.get(child.measure_type or "")
    wished: list[Value] = [lists.care_types[code].name.in_(language) for code in child.care_types]
    return [
        child.reference_day,
        lists.regions[child.region].name,
        lists.municipalities[child.municipality].name,
        child.institution,
        child.child_reference,
        measure.name.in_(language) if measure else None,
        child.waiting_since,
        child.days_waiting,
        child.days_over_norm,
        *(wished + [None] * 3)[:3],
        child.referred_to,
        ", ".join(lists.waiting_causes[code].name.in_(language) for code in child.causes),
        child.bridged,
        child.step,
        child.explanation,
    ]
