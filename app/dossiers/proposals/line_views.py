"""Lines of proposals, each with what became of it: as a region sees its own, and an institution those of a child."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from app.access.repository import list_names
from app.domain.dates import YearMonth, dutch_day, whole_years
from app.domain.language import Language
from app.dossiers.proposals import repository
from app.dossiers.proposals.child_lines_repository import MadeProposal
from app.dossiers.proposals.offers_now import offers_now
from app.dossiers.proposals.schemas import (
    ChildProposalLine,
    ProposalFacts,
    ProposalLine,
    ProposedHelp,
    ProposedOffer,
    SentSince,
    ToSend,
)
from app.dossiers.proposals.tables import ProposalLineRow, RegionalProposalRow
from app.dossiers.referrals.states import OPEN
from app.dossiers.referrals.tables import ReferralRow
from app.dossiers.requests.tables import RequestRow
from app.finding.catalogue.availability import Status
from app.finding.catalogue.catalogue import Catalogue
from app.kit.database.sessions import ReadSession

Names = Mapping[UUID, tuple[str, UUID, str]]


async def show_lines(
    session: ReadSession,
    proposal: RegionalProposalRow,
    lines: Sequence[tuple[ProposalLineRow, RequestRow]],
    language: Language,
    catalogue: Catalogue,
    today: date,
) -> dict[UUID, ProposalLine]:
    """A region's lines by request, each with what became of it; in four statements, however many there are."""
    names = await _names(session, [line for line, _ in lines])
    organisations = await list_names(session, {row.organisation_id for _, row in lines})
    since = await repository.list_referrals(session, [row.id for _, row in lines], proposal.asked_at)
    now = await offers_now(session, catalogue, lines, today)
    found = {}
    for line, row in lines:
        sent = [referral for request_id, referral in since if request_id == row.id]
        found[row.id] = ProposalLine.model_construct(
            request_id=row.id,
            organisation_id=row.organisation_id,
            organisation=organisations.get(row.organisation_id),
            region=row.region_code,
            municipality=row.municipality_code,
            age=whole_years(YearMonth.parse(row.birth_month), proposal.today or dutch_day(proposal.asked_at)),
            status=row.status,
            **_proposed(line, row, names, sent, now.get((proposal.id, row.id)), language),
        )
    return found


async def show_child_lines(
    session: ReadSession,
    row: RequestRow,
    lines: Sequence[tuple[MadeProposal, ProposalLineRow]],
    language: Language,
    catalogue: Catalogue,
    today: date,
) -> dict[UUID, ChildProposalLine]:
    """What proposals say of one child of the caller's, by proposal; in three statements, however many there are."""
    names = await _names(session, [line for _, line in lines])
    first = min((proposal.asked_at for proposal, _ in lines), default=None)
    since = [] if first is None else await repository.list_referrals(session, [row.id], first)
    now = await offers_now(session, catalogue, [(line, row) for _, line in lines], today)
    found = {}
    for proposal, line in lines:
        sent = [each for _, each in since if each.sent_at >= proposal.asked_at or each.status in OPEN]
        found[proposal.id] = ChildProposalLine.model_construct(
            proposal=_facts(proposal), **_proposed(line, row, names, sent, now.get((proposal.id, row.id)), language)
        )
    return found


def _facts(proposal: MadeProposal) -> ProposalFacts:
    return ProposalFacts.model_construct(
        id=proposal.id,
        made_at=proposal.made_at,
        made_on=proposal.today,
        horizon_days=proposal.horizon_days,
        method=proposal.method,
        region=proposal.region_code,
        supraregion=proposal.supraregion,
    )


async def _names(session: ReadSession, lines: Collection[ProposalLineRow]) -> Names:
    """What the offers of these lines are called."""
    offers = {line.offer_id for line in lines if line.offer_id is not None}
    offers |= {UUID(line.helps["offer"]) for line in lines if line.helps is not None}
    return await repository.list_offer_names(session, offers)


def _proposed(
    line: ProposalLineRow,
    row: RequestRow,
    names: Names,
    sent: Sequence[ReferralRow],
    offer_now: Status | None,
    language: Language,
) -> dict[str, Any]:
    """The fields of `schemas.ProposedForChild`; `sent` are the child's referrals since, and open ones."""
    there = [each for each in sent if line.offer_id is not None and each.offer_id == line.offer_id]
    elsewhere = [each for each in sent if each not in there]
    return {
        "in_crisis": line.in_crisis,
        "offer": None if line.offer_id is None else offer_of(line.offer_id, names),
        "choice": line.choice,
        "starts_on": line.starts_on,
        "days_late": line.days_late or 0,
        "rank": line.rank,
        "reason": (line.reason or {}).get(language, ""),
        "helps": None if line.helps is None else _help(line.helps, names, language),
        "offer_now": offer_now,
        "to_send": None if offer_now in {None, "closed"} else _to_send(line, row, there),
        "referral": _sent(there),
        "other_referral": _sent(elsewhere),
    }


def offer_of(offer_id: UUID, names: Names) -> ProposedOffer:
    """An offer by name."""
    name, provider_id, provider = names.get(offer_id, (None, None, None))
    return ProposedOffer.model_construct(id=offer_id, name=name, provider_id=provider_id, provider_name=provider)


def _help(kept: Mapping[str, Any], names: Names, language: Language) -> ProposedHelp:
    """The change in words: offers are called by their ids where it was made, and by their names here."""
    offer = offer_of(UUID(kept["offer"]), names)
    text = kept["text"][language].replace(kept["offer"], offer.name or kept["offer"])
    known = {name: kept[name] for name in ("change", "places", "needs")}
    return ProposedHelp.model_construct(**known, offer=offer, text=text)


def _to_send(line: ProposalLineRow, row: RequestRow, there: Sequence[ReferralRow]) -> ToSend | None:
    """The call that refers a child that waits to the offer; None where it was referred there, or the offer declined."""
    if any(each.status in OPEN or each.status == "declined" for each in there):
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
