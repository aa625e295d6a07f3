"""Keeping how organisations are reached: each its own, an admin any; a provider's stands with the provider itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from app.domain.language import Text
from app.kit.database.sessions import ReadSession, WriteSession
from app.kit.database.upserts import change
from app.kit.errors import InputError, InvalidInputError
from app.kit.security.callers import Caller, Role
from app.kit.versions import check_version
from app.notifying.contacts import repository
from app.notifying.contacts.schemas import (
    ContactIn,
    LocalTeam,
    LocalTeamQuery,
    OrganisationContact,
    SenderContact,
)
from app.notifying.contacts.tables import ContactRow

_OF_ROLE: Final = {"teams": Role.GI, "municipalities": Role.LOCAL_TEAM}
"""What goes with one role alone."""
_EMPTY: Final = OrganisationContact.model_construct(
    name=None, phone=None, email=None, opening_hours=[], teams=[], municipalities=[]
)
_REACHED: Final = ("name", "phone", "email", "opening_hours")


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose contact it is."""

    organisation_id: UUID
    role: Role
    region: str | None

    @classmethod
    def of(cls, caller: Caller) -> "Owner":
        """The caller's own organisation."""
        return cls(caller.organisation_id, caller.role, caller.region if caller.role is Role.REGION else None)


async def find_contact(session: ReadSession | WriteSession, organisation_id: UUID) -> ContactRow | None:
    """How an organisation is reached; None where it has not said."""
    return await repository.find_contact(session, organisation_id)


async def put_contact(
    session: WriteSession, owner: Owner, body: ContactIn, if_match: str | None, now: datetime
) -> ContactRow:
    """Says how an organisation is reached, in the place of what it said before."""
    errors = [
        InputError(f"#/{name}", "not-applicable", Text(nl=f"Dit hoort bij {role}.", en=f"This goes with {role}."))
        for name, role in _OF_ROLE.items()
        if getattr(body, name) and owner.role is not role
    ]
    if errors:
        raise InvalidInputError(*errors)
    row = await repository.hold_contact(session, owner.organisation_id, owner.role.value, owner.region)
    check_version(if_match, row.version)
    values: dict[str, Any] = body.model_dump(by_alias=False)
    said = body.model_dump(mode="json", by_alias=True)
    values |= {"opening_hours": said["openingHours"], "teams": said["teams"]}
    await change(session, row, values | {"role": owner.role.value, "region_code": owner.region}, now)
    return row


async def list_local_teams(session: ReadSession, query: LocalTeamQuery, key: list[Any] | None) -> Sequence[ContactRow]:
    """The local teams that said so, by name; after `key` (name, organisation), and one more than the page."""
    return await repository.list_local_teams(session, query.municipality, limit=query.window, key=key)


def contact_out(row: ContactRow | None) -> OrganisationContact:
    """How an organisation is reached, as it goes over the wire; empty where it has not said."""
    if row is None:
        return _EMPTY
    values = {name: getattr(row, name) for name in (*_REACHED, "teams", "municipalities")}
    return OrganisationContact.model_validate(values)


def local_team_out(row: ContactRow) -> LocalTeam:
    """A local team as it goes over the wire."""
    values = {name: getattr(row, name) for name in (*_REACHED, "organisation_id", "municipalities")}
    return LocalTeam.model_validate(values)


def team_keys(row: ContactRow | None) -> list[str]:
    """The keys of an organisation's teams."""
    return [each["key"] for each in row.teams] if row is not None else []


def sender_contact(row: ContactRow | None, team: str | None) -> SenderContact | None:
    """How whoever sent something is reached now: the team that it names, else the organisation; None: it has not said.

    What the team leaves open is the organisation's.
    """
    if row is None:
        return None
    own = {name: getattr(row, name) for name in _REACHED}
    named = next((each for each in row.teams if each["key"] == team), None)
    if named is None:
        return SenderContact.model_validate({**own, "team": None})
    fields = {"name": "name", "phone": "phone", "email": "email", "opening_hours": "openingHours"}
    said = {name: named[field] for name, field in fields.items() if named[field]}
    return SenderContact.model_validate({**own, **said, "team": team})
