"""The contracts of a region: the list, a new one, and each to change or withdraw."""

from datetime import date
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import Form, Query, Request, Response

from app.dossiers.contract_withdrawal.service import withdraw_contract
from app.kit.http.dependencies import Reading
from app.kit.security.callers import Caller
from app.reference.lists import reference
from app.supply.contracts import service
from app.supply.contracts.schemas import ContractIn, ContractPatch, ContractQuery
from app.web.overview import providers
from app.web.overview.areas import choices_of
from app.web.overview.contracts.question import ContractForm
from app.web.overview.contracts.views import KIND_OPTIONS, contract_of
from app.web.overview.keeping.endpoints import Keeping, Kept
from app.web.overview.keeping.form import Filled, Sent, WithdrawalForm, filled
from app.web.overview.sections import CONTRACTS, sections_of
from app.web.shell.forms import check_form
from app.web.shell.paging import split
from app.web.shell.rendering import render
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
    kept: Kept,
    caller: Region,
    zoek: Annotated[str, Query(max_length=200)] = "",
    aanbieder: Annotated[UUID | None, Query()] = None,
) -> Response:
    """First the provider, found by its name; then the form."""
    shown = Filled(ContractForm(aanbieder=str(aanbieder or "")))
    return await _new(kept, caller, shown, words=zoek, found=await providers.find(kept.session, zoek))


@router.post(f"{PATH}/nieuw")
async def add_contract(kept: Kept, form: Annotated[ContractForm, Form()], caller: Region) -> Response:
    """Registers a contract of the region."""
    errors = await kept.attempt(
        ContractIn, form.added(caller.region), lambda writing, body: service.add_contract(writing, caller, body)
    )
    return await _new(kept, caller, Filled(form, errors)) if errors else kept.go_to(PATH)


@router.get(f"{PATH}/{{contract_id}}")
async def show_contract(kept: Kept, contract_id: UUID, caller: Region) -> Response:
    """A contract, with the form to change it and the form to withdraw it."""
    return await _one(kept, caller, contract_id, None)


@router.post(f"{PATH}/{{contract_id}}")
async def change_contract(
    kept: Kept, contract_id: UUID, form: Annotated[ContractForm, Form()], caller: Region
) -> Response:
    """Changes a contract, such as that its ceiling is reached."""
    errors = await kept.attempt(
        ContractPatch,
        form.changed(),
        lambda writing, body: service.change_contract(writing, caller, contract_id, body, form.if_match, kept.now),
    )
    return await _one(kept, caller, contract_id, Sent(errors, form)) if errors else kept.go_to(PATH)


@router.post(f"{PATH}/{{contract_id}}/intrekken")
async def withdraw(kept: Kept, contract_id: UUID, form: Annotated[WithdrawalForm, Form()], caller: Region) -> Response:
    """Withdraws a contract that was registered in error."""
    wrong = await kept.withdraw(
        form,
        lambda writing, why: withdraw_contract(writing, caller, contract_id, why, form.if_match, kept.now),
        across=True,  # it counts what rests on the contract, of all institutions
    )
    return await _one(kept, caller, contract_id, wrong) if wrong else kept.go_to(PATH)


async def _new(kept: Keeping, caller: Caller, shown: Filled[ContractForm], **choosing: Any) -> Response:
    provider = await providers.name_of(kept.session, shown.form.aanbieder)
    heading = f"Contract met {provider}" if provider else "Contract toevoegen"
    values = {
        "kept_id": None,
        "contract": None,
        "words": "",
        "found": [],
        "may_change": provider is not None,
        **choosing,
    }
    return _form(kept, caller, shown, heading=heading, **values)


async def _one(kept: Keeping, caller: Caller, contract_id: UUID, sent: Sent[ContractForm] | None) -> Response:
    row = await service.get_contract(kept.session, caller, contract_id)
    out = service.contract_out(row)
    contract = contract_of(out, await providers.named(kept.session, [row.provider_id]))
    shown = filled(ContractForm.of(out, row.version), sent)
    is_own = service.may_write(caller, out.kind, out.regions, out.municipalities)
    about = {"kept_id": contract.id, "contract": contract, "may_change": is_own and contract.withdrawn is None}
    return _form(kept, caller, shown, heading=f"Contract met {contract.provider}", **about)


def _form(kept: Keeping, caller: Caller, shown: Filled[ContractForm], **about: Any) -> Response:
    return kept.show(
        "overview/contracts/contract.html",
        caller,
        shown,
        kinds=KIND_OPTIONS,
        municipalities=choices_of(caller, caller.region).municipalities,
        care_types=reference().care_types.values(),
        section=CONTRACTS,
        **about,
    )
