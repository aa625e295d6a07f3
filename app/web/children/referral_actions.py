"""What an institution decides on its referrals, and how it puts a decision right."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from app.dossiers.amendments.schemas import AmendmentDecisionIn, AmendmentIn, AmendmentOut
from app.dossiers.amendments.service import decide as settle
from app.dossiers.amendments.service import propose
from app.dossiers.referrals.correction_schemas import Correctable, CorrectionIn
from app.dossiers.referrals.corrections import correct
from app.dossiers.referrals.decision_schemas import DecisionIn
from app.dossiers.referrals.decisions import decide
from app.dossiers.referrals.schemas import ReferralOut
from app.dossiers.referrals.states import OPEN, DecisionCode
from app.dossiers.referrals.views import get_referral
from app.kit.errors import InputError, InvalidInputError
from app.reference.lists import reference
from app.web.children.form import NO_NAMES, Action, Field, Form, Work, found, id_of, no_such, options, own
from app.web.children.service import Dossier, Referral

DESPITE: Final = "despite."
"""Fields of this name and a reason say why it is done although the match would leave the offer out for that reason."""

DECISIONS: Final[dict[DecisionCode, tuple[str, str]]] = {
    "start": ("starten", "Leg start vast"),
    "end": ("beeindigen", "Beëindig de hulp"),
    "accept": ("aannemen", "Leg aanname vast"),
    "waitlist": ("wachtlijst", "Leg wachtlijst vast"),
    "decline": ("afwijzen", "Leg afwijzing vast"),
    "delay": ("uitstellen", "Leg uitstel vast"),
    "withdraw": ("intrekken", "Trek aanmelding in"),
}
"""The path and the button of what an institution decides; of care outside the contracts what the provider says too."""

_TITLES: Final[dict[DecisionCode, str]] = {
    "start": "Start van de hulp",
    "end": "Einde van de hulp",
    "accept": "De aanbieder neemt aan",
    "waitlist": "De aanbieder zet op de wachtlijst",
    "decline": "De aanbieder wijst af",
    "delay": "De aanbieder stelt de start uit",
    "withdraw": "Aanmelding intrekken",
}
_DONE: Final[dict[DecisionCode, str]] = {
    "start": "De start is vastgelegd.",
    "end": "Het einde van de hulp is vastgelegd.",
    "accept": "De aanname is vastgelegd.",
    "waitlist": "De wachtlijst is vastgelegd.",
    "decline": "De afwijzing is vastgelegd.",
    "delay": "Het uitstel is vastgelegd.",
    "withdraw": "De aanmelding is ingetrokken.",
}
_INTRO: Final[Mapping[str, str]] = {
    "start": "Andere aanmeldingen voor deze jeugdige worden ingetrokken; open oproepen sluiten.",
    "withdraw": "De aanbieder krijgt bericht; een toegezegde plek komt weer vrij.",
}


def title_of(referral: ReferralOut) -> str:
    """What a referral is to: an offer of a provider, or care outside the contracts."""
    name = referral.offer_name or (referral.outside_care.description if referral.outside_care else "zorg")
    return f"{name}, {referral.provider_name}" if referral.provider_name else name


def _referral(dossier: Dossier, item: str) -> Referral:
    referral_id = id_of(item)
    return found(own(dossier).referrals, lambda each: each.out.id == referral_id)


def _fields(decision: DecisionCode, dossier: Dossier, referral: ReferralOut) -> list[Field]:
    today = dossier.today.isoformat()
    fields = {
        "start": [Field("date", "Eerste dag", "day", hint="Het eerste echte hulpcontact, nooit een intake. "
                        "Bij verblijf: de dag na de eerste nacht.", value=today)],
        "end": [
            Field("date", "Laatste dag", "day", value=(referral.left_on or dossier.today).isoformat()),
            Field("reason", "Reden", "choice", options(reference().closing_reasons)),
        ],
        "accept": [Field("expectedStart", "Verwachte start", "day", required=False)],
        "waitlist": [Field("expectedStart", "Verwachte start", "day")],
        "delay": [Field("expectedStart", "Nieuwe verwachte start", "day")],
        "decline": [
            Field("reason", "Reden", "choice", options(reference().decline_reasons)),
            Field("criteria", "Kenmerk, bij een contra-indicatie", "checks",
                  options(reference().exclusion_criteria), required=False),
        ],
        "withdraw": [],
    }[decision]  # fmt: skip
    if decision in {"withdraw", "end"} and sum(each.is_in for each in referral.children) > 1:
        alone = [(str(dossier.request.id), "Alleen deze jeugdige, niet de broers of zussen")]
        fields.append(Field("only", "Voor wie", "checks", alone, required=False))
    return [*fields, Field("note", "Toelichting", "words", hint=NO_NAMES, required=False)]


def _with_despite(sent: dict[str, Any], _: str) -> dict[str, Any]:
    """What was sent, with what was said of each reason for which the match leaves the offer out."""
    kept = {name: value for name, value in sent.items() if not name.startswith(DESPITE)}
    despite = [
        {"reason": name.removeprefix(DESPITE), "because": value}
        for name, value in sent.items()
        if name.startswith(DESPITE)
    ]
    return {**kept, **({"despite": despite} if despite else {})}


def _decision(decision: DecisionCode) -> Action[DecisionIn]:
    """The action that takes this decision on a referral."""

    def form(dossier: Dossier, item: str) -> Form:
        referral = _referral(dossier, item)
        if decision not in referral.out.possible:
            raise no_such()
        intro = _INTRO.get(decision)
        about = f"{title_of(referral.out)}." + (f" {intro}" if intro else "")
        fields = _fields(decision, dossier, referral.out)
        return Form(_TITLES[decision], DECISIONS[decision][1], fields, referral.version, about)

    async def perform(work: Work, body: DecisionIn) -> None:
        await decide(work.session, work.catalogue, work.caller, work.item_id, body, work.version, work.now)

    def values(sent: dict[str, Any], item: str) -> dict[str, Any]:
        return {**_with_despite(sent, item), "decision": decision}

    return Action(form, DecisionIn, perform, _DONE[decision], values)


_STANDING: Final[dict[str, tuple[Correctable, str]]] = {
    "withdrawn": ("withdraw", "de intrekking"),
    "started": ("start", "de start"),
    "ended": ("end", "het einde"),
    "accepted": ("accept", "de aanname"),
    "declined": ("decline", "de afwijzing"),
}
_OWN: Final = ("withdrawn", "started", "ended")


def can_correct(referral: ReferralOut) -> bool:
    """Whether the last decision on a referral is the institution's to put right."""
    if referral.status == "withdrawn":
        return referral.withdrawn_because == "by-institution"
    return referral.status in (_STANDING if referral.provider_id is None else _OWN)


def _correction_form(dossier: Dossier, item: str) -> Form:
    referral = _referral(dossier, item)
    if not can_correct(referral.out):
        raise no_such()
    what, name = _STANDING[referral.out.status]
    day = {"start": referral.out.started_on, "end": referral.out.ended_on}.get(what)
    fields = [Field("what", "", "hidden", value=what)]
    if day is not None:
        wrong = [("day", "De datum"), ("back", "Het hele besluit: neem het terug")]
        fields.append(Field("how", "Wat klopt er niet", "radio", wrong, value="day"))
        fields.append(Field("value", "Juiste datum", "day", required=False, value=day.isoformat()))
    return Form(
        f"Corrigeer {name}",
        "Corrigeer" if day else "Neem het besluit terug",
        [*fields, Field("why", "Wat was er fout", "words", hint=NO_NAMES)],
        intro=f"{title_of(referral.out)}. Termijnen en plekken volgen de correctie; dit kan tot 28 dagen na het "
        "vastleggen.",
    )


async def _correct(work: Work, body: CorrectionIn) -> None:
    await correct(work.session, work.caller, work.item_id, body, work.now)


def _correction(sent: dict[str, Any], _: str) -> dict[str, Any]:
    keeps = sent.get("how") == "day"
    said = {name: value for name, value in sent.items() if name in {"why", "what"}}
    return {**said, "value": sent.get("value", "") if keeps else None}


def amendment_item(amendment: AmendmentOut) -> str:
    """What stands for an amendment in a path."""
    return f"{amendment.referral_id}.{amendment.number}"


def amended(amendment: AmendmentOut) -> str:
    """For whom a referral is to be."""
    who = [f"{each.age} jaar erbij" for each in amendment.adds] + [
        f"{each.age} jaar eruit" for each in amendment.removes
    ]
    return f"{', '.join(who)}. {amendment.why}"


def _amendment_form(dossier: Dossier, item: str) -> Form:
    amendment = found(own(dossier).amendments, lambda each: amendment_item(each) == item)
    if "withdraw" in amendment.possible:
        return Form("Voorstel intrekken", "Trek het voorstel in", [Field("decision", "", "hidden", value="withdraw")],
                    intro=amended(amendment))  # fmt: skip
    return Form(
        "Voorstel van de aanbieder",
        "Leg het besluit vast",
        [
            Field("decision", "Besluit", "radio", [("agree", "Akkoord"), ("refuse", "Niet akkoord")]),
            Field("why", "Toelichting", "words", hint=f"Nodig als u niet akkoord gaat. {NO_NAMES}", required=False),
        ],
        intro=amended(amendment),
    )


def joinable(dossier: Dossier, referral: ReferralOut) -> list[UUID]:
    """The siblings' requests that may join a referral that is under way; what is in the way of one, is said later."""
    if referral.provider_id is None or referral.status not in OPEN:
        return []
    covered = {each.request_id for each in referral.children if each.is_in}
    return [each for each in dossier.request.siblings if each not in covered]


def _joining_form(dossier: Dossier, item: str) -> Form:
    referral = _referral(dossier, item)
    siblings = joinable(dossier, referral.out)
    if not siblings:
        raise no_such()
    names = [(str(each), dossier.siblings.get(each, "Broer of zus")) for each in siblings]
    return Form(
        "Broer of zus erbij",
        "Stel het voor",
        [
            Field("children", "Wie komt erbij", "checks", names),
            Field("why", "Waarom", "words", hint=NO_NAMES),
        ],
        referral.version,
        f"{title_of(referral.out)}. De aanbieder beslist; tot dan blijft de aanmelding zoals zij is. Eén aanmelding "
        "vraagt daarna de plekken van allen.",
    )


async def _join(work: Work, body: AmendmentIn) -> None:
    current = (await get_referral(work.session, work.caller, work.item_id)).children
    staying = [child.request_id for child in current if child.is_in]
    joining = [each for each in body.children if each not in staying]
    everybody = body.model_copy(update={"children": [*staying, *joining]})
    try:
        await propose(work.session, work.catalogue, work.caller, work.item_id, everybody, work.now)
    except InvalidInputError as error:
        raise InvalidInputError(*map(_at_children, error.errors)) from error


def _at_children(error: InputError) -> InputError:
    """What is wrong with one of the children, at the field that they are ticked in."""
    return replace(error, pointer=re.sub(r"^#/children/\d+$", "#/children", error.pointer))


async def _settle(work: Work, body: AmendmentDecisionIn) -> None:
    referral_id, _, number = work.item.partition(".")
    if not number.isdecimal():
        raise no_such()
    await settle(work.session, work.caller, id_of(referral_id), int(number), body, work.now)


REFERRAL_ACTIONS: Final[dict[str, Action[Any]]] = {
    **{path: _decision(decision) for decision, (path, _) in DECISIONS.items()},
    "voorstel": Action(_amendment_form, AmendmentDecisionIn, _settle, "Het besluit is vastgelegd."),
    "erbij": Action(_joining_form, AmendmentIn, _join, "Het voorstel is gedaan; de aanbieder beslist.", _with_despite),
    "corrigeren": Action(_correction_form, CorrectionIn, _correct, "De correctie is vastgelegd.", _correction),
}
"""By the last part of their paths, before the id of a referral."""
