"""Contracts: regions keep theirs, providers see their own."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Path, Query, Request, Response

from app.kit.errors import NotFoundError
from app.kit.http.declared_errors import LOCATION, raises
from app.kit.http.dependencies import Now, Reading, Writing
from app.kit.http.idempotency import Idempotent
from app.kit.http.pagination import listed
from app.kit.http.respond import IfMatch, respond
from app.kit.http.rights import Party, Registrar
from app.kit.http.routing import router as make_router
from app.kit.pages import Page
from app.supply.contracts import service
from app.supply.contracts.errors import WithdrawnContractError
from app.supply.contracts.schemas import (
    ContractIn,
    ContractOut,
    ContractPatch,
    ContractQuery,
)

router = make_router("Contracts and placement stops")

ContractId = Annotated[
    UUID, Path(alias="contractId", description="The contract.", examples=["3f0f2a52-0e0c-5a5e-9a0a-0f0a6b7c8d90"])
]


@router.post("/contracts", response_model=ContractOut, status_code=201, responses=LOCATION)
async def add_contract(
    request: Request, body: ContractIn, caller: Registrar, session: Writing, once: Idempotent
) -> Response:
    """Registers a contract."""

    async def create() -> Response:
        row = await service.add_contract(session, caller, body)
        location = {"Location": f"/v1/contracts/{row.id}"}
        return respond(request, service.contract_out(row), status=201, version=row.version, headers=location)

    return await once(caller, create)


@router.get("/contracts", response_model=Page[ContractOut])
async def list_contracts(
    request: Request, query: Annotated[ContractQuery, Query()], caller: Party, session: Reading
) -> Response:
    """Contracts that the caller may see, by their first day; those that were withdrawn only where that is asked."""
    rows = await service.list_contracts(session, caller, query, query.key(request.url.path, date, UUID))
    return listed(request, query, rows, key=lambda row: [row.valid_from, row.id], show=service.contract_out)


@router.get("/contracts/{contractId}", response_model=ContractOut, responses=raises(NotFoundError))
async def get_contract(request: Request, contract_id: ContractId, caller: Party, session: Reading) -> Response:
    """One contract, also after it was withdrawn."""
    row = await service.get_contract(session, caller, contract_id)
    return respond(request, service.contract_out(row), version=row.version)


@router.patch(
    "/contracts/{contractId}", response_model=ContractOut, responses=raises(NotFoundError, WithdrawnContractError)
)
async def change_contract(
    request: Request,
    contract_id: ContractId,
    body: ContractPatch,
    caller: Registrar,
    session: Writing,
    now: Now,
    if_match: IfMatch = None,
) -> Response:
    """Changes what the body names, such as that the ceiling is reached."""
    row = await service.change_contract(session, caller, contract_id, body, if_match, now)
    return respond(request, service.contract_out(row), version=row.version)
