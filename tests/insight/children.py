"""Children as rows, for tests that need many of them: what is recorded of them is known since they were asked for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from app.domain.dates import dutch_midnight
from app.dossiers.requests.tables import RequestRow
from app.reference.lists import reference
from tests.world import World

GI = UUID(int=2)
"""The organisation of `world.gi`."""


@dataclass(frozen=True)
class Child:
    """A child of a municipality for whom help is asked, with a supervision order (11) unless said."""

    municipality: str
    requested_on: date
    measure: str | None = "11"
    imposed_on: date | None = None
    help_on: date | None = None
    closed_on: date | None = None
    care_types: tuple[str, ...] = ("gezinshuis",)
    organisation_id: UUID = GI
    worker_on: date | None = None
    course_on: date | None = None
    known_on: date | None = None
    known_at: datetime | None = None


def row_of(child: Child) -> RequestRow:
    """The row of a child, as known since `known_at`, or `known_on`: the day on which it was asked for unless said."""
    known_at = child.known_at or dutch_midnight(child.known_on or child.requested_on)
    choices = [{"careType": care_type} for care_type in child.care_types]
    values: dict[str, Any] = {
        "id": uuid4(),
        "organisation_id": child.organisation_id,
        "child_reference": str(uuid4()),
        "birth_month": "2012-05",
        "gender": "female",
        "municipality_code": child.municipality,
        "region_code": reference().municipalities[child.municipality].region,
        "measure_type": child.measure,
        "measure_imposed_on": (child.imposed_on or child.requested_on) if child.measure else None,
        "court_authorisation": False,
        "choices": choices,
        "choices_version": 1,
        "first_choice": choices[0],
        "needs": [],
        "wishes": [],
        "characteristics": [],
        "places": 1,
        "extended_help": False,
        "requested_on": child.requested_on,
        "protection_worker_on": child.worker_on,
        "course_on": child.course_on,
        "help_said_on": child.help_on,
        "help_on": child.help_on,
        "closed_on": child.closed_on,
        "closed_reason": "help-not-needed" if child.closed_on else None,
        "created_at": known_at,
        "updated_at": known_at,
    }
    return RequestRow(**values)


async def add_children(world: World, children: Iterable[Child]) -> list[UUID]:
    """Adds them, in one transaction; their ids."""
    rows = [row_of(child) for child in children]
    async with world.parts.database.write() as session:
        session.add_all(rows)
    return [row.id for row in rows]
