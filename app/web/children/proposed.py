"""What a region proposed for a child, as cards: where to, why, what became of it, and the referral that it begins."""

from app.domain.dates import dutch_day
from app.dossiers.proposals.schemas import ChildProposalLine, ProposalFacts, ProposedOffer, SentSince, ToSend
from app.reference.lists import reference
from app.web.children import words
from app.web.children.cards import Card, Prefilled
from app.web.children.service import Dossier
from app.web.shell.offers import STATUSES
from app.web.shell.words import METHODS, count, day


def proposal_cards(dossier: Dossier) -> list[Card]:
    """The last proposals, the last made first. Only that one begins a referral: those before it are out of date."""
    return [_card(dossier, line, is_last=at == 0) for at, line in enumerate(dossier.proposed)]


def _card(dossier: Dossier, line: ChildProposalLine, *, is_last: bool) -> Card:
    sign, word = _became(line)
    offer, about = line.offer, line.proposal
    return Card(
        f"verdeling-{about.id}",
        "Geen plek" if offer is None else _name(offer),
        sign,
        word,
        "none",
        _facts(line),
        [],
        href=f"/aanbod/{offer.id}" if offer else None,
        prefilled=_prefilled(dossier, line.to_send) if is_last and line.to_send else None,
    )


def _prefilled(dossier: Dossier, to_send: ToSend) -> Prefilled:
    """What the call of the API would send, as fields of the form of a referral."""
    body = to_send.body
    return Prefilled(str(dossier.request.id), body["offerId"], str(body["standsFor"]), body["summary"]["urgency"])


def _name(offer: ProposedOffer) -> str:
    return ", ".join(filter(None, (offer.name, offer.provider_name))) or str(offer.id)


def _became(line: ChildProposalLine) -> tuple[str, str]:
    """What became of it since, with a sign."""
    if line.referral is not None:
        return words.REFERRALS[line.referral.status]
    if line.other_referral is not None:
        return _elsewhere(line.other_referral)
    return words.UNREFERRED if line.to_send is not None else ("○", "geen aanmelding")


def _elsewhere(sent: SentSince) -> tuple[str, str]:
    sign, word = words.REFERRALS[sent.status]
    return sign, f"elders: {word}"


def _facts(line: ChildProposalLine) -> list[tuple[str, str]]:
    about = line.proposal
    late = f"{count(line.days_late, 'dag', 'dagen')} na de norm" if line.days_late else "binnen de norm"
    facts = [
        ("Door", f"{_asker(about)}, {day(dutch_day(about.made_at))}"),
        ("Verdeeld", METHODS[about.method]),
        ("Als", f"keuze {line.choice}, nummer {line.rank} op de eigen lijst" if line.offer else ""),
        ("Begin", f"{day(line.starts_on)}, {late}" if line.offer else ""),
        ("Aanbod nu", STATUSES[line.offer_now][1] if line.offer_now else ""),
        ("Waarom", line.reason),
        ("Wat zou helpen", line.helps.text if line.helps else ""),
    ]
    return [(name, value) for name, value in facts if value]


def _asker(about: ProposalFacts) -> str:
    lists = reference()
    if about.region is not None:
        return f"expertteam {lists.regions[about.region].name}"
    return f"bovenregio {lists.supraregions[about.supraregion or ''].name}"
