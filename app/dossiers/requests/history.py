"""Changing a request: what follows from the change is brought along, and the history says what became different."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from app.dossiers.requests import entries_repository, repository
from app.dossiers.requests.clock_model import Facts, first
from app.dossiers.requests.clocks import norm_changes
from app.dossiers.requests.tables import RequestRow
from app.kit.database.sessions import WriteSession
from app.reference.lists import reference

CHILD_REFERENCE: Final = "childReference"
"""What the history calls the institution's own reference, which changes only with a transfer."""
FIELDS: Final = {
    "care_worker": "careWorker",
    "team": "team",
    "birth_month": "child.birthMonth",
    "gender": "child.gender",
    "municipality_code": "child.municipality",
    "postcode": "child.postcode",
    "measure_type": "child.measure.type",
    "measure_imposed_on": "child.measure.imposedOn",
    "measure_informed_on": "child.measure.informedOn",
    "measure_started_on": "child.measure.startedOn",
    "court_authorisation": "child.courtAuthorisation",
    "court_authorisation_until": "child.courtAuthorisationUntil",
    "choices": "choices",
    "needs": "needs",
    "wishes": "wishes",
    "characteristics": "characteristics",
    "places": "places",
    "sibling_group": "siblingGroup",
    "needed_by": "neededBy",
    "extended_help": "extendedHelp",
    "requested_on": "requestedOn",
    "protection_worker_on": "milestones.protection-worker",
    "course_on": "milestones.course",
    "help_on": "milestones.help",
    "next_place_said_on": "milestones.next-place",
    "next_place_found_on": "milestones.next-place",
    "secure_since": "secureSince",
    "secure_left_on": "secureLeftOn",
    "placed_on": "placedOn",
    "bridging_said_on": "milestones.bridging",
    "bridged_on": "bridgedOn",
    "needed_again_on": "neededAgainOn",
    "escalated_to": "escalatedTo",
    "closed_reason": "closedReason",
    "closed_on": "closedOn",
    "status": "status",
}
"""What the history calls the columns; those that are not here follow from others."""


def facts_of(row: RequestRow) -> Facts:
    """What the clocks depend on."""
    measure = reference().measures.get(row.measure_type or "")
    return Facts(
        requested_on=row.requested_on,
        imposed_on=row.measure_imposed_on,
        informed_on=row.measure_informed_on,
        started_on=row.measure_started_on,
        is_preventive=measure is not None and measure.kind == "preventive",
        needed_by=row.needed_by,
        needed_again_on=row.needed_again_on,
        protection_worker_on=row.protection_worker_on,
        course_on=row.course_on,
        placed_on=row.placed_on,
        help_on=row.help_on,
        local_team_on=row.local_team_on,
        expert_team_on=row.expert_team_on,
        authorised_until=row.court_authorisation_until,
        secure_since=row.secure_since,
        secure_left_on=row.secure_left_on,
        next_place_on=row.next_place_on,
        closed_on=row.closed_on,
    )


async def record(
    session: WriteSession, row: RequestRow, values: Mapping[str, Any], *, what: str, now: datetime, client_id: str
) -> bool:
    """Sets those `values` of a request that differ, and writes who did `what` in its history; whether any did.

    The row must be held (`get_request(…, lock=True)`). A change makes a new version of it.
    """
    values = {**values, "help_on": _first_of(_HELP, row, values)}
    if not values.keys().isdisjoint(_BRIDGE):
        values["bridged_on"] = _first_of(_BRIDGE, row, values)
    differing = {name: value for name, value in values.items() if getattr(row, name) != value}
    if not differing:
        return False
    before = {name: getattr(row, name) for name in {*differing, "status"} if name in FIELDS}
    for name, value in differing.items():
        setattr(row, name, value)
    row.norm_amber_from, row.norm_red_from = norm_changes(facts_of(row))
    row.version += 1
    row.updated_at = now
    await repository.save(session)
    changes = [
        {"field": FIELDS[name], "old": _plain(before[name]), "new": _plain(getattr(row, name))}
        for name in FIELDS
        if name in before and before[name] != getattr(row, name)
    ]
    await entries_repository.add_event(session, row.id, now, client_id, what, changes)
    return True


_HELP: Final = ("help_said_on", "help_started_on")
_BRIDGE: Final = ("bridging_said_on", "bridging_started_on")


def _first_of(columns: Sequence[str], row: RequestRow, values: Mapping[str, Any]) -> date | None:
    """When something began: by a referral or by what the institution says itself, whichever is first."""
    return first(*(values.get(name, getattr(row, name)) for name in columns))


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
