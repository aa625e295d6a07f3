"""Which dossiers a session came by: each is noted where a row of it is read or written, whatever asked for it.

A row is part of a dossier where its table has a column `request_id`; the dossier itself is a row of `requests`. It is
noted as SQLAlchemy makes the object of the row, so that nobody who reads or writes one can forget to say so. Rows that
are only counted make no object, and are not noted.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal, Protocol
from uuid import UUID

from sqlalchemy import Connection, Insert, Table, event
from sqlalchemy.orm import Mapper, QueryContext, Session, object_session
from sqlalchemy.orm.context import FromStatement

Action = Literal["C", "R", "U", "D"]
"""What was done with a dossier: made, read, changed, erased (NEN 7513, as in DICOM and FHIR)."""

_RANK: Final[dict[Action, int]] = {"R": 0, "U": 1, "C": 2, "D": 3}
_DOSSIERS: Final = "requests"
_PART_OF: Final = "request_id"


@dataclass(slots=True)
class Trail:
    """The dossiers that a session came by, by id, and the most that was done with each."""

    actions: dict[UUID, Action] = field(default_factory=dict)

    def note(self, dossier_id: UUID, action: Action) -> None:
        """Notes what was done; what is less than what was noted before changes nothing."""
        noted = self.actions.get(dossier_id)
        if noted is None or _RANK[action] > _RANK[noted]:
            self.actions[dossier_id] = action

    @property
    def as_changed(self) -> dict[UUID, Action]:
        """All of them, as those that something was done with in a transaction that changes."""
        return {dossier: "U" if action == "R" else action for dossier, action in self.actions.items()}

    @property
    def changed(self) -> dict[UUID, Action]:
        """Those of which more was done than reading."""
        return {dossier: action for dossier, action in self.actions.items() if action != "R"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Doing:
    """What was being done, when, and for whom; `organisation_id` is None where the service did it by itself.

    `operation` is the method and template of the path, or the name of a job. The ids are those of W3C trace context.
    """

    operation: str
    at: datetime
    organisation_id: UUID | None
    role: str
    client_id: str
    trace_id: str
    span_id: str


class Recorder(Protocol):
    """Writes in the audit log what was done with dossiers."""

    async def record(self, writing: Any, doing: Doing, actions: Mapping[UUID, Action]) -> None:
        """Adds an entry for each dossier; `writing` is a session, or a connection, that is the caller's to commit."""


def trail_of(session: Any) -> Trail:
    """The trail of a session, ours or SQLAlchemy's own."""
    trail: Trail = session.info.setdefault("trail", Trail())
    return trail


def follow(mapper: Mapper[Any], kind: type[Any]) -> None:
    """Has the objects of a mapped class noted; called for each class of table when it is made."""
    table = mapper.local_table
    if not isinstance(table, Table) or (table.name != _DOSSIERS and _PART_OF not in table.c):
        return
    is_dossier = table.name == _DOSSIERS
    name = "id" if is_dossier else _PART_OF

    def note(session: Session | None, row: Any, action: Action) -> None:
        dossier_id = row.__dict__.get(name)
        if session is not None and dossier_id is not None:
            trail_of(session).note(dossier_id, action)

    def load(row: Any, context: QueryContext) -> None:
        statement = context.query
        if not isinstance(statement, FromStatement) or not statement.is_dml:
            note(context.session, row, "R")
            return
        note(context.session, row, "C" if is_dossier and isinstance(statement.element, Insert) else "U")

    def insert(_mapper: Mapper[Any], _connection: Connection, row: Any) -> None:
        note(object_session(row), row, "C" if is_dossier else "U")

    def update(_mapper: Mapper[Any], _connection: Connection, row: Any) -> None:
        note(object_session(row), row, "U")

    event.listen(kind, "load", load)
    event.listen(kind, "after_insert", insert)
    event.listen(kind, "after_update", update)
    event.listen(kind, "after_delete", update)
