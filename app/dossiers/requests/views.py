"""Requests as they go over the wire, on a day and in a language."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from app.domain.dates import YearMonth
from app.domain.language import Language, Text, date_in_words
from app.dossiers.agreements.repository import list_agreements
from app.dossiers.agreements.tables import RegionalAgreementsRow
from app.dossiers.requests import entry_schemas, repository, schemas
from app.dossiers.requests.clocks import (
    Agreed,
    Clock,
    clocks,
    worst,
)
from app.dossiers.requests.entry_schemas import (
    Milestone,
)
from app.dossiers.requests.history import facts_of
from app.dossiers.requests.schemas import (
    RequestQuery,
)
from app.dossiers.requests.tables import (
    ChoiceVersionRow,
    ExplanationRow,
    JudgementRow,
    ReopeningRow,
    RequestEventRow,
    RequestRow,
)
from app.dossiers.requests.youth_law import YouthLawEnd, youth_law_ends
from app.finding.matching.schemas import Choice, Measure
from app.kit.database.sessions import ReadSession, WriteSession
from app.kit.pages import PageQuery
from app.kit.security.callers import Caller
from app.reference.lists import reference

MILESTONES: Final[dict[Milestone, str]] = {
    "protection-worker": "protection_worker_on",
    "course": "course_on",
    "help": "help_said_on",
}
"""The columns of the milestones, as the institution says them itself."""
_SHOWN_MILESTONES: Final = MILESTONES | {"help": "help_on"}

_ENDS = Text(
    nl="De Jeugdwet eindigt voor deze jeugdige op {day} ({age} jaar); regel wat daarna komt.",
    en="Youth law ends for this child on {day} (at the age of {age}); arrange what comes after it.",
)
_ENDED = Text(
    nl="De Jeugdwet is voor deze jeugdige geëindigd op {day} ({age} jaar).",
    en="Youth law ended for this child on {day} (at the age of {age}).",
)


@dataclass(frozen=True, slots=True)
class Context:
    """What belongs to some requests and is kept elsewhere."""

    agreements: dict[str, RegionalAgreementsRow]
    explanations: list[ExplanationRow]
    reopenings: list[ReopeningRow]
    judgements: list[JudgementRow]
    siblings: list[RequestRow]

    def siblings_of(self, row: RequestRow) -> list[RequestRow]:
        """The other open requests of its sibling group."""
        group = (row.organisation_id, row.sibling_group)
        return [
            each for each in self.siblings if (each.organisation_id, each.sibling_group) == group and each.id != row.id
        ]


async def context_of(session: ReadSession | WriteSession, rows: Sequence[RequestRow]) -> Context:
    """What showing these requests takes, however many, in five statements."""
    return Context(
        agreements=await list_agreements(session, {row.region_code for row in rows}),
        explanations=await repository.list_explanations(session, [row.id for row in rows]),
        reopenings=await repository.list_reopenings(session, [row.id for row in rows]),
        judgements=await repository.list_last_judgements(session, [row.id for row in rows]),
        siblings=await repository.list_siblings(session, rows),
    )


def clocks_of(row: RequestRow, agreements: RegionalAgreementsRow, today: date) -> list[Clock]:
    """The clocks of a request."""
    agreed = Agreed(agreements.contact_local_team_days, agreements.expert_team_days)
    return clocks(facts_of(row), agreed, today)


def request_out(row: RequestRow, context: Context, today: date, language: Language) -> schemas.RequestOut:
    """A request as its own institution or local team sees it."""
    return schemas.RequestOut.model_construct(
        **shown(row, context, today, language),
        child_reference=row.child_reference,
        care_worker=row.care_worker,
        team=row.team,
        sibling_group=row.sibling_group,
        siblings=[other.id for other in context.siblings_of(row)],
    )


def shown(row: RequestRow, context: Context, today: date, language: Language) -> dict[str, Any]:
    """The fields of `schemas.ShownRequest`."""
    found = clocks_of(row, context.agreements[row.region_code], today)
    explanations = [each for each in context.explanations if each.request_id == row.id]
    ends = _youth_law_ends(row)
    return {
        **{name: getattr(row, name) for name in _AS_THEY_ARE},
        "child": _child(row),
        "choices": [Choice.model_validate(each) for each in row.choices],
        "first_choice": Choice.model_validate(row.first_choice),
        "reopenings": [reopening_out(each) for each in context.reopenings if each.request_id == row.id],
        "judgements": [judgement_out(each) for each in context.judgements if each.request_id == row.id],
        "milestones": [
            entry_schemas.MilestoneOut.model_construct(name=name, date_=day)
            for name, column in _SHOWN_MILESTONES.items()
            if (day := getattr(row, column)) is not None
        ],
        "clocks": [_clock(clock, explanations, today) for clock in found],
        "light": worst(found, facts_of(row)),
        "youth_law_ends": [
            schemas.YouthLawEndOut.model_construct(age=end.age, on=end.on, ground=end.ground) for end in ends
        ],
        "warnings": [
            _warning(end, today, language) for end in ends if end.is_near(today) and (today < end.on or end is ends[-1])
        ],
    }


_AS_THEY_ARE = (
    *("id", "choices_version", "needs", "wishes", "characteristics", "places", "needed_by", "extended_help"),
    *("requested_on", "status", "closed_reason", "closed_on", "placed_on", "bridged_on", "needed_again_on"),
    *("escalated_to", "created_at", "updated_at"),
)


def _child(row: RequestRow) -> schemas.RequestedChild:
    measure = None
    if row.measure_type is not None and row.measure_imposed_on is not None:
        measure = Measure.model_construct(type=row.measure_type, imposed_on=row.measure_imposed_on)
    return schemas.RequestedChild.model_construct(
        birth_month=row.birth_month,
        gender=row.gender,
        municipality=row.municipality_code,
        region=row.region_code,
        postcode=row.postcode,
        measure=measure,
        court_authorisation=row.court_authorisation,
    )


def _clock(clock: Clock, explanations: list[ExplanationRow], today: date) -> schemas.ClockOut:
    return schemas.ClockOut.model_construct(
        clock=clock.name,
        norm=clock.norm,
        starts_on=clock.starts_on,
        amber_from=clock.amber_from,
        due_on=clock.due_on,
        done_on=clock.done_on,
        on_time=clock.on_time,
        light=clock.light,
        days_left=None if clock.done_on else (clock.due_on - today).days,
        explanations=[explanation_out(each) for each in explanations if each.clock == clock.name],
    )


def explanation_out(row: ExplanationRow) -> entry_schemas.ExplanationOut:
    """An explanation's row as it goes over the wire."""
    return entry_schemas.ExplanationOut.model_construct(clock=row.clock, cause=row.cause, text=row.text, at=row.at)


def reopening_out(row: ReopeningRow) -> entry_schemas.ReopeningOut:
    """A reopening's row as it goes over the wire."""
    return entry_schemas.ReopeningOut.model_construct(
        needed_again_on=row.needed_again_on, why=row.why, helped_on=row.helped_on, at=row.at
    )


def judgement_out(row: JudgementRow) -> entry_schemas.JudgementOut:
    """A judgement's row as it goes over the wire."""
    return entry_schemas.JudgementOut.model_construct(by=row.by, fits=row.fits, on=row.on, word=row.word)


def _youth_law_ends(row: RequestRow) -> list[YouthLawEnd]:
    care_types = reference().care_types
    forms = {care_types[each["careType"]].cbs_form_code for each in row.choices}
    return youth_law_ends(YearMonth.parse(row.birth_month), forms, extended_help=row.extended_help)


def _warning(end: YouthLawEnd, today: date, language: Language) -> schemas.RequestWarning:
    ended = today >= end.on
    text = (_ENDED if ended else _ENDS).format(day=date_in_words(end.on), age=end.age)
    code: schemas.RequestWarningCode = "youth-law-ended" if ended else "youth-law-ends"
    return schemas.RequestWarning.model_construct(code=code, detail=text.in_(language))


async def list_requests(
    session: ReadSession, caller: Caller, query: RequestQuery, key: list[Any] | None, today: date
) -> list[RequestRow]:
    """The caller's requests, by the day on which help was asked; after `key` (that day, id), one more than the page."""
    return await repository.list_requests(
        session,
        caller,
        today=today,
        status=query.status,
        light=query.light,
        escalated=query.escalated,
        limit=query.window,
        key=key,
    )


async def list_judgements(
    session: ReadSession, caller: Caller, request_id: UUID, query: PageQuery, key: list[Any] | None
) -> list[JudgementRow]:
    """Every judgement of a request by its day; after `key` (that day, id), and one more than the page."""
    await repository.get_request(session, caller, request_id)
    return await repository.list_judgements(session, request_id, limit=query.window, key=key)


async def get_request(session: ReadSession, caller: Caller, request_id: UUID) -> RequestRow:
    """A request that the caller is a party to; `NotFoundError` where there is none."""
    return await repository.get_request(session, caller, request_id)


async def list_history(
    session: ReadSession, caller: Caller, request_id: UUID, query: PageQuery, key: list[Any] | None
) -> list[RequestEventRow]:
    """What happened to a request, from the first on; after `key` (id), and one more than the page."""
    await repository.get_request(session, caller, request_id)
    return await repository.list_events(session, request_id, limit=query.window, key=key)


async def list_choices(
    session: ReadSession, caller: Caller, request_id: UUID, query: PageQuery, key: list[Any] | None
) -> list[ChoiceVersionRow]:
    """The choices as they were stated each time, from the first on; after `key` (number), one more than the page."""
    await repository.get_request(session, caller, request_id)
    return await repository.list_choice_versions(session, request_id, limit=query.window, key=key)
