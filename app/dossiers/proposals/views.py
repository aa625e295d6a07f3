"""Proposals as their region or supraregion sees them."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from app.access.repository import list_names
from app.allocation.model import Method
from app.domain.dates import YearMonth, dutch_day, whole_years
from app.domain.language import Language
from app.dossiers.proposals import repository
from app.dossiers.proposals.case_outcome import PriceOut
from app.dossiers.proposals.report import without_small_counts
from app.dossiers.proposals.schemas import (
    Progress,
    ProposalInFull,
    ProposalLine,
    ProposalOut,
    ProposalReport,
    ProposalResult,
    ProposedEffect,
    ProposedHelp,
    ProposedOffer,
    ReportGroup,
    SentSince,
    ToSend,
)
from app.dossiers.proposals.tables import ProposalLineRow, RegionalProposalRow
from app.dossiers.referrals.states import OPEN
from app.dossiers.referrals.tables import ReferralRow
from app.dossiers.requests.tables import RequestRow
from app.kit.database.sessions import ReadSession
from app.kit.security.callers import Caller, Role
from app.reference.lists import reference

Names = Mapping[UUID, tuple[str, UUID, str]]

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
                offer=_offer(UUID(each["offer"]), names),
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


def _offer(offer_id: UUID, names: Names) -> ProposedOffer:
    name, provider_id, provider = names.get(offer_id, (None, None, None))
    return ProposedOffer.model_construct(id=offer_id, name=name, provider_id=provider_id, provider_name=provider)


async def show_lines(
    session: ReadSession,
    proposal: RegionalProposalRow,
    lines: Sequence[tuple[ProposalLineRow, RequestRow]],
    language: Language,
) -> dict[UUID, ProposalLine]:
    """Lines by request, each with what became of it; in three statements, however many there are."""
    offers = {line.offer_id for line, _ in lines if line.offer_id is not None}
    offers |= {UUID(line.helps["offer"]) for line, _ in lines if line.helps is not None}
    names = await repository.list_offer_names(session, offers)
    organisations = await list_names(session, {row.organisation_id for _, row in lines})
    since = await repository.list_referrals(session, [row.id for _, row in lines], proposal.asked_at)
    found = {}
    for line, row in lines:
        sent = [referral for request_id, referral in since if request_id == row.id]
        name = organisations.get(row.organisation_id)
        found[row.id] = _line(proposal, line, row, name, names, sent, language)
    return found


def _line(
    proposal: RegionalProposalRow,
    line: ProposalLineRow,
    row: RequestRow,
    organisation: str | None,
    names: Names,
    sent: Sequence[ReferralRow],
    language: Language,
) -> ProposalLine:
    there = [each for each in sent if line.offer_id is not None and each.offer_id == line.offer_id]
    elsewhere = [each for each in sent if each not in there]
    return ProposalLine.model_construct(
        request_id=row.id,
        organisation_id=row.organisation_id,
        organisation=organisation,
        region=row.region_code,
        municipality=row.municipality_code,
        age=whole_years(YearMonth.parse(row.birth_month), proposal.today or dutch_day(proposal.asked_at)),
        status=row.status,
        in_crisis=line.in_crisis,
        offer=None if line.offer_id is None else _offer(line.offer_id, names),
        choice=line.choice,
        starts_on=line.starts_on,
        days_late=line.days_late or 0,
        rank=line.rank,
        reason=(line.reason or {}).get(language, ""),
        helps=None if line.helps is None else _help(line.helps, names, language),
        to_send=_to_send(line, row, there),
        referral=_sent(there),
        other_referral=_sent(elsewhere),
    )


def _help(kept: Mapping[str, Any], names: Names, language: Language) -> ProposedHelp:
    """The change in words: offers are called by their ids where it was made, and by their names here."""
    offer = _offer(UUID(kept["offer"]), names)
    text = kept["text"][language].replace(kept["offer"], offer.name or kept["offer"])
    known = {name: kept[name] for name in ("change", "places", "needs")}
    return ProposedHelp.model_construct(**known, offer=offer, text=text)


def _to_send(line: ProposalLineRow, row: RequestRow, there: Collection[ReferralRow]) -> ToSend | None:
    """The call that refers the child to the offer; None where there is none, or it waits no more or was referred."""
    if line.offer_id is None or row.status != "open" or any(each.status in OPEN for each in there):
        return None
    urgency = "crisis" if line.in_crisis else "regular"
    body = {"standsFor": line.choice, "offerId": str(line.offer_id), "summary": {"urgency": urgency}}
    return ToSend.model_construct(method="POST", href=f"/v1/requests/{row.id}/referrals", body=body)


def _sent(referrals: Sequence[ReferralRow]) -> SentSince | None:
    """The last of these, as it stands now."""
    if not referrals:
        return None
    row = referrals[-1]
    return SentSince.model_construct(id=row.id, offer_id=row.offer_id, status=row.status, sent_at=row.sent_at)


async def report_out(session: ReadSession, caller: Caller, row: RegionalProposalRow) -> ProposalReport:
    """The report of a proposal; a region sees all of its own, a supraregion no small counts, as in insight."""
    hides = caller.role is not Role.REGION
    groups = without_small_counts(row.report or []) if hides else row.report or []
    ids = {UUID(each["code"]) for each in groups if each["dimension"] == "institution"}
    names: dict[str, str | None] = {str(id_): name for id_, name in (await list_names(session, ids)).items()}
    names |= {code: each.name for code, each in reference().municipalities.items()}
    shown = [ReportGroup.model_construct(**each, name=names.get(each["code"])) for each in groups]
    return ProposalReport.model_construct(small_counts_hidden=hides, groups=shown)
