"""Tokens, the caller itself, and what admins keep: organisations and their clients."""

from typing import Annotated
from urllib.parse import unquote_plus
from uuid import UUID

from fastapi import Depends, Form, HTTPException, Path, Query, Request, Response
from fastapi.requests import HTTPConnection
from fastapi.security import HTTPBasic, HTTPBasicCredentials

from app.access import authentication, service
from app.access.errors import FormNeededError, GrantError, InvalidClientError, TwiceAuthenticatedError
from app.access.schemas import (
    ClientIn,
    ClientName,
    ClientOut,
    Me,
    OrganisationIn,
    OrganisationOut,
    OrganisationPatch,
    OrganisationQuery,
    TokenOut,
    TokenRequest,
)
from app.kit.errors import ConflictError, NotFoundError, OverloadedError, TooManyRequestsError, UnavailableError
from app.kit.http.addresses import address_of
from app.kit.http.declared_errors import LOCATION, raises
from app.kit.http.dependencies import Now, Reading, Writing
from app.kit.http.guards import before_body
from app.kit.http.idempotency import Idempotent
from app.kit.http.pagination import listed
from app.kit.http.parts import KitParts, parts_of
from app.kit.http.rate_limit import count
from app.kit.http.respond import IfMatch, origin_of, respond
from app.kit.http.rights import Admin, Holder
from app.kit.http.routing import router as make_router
from app.kit.json_bytes import to_json
from app.kit.pages import Page, PageQuery
from app.kit.security.callers import claims_of
from app.notifying.contacts.schemas import ContactIn, OrganisationContact
from app.notifying.contacts.service import contact_out

router = make_router("Access")

OrganisationId = Annotated[
    UUID,
    Path(alias="organisationId", description="The organisation.", examples=["9c1c6d0a-7a55-5a0f-8f2b-1a4c0d9e7b33"]),
]
ClientId = Annotated[ClientName, Path(alias="clientId", description="The client's name.", examples=["duinen-epd"])]


class ClientBasic(HTTPBasic):
    """HTTP Basic, of which a header that cannot be read is a wrong client too."""

    async def __call__(  # type: ignore[override]  # HTTPBasic does the same
        self, request: HTTPConnection
    ) -> HTTPBasicCredentials | None:
        """The name and secret; None where there is no such header."""
        try:
            return await super().__call__(request)
        except HTTPException as error:
            raise InvalidClientError from error


_BASIC = ClientBasic(auto_error=False, scheme_name="client", description="The client's name and secret.")
_FORM = "application/x-www-form-urlencoded"
_PROOFS = frozenset({"client_secret", "client_assertion"})
"""Fields that a client shows itself with (RFC 6749, 2.3.1; RFC 7523, 2.2)."""


@before_body
async def _limit_address(request: Request) -> None:
    count(request, parts_of(request.app, KitParts).token_rate_limit, address_of(request))


@before_body
async def _form_only(request: Request) -> None:
    given = request.headers.get("content-type", _FORM)
    if given.partition(";")[0].strip().lower() != _FORM:
        raise FormNeededError


async def _each_once(request: Request) -> None:
    """Each field once, and the client in one way: in a header that is one, or by a secret or an assertion."""
    form, headers = await request.form(), [each for each in request.headers.getlist("authorization") if each.strip()]
    names = [name for name, _ in form.multi_items()]
    if len(set(names)) < len(names) or len(headers) + len(_PROOFS.intersection(names)) > 1:
        raise TwiceAuthenticatedError


def _credentials(form: TokenRequest, basic: HTTPBasicCredentials | None) -> tuple[str, str]:
    """The client's name and secret, from the header or the form; in the header they are form-encoded first (2.3.1)."""
    client_id, secret = form.client_id, form.client_secret and form.client_secret.get_secret_value()
    if basic is not None:
        named = unquote_plus(basic.username)
        if client_id not in {None, named}:
            raise TwiceAuthenticatedError
        client_id, secret = named, unquote_plus(basic.password)
    if not client_id or not secret or "\x00" in client_id + secret:
        raise InvalidClientError
    return client_id, secret


@router.post(
    "/oauth/token",
    response_model=TokenOut,
    dependencies=[Depends(_limit_address), Depends(_form_only), Depends(_each_once)],
    responses=raises(
        GrantError,
        TwiceAuthenticatedError,
        InvalidClientError,
        FormNeededError,
        TooManyRequestsError,
        OverloadedError,
        UnavailableError,
    ),
)
async def issue_token(
    request: Request,
    form: Annotated[TokenRequest, Form()],
    basic: Annotated[HTTPBasicCredentials | None, Depends(_BASIC)],
    now: Now,
) -> Response:
    """A short-lived token for a client (OAuth 2.0 client credentials, form-encoded)."""
    if form.grant_type != "client_credentials":
        raise GrantError(form.grant_type)
    client_id, secret = _credentials(form, basic)
    parts = parts_of(request.app, KitParts)
    address, demo = address_of(request), parts.settings.demo
    caller = await authentication.authenticate(parts.database, parts.attempts, client_id, secret, address, demo=demo)
    token = parts.tokens.issue(claims_of(caller), now, issuer=parts.tokens.issuer(origin_of(request)))
    content = TokenOut(access_token=token, token_type="Bearer", expires_in=parts.settings.token_lifetime_seconds)
    return Response(to_json(content), media_type="application/json", headers={"Cache-Control": "no-store"})


@router.get("/me", response_model=Me)
async def get_me(request: Request, caller: Holder, session: Reading) -> Response:
    """The caller's organisation and role, and what it is the owner of where it is of something."""
    me = await service.describe(session, caller)
    return respond(request, {name: value for name, value in me.model_dump().items() if value is not None})


@router.get("/organisations", response_model=Page[OrganisationOut])
async def list_organisations(
    request: Request, query: Annotated[OrganisationQuery, Query()], _: Admin, session: Reading
) -> Response:
    """Organisations by name."""
    rows = await service.list_organisations(session, query, query.key(request.url.path, str, UUID))
    return listed(request, query, rows, key=lambda row: [row.name, row.id], show=service.organisation_out)


@router.post("/organisations", response_model=OrganisationOut, status_code=201, responses=LOCATION)
async def add_organisation(
    request: Request, body: OrganisationIn, caller: Admin, session: Writing, once: Idempotent
) -> Response:
    """Registers an organisation."""

    async def create() -> Response:
        row = await service.add_organisation(session, body)
        location = {"Location": f"/v1/organisations/{row.id}"}
        return respond(request, service.organisation_out(row), status=201, version=row.version, headers=location)

    return await once(caller, create)


@router.get("/organisations/{organisationId}", response_model=OrganisationOut, responses=raises(NotFoundError))
async def get_organisation(request: Request, organisation_id: OrganisationId, _: Admin, session: Reading) -> Response:
    """One organisation."""
    row = await service.get_organisation(session, organisation_id)
    return respond(request, service.organisation_out(row), version=row.version)


@router.patch("/organisations/{organisationId}", response_model=OrganisationOut, responses=raises(NotFoundError))
async def change_organisation(
    request: Request,
    organisation_id: OrganisationId,
    body: OrganisationPatch,
    _: Admin,
    session: Writing,
    now: Now,
    if_match: IfMatch = None,
) -> Response:
    """Changes an organisation's name."""
    row = await service.change_organisation(session, organisation_id, body, if_match, now)
    return respond(request, service.organisation_out(row), version=row.version)


@router.get(
    "/organisations/{organisationId}/contact", response_model=OrganisationContact, responses=raises(NotFoundError)
)
async def get_organisation_contact(
    request: Request, organisation_id: OrganisationId, _: Admin, session: Reading
) -> Response:
    """How an organisation is reached; empty until it is said."""
    row = await service.get_contact(session, organisation_id)
    return respond(request, contact_out(row), version=row.version if row else 0)


@router.put(
    "/organisations/{organisationId}/contact",
    response_model=OrganisationContact,
    responses=raises(NotFoundError, ConflictError),
)
async def put_organisation_contact(
    request: Request,
    organisation_id: OrganisationId,
    body: ContactIn,
    _: Admin,
    session: Writing,
    now: Now,
    if_match: IfMatch = None,
) -> Response:
    """Says for an organisation that is no provider how it is reached."""
    row = await service.put_contact(session, organisation_id, body, if_match, now)
    return respond(request, contact_out(row), version=row.version)


@router.get("/organisations/{organisationId}/clients", response_model=Page[ClientOut], responses=raises(NotFoundError))
async def list_clients(
    request: Request,
    organisation_id: OrganisationId,
    query: Annotated[PageQuery, Query()],
    _: Admin,
    session: Reading,
) -> Response:
    """The clients of an organisation by name, revoked ones too."""
    rows = await service.list_clients(session, organisation_id, query, query.key(request.url.path, str))
    return listed(request, query, rows, key=lambda row: [row.id], show=service.client_out)


@router.put(
    "/organisations/{organisationId}/clients/{clientId}",
    response_model=ClientOut,
    responses=raises(NotFoundError, ConflictError, OverloadedError) | {201: {"model": ClientOut, **LOCATION[201]}},
)
async def put_client(
    request: Request,
    organisation_id: OrganisationId,
    client_id: ClientId,
    body: ClientIn,
    _: Admin,
    session: Writing,
) -> Response:
    """Makes a client with the secret that the caller made, or replaces its secret and rights."""
    secret = body.secret.get_secret_value()
    row, created = await service.put_client(session, organisation_id, client_id, secret, body.rights)
    status, headers = (201, {"Location": f"/v1/organisations/{organisation_id}/clients"}) if created else (200, None)
    return respond(request, service.client_out(row), status=status, headers=headers)


@router.delete("/organisations/{organisationId}/clients/{clientId}", status_code=204, responses=raises(NotFoundError))
async def revoke_client(
    organisation_id: OrganisationId, client_id: ClientId, _: Admin, session: Writing, now: Now
) -> Response:
    """Revokes a client: it gets no more tokens.

    Those that it has count no more within a minute.
    """
    await service.revoke_client(session, organisation_id, client_id, now)
    return Response(status_code=204)
