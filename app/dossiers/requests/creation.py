"""New requests: one, or many at once in as many statements."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from app.domain.dates import dutch_day
from app.dossiers.requests import entries_repository, repository
from app.dossiers.requests.clocks import norm_changes
from app.dossiers.requests.columns import check_days, child_columns
from app.dossiers.requests.entry_schemas import Milestone
from app.dossiers.requests.errors import ReferenceTakenError
from app.dossiers.requests.history import FIELDS, facts_of
from app.dossiers.requests.schemas import RequestIn
from app.dossiers.requests.tables import RequestRow
from app.dossiers.requests.teams import check_team
from app.dossiers.requests.views import MILESTONES
from app.finding.matching.choices import choice_errors
from app.finding.matching.schemas import Choice
from app.kit.database.sessions import WriteSession
from app.kit.errors import InvalidInputError
from app.kit.security.callers import Caller


@dataclass(frozen=True, slots=True)
class NewRequest:
    """A request to keep, with what had happened of it before: milestones, and that it was closed."""

    body: RequestIn
    milestones: Mapping[Milestone, date] = field(default_factory=dict)
    closed_reason: str | None = None
    closed_on: date | None = None


async def add_request(session: WriteSession, caller: Caller, body: RequestIn, now: datetime) -> RequestRow:
    """Keeps a request; `ReferenceTakenError` where the organisation has one with this child reference."""
    values = new_values(caller, NewRequest(body), now)
    await check_named(session, body.choices)
    await check_team(session, caller, body.team)
    made = await add_all(session, caller, [values], now)
    if not made:
        raise ReferenceTakenError
    return made[0]


def new_values(caller: Caller, new: NewRequest, now: datetime) -> dict[str, Any]:
    """The columns of a new request; `InvalidInputError` with every day in it that cannot be."""
    body, today = new.body, dutch_day(now)
    choices = [each.model_dump(mode="json") for each in body.choices]
    said = {column: new.milestones.get(name) for name, column in MILESTONES.items()}
    values = {
        **body.values(exclude={"child", "choices", "requested_on"}),
        **_ALL_OF_CHILD,
        **child_columns(body.child.values()),
        **said,
        "help_on": said["help_said_on"],
        "bridged_on": said["bridging_said_on"],
        "closed_reason": new.closed_reason,
        "closed_on": new.closed_on,
        "organisation_id": caller.organisation_id,
        "choices": choices,
        "choices_version": 1,
        "first_choice": choices[0],
        "requested_on": body.requested_on or today,
        "created_at": now,
        "updated_at": now,
    }
    check_days(values, today)
    amber_from, red_from = norm_changes(facts_of(RequestRow(**values)))
    return {**values, "norm_amber_from": amber_from, "norm_red_from": red_from}


_ALL_OF_CHILD: Final = {"court_authorisation_until": None}


async def add_all(
    session: WriteSession, caller: Caller, new: Sequence[Mapping[str, Any]], now: datetime
) -> list[RequestRow]:
    """Keeps requests of these columns (`new_values`), with the first of their history.

    Without those of which the organisation has the child reference already.
    """
    rows = await repository.add_requests(session, new)
    await entries_repository.add_choice_versions(session, rows, now, caller.client_id)
    events = [event for row in rows for event in _first_events(row)]
    await entries_repository.add_events(session, [each | {"at": now, "client_id": caller.client_id} for each in events])
    return rows


def _first_events(row: RequestRow) -> list[dict[str, Any]]:
    """That it was made; and what had happened before, as if it was said after that."""
    events = [{"request_id": row.id, "what": "created", "changes": []}]
    milestones = _changes(row, {*MILESTONES.values(), "help_on", "bridged_on"})
    if milestones:
        events.append({"request_id": row.id, "what": "milestone-set", "changes": milestones})
    if row.closed_on is not None:
        changes = [*_changes(row, {"closed_reason", "closed_on"}), {"field": "status", "old": "open", "new": "closed"}]
        events.append({"request_id": row.id, "what": "closed", "changes": changes})
    return events


def _changes(row: RequestRow, columns: Collection[str]) -> list[dict[str, Any]]:
    given = {name: getattr(row, name) for name in FIELDS if name in columns}
    return [
        {"field": FIELDS[name], "old": None, "new": value.isoformat() if isinstance(value, date) else value}
        for name, value in given.items()
        if value is not None
    ]


async def check_named(session: WriteSession, choices: Sequence[Choice]) -> None:
    """`InvalidInputError` with every offer and provider that the choices name and that does not exist or fit them."""
    known_offers = await repository.known_offers(session, {each.offer_id for each in choices if each.offer_id})
    known_providers = await repository.known_providers(
        session, {each.provider_id for each in choices if each.provider_id}
    )
    errors = choice_errors(choices, known_offers, known_providers)
    if errors:
        raise InvalidInputError(*errors)
