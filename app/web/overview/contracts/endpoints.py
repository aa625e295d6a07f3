"""The contracts of a region: the list, a new one, and each to change or withdraw."""

from datetime import date
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import Form, Query, Request, Response

from app.dossiers.contract_withdrawal.service import withdraw_contract
from app.kit.database.sessions import ReadSession
from app.kit.http.dependencies import Now, Reading
from app.kit.security.callers import Caller
from app.reference.lists import reference
from app.supply.contracts import service
from app.supply.contracts.schemas import ContractIn, ContractPatch, ContractQuery, WithdrawalQuery
from app.web.overview import providers
from app.web.overview.areas import choices_of
from app.web.overview.contracts.question import ContractForm
from app.web.overview.contracts.views import KIND_OPTIONS, contract_of
from app.web.overview.dependencies import Attempting, if_match
from app.web.overview.sections import CONTRACTS, sections_of
from app.web.overview.stored import stored_otherwise
from app.web.shell.forms import Errors, check_form
from app.web.shell.paging import split
from app.web.shell.rendering import go_to, render
from app.web.shell.routing import router as make_router
from app.web.sign_in.dependencies import Region

router = make_router()

PATH: Final = CONTRACTS.path
_ON_PAGE: Final = 50


@router.get(PATH)
async def show_contracts(
    request: Request,
    caller: Region,
    session: Reading,
    ingetrokken: Annotated[str, Query(max_length=5)] = "",
    na: Annotated[str, Query(max_length=1000)] = "",
) -> Response:
    """The contracts that cover children of the region, by their first day."""
    asked = {"region": caller.region, "withdrawn": bool(ingetrokken), "limit": _ON_PAGE, "cursor": na or None}
    query = check_form(ContractQuery, asked)
    rows = await service.list_contracts(session, caller, query, query.key(PATH, date, UUID))
    shown, following = split(query, PATH, rows, lambda row: [row.valid_from, row.id])
    names = await providers.named(session, [row.provider_id for row in shown])
    return render(
        request,
        "overview/contracts/page.html",
        sections=sections_of(caller),
        contracts=[contract_of(service.contract_out(row), names) for row in shown],
        withdrawn=bool(ingetrokken),
        following=f"{PATH}?ingetrokken={ingetrokken}&na={following}" if following else None,
    )


@router.get(f"{PATH}/nieuw")
async def show_new_contract(
    request: Request,
    caller: Region,
    session: Reading,
    zoek: Annotated[str, Query(max_length=200)] = "",
    aanbieder: Annotated[UUID | None, Query()] = None,
) -> Response:
    """First the provider, found by its name; then the form."""
    form = ContractForm(aanbieder=str(aanbieder or ""))
    return await _new(request, session, caller, form, {}, words=zoek, found=await providers.find(session, zoek))


@router.post(f"{PATH}/nieuw")
async def add_contract(
    request: Request, form: Annotated[ContractForm, Form()], caller: Region, session: Reading, attempt: Attempting
) -> Response:
    """Registers a contract of the region."""
    errors = await attempt(
        ContractIn, form.added(caller.region), lambda writing, body: service.add_contract(writing, caller, body)
    )
    return await _new(request, session, caller, form, errors) if errors else go_to(request, PATH)


@router.get(f"{PATH}/{{contract_id}}")
async def show_contract(request: Request, contract_id: UUID, caller: Region, session: Reading) -> Response:
    """A contract, with the form to change it and the form to withdraw it."""
    return await _one(request, session, caller, contract_id, None, {})


@router.post(f"{PATH}/{{contract_id}}")
async def change_contract(
    request: Request,
    contract_id: UUID,
    form: Annotated[ContractForm, Form()],
    caller: Region,
    session: Reading,
    attempt: Attempting,
    now: Now,
) -> Response:
    """Changes a contract, such as that its ceiling is reached."""
    errors = await attempt(
        ContractPatch,
        form.changed(),
        lambda writing, body: service.change_contract(writing, caller, contract_id, body, if_match(form.versie), now),
    )
    return await _one(request, session, caller, contract_id, form, errors) if errors else go_to(request, PATH)


@router.post(f"{PATH}/{{contract_id}}/intrekken")
async def withdraw(
    request: Request,
    contract_id: UUID,
    caller: Region,
    session: Reading,
    attempt: Attempting,
    now: Now,
    waarom: Annotated[str, Form(max_length=300)] = "",
    versie: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Withdraws a contract that was registered in error."""
    errors = await attempt(
        WithdrawalQuery,
        {"why": waarom},
        lambda writing, body: withdraw_contract(writing, caller, contract_id, body.why, if_match(versie), now),
    )
    if not errors:
        return go_to(request, PATH)
    return await _one(request, session, caller, contract_id, None, errors, why=waarom)


async def _new(
    request: Request, session: ReadSession, caller: Caller, form: ContractForm, errors: Errors, **shown: Any
) -> Response:
    provider = await providers.name_of(session, form.aanbieder)
    values = {"contract": None, "why": "", "words": "", "found": [], "version": 0, "stored": [], **shown}
    return _form(request, caller, form, errors, provider=provider, **values)


async def _one(
    request: Request,
    session: ReadSession,
    caller: Caller,
    contract_id: UUID,
    form: ContractForm | None,
    errors: Errors,
    why: str = "",
) -> Response:
    row = await service.get_contract(session, caller, contract_id)
    out = service.contract_out(row)
    names = await providers.named(session, [row.provider_id])
    stands = ContractForm.of(out, row.version)
    kept = {"versie": stands.versie, "aanbieder": stands.aanbieder, "soort": stands.soort, "gemeente": stands.gemeente}
    filled = stands if form is None else form.model_copy(update=kept)
    contract = contract_of(out, names)
    shown = {"contract": contract, "why": why, "version": row.version, "stored": stored_otherwise(stands, filled)}
    return _form(request, caller, filled, errors, provider=contract.provider, **shown)


def _form(request: Request, caller: Caller, form: ContractForm, errors: Errors, **shown: Any) -> Response:
    return render(
        request,
        "overview/contracts/contract.html",
        status=400 if errors else 200,
        sections=sections_of(caller),
        form=form,
        errors=errors,
        kinds=KIND_OPTIONS,
        municipalities=choices_of(caller, caller.region).municipalities,
        care_types=reference().care_types.values(),
        **{"section": "contracten", **shown},
    )
