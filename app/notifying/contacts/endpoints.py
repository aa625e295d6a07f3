"""How the caller is reached, and whom to ask in a municipality."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response

from app.kit.http.dependencies import Now, Reading, Writing
from app.kit.http.pagination import listed
from app.kit.http.respond import IfMatch, respond
from app.kit.http.rights import AnyCaller, Reached
from app.kit.http.routing import router as make_router
from app.kit.pages import Page
from app.notifying.contacts import service
from app.notifying.contacts.schemas import ContactIn, LocalTeam, LocalTeamQuery, OrganisationContact
from app.notifying.contacts.service import Owner

router = make_router("Access")


@router.get("/me/contact", response_model=OrganisationContact)
async def get_own_contact(request: Request, caller: Reached, session: Reading) -> Response:
    """How the caller's organisation is reached; empty until it is said. A provider's is its `contact`."""
    row = await service.find_contact(session, caller.organisation_id)
    return respond(request, service.contact_out(row), version=row.version if row else 0)


@router.put("/me/contact", response_model=OrganisationContact)
async def put_own_contact(
    request: Request, body: ContactIn, caller: Reached, session: Writing, now: Now, if_match: IfMatch = None
) -> Response:
    """Says how the caller's organisation is reached. Referrals and calls that it sent show it as it is now.

    A provider says it with `PATCH /providers/{providerId}`.
    """
    row = await service.put_contact(session, Owner.of(caller), body, if_match, now)
    return respond(request, service.contact_out(row), version=row.version)


@router.get("/local-teams", response_model=Page[LocalTeam])
async def list_local_teams(
    request: Request, query: Annotated[LocalTeamQuery, Query()], _: AnyCaller, session: Reading
) -> Response:
    """The local teams that say how they are reached, by name: of all municipalities, or of one."""
    rows = await service.list_local_teams(session, query, query.key(request.url.path, str, UUID))
    return listed(request, query, rows, key=lambda row: [row.name, row.organisation_id], show=service.local_team_out)
