"""Each thing in a dossier as a card: how it stands, what there is to know, and what can be done about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from app.domain.dates import dutch_day
from app.dossiers.amendments.schemas import AmendmentOut
from app.dossiers.referrals.obstacle_codes import LABELS
from app.dossiers.referrals.schemas import ReferralOut
from app.dossiers.requests.schemas import ClockOut
from app.dossiers.transfers.schemas import TransferOut
from app.reference.decline_rules import Declined
from app.reference.lists import reference
from app.web.children import words
from app.web.children.asking_actions import can_answer, can_teach
from app.web.children.referral_actions import DECISIONS, amended, amendment_item, can_correct, joinable, title_of
from app.web.children.rows import Todo, path_of, todo_of
from app.web.children.service import Call, Dossier, Escalation, Referral
from app.web.shell.words import day, until


@dataclass(frozen=True, slots=True)
class Prefilled:
    """What a referral begins with, on the page where it is confirmed (`web.referring`)."""

    request_id: str
    offer_id: str
    choice: str
    urgency: str


@dataclass(frozen=True, slots=True)
class Card:
    """Something in a dossier: how it stands, what there is to know, and what can be done about it.

    `id` is what it is called on the page, whatever comes before it.
    """

    id: str
    title: str
    sign: str
    word: str
    kind: str
    facts: Sequence[tuple[str, str]]
    todos: Sequence[Todo]
    phone: str | None = None
    href: str | None = None
    prefilled: Prefilled | None = None


def clock_card(dossier: Dossier, clock: ClockOut) -> Card:
    """A clock, with why it is late."""
    request = dossier.request
    sign, word = words.LIGHTS[clock.light]
    if clock.done_on is not None:
        word = f"gedaan op {day(clock.done_on)}{'' if clock.on_time else ', te laat'}"
    facts = [("Uiterlijk", day(clock.due_on)), ("Volgens", words.NORMS[clock.norm])]
    if clock.done_on is None and request.closed_on is None:
        facts.insert(1, ("Vandaag", words.days_left(clock.days_left)))
    causes = reference().waiting_causes
    facts += [
        ("Uitleg", f"{causes[each.cause].name.nl}. {each.text} ({day(dutch_day(each.at))})")
        for each in clock.explanations
    ]
    todos = []
    is_late = clock.light == "red" or clock.on_time is False
    if clock.done_on is None and request.closed_on is None:
        todo = todo_of(request, clock)
        todos = [todo] if todo.href != path_of(request) else []
    if dossier.is_own and is_late:
        label = "Leg uit waarom te laat" if not clock.explanations else "Vul de uitleg aan"
        todos.append(Todo(label, path_of(request, f"uitleg/{clock.clock}")))
    return Card(f"klok-{clock.clock}", words.CLOCKS[clock.clock], sign, word, clock.light, facts, todos)


def milestone_cards(dossier: Dossier) -> list[Card]:
    """Each milestone: its date, and how to set it, or set it right."""
    request = dossier.request
    known = {each.name: each.date_ for each in request.milestones}
    asked = ["protection-worker", "course", "help", "bridging"]
    if request.secure_since is not None or "next-place" in known:
        asked.append("next-place")
    cards = []
    for name in asked:
        on = known.get(name)  # type: ignore[call-overload]
        todos = [Todo("Wijzig" if on else "Leg vast", path_of(request, f"mijlpaal/{name}"))]
        if on:
            todos.append(Todo("Wis", path_of(request, f"mijlpaal-wissen/{name}")))
        sign = "✓" if on else "○"
        cards.append(
            Card(
                f"mijlpaal-{name}",
                words.MILESTONES[name],
                sign,
                day(on) if on else "nog niet",
                "done" if on else "none",
                [],
                todos if dossier.is_own else [],
            )
        )
    return cards


_STANDS_FOR: Final = {
    1: "eerste keuze",
    2: "tweede keuze",
    3: "derde keuze",
    "alternative": "alternatief",
    "bridging": "overbrugging",
    "outside": "buiten de contracten",
}


def referral_card(dossier: Dossier, referral: Referral) -> Card:
    """A referral, with what the institution decides on it now."""
    out = referral.out
    sign, word = words.REFERRALS[out.status]
    if out.overdue:
        word += ", antwoord te laat"
    todos = []
    if dossier.is_own:
        todos = [
            Todo(label, path_of(dossier.request, f"{path}/{out.id}"))
            for decision, (path, label) in DECISIONS.items()
            if decision in out.possible
        ]
        if joinable(dossier, out):
            todos.append(Todo("Broer of zus erbij", path_of(dossier.request, f"erbij/{out.id}")))
        if can_correct(out):
            todos.append(Todo("Corrigeer", path_of(dossier.request, f"corrigeren/{out.id}")))
    phone = out.provider_contact.phone if out.provider_contact else None
    kind = "red" if out.overdue else out.status
    href = f"/aanbod/{out.offer_id}" if out.offer_id else None
    facts = _of_referral(out, dossier.today)
    return Card(f"aanmelding-{out.id}", title_of(out), sign, word, kind, facts, todos, phone, href)


def _of_referral(out: ReferralOut, today: date) -> list[tuple[str, str]]:
    ended = ""
    if out.ended_on is not None and out.end_reason is not None:
        ended = f"{day(out.ended_on)}: {reference().closing_reasons[out.end_reason].name.nl}"
    facts = [
        ("Als", _STANDS_FOR[out.stands_for]),
        ("Verstuurd", day(dutch_day(out.sent_at))),
        ("Antwoord nodig", until(out.answer_due_at, today) if out.status in {"sent", "seen"} else ""),
        ("Verwachte start", day(out.expected_start) if out.expected_start and not out.started_on else ""),
        ("Gestart", day(out.started_on) if out.started_on else ""),
        ("Vertrokken", f"{day(out.left_on)}, volgens de aanbieder" if out.left_on and not out.ended_on else ""),
        ("Beëindigd", ended),
        ("Reden", _declined(out.declined) if out.declined else ""),
        ("In de weg", ", ".join(LABELS[each.reason].nl for each in out.concerns)),
        ("Toch, omdat", "; ".join(f"{LABELS[each.reason].nl}: {each.because}" for each in out.despite)),
    ]  # fmt: skip
    return [(name, value) for name, value in facts if value]


def _declined(declined: Declined) -> str:
    named = words.codes([*declined.criteria, *declined.specialisations])
    reason = reference().decline_reasons[declined.reason].name.nl
    return f"{reason}: {named}" if named else reason


def amendment_card(dossier: Dossier, amendment: AmendmentOut) -> Card:
    """What is proposed of a referral, as long as nobody has decided on it."""
    is_ours = amendment.proposed_by == "institution"
    label = "Trek het voorstel in" if is_ours else "Besluit"
    todos = [Todo(label, path_of(dossier.request, f"voorstel/{amendment_item(amendment)}"))] if dossier.is_own else []
    word = "wacht op de aanbieder" if is_ours else "wacht op u"
    facts = [("Voorstel", amended(amendment)), ("Sinds", day(dutch_day(amendment.proposed_at)))]
    return Card(f"voorstel-{amendment_item(amendment)}", "Voor andere kinderen", "○", word, "amber", facts, todos)


def call_card(dossier: Dossier, call: Call) -> Card:
    """A call, with what was answered that stands."""
    out = call.out
    facts = [("Geplaatst", day(dutch_day(out.published_at))), ("Antwoord uiterlijk", day(out.respond_by))]
    if out.counts is not None:
        facts.append(("Gevraagd aan", f"{out.counts.addressed} aanbieders"))
    for each in call.answers:
        if each.answer == "can":
            said = f"kan vanaf {day(each.start_on)}"
            said += f", {each.conditions}" if each.conditions else ""
        else:
            said = f"kan niet: {_declined(each.declined)}" if each.declined else "kan niet"
        phone = each.provider.contact.phone if each.provider.contact else None
        facts.append((each.provider.name, f"{said} ({phone})" if phone and each.answer == "can" else said))
    todos = []
    if dossier.is_own and out.status == "open":
        todos = [Todo("Sluit de oproep", path_of(dossier.request, f"oproep-sluiten/{out.id}"))]
    title = ", ".join(words.care_type(each) for each in out.care_types)
    sign = "○" if out.status == "open" else "✕"
    return Card(f"oproep-{out.id}", title, sign, words.CALLS[out.status], out.status, facts, todos)


def arrangement_card(dossier: Dossier, asked: dict[str, Any]) -> Card:
    """What was asked to make an alternative possible."""
    decided = asked["decision"]
    facts = [
        ("Voor", f"{asked['offerName']}, {asked['providerName']}"),
        ("Waarom", asked["why"]),
        ("Antwoord uiterlijk", day(asked["dueOn"]) if asked["status"] == "asked" else ""),
        ("Besluit", (decided["why"] or "") if decided else ""),
    ]
    todos = []
    if dossier.is_own and "withdraw" in asked["possible"]:
        todos = [Todo("Trek de vraag in", path_of(dossier.request, f"regeling-intrekken/{asked['id']}"))]
    sign = {"asked": "○", "granted": "●"}.get(asked["status"], "✕")
    known = [(name, value) for name, value in facts if value]
    word = words.ARRANGEMENTS[asked["status"]]
    return Card(f"regeling-{asked['id']}", words.KINDS[asked["kind"]], sign, word, asked["status"], known, todos)


def escalation_card(dossier: Dossier, escalation: Escalation) -> Card:
    """A step that the request was put before."""
    out, request = escalation.out, dossier.request
    facts = [
        ("Sinds", day(dutch_day(out.opened_at))),
        ("Oorzaak", reference().waiting_causes[out.reason].name.nl),
        ("Gevraagd", out.asked),
        ("Opgepakt door", out.taken_by or ""),
        ("Uitkomst", f"{out.outcome} ({day(out.outcome_on)})" if out.outcome else ""),
        ("Aanbod", f"{out.offer.description} ({out.offer.provider_name})" if out.offer else ""),
        ("Les voor anderen", out.lesson.text if out.lesson else ""),
    ]
    todos = []
    if can_answer(dossier, escalation):
        todos.append(Todo("Leg de uitkomst vast", path_of(request, f"uitkomst/{out.id}")))
    if dossier.is_own and request.closed_on is None and out.outcome_kind == "question":
        todos.append(Todo("Beantwoord de vraag", path_of(request, f"antwoord/{out.id}")))
    if can_teach(dossier, escalation):
        todos.append(
            Todo("Wijzig de les" if out.lesson else "Deel wat anderen leren", path_of(request, f"les/{out.id}"))
        )
        todos += [Todo("Haal de les weg", path_of(request, f"les-weg/{out.id}"))] if out.lesson else []
    word = "staat open" if out.outcome is None else words.OUTCOMES.get(out.outcome_kind or "", "afgerond")
    known = [(name, value) for name, value in facts if value]
    sign = "○" if out.outcome is None else "✓"
    kind = "open" if out.outcome is None else "done"
    return Card(f"trede-{out.id}", words.step(out.step).capitalize(), sign, word, kind, known, todos)


def transfer_card(dossier: Dossier, transfer: TransferOut) -> Card:
    """A transfer that waits for its receiver."""
    facts = [("Sinds", day(dutch_day(transfer.proposed_at))), ("Waarom", transfer.why)]
    if transfer.with_:
        facts.append(("Samen met", ", ".join(dossier.siblings.get(each, "broer of zus") for each in transfer.with_)))
    todos = [Todo("Trek de overdracht in", path_of(dossier.request, f"overdracht-intrekken/{transfer.id}"))]
    title = f"Aan {transfer.institution_name}"
    return Card(f"overdracht-{transfer.id}", title, "○", "wacht op de ander", "open", facts, todos)


def judgement_card(judgement: Any) -> Card:
    """Whether the help fits, as somebody judged it."""
    sign, word = words.FITS[judgement.fits]
    facts = [("Toelichting", judgement.word)] if judgement.word else []
    title = f"{words.JUDGES[judgement.by]}, {day(judgement.on)}"
    return Card(f"oordeel-{judgement.by}-{judgement.on}", title, sign, word, judgement.fits, facts, [])


def share_cards(dossier: Dossier) -> list[Card]:
    """The local teams that read the dossier."""
    return [
        Card(
            f"deling-{each.organisation_id}",
            each.organisation or "Een lokaal team",
            "●",
            words.MAY[each.may] + (", gevraagd bij een opschaling" if each.asked else ""),
            each.may,
            [],
            [Todo("Deel niet meer", path_of(dossier.request, f"niet-delen/{each.organisation_id}"))],
        )
        for each in dossier.shares
    ]
