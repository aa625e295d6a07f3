"""Proposals as their region or supraregion sees them; their lines stand in `line_views`."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from app.access.repository import list_names
from app.allocation.model import Method
from app.dossiers.proposals import repository
from app.dossiers.proposals.case_outcome import PriceOut
from app.dossiers.proposals.line_views import offer_of
from app.dossiers.proposals.report import without_small_counts
from app.dossiers.proposals.schemas import (
    Progress,
    ProposalInFull,
    ProposalOut,
    ProposalReport,
    ProposalResult,
    ProposedEffect,
    ReportGroup,
)
from app.dossiers.proposals.tables import RegionalProposalRow
from app.kit.database.sessions import ReadSession
from app.kit.security.callers import Caller, Role
from app.reference.lists import reference

_AS_THEY_ARE = (
    *("id", "status", "asked_at", "children", "places", "horizon_days", "method", "seed", "changes", "made_at"),
    "failure",
)


def proposal_out(row: RegionalProposalRow) -> ProposalOut:
    """A proposal in a list."""
    return ProposalOut.model_construct(**_common(row))


def _common(row: RegionalProposalRow) -> dict[str, Any]:
    fields = {name: getattr(row, name) for name in _AS_THEY_ARE}
    progress = Progress.model_construct(done=row.done, total=row.total)
    return {**fields, "progress": progress, "made_on": row.today}


async def proposal_in_full(session: ReadSession, row: RegionalProposalRow) -> ProposalInFull:
    """A proposal with what it comes to."""
    result = None if row.result is None else await _result(session, row.id, row.result)
    return ProposalInFull.model_construct(**_common(row), result=result)


async def _result(session: ReadSession, proposal_id: UUID, kept: Mapping[str, Any]) -> ProposalResult:
    effects: list[dict[str, Any]] = kept["effects"]
    numbers = {int(each["child"][1:]) for each in effects if each["child"] is not None}
    children = await repository.list_numbered(session, proposal_id, numbers) if numbers else {}
    names = await repository.list_offer_names(session, {UUID(each["offer"]) for each in effects})
    prices: dict[Method, PriceOut] = {method: PriceOut.model_validate(each) for method, each in kept["prices"].items()}
    return ProposalResult.model_construct(
        rules=kept["rules"],
        prices=prices,
        effects=[
            ProposedEffect.model_construct(
                change=each["change"],
                offer=offer_of(UUID(each["offer"]), names),
                request_id=None if each["child"] is None else children.get(int(each["child"][1:])),
                needs=each["needs"],
                days_saved=each["daysSaved"],
                placed=each["placed"],
                late=each["late"],
            )
            for each in effects
        ],
        proven=kept["proven"],
    )


async def report_out(session: ReadSession, caller: Caller, row: RegionalProposalRow) -> ProposalReport:
    """The report of a proposal; a region sees all of its own, a supraregion no small counts, as in insight."""
    hides = caller.role is not Role.REGION
    groups = without_small_counts(row.report or []) if hides else row.report or []
    ids = {UUID(each["code"]) for each in groups if each["dimension"] == "institution"}
    names: dict[str, str | None] = {str(id_): name for id_, name in (await list_names(session, ids)).items()}
    names |= {code: each.name for code, each in reference().municipalities.items()}
    shown = [ReportGroup.model_construct(**each, name=names.get(each["code"])) for each in groups]
    return ProposalReport.model_construct(small_counts_hidden=hides, groups=shown)
