"""What is asked of others for a child: a step of the ladder, a call, an arrangement; and who may read its dossier."""

from typing import Any, Final
from uuid import UUID

from app.dossiers.agreements.steps import STEPS, Step
from app.dossiers.arrangements import service as arrangements
from app.dossiers.arrangements.schemas import ArrangementDecisionIn, ArrangementIn
from app.dossiers.asking import service as asking
from app.dossiers.calls import service as calls
from app.dossiers.calls.schemas import CallIn, CallPatch
from app.dossiers.escalations import service as escalations
from app.dossiers.escalations.schemas import EscalationIn, EscalationPatch
from app.dossiers.shares import service as shares
from app.dossiers.shares.schemas import ShareIn
from app.reference.lists import reference
from app.web.children import words
from app.web.children.form import (
    NO_NAMES,
    Action,
    Field,
    Form,
    Nothing,
    Work,
    found,
    id_of,
    no_such,
    options,
    own,
    whole,
)
from app.web.children.service import Dossier, Escalation


def next_steps(dossier: Dossier) -> list[Step]:
    """The steps of the ladder that a request can be put before now."""
    if dossier.request.closed_on is not None:
        return []
    past = [STEPS.index(each.out.step) for each in dossier.escalations]
    highest = max(past, default=-1)
    is_over = all(each.out.outcome is not None for each in dossier.escalations if STEPS.index(each.out.step) == highest)
    return [step for step in dossier.ladder if STEPS.index(step) > highest - is_over]


def _escalation_form(dossier: Dossier, _: str) -> Form:
    steps = next_steps(dossier)
    if not dossier.may_escalate or not steps:
        raise no_such()
    teams = [("", "Het team van de gemeente"), *((str(id_), name) for id_, name in dossier.teams)]
    fields = [
        Field("step", "Aan wie", "radio", [(each, words.step(each).capitalize()) for each in steps], value=steps[0]),
        Field("reason", "Waarom wacht de jeugdige", "choice", options(reference().waiting_causes)),
        Field("asked", "Wat vraagt u", "words", hint=NO_NAMES),
        Field("skipReason", "Waarom slaat u een trede over", "words", hint="Alleen als u dat doet.", required=False),
    ]
    if "local-team" in steps and dossier.teams:
        fields.insert(1, Field("localTeam", "Welk lokaal team", "choice", teams, required=False))
    return Form("Opschalen", "Schaal op", fields)


async def _escalate(work: Work, body: EscalationIn) -> None:
    await escalations.open_escalation(work.session, work.caller, work.request_id, body, work.now)


def _escalation(dossier: Dossier, item: str) -> Escalation:
    escalation_id = id_of(item)
    return found(dossier.escalations, lambda each: each.out.id == escalation_id)


def can_answer(dossier: Dossier, escalation: Escalation) -> bool:
    """Whether the caller may say what came out of a step: of its own request, and as the local team that is asked."""
    if dossier.request.closed_on is not None or escalation.out.outcome is not None:
        return False
    return dossier.is_own or (dossier.may_escalate and escalation.out.step == "local-team")


def _outcome_form(dossier: Dossier, item: str) -> Form:
    escalation = _escalation(dossier, item)
    if not can_answer(dossier, escalation):
        raise no_such()
    kinds = [(code, word.capitalize()) for code, word in words.OUTCOMES.items()]
    return Form(
        f"Uitkomst van {words.step(escalation.out.step)}",
        "Leg de uitkomst vast",
        [
            Field("outcomeKind", "Wat kwam eruit", "radio", kinds),
            Field("outcome", "Toelichting", "words", hint=NO_NAMES),
            Field("outcomeOn", "Datum", "day", value=dossier.today.isoformat()),
        ],
        escalation.version,
        f"Gevraagd: {escalation.out.asked}",
    )


def _answer_form(dossier: Dossier, item: str) -> Form:
    escalation = _escalation(own(dossier), item)
    if escalation.out.outcome_kind != "question":
        raise no_such()
    return Form(
        f"Antwoord aan {words.step(escalation.out.step)}",
        "Beantwoord de vraag",
        [Field("answer", "Antwoord", "words", hint=NO_NAMES)],
        escalation.version,
        f"De vraag: {escalation.out.outcome}",
    )


async def _change_escalation(work: Work, body: EscalationPatch) -> None:
    await escalations.change_escalation(
        work.session, work.caller, work.request_id, work.item_id, body, work.version, work.now
    )


def can_teach(dossier: Dossier, escalation: Escalation) -> bool:
    """Whether what came out of a step can be told to others whose search is stuck."""
    return dossier.is_own and escalation.out.outcome is not None and escalation.out.outcome_kind != "question"


def _lesson_form(dossier: Dossier, item: str) -> Form:
    escalation = _escalation(dossier, item)
    if not can_teach(dossier, escalation):
        raise no_such()
    lesson, lists, under = escalation.out.lesson, reference(), "/lesson"
    sought = lesson.care_types if lesson else [each.care_type for each in dossier.request.choices]
    refused = lesson.characteristics if lesson else dossier.request.characteristics
    causes = lesson.causes if lesson else [escalation.out.reason]
    return Form(
        "Wat anderen hiervan leren",
        "Deel de les",
        [
            Field("careTypes", "Welke hulp werd gezocht", "checks", options(lists.care_types), value=sought,
                  at=f"{under}/careTypes"),
            Field("characteristics", "Waarom aanbod afviel", "checks", options(lists.exclusion_criteria),
                  required=False, value=refused, at=f"{under}/characteristics"),
            Field("causes", "Waarom het wachten duurde", "checks", options(lists.waiting_causes), required=False,
                  value=causes, at=f"{under}/causes"),
            Field("text", "Wat werkte", "words", hint="Zonder namen, data, plaatsen of aantallen: iedereen leest dit.",
                  value=lesson.text if lesson else "", at=f"{under}/text"),
        ],
        escalation.version,
        "Anderen van wie het zoeken vastloopt, vinden deze les, zonder van wie zij komt.",
    )  # fmt: skip


def _lesson_out_form(dossier: Dossier, item: str) -> Form:
    escalation = _escalation(dossier, item)
    if not can_teach(dossier, escalation) or escalation.out.lesson is None:
        raise no_such()
    return Form("Les weghalen", "Haal de les weg", [], escalation.version, f"De les: {escalation.out.lesson.text}")


def _call_form(dossier: Dossier, _: str) -> Form:
    request = own(dossier).request
    if request.closed_on is not None:
        raise no_such()
    chosen = [each.care_type for each in request.choices]
    return Form(
        "Oproep plaatsen",
        "Plaats de oproep",
        [
            Field("careTypes", "Gevraagde zorgvormen", "checks", options(reference().care_types), value=chosen),
            Field("respondBy", "Antwoord uiterlijk", "day", hint="Leeg: de termijn van de regio.", required=False),
            Field("wishedStart", "Gewenste start", "day", hint="Leeg: zo snel mogelijk.", required=False),
            Field("hoursPerWeek", "Uren per week", "number", hint="Voor hulp zonder verblijf.", required=False),
            Field("remark", "Toelichting", "words", hint=NO_NAMES, required=False),
        ],
        intro="Alle gecontracteerde aanbieders voor deze hulp krijgen de vraag. Zij zien niet om wie het gaat.",
    )


async def _publish(work: Work, body: CallIn) -> None:
    await calls.publish(work.session, work.catalogue, work.caller, work.request_id, body, work.now)


def _closing_form(dossier: Dossier, item: str) -> Form:
    call_id = id_of(item)
    call = found(own(dossier).calls, lambda each: each.out.id == call_id and each.out.status == "open")
    why = [("answered", "Er zijn genoeg antwoorden"), ("withdrawn", "De vraag vervalt, ook de antwoorden")]
    return Form("Oproep sluiten", "Sluit de oproep", [Field("closedBecause", "Waarom", "radio", why)], call.version)


async def _close(work: Work, body: CallPatch) -> None:
    await calls.close(work.session, work.caller, work.item_id, body.closed_because, work.version, work.now)


def _asking_form(dossier: Dossier, item: str) -> Form:
    if own(dossier).request.closed_on is not None:
        raise no_such()
    return Form(
        "Regeling vragen",
        "Vraag de regeling",
        [
            Field("offerId", "", "hidden", value=str(id_of(item))),
            Field("kind", "Wat is er nodig", "radio", list(words.KINDS.items())),
            Field("why", "Waarom", "words", hint=NO_NAMES),
        ],
        intro="De regio beslist; over toestemming van de aanbieder beslist de aanbieder.",
        offer_id=id_of(item),
    )


async def _ask(work: Work, body: ArrangementIn) -> None:
    await asking.ask(work.session, work.catalogue, work.caller, work.request_id, body, work.now)


def _withdrawal_form(dossier: Dossier, item: str) -> Form:
    asked = found(own(dossier).arrangements, lambda each: each["id"] == item and each["status"] == "asked")
    return Form(
        "Regeling intrekken", "Trek de vraag in", [], intro=f"{words.KINDS[asked['kind']]}: {asked['offerName']}."
    )


async def _withdraw(work: Work, body: ArrangementDecisionIn) -> None:
    await arrangements.decide(work.session, work.caller, work.item_id, body, None, work.now)


class _Sharing(ShareIn):
    """What a local team may do with a request of another, and which team."""

    organisation_id: UUID


def _sharing_form(dossier: Dossier, _: str) -> Form:
    teams = [(str(id_), name) for id_, name in own(dossier).teams]
    return Form(
        "Delen met een lokaal team",
        "Deel het dossier",
        [
            Field("organisationId", "Lokaal team", "choice", teams),
            Field(
                "may",
                "Wat mag het team",
                "radio",
                [("read", "Lezen"), ("escalate", "Lezen en opschalen")],
                value="read",
            ),
        ],
        dossier.version,
        "Het team leest het dossier, zonder uw eigen kenmerken van kind, medewerker en gezin.",
    )


async def _share(work: Work, body: _Sharing) -> None:
    await shares.put_share(
        work.session, work.caller, work.request_id, body.organisation_id, body.may, work.version, work.now
    )


def _unsharing_form(dossier: Dossier, item: str) -> Form:
    team_id = id_of(item)
    share = found(own(dossier).shares, lambda each: each.organisation_id == team_id)
    return Form(
        "Niet meer delen",
        "Deel niet meer",
        [],
        dossier.version,
        f"{share.organisation or 'Het team'} ziet dit dossier daarna niet meer.",
    )


async def _unshare(work: Work, _: Nothing) -> None:
    await shares.end_share(work.session, work.caller, work.request_id, work.item_id, work.version, work.now)


ASKING_ACTIONS: Final[dict[str, Action[Any]]] = {
    "opschalen": Action(_escalation_form, EscalationIn, _escalate, "De hulpvraag is opgeschaald."),
    "uitkomst": Action(_outcome_form, EscalationPatch, _change_escalation, "De uitkomst is vastgelegd."),
    "antwoord": Action(_answer_form, EscalationPatch, _change_escalation, "De vraag is beantwoord."),
    "les": Action(
        _lesson_form, EscalationPatch, _change_escalation, "De les is gedeeld.", lambda sent, _: {"lesson": sent}
    ),
    "les-weg": Action(
        _lesson_out_form, EscalationPatch, _change_escalation, "De les is weg.", lambda _, __: {"lesson": None}
    ),
    "oproep": Action(
        _call_form, CallIn, _publish, "De oproep is geplaatst.", lambda sent, _: whole(sent, "hoursPerWeek")
    ),
    "oproep-sluiten": Action(_closing_form, CallPatch, _close, "De oproep is gesloten."),
    "regeling": Action(_asking_form, ArrangementIn, _ask, "De regeling is gevraagd."),
    "regeling-intrekken": Action(
        _withdrawal_form,
        ArrangementDecisionIn,
        _withdraw,
        "De vraag is ingetrokken.",
        lambda _, __: {"decision": "withdraw"},
    ),
    "delen": Action(_sharing_form, _Sharing, _share, "Het dossier is gedeeld."),
    "niet-delen": Action(_unsharing_form, Nothing, _unshare, "Het dossier is niet meer gedeeld."),
}
"""By the last part of their paths."""
