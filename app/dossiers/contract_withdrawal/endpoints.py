"""Withdrawing a contract that was registered in error."""

from typing import Annotated

from fastapi import Query, Response

from app.dossiers.contract_withdrawal import service
from app.dossiers.contract_withdrawal.errors import ReferralsRestOnContractError
from app.kit.errors import NotFoundError
from app.kit.http.declared_errors import raises
from app.kit.http.dependencies import Now, WritingAcross
from app.kit.http.respond import IfMatch
from app.kit.http.rights import Registrar
from app.kit.http.routing import router as make_router
from app.supply.contracts.endpoints import ContractId
from app.supply.contracts.schemas import WithdrawalQuery

router = make_router("Contracts and placement stops")


@router.delete(
    "/contracts/{contractId}", status_code=204, responses=raises(NotFoundError, ReferralsRestOnContractError)
)
async def withdraw_contract(
    contract_id: ContractId,
    query: Annotated[WithdrawalQuery, Query()],
    caller: Registrar,
    session: WritingAcross,  # counts what rests on it, of all institutions
    now: Now,
    if_match: IfMatch = None,
) -> Response:
    """Withdraws a contract that was registered in error, such as one that was entered twice.

    It is kept, without effect: it covers no child any more, and is read with `withdrawnAt` and `why`. Withdrawing it
    again changes nothing. Where a referral rests on it that no other contract covers, it stays.
    """
    await service.withdraw_contract(session, caller, contract_id, query.why, if_match, now)
    return Response(status_code=204)
