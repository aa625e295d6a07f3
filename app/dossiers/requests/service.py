"""Keeping the requests of children: each institution and local team its own."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from app.domain.dates import dutch_day
from app.domain.language import Text
from app.dossiers.agreements.repository import get_agreements
from app.dossiers.agreements.tables import RegionalAgreementsRow
from app.dossiers.requests import entries_repository, repository
from app.dossiers.requests.clock_model import ClockName
from app.dossiers.requests.columns import CHECKED, NORMED, check_days, child_columns
from app.dossiers.requests.creation import check_named
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
    before_measure,
)
from app.dossiers.requests.history import record
from app.dossiers.requests.schemas import RequestPatch
from app.dossiers.requests.tables import ExplanationRow, JudgementRow, RequestRow
from app.dossiers.requests.teams import check_team
from app.dossiers.requests.views import MILESTONES, clocks_of
from app.finding.matching.errors import in_future
from app.kit.database.sessions import WriteSession
from app.kit.errors import InputError, InvalidInputError
from app.kit.security.callers import Caller
from app.kit.versions import check_version

NO_MILESTONES: Mapping[Milestone, date | None] = MappingProxyType({})


async def change_request(
    session: WriteSession,
    caller: Caller,
    request_id: UUID,
    body: RequestPatch,
    if_match: str | None,
    now: datetime,
    milestones: Mapping[Milestone, date | None] = NO_MILESTONES,
) -> RequestRow:
    """Changes what the body names, and says when these milestones happened, None: that they did not.

    `ClosedError` where the request is closed and stays so.
    """
    row = await repository.get_request(session, caller, request_id, lock=True)
    check_version(if_match, row.version, composite=True)
    if row.closed_on is not None and body.status is None:
        raise ClosedError
    said = {MILESTONES[name]: day for name, day in milestones.items()}
    values = _changes(row, body) | said | _closing(row, body, dutch_day(now))
    check_days({name: values.get(name, getattr(row, name)) for name in CHECKED}, dutch_day(now))
    if values.get("team") != row.team:
        await check_team(session, caller, values.get("team"))
    restated = "choices" in values and values["choices"] != row.choices
    if restated:
        await check_named(session, body.choices or [])
        values["choices_version"] = row.choices_version + 1
    what = {"open": "reopened", "closed": "closed"}.get(body.status or "", "changed")
    await record(session, row, values, what=what, now=now, client_id=caller.client_id)
    if restated:
        await entries_repository.add_choice_version(session, row, now, caller.client_id)
    return row


def _changes(row: RequestRow, body: RequestPatch) -> dict[str, Any]:
    """The columns of what the body names, closing aside."""
    values = body.values(exclude_unset=True, exclude={"child", "choices", "status", "closed_reason", "closed_on"})
    child = body.child.values(exclude_unset=True) if body.child else {}
    values |= child_columns(child, row)
    if body.choices is not None:
        values["choices"] = [each.model_dump(mode="json") for each in body.choices]
    return values


def _closing(row: RequestRow, body: RequestPatch, today: date) -> dict[str, Any]:
    """The columns that close the request or open it again; a reason goes with closing, and closing with a reason."""
    _check_closing(row, body)
    if body.status == "closed":
        return {"closed_reason": body.closed_reason, "closed_on": body.closed_on or row.closed_on or today}
    return {"closed_reason": None, "closed_on": None} if body.status == "open" else {}


def _check_closing(row: RequestRow, body: RequestPatch) -> None:
    if (body.status == "closed") != (body.closed_reason is not None):
        text = Text(
            nl="Sluiten vraagt een reden (status closed, closedReason).",
            en="Closing takes a reason: status closed and closedReason go together.",
        )
        raise InvalidInputError(InputError("#/closedReason", "goes-with-status", text))
    if body.closed_on is not None and body.status != "closed":
        text = Text(nl="Deze dag hoort bij sluiten (status closed).", en="This day goes with closing (status closed).")
        raise InvalidInputError(InputError("#/closedOn", "goes-with-status", text))
    if body.status == "open" and row.closed_on is None:
        raise NotClosedError(row.status)


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
    imposed_on = row.measure_imposed_on if MILESTONES[name] in NORMED else None
    if day is not None and imposed_on is not None and day < imposed_on:
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
    if not passed_norm(row, agreements, body.clock, dutch_day(now)):
        raise InTimeError
    return (await add_explanations(session, caller, [(row.id, body)], now))[0]


def passed_norm(row: RequestRow, agreements: RegionalAgreementsRow, name: ClockName, today: date) -> bool:
    """Whether a request has this clock, and it has passed its norm or was done too late."""
    clock = next((each for each in clocks_of(row, agreements, today) if each.name == name), None)
    return clock is not None and (clock.light == "red" or clock.on_time is False)


async def add_explanations(
    session: WriteSession, caller: Caller, said: Sequence[tuple[UUID, ExplanationIn]], now: datetime
) -> list[ExplanationRow]:
    """Keeps what was said of clocks that passed their norm, by the ids of their requests, which are held."""
    by = {"at": now, "client_id": caller.client_id}
    made = await entries_repository.add_explanations(
        session, [{"request_id": id_, **by, **body.values()} for id_, body in said]
    )
    changes = [(id_, {"field": f"explanations.{body.clock}", "old": None, "new": body.cause}) for id_, body in said]
    events = [{"request_id": id_, **by, "what": "explained", "changes": [change]} for id_, change in changes]
    await entries_repository.add_events(session, events)
    return made


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
    judgement = await entries_repository.add_judgement(session, values)
    change = {"field": f"judgements.{body.by}", "old": None, "new": body.fits}
    await entries_repository.add_event(session, row.id, now, caller.client_id, "judged", [change])
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
    await entries_repository.add_reopening(session, said)
    values = {
        "needed_again_on": body.needed_again_on,
        "help_said_on": None,
        "help_started_on": None,
        "placed_on": None,
        "next_place_said_on": None,
        "bridging_said_on": None,
        "local_team_on": None,
        "expert_team_on": None,
    }
    await record(session, row, values, what="needed-again", now=now, client_id=caller.client_id)
    return row
