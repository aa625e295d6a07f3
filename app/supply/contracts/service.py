"""Keeping contracts: a region its own regional and light ones, an admin any.

What a change means for referrals that are open is told by the job `tell-concerns`
(`dossiers.referrals.concern_teller`).
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from app.domain.language import Text
from app.kit.database.sessions import ReadSession, WriteSession
from app.kit.database.upserts import change
from app.kit.errors import ForbiddenError, InputError, InvalidInputError
from app.kit.security.callers import Caller, Role
from app.kit.versions import check_version
from app.reference.lists import reference
from app.supply.contracts import repository
from app.supply.contracts.errors import WithdrawnContractError
from app.supply.contracts.schemas import (
    Ceiling,
    ContractIn,
    ContractOut,
    ContractPatch,
    ContractQuery,
)
from app.supply.contracts.tables import ContractRow
from app.supply.providers.repository import check_named_provider, get_provider


def may_write(caller: Caller, kind: str, regions: Sequence[str], municipalities: Sequence[str]) -> bool:
    """Whether a caller writes contracts of this kind for these: a region its own regional and light ones."""
    if caller.role is Role.ADMIN:
        return True
    own = {caller.region}
    inside = set(regions) <= own and {reference().municipalities[code].region for code in municipalities} <= own
    return kind in {"regional", "light"} and inside


def _check_right(caller: Caller, kind: str, regions: Sequence[str], municipalities: Sequence[str]) -> None:
    if not may_write(caller, kind, regions, municipalities):
        raise ForbiddenError(
            Text(
                nl=f"Een regio schrijft regionale en lichte contracten van haar eigen jeugdregio ({caller.region}).",
                en=f"A region writes regional and light contracts of its own jeugdregio ({caller.region}).",
            )
        )


async def list_contracts(
    session: ReadSession, caller: Caller, query: ContractQuery, key: list[Any] | None
) -> list[ContractRow]:
    """The contracts that the caller may see, by their first day; after `key` (that day, id), one more than the page."""
    return await repository.list_contracts(
        session,
        caller,
        provider_id=query.provider,
        region=query.region,
        withdrawn=query.withdrawn,
        limit=query.window,
        key=key,
    )


async def get_contract(session: ReadSession, caller: Caller, contract_id: UUID) -> ContractRow:
    """A contract that the caller may see; `NotFoundError` where there is none."""
    return await repository.get_contract(session, caller, contract_id)


async def add_contract(session: WriteSession, caller: Caller, body: ContractIn) -> ContractRow:
    """Registers a contract; `ForbiddenError` where it is not the caller's to write."""
    _check_right(caller, body.kind, body.regions, body.municipalities)
    await check_named_provider(session, body.provider_id)
    values = body.values(exclude={"ceiling"}) | _ceiling(body.ceiling)
    return await repository.add_contract(session, values)


def _ceiling(ceiling: Ceiling, *, only_set: bool = False) -> dict[str, Any]:
    given = ceiling.values(exclude_unset=only_set)
    return {f"ceiling_{name}": value for name, value in given.items()}


async def change_contract(
    session: WriteSession, caller: Caller, contract_id: UUID, body: ContractPatch, if_match: str | None, now: datetime
) -> ContractRow:
    """Changes what the body names; the result must still be the caller's to write."""
    row = await repository.get_contract(session, caller, contract_id, lock=True)
    _check_right(caller, row.kind, row.regions, row.municipalities)
    check_version(if_match, row.version)
    if row.withdrawn_at is not None:
        raise WithdrawnContractError
    values = _changes(body)
    merged = {name: values.get(name, getattr(row, name)) for name in ("regions", "municipalities")}
    _check_right(caller, row.kind, merged["regions"], merged["municipalities"])
    _check_whole(merged, values.get("valid_from", row.valid_from), values.get("valid_to", row.valid_to))
    await change(session, row, values, now)
    return row


async def hold_for_withdrawal(
    session: WriteSession, caller: Caller, contract_id: UUID, if_match: str | None
) -> ContractRow:
    """A contract of the caller's to write, held with its provider until the transaction ends.

    Nobody refers to an offer of the provider meanwhile: a new referral refers to its row, and waits. One that has been
    withdrawn is answered whatever the version: the change that was asked for has been made (RFC 9110, 13.1.1).
    """
    seen = await repository.get_contract(session, caller, contract_id)
    _check_right(caller, seen.kind, seen.regions, seen.municipalities)
    await get_provider(session, seen.provider_id, lock=True)
    row = await repository.get_contract(session, caller, contract_id, lock=True)
    if row.withdrawn_at is None:
        _check_right(caller, row.kind, row.regions, row.municipalities)
        check_version(if_match, row.version)
    return row


async def withdraw(session: WriteSession, caller: Caller, row: ContractRow, why: str, now: datetime) -> None:
    """Withdraws a contract that is held, as registered in error: it is kept, without effect.

    A trigger on the table tells the catalogue (migration 0002).
    """
    await change(session, row, {"withdrawn_at": now, "withdrawn_why": why, "withdrawn_by": caller.client_id}, now)


def _changes(body: ContractPatch) -> dict[str, Any]:
    values = body.values(exclude_unset=True, exclude={"ceiling"})
    return values | (_ceiling(body.ceiling, only_set=True) if body.ceiling else {})


def _check_whole(area: dict[str, Any], valid_from: date, valid_to: date | None) -> None:
    if valid_to is not None and valid_to < valid_from:
        text = Text(nl="De laatste dag (validTo) ligt vóór de eerste (validFrom).", en="validTo lies before validFrom.")
        raise InvalidInputError(InputError("#/validTo", "order", text))
    if not any(area.values()):
        text = Text(nl="Noem minstens één regio of gemeente.", en="Name at least one region or municipality.")
        raise InvalidInputError(InputError("#/regions", "no-area", text))


def contract_out(row: ContractRow) -> ContractOut:
    """A contract's row as it goes over the wire."""
    return ContractOut.model_construct(
        id=row.id,
        provider_id=row.provider_id,
        kind=row.kind,
        regions=row.regions,
        municipalities=row.municipalities,
        care_types=row.care_types,
        product_codes=row.product_codes,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        ceiling=Ceiling.model_construct(reached=row.ceiling_reached, exempts_measure=row.ceiling_exempts_measure),
        arrangement_id=row.arrangement_id,
        withdrawn_at=row.withdrawn_at,
        why=row.withdrawn_why,
    )
