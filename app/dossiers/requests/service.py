"""Keeping the requests of children: each institution and local team its own."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from app.domain.dates import add_months, dutch_day
from app.domain.language import Text
from app.dossiers.agreements.repository import get_agreements
from app.dossiers.requests import repository
from app.dossiers.requests.clocks import norm_changes
from app.dossiers.requests.entry_schemas import (
    ExplanationIn,
    JudgementIn,
    Milestone,
    ReopeningIn,
)
from app.dossiers.requests.errors import (
    ClosedError,
    InTimeError,
    NotClosedError,
    NotHelpedError,
    ReferenceTakenError,
    before_measure,
    without_authorisation,
)
from app.dossiers.requests.history import facts_of, record
from app.dossiers.requests.measure_days import MEASURE_DAYS, measure_columns, wrong_days
from app.dossiers.requests.schemas import (
    RequestIn,
    RequestPatch,
)
from app.dossiers.requests.tables import ExplanationRow, JudgementRow, RequestRow
from app.dossiers.requests.teams import check_team
from app.dossiers.requests.views import MILESTONES, clocks_of
from app.finding.matching.choices import choice_errors
from app.finding.matching.errors import in_future
from app.finding.matching.schemas import MONTHS_UNBORN, Choice
from app.kit.database.sessions import WriteSession
from app.kit.errors import InputError, InvalidInputError
from app.kit.security.callers import Caller
from app.kit.versions import check_version
from app.reference.lists import reference

_CHILD_COLUMNS = {"municipality": "municipality_code"}


async def add_request(session: WriteSession, caller: Caller, body: RequestIn, now: datetime) -> RequestRow:
    """Keeps a request; `ReferenceTakenError` where the organisation has one with this child reference."""
    today = dutch_day(now)
    choices = [each.model_dump(mode="json") for each in body.choices]
    values = {
        **body.values(exclude={"child", "choices", "requested_on"}),
        **_child_values(body.child.values()),
        "organisation_id": caller.organisation_id,
        "choices": choices,
        "choices_version": 1,
        "first_choice": choices[0],
        "requested_on": body.requested_on or today,
        "created_at": now,
        "updated_at": now,
    }
    _check_dates(values, today)
    await _check_named(session, body.choices)
    await check_team(session, caller, body.team)
    amber_from, red_from = norm_changes(facts_of(RequestRow(**values)))
    row = await repository.add_request(session, {**values, "norm_amber_from": amber_from, "norm_red_from": red_from})
    if row is None:
        raise ReferenceTakenError
    await repository.add_choice_version(session, row, now, caller.client_id)
    await repository.add_event(session, row.id, now, caller.client_id, "created")
    return row


def _child_values(child: Mapping[str, Any], row: RequestRow | None = None) -> dict[str, Any]:
    """The columns of what is given of a child, of a request that there is already or of a new one."""
    values = {_CHILD_COLUMNS.get(name, name): value for name, value in child.items() if name != "measure"}
    if "municipality_code" in values:
        values["region_code"] = reference().municipalities[values["municipality_code"]].region
    if values.get("court_authorisation") is False:
        values = {"court_authorisation_until": None} | values
    if "measure" in child:
        values |= measure_columns(child["measure"], row)
    return values


def _check_dates(values: Mapping[str, Any], today: date) -> None:
    """`InvalidInputError` with every day in `values` that has not come, or lies after what it comes before."""
    errors = []
    if values["requested_on"] > today:
        errors.append(in_future("#/requestedOn"))
    if values["birth_month"] > f"{add_months(today, MONTHS_UNBORN):%Y-%m}":
        errors.append(in_future("#/child/birthMonth"))
    errors += wrong_days(values, today)
    if values.get("court_authorisation_until") is not None and not values["court_authorisation"]:
        errors.append(without_authorisation("#/child/courtAuthorisationUntil"))
    imposed_on, milestones = values["measure_imposed_on"], [values.get(column) for column in MILESTONES.values()]
    if imposed_on is not None and any(day is not None and day < imposed_on for day in milestones):
        errors.append(before_measure("#/child/measure/imposedOn"))
    if errors:
        raise InvalidInputError(*errors)


async def _check_named(session: WriteSession, choices: Sequence[Choice]) -> None:
    """`InvalidInputError` with every offer and provider that the choices name and that does not exist or fit them."""
    known_offers = await repository.known_offers(session, {each.offer_id for each in choices if each.offer_id})
    known_providers = await repository.known_providers(
        session, {each.provider_id for each in choices if each.provider_id}
    )
    errors = choice_errors(choices, known_offers, known_providers)
    if errors:
        raise InvalidInputError(*errors)


async def change_request(
    session: WriteSession, caller: Caller, request_id: UUID, body: RequestPatch, if_match: str | None, now: datetime
) -> RequestRow:
    """Changes what the body names; `ClosedError` where the request is closed and stays so."""
    row = await repository.get_request(session, caller, request_id, lock=True)
    check_version(if_match, row.version, composite=True)
    if row.closed_on is not None and body.status is None:
        raise ClosedError
    values = _changes(row, body) | _closing(row, body, dutch_day(now))
    court = ("court_authorisation", "court_authorisation_until")
    columns = ("requested_on", "birth_month", *court, *MEASURE_DAYS.values(), *MILESTONES.values())
    _check_dates({name: values.get(name, getattr(row, name)) for name in columns}, dutch_day(now))
    if values.get("team") != row.team:
        await check_team(session, caller, values.get("team"))
    restated = "choices" in values and values["choices"] != row.choices
    if restated:
        await _check_named(session, body.choices or [])
        values["choices_version"] = row.choices_version + 1
    what = {"open": "reopened", "closed": "closed"}.get(body.status or "", "changed")
    await record(session, row, values, what=what, now=now, client_id=caller.client_id)
    if restated:
        await repository.add_choice_version(session, row, now, caller.client_id)
    return row


def _changes(row: RequestRow, body: RequestPatch) -> dict[str, Any]:
    """The columns of what the body names, closing aside."""
    values = body.values(exclude_unset=True, exclude={"child", "choices", "status", "closed_reason"})
    child = body.child.values(exclude_unset=True) if body.child else {}
    values |= _child_values(child, row)
    if body.choices is not None:
        values["choices"] = [each.model_dump(mode="json") for each in body.choices]
    return values


def _closing(row: RequestRow, body: RequestPatch, today: date) -> dict[str, Any]:
    """The columns that close the request or open it again; a reason goes with closing, and closing with a reason."""
    if (body.status == "closed") != (body.closed_reason is not None):
        text = Text(
            nl="Sluiten vraagt een reden: status closed en closedReason gaan samen.",
            en="Closing takes a reason: status closed and closedReason go together.",
        )
        raise InvalidInputError(InputError("#/closedReason", "goes-with-status", text))
    if body.status == "open" and row.closed_on is None:
        raise NotClosedError(row.status)
    if body.status == "closed":
        return {"closed_reason": body.closed_reason, "closed_on": row.closed_on or today}
    return {"closed_reason": None, "closed_on": None} if body.status == "open" else {}


async def set_milestone(
    session: WriteSession,
    caller: Caller,
    request_id: UUID,
    name: Milestone,
    day: date | None,
    if_match: str | None,
    now: datetime,
) -> RequestRow:
    """Says when something happened, or with None that it did not; not in the future, not before the measure.

    At any time, of a closed request too: what was said wrongly can be put right.

    `help` is the first real help contact; for help with a stay the day after the first night; never an intake
    (Regeling Jeugdwet, bijlage 2: start of youth care).
    """
    row = await repository.get_request(session, caller, request_id, lock=True)
    check_version(if_match, row.version, composite=True)
    if day is not None and day > dutch_day(now):
        raise InvalidInputError(in_future("#/date"))
    if day is not None and row.measure_imposed_on is not None and day < row.measure_imposed_on:
        raise InvalidInputError(before_measure("#/date"))
    what = "milestone-cleared" if day is None else "milestone-set"
    await record(session, row, {MILESTONES[name]: day}, what=what, now=now, client_id=caller.client_id)
    return row


async def explain(
    session: WriteSession, caller: Caller, request_id: UUID, body: ExplanationIn, now: datetime
) -> ExplanationRow:
    """Says why a clock passed its norm ("comply or explain"); it stays red, with the explanation beside it.

    `InTimeError` for a clock that has not, or that the request has not got.
    """
    row = await repository.get_request(session, caller, request_id, lock=True)
    agreements = await get_agreements(session, row.region_code)
    found = {clock.name: clock for clock in clocks_of(row, agreements, dutch_day(now))}
    clock = found.get(body.clock)
    if clock is None or not (clock.light == "red" or clock.on_time is False):
        raise InTimeError
    values = {"request_id": row.id, "at": now, "client_id": caller.client_id, **body.values()}
    explanation = await repository.add_explanation(session, values)
    change = {"field": f"explanations.{body.clock}", "old": None, "new": body.cause}
    await repository.add_event(session, row.id, now, caller.client_id, "explained", [change])
    return explanation


async def judge(
    session: WriteSession, caller: Caller, request_id: UUID, body: JudgementIn, now: datetime
) -> JudgementRow:
    """Says whether the help fits; the history keeps every judgement. `NotHelpedError` where no help has started."""
    row = await repository.get_request(session, caller, request_id, lock=True)
    today = dutch_day(now)
    on = body.on or today
    if on > today:
        raise InvalidInputError(in_future("#/on"))
    if row.help_on is None:
        raise NotHelpedError
    if on < row.help_on:
        text = Text(nl="De hulp begon na deze dag.", en="The help started after this day.")
        raise InvalidInputError(InputError("#/on", "order", text))
    values = {**body.values(), "on": on, "request_id": row.id, "at": now, "client_id": caller.client_id}
    judgement = await repository.add_judgement(session, values)
    change = {"field": f"judgements.{body.by}", "old": None, "new": body.fits}
    await repository.add_event(session, row.id, now, caller.client_id, "judged", [change])
    return judgement


async def reopen(
    session: WriteSession, caller: Caller, request_id: UUID, body: ReopeningIn, if_match: str | None, now: datetime
) -> RequestRow:
    """Help is needed again: the same dossier, with the norm of the help from that day; the earlier help stays in it.

    `NotHelpedError` where no help has started that could have ended or not fitted.
    """
    row = await repository.get_request(session, caller, request_id, lock=True)
    check_version(if_match, row.version, required=False, composite=True)
    if row.closed_on is not None:
        raise ClosedError
    if row.help_on is None:
        raise NotHelpedError
    if body.needed_again_on > dutch_day(now):
        raise InvalidInputError(in_future("#/neededAgainOn"))
    if body.needed_again_on <= row.help_on:
        text = Text(
            nl="De hulp begon op of na deze dag; noem de dag waarop opnieuw hulp nodig was.",
            en="The help started on or after this day; name the day since which help is needed again.",
        )
        raise InvalidInputError(InputError("#/neededAgainOn", "order", text))
    said = {**body.values(), "request_id": row.id, "helped_on": row.help_on, "at": now, "client_id": caller.client_id}
    await repository.add_reopening(session, said)
    values = {
        "needed_again_on": body.needed_again_on,
        "help_said_on": None,
        "help_started_on": None,
        "placed_on": None,
        "next_place_said_on": None,
        "local_team_on": None,
        "expert_team_on": None,
    }
    await record(session, row, values, what="needed-again", now=now, client_id=caller.client_id)
    return row
