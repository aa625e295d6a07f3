"""Transfers as the pages show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.domain.dates import dutch_day
from app.dossiers.transfers.schemas import TransferOut, TransferredDossier
from app.dossiers.transfers.states import TransferStatus
from app.reference.lists import reference
from app.web.shell.places import municipality_name
from app.web.shell.words import NOTHING, child_in_words, count, day, sentence

_STATUSES: Final[dict[TransferStatus, tuple[str, str]]] = {
    "open": ("○", "wacht op een besluit"),
    "accepted": ("✓", "aangenomen"),
    "declined": ("✕", "geweigerd"),
    "withdrawn": ("✕", "ingetrokken"),
}


@dataclass(frozen=True, slots=True)
class Child:
    """What a receiver sees of a child before it decides."""

    id: str
    name: str
    facts: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Transfer:
    """A transfer in words; `dossier` is where its first dossier is, to whoever has that."""

    id: str
    title: str
    sign: str
    status: str
    kind: str
    facts: Sequence[tuple[str, str]]
    children: Sequence[Child]
    is_mine_to_decide: bool
    dossier: str | None


def transfer_of(out: TransferOut) -> Transfer:
    """A transfer as one of its sides sees it."""
    is_incoming = out.direction == "incoming"
    sign, status = _STATUSES[out.status]
    who = f"van {out.sender_name or 'een andere instelling'}" if is_incoming else f"aan {out.institution_name}"
    facts = [
        ("Waarom", out.why),
        ("Voorgesteld op", day(dutch_day(out.proposed_at))),
        ("Besloten op", day(dutch_day(out.decided_at)) if out.decided_at else ""),
        ("Toelichting", out.decided_because or ""),
        ("Verantwoording", "; ".join(_account(each.held_from, each.held_until) for each in out.accounts)),
    ]
    theirs = out.status == "accepted" if is_incoming else out.status != "accepted"
    return Transfer(
        id=str(out.id),
        title=who,
        sign=sign,
        status=status,
        kind="amber" if out.status == "open" else "done",
        facts=[(name, value) for name, value in facts if value],
        children=[_child(each) for each in out.dossiers],
        is_mine_to_decide="accept" in out.possible,
        dossier=f"/jeugdigen/{out.request_id}" if theirs else None,
    )


def _account(held_from: datetime, held_until: datetime) -> str:
    return f"bij u van {day(dutch_day(held_from))} tot {day(dutch_day(held_until))}"


def _child(dossier: TransferredDossier) -> Child:
    lists = reference()
    asked = [lists.care_types[each.care_type].name.nl for each in dossier.choices]
    running = sum(each.count for each in dossier.referrals)
    facts = [
        ("Keuzen", ", ".join(asked)),
        ("Moet kunnen", ", ".join(lists.specialisations[each].name.nl for each in dossier.needs) or NOTHING),
        ("Maatregel", "ja" if dossier.measure_kind else "nee"),
        ("Lopend", count(running, "aanmelding of plek", "aanmeldingen of plekken") if running else ""),
    ]
    who = f"{child_in_words(dossier.gender, dossier.age)}, {municipality_name(dossier.municipality)}"
    return Child(str(dossier.request_id), sentence(who), [(name, value) for name, value in facts if value])
