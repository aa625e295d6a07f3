"""Proposals as the pages show them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from app.allocation.model import Method
from app.domain.dates import dutch_day
from app.dossiers.proposals.report import Dimension
from app.dossiers.proposals.schemas import (
    ProposalInFull,
    ProposalLine,
    ProposalOut,
    ProposalReport,
    ProposedEffect,
    ReportGroup,
    SentSince,
)
from app.dossiers.proposals.states import Failure, Status
from app.dossiers.referrals.states import Status as ReferralStatus
from app.web.overview.children import town, who
from app.web.overview.proposals.question import CHILDREN, PLACES
from app.web.shell.offers import STATUSES as OFFER_STATUSES
from app.web.shell.words import METHODS, NOTHING, child_of, count, day

STATUSES: Final[dict[Status, str]] = {
    "queued": "wacht op zijn beurt",
    "running": "wordt gemaakt",
    "done": "klaar",
    "failed": "mislukt",
}
FAILURES: Final[dict[Failure, str]] = {
    "given-up": "Het maken is drie keer afgebroken. Vraag het voorstel opnieuw.",
    "no-solution": "Dit voorstel is niet op te lossen. Vraag het met een kortere termijn of minder kinderen.",
}
_SENT: Final[dict[ReferralStatus, str]] = {
    "sent": "aangemeld",
    "seen": "aangemeld en gezien",
    "waitlisted": "op de wachtlijst",
    "accepted": "aangenomen",
    "declined": "afgewezen",
    "withdrawn": "ingetrokken",
    "started": "begonnen",
    "ended": "beëindigd",
}
_NEEDS: Final = {
    "light-contract": "een contract met",
    "ceiling-exception": "een uitzondering op het budgetplafond bij",
    "longer-distance": "een grotere afstand toestaan, naar",
    "provider-consent": "instemming van de aanbieder van",
    "ask-again": "opnieuw vragen bij",
}
_DIMENSIONS: Final[dict[Dimension, str]] = {
    "municipality": "Gemeente",
    "institution": "Instelling",
    "gender": "Geslacht",
    "age": "Leeftijd",
    "distance": "Afstand tot het voorgestelde aanbod",
    "measure": "Maatregel",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A proposal in the list: when it was asked, what for, and how far it is."""

    id: str
    on: str
    what: str
    status: str


@dataclass(frozen=True, slots=True)
class Line:
    """What is proposed for a child, and what became of it."""

    id: str
    who: str
    institution: str
    is_in_crisis: bool
    offer: str | None
    address: str
    facts: str
    reason: str
    helps: str | None
    became: str


@dataclass(frozen=True, slots=True)
class Row:
    """What a method comes to, or a proposal for a group of children: each number in words; a dash is one too small to
    be shown."""

    name: str
    numbers: Sequence[str]


PRICES: Final = ("Krijgt een plek", "Eerste keuze", "Te laat", "Dagen te laat samen", "Kwam een betere plek toe")
GROUPS: Final = ("Kinderen", "Krijgt een plek", "Eerste keuze", "Te laat", "Dagen te laat samen")


def asked_of(proposal: ProposalOut) -> Asked:
    """A proposal in the list."""
    what = f"{CHILDREN[proposal.children]}; {PLACES[proposal.places]}; {METHODS[proposal.method]}"
    return Asked(str(proposal.id), day(dutch_day(proposal.asked_at)), what, STATUSES[proposal.status])


def line_of(line: ProposalLine) -> Line:
    """A line as the page shows it."""
    offer = line.offer
    late = f"{count(line.days_late, 'dag', 'dagen')} na de norm" if line.days_late else "binnen de norm"
    facts = [f"keuze {line.choice}" if line.choice else None, f"nummer {line.rank} op de eigen lijst"]
    facts += [f"vanaf {day(line.starts_on)}", late]
    return Line(
        id=str(line.request_id),
        who=who(line.age, line.municipality),
        institution=line.organisation or "instelling onbekend",
        is_in_crisis=line.in_crisis,
        offer=None if offer is None else ", ".join(filter(None, (offer.name, offer.provider_name))) or str(offer.id),
        address="" if offer is None else f"/aanbod/{offer.id}",
        facts=", ".join(filter(None, facts)) if offer else late,
        reason=line.reason,
        helps=None if line.helps is None else line.helps.text,
        became=_became(line),
    )


def _became(line: ProposalLine) -> str:
    """What became of a line since it was proposed; nothing where there is nothing to become of it yet."""
    said = [_sent(line.referral, ""), _sent(line.other_referral, " elders")]
    if line.to_send is not None:
        said.append("nog niet aangemeld")
    elif line.status != "open" and not any(said):
        said.append("wacht niet meer")
    if line.offer_now is not None:
        said.append(f"aanbod nu {OFFER_STATUSES[line.offer_now][1]}")
    return ", ".join(filter(None, said))


def _sent(sent: SentSince | None, where: str) -> str:
    return "" if sent is None else f"{_SENT[sent.status]}{where}"


def prices_of(proposal: ProposalInFull) -> list[Row]:
    """What each method comes to, that of the proposal first."""
    prices = proposal.result.prices if proposal.result else {}
    found: list[tuple[Method, Any]] = sorted(prices.items(), key=lambda each: each[0] != proposal.method)
    return [
        Row(
            f"{METHODS[method]} (dit voorstel)" if method == proposal.method else METHODS[method],
            [str(each) for each in (price.placed, price.first_choices, price.late, price.days_late, price.envy)],
        )
        for method, price in found
    ]


def effect_in_words(effect: ProposedEffect) -> tuple[str, str]:
    """What would be changed, and what that would do."""
    offer = ", ".join(filter(None, (effect.offer.name, effect.offer.provider_name))) or str(effect.offer.id)
    what = f"een plek erbij bij {offer}" if effect.needs is None else f"{_NEEDS[effect.needs]} {offer}"
    if effect.change == "exception":
        what += ", voor een kind"
    did = [f"samen {_more(-effect.days_saved, 'dag', 'dagen')} te laat"]
    if effect.placed:
        did.append(f"{_more(effect.placed, 'kind', 'kinderen')} met een plek")
    if effect.late:
        did.append(f"{_more(effect.late, 'kind', 'kinderen')} te laat")
    return what, ", ".join(did)


def _more(number: int, one: str, many: str) -> str:
    """So many more, or fewer."""
    return f"{count(abs(number), one, many)} {'meer' if number > 0 else 'minder'}"


def groups_of(report: ProposalReport) -> list[tuple[str, list[Row]]]:
    """The groups of the report by what they have in common."""
    found = [
        (title, [_group(each) for each in report.groups if each.dimension == dimension])
        for dimension, title in _DIMENSIONS.items()
    ]
    return [(title, groups) for title, groups in found if groups]


def _group(group: ReportGroup) -> Row:
    numbers = (group.children, group.placed, group.first_choices, group.late, group.days_late)
    return Row(_name(group), [NOTHING if each is None else str(each) for each in numbers])


def _name(group: ReportGroup) -> str:
    code = group.code
    names: dict[Dimension, Callable[[], str]] = {
        "municipality": lambda: town(code),
        "institution": lambda: group.name or "instelling onbekend",
        "gender": lambda: child_of(code),
        "age": lambda: _between(code, "jaar"),
        "distance": lambda: _between(code, "km"),
        "measure": lambda: "met maatregel" if code == "yes" else "zonder maatregel",
    }
    return names[group.dimension]()


def _between(code: str, unit: str) -> str:
    """A code such as 08-11, -025 or 100- in words."""
    if "-" not in code:
        return "onbekend"
    first, last = (str(int(each)) if each else "" for each in code.split("-"))
    if first and last:
        return f"{first} tot en met {last} {unit}"
    return f"{first} {unit} of meer" if first else f"hooguit {last} {unit}"
