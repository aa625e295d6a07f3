"""Requests as they go over the wire, on a day and in a language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from uuid import UUID

from app.access.repository import list_names
from app.domain.dates import YearMonth
from app.domain.language import Language
from app.dossiers.agreements.repository import list_agreements
from app.dossiers.agreements.tables import RegionalAgreementsRow
from app.dossiers.requests import entries_repository, entry_schemas, repository, schemas
from app.dossiers.requests.child_schemas import KeptMeasure, RequestedChild
from app.dossiers.requests.clock_model import Agreed, Clock
from app.dossiers.requests.clocks import clocks, last_day, worst
from app.dossiers.requests.entry_schemas import (
    Milestone,
)
from app.dossiers.requests.history import facts_of
from app.dossiers.requests.proposals import shown_of
from app.dossiers.requests.tables import (
    ExplanationRow,
    JudgementRow,
    May,
    ProposalRow,
    ReopeningRow,
    RequestRow,
)
from app.dossiers.requests.warnings import secure_care_warnings, youth_law_warnings
from app.dossiers.requests.youth_law import YouthLawEnd, youth_law_ends
from app.finding.matching.schemas import Choice
from app.kit.database.sessions import ReadSession, WriteSession
from app.kit.security.callers import Caller
from app.reference.lists import reference

MILESTONES: Final[dict[Milestone, str]] = {
    "protection-worker": "protection_worker_on",
    "course": "course_on",
    "help": "help_said_on",
    "next-place": "next_place_said_on",
    "bridging": "bridging_said_on",
}
"""The columns of the milestones, as the institution says them itself."""
_SHOWN_MILESTONES: Final = MILESTONES | {"help": "help_on", "next-place": "next_place_on", "bridging": "bridged_on"}


@dataclass(frozen=True, slots=True)
class Context:
    """What belongs to some requests and is kept elsewhere."""

    agreements: dict[str, RegionalAgreementsRow]
    explanations: list[ExplanationRow]
    reopenings: list[ReopeningRow]
    judgements: list[JudgementRow]
    siblings: list[RequestRow]
    proposals: list[ProposalRow]
    secure_places: dict[UUID, str]
    shared: Mapping[UUID, May] = field(default_factory=dict)
    organisations: Mapping[UUID, str] = field(default_factory=dict)

    def siblings_of(self, row: RequestRow) -> list[RequestRow]:
        """The other open requests of its sibling group."""
        group = (row.organisation_id, row.sibling_group)
        return [
            each for each in self.siblings if (each.organisation_id, each.sibling_group) == group and each.id != row.id
        ]

    def place_of(self, row: RequestRow) -> str | None:
        """The municipality of the secure place that a child has or has been promised."""
        return None if row.secure_offer_id is None else self.secure_places.get(row.secure_offer_id)


async def context_of(
    session: ReadSession | WriteSession, rows: Sequence[RequestRow], caller: Caller | None = None
) -> Context:
    """What showing these requests takes, however many, in six statements; one more where one has a secure
    place, and two more for a caller whose they are not."""
    others = [row for row in rows if caller is not None and row.organisation_id != caller.organisation_id]
    of_others: dict[str, Any] = {}
    if caller is not None and others:
        shared = await repository.list_shared(session, caller, [row.id for row in others])
        of_others["shared"] = {row.id: shared.get(row.id, "read") for row in others}
        of_others["organisations"] = await list_names(session, {row.organisation_id for row in others})
    return Context(
        **of_others,
        agreements=await list_agreements(session, {row.region_code for row in rows}),
        explanations=await entries_repository.list_explanations(session, [row.id for row in rows]),
        reopenings=await entries_repository.list_reopenings(session, [row.id for row in rows]),
        judgements=await entries_repository.list_last_judgements(session, [row.id for row in rows]),
        siblings=await repository.list_siblings(session, rows),
        proposals=await entries_repository.list_proposals(session, [row.id for row in rows]),
        secure_places=await repository.list_places(
            session, {row.secure_offer_id for row in rows if row.secure_offer_id is not None}
        ),
    )


def clocks_of(row: RequestRow, agreements: RegionalAgreementsRow, today: date) -> list[Clock]:
    """The clocks of a request."""
    agreed = Agreed(
        contact_local_team_days=agreements.contact_local_team_days,
        expert_team_days=agreements.expert_team_days,
        also_without_measure=agreements.also_without_measure,
        authorisation_warning_days=agreements.authorisation_warning_days,
        next_place_days=agreements.next_place_days,
    )
    return clocks(facts_of(row), agreed, today)


def request_out(row: RequestRow, context: Context, today: date, language: Language) -> schemas.RequestOut:
    """A request as its own institution or local team sees it, and without its references a team it is shared with."""
    own: dict[str, Any] = {
        "child_reference": row.child_reference,
        "care_worker": row.care_worker,
        "sibling_group": row.sibling_group,
        "siblings": [other.id for other in context.siblings_of(row)],
    }
    shared = context.shared.get(row.id)
    if shared is not None:
        own = {"child_reference": None, "care_worker": None, "sibling_group": None, "siblings": []}
    return schemas.RequestOut.model_construct(
        **shown(row, context, today, language),
        **own,
        team=row.team if shared is None else None,
        organisation_id=row.organisation_id,
        organisation=context.organisations.get(row.organisation_id),
        shared=shared,
        proposed_characteristics=shown_of(row, context.proposals),
    )


def shown(row: RequestRow, context: Context, today: date, language: Language) -> dict[str, Any]:
    """The fields of `schemas.ShownRequest`."""
    facts = facts_of(row)
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
        "clocks": [_clock(clock, explanations, last_day(facts, today)) for clock in found],
        "light": worst(found, facts),
        "youth_law_ends": [
            schemas.YouthLawEndOut.model_construct(age=end.age, on=end.on, ground=end.ground) for end in ends
        ],
        "warnings": [
            *youth_law_warnings(ends, today, language),
            *secure_care_warnings(row, found, context.place_of(row), language),
        ],
    }


_AS_THEY_ARE = (
    *("id", "choices_version", "needs", "wishes", "characteristics", "places", "needed_by", "extended_help"),
    *("requested_on", "status", "closed_reason", "closed_on", "placed_on", "bridged_on", "needed_again_on"),
    *("secure_since", "secure_left_on"),
    *("escalated_to", "created_at", "updated_at"),
)


def _child(row: RequestRow) -> RequestedChild:
    measure = None
    if row.measure_type is not None and row.measure_imposed_on is not None:
        measure = KeptMeasure.model_construct(
            type=row.measure_type,
            imposed_on=row.measure_imposed_on,
            informed_on=row.measure_informed_on,
            started_on=row.measure_started_on,
        )
    return RequestedChild.model_construct(
        birth_month=row.birth_month,
        gender=row.gender,
        municipality=row.municipality_code,
        region=row.region_code,
        postcode=row.postcode,
        measure=measure,
        court_authorisation=row.court_authorisation,
        court_authorisation_until=row.court_authorisation_until,
    )


def _clock(clock: Clock, explanations: list[ExplanationRow], on: date) -> schemas.ClockOut:
    return schemas.ClockOut.model_construct(
        clock=clock.name,
        norm=clock.norm,
        starts_on=clock.starts_on,
        starts_from=clock.starts_from,
        amber_from=clock.amber_from,
        due_on=clock.due_on,
        done_on=clock.done_on,
        on_time=clock.on_time,
        light=clock.light,
        days_left=None if clock.done_on else (clock.due_on - on).days,
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


async def get_request(session: ReadSession | WriteSession, caller: Caller, request_id: UUID) -> RequestRow:
    """A request that is the caller's or is shared with it; `NotFoundError` where there is none."""
    return await repository.get_request(session, caller, request_id, access="read")
