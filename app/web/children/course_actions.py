"""What is recorded of a child as it goes: milestones, why a clock is late, whether help fits, and closing."""

from typing import Any, Final, get_args

from app.dossiers.closing import service as closing
from app.dossiers.requests import proposals
from app.dossiers.requests import service as requests
from app.dossiers.requests.clock_model import ClockName
from app.dossiers.requests.entry_schemas import ExplanationIn, JudgementIn, Milestone, MilestoneIn, ReopeningIn
from app.dossiers.requests.schemas import RequestPatch
from app.kit.schemas import NormDay, Schema
from app.reference.lists import reference
from app.reference.schemas import ClosingReasonCode, ExclusionCode
from app.web.children import words
from app.web.children.form import NO_NAMES, Action, Field, Form, Nothing, Work, found, no_such, options, own
from app.web.children.service import Dossier

_WHEN_HELP_BEGAN: Final = "Het eerste echte hulpcontact, nooit een intake. Bij verblijf: de dag na de eerste nacht."


def _milestone(item: str) -> Milestone:
    return found(get_args(Milestone), lambda name: name == item)


async def change_request(work: Work, body: RequestPatch) -> None:
    """Changes what the body names of the request, with all that follows from it."""
    await closing.change_request(
        work.session, work.catalogue, work.caller, work.request_id, body, work.version, work.now
    )


def _milestone_form(dossier: Dossier, item: str) -> Form:
    name = _milestone(item)
    known = {each.name: each.date_ for each in own(dossier).request.milestones}
    day = Field(
        "date",
        "Datum",
        "day",
        hint=_WHEN_HELP_BEGAN if name == "help" else None,
        value=known.get(name, dossier.today).isoformat(),
    )
    return Form(words.MILESTONES[name], "Leg vast", [day], dossier.version)


async def _set_milestone(work: Work, body: MilestoneIn) -> None:
    await closing.set_milestone(
        work.session, work.caller, work.request_id, _milestone(work.item), body.date_, work.version, work.now
    )


def _clearing_form(dossier: Dossier, item: str) -> Form:
    known = found(own(dossier).request.milestones, lambda each: each.name == item)
    title = f"{words.MILESTONES[known.name]}: datum wissen"
    intro = "De datum was een vergissing. De tijdlijn bewaart dat hij er stond."
    return Form(title, "Wis de datum", [], dossier.version, intro)


async def _clear_milestone(work: Work, _: Nothing) -> None:
    await requests.set_milestone(
        work.session, work.caller, work.request_id, _milestone(work.item), None, work.version, work.now
    )


def _explanation_form(dossier: Dossier, item: str) -> Form:
    clock = found(own(dossier).request.clocks, lambda each: each.clock == item)
    if clock.light != "red" and clock.on_time is not False:
        raise no_such()
    causes = options(reference().waiting_causes)
    return Form(
        f"Waarom te laat: {words.CLOCKS[clock.clock].lower()}",
        "Leg uit",
        [
            Field("cause", "Oorzaak", "choice", causes),
            Field("text", "Toelichting", "words", hint=NO_NAMES),
        ],
        intro="De uitleg komt bij de termijn te staan. De termijn blijft te laat.",
    )


async def _explain(work: Work, body: ExplanationIn) -> None:
    await requests.explain(work.session, work.caller, work.request_id, body, work.now)


def _of_clock(sent: dict[str, Any], item: str) -> dict[str, Any]:
    return {**sent, "clock": found(get_args(ClockName), lambda name: name == item)}


def _judgement_form(dossier: Dossier, _: str) -> Form:
    return Form(
        "Past de hulp?",
        "Leg het oordeel vast",
        [
            Field("by", "Wie oordeelt", "radio", list(words.JUDGES.items())),
            Field("fits", "Oordeel", "radio", [(code, word.capitalize()) for code, (_, word) in words.FITS.items()]),
            Field("on", "Datum", "day", value=own(dossier).today.isoformat()),
            Field("word", "Toelichting", "words", hint=NO_NAMES, required=False),
        ],
    )


async def _judge(work: Work, body: JudgementIn) -> None:
    await requests.judge(work.session, work.caller, work.request_id, body, work.now)


def _again_form(dossier: Dossier, _: str) -> Form:
    return Form(
        "Opnieuw hulp nodig",
        "Leg vast",
        [
            Field("neededAgainOn", "Sinds wanneer", "day", value=own(dossier).today.isoformat()),
            Field("why", "Waarom", "words", hint=NO_NAMES),
        ],
        dossier.version,
        "De termijn voor passende hulp begint op deze dag opnieuw. De eerdere hulp blijft in het dossier.",
    )


async def _need_again(work: Work, body: ReopeningIn) -> None:
    await requests.reopen(work.session, work.caller, work.request_id, body, work.version, work.now)


def _closing_form(dossier: Dossier, _: str) -> Form:
    if own(dossier).request.closed_on is not None:
        raise no_such()
    return Form(
        "Hulpvraag sluiten",
        "Sluit de hulpvraag",
        [
            Field("closedReason", "Reden", "choice", options(reference().closing_reasons)),
            Field("closedOn", "Datum", "day", value=dossier.today.isoformat()),
        ],
        dossier.version,
        "Aanmeldingen die nog openstaan worden ingetrokken, oproepen gesloten, en gevraagde regelingen vervallen.",
    )


class _Closing(Schema):
    """Why and when a request is closed."""

    closed_reason: ClosingReasonCode
    closed_on: NormDay | None = None


async def _close(work: Work, body: _Closing) -> None:
    await change_request(work, RequestPatch.model_validate({"status": "closed", **body.model_dump(by_alias=True)}))


def _reopening_form(dossier: Dossier, _: str) -> Form:
    if own(dossier).request.closed_on is None:
        raise no_such()
    intro = "Aanmeldingen die bij het sluiten zijn ingetrokken komen niet terug: meld daarvoor opnieuw aan."
    return Form("Hulpvraag heropenen", "Heropen de hulpvraag", [], dossier.version, intro)


def _characteristics_form(dossier: Dossier, _: str) -> Form:
    request = own(dossier).request
    proposed = [(each.code, f"{words.codes([each.code])} (genoemd door {each.by or 'een aanbieder'})")
                for each in request.proposed_characteristics]  # fmt: skip
    if not proposed:
        raise no_such()
    known = [(code, words.codes([code])) for code in request.characteristics]
    field = Field(
        "characteristics", "Wat geldt voor deze jeugdige", "checks", [*known, *proposed], value=request.characteristics
    )
    return Form(
        "Genoemde kenmerken",
        "Leg de kenmerken vast",
        [field],
        dossier.version,
        "Een aanbieder noemde dit bij een afwijzing. Kruis het aan als het klopt; het telt dan mee bij het zoeken.",
    )


class _Dismissal(Schema):
    """A characteristic that a provider named, and that is not one of the child."""

    code: ExclusionCode


def _dismissal_form(dossier: Dossier, _: str) -> Form:
    proposed = own(dossier).request.proposed_characteristics
    if not proposed:
        raise no_such()
    codes = [(each.code, words.codes([each.code])) for each in proposed]
    return Form(
        "Genoemd kenmerk klopt niet",
        "Wijs het kenmerk af",
        [Field("code", "Wat klopt niet", "radio", codes, value=codes[0][0])],
        dossier.version,
    )


async def _dismiss(work: Work, body: _Dismissal) -> None:
    await proposals.dismiss(work.session, work.caller, work.request_id, body.code, work.version, work.now)


COURSE_ACTIONS: Final[dict[str, Action[Any]]] = {
    "mijlpaal": Action(_milestone_form, MilestoneIn, _set_milestone, "De datum is vastgelegd."),
    "mijlpaal-wissen": Action(_clearing_form, Nothing, _clear_milestone, "De datum is gewist."),
    "uitleg": Action(_explanation_form, ExplanationIn, _explain, "De uitleg is vastgelegd.", _of_clock),
    "oordeel": Action(_judgement_form, JudgementIn, _judge, "Het oordeel is vastgelegd."),
    "opnieuw-nodig": Action(_again_form, ReopeningIn, _need_again, "Vastgelegd dat opnieuw hulp nodig is."),
    "sluiten": Action(_closing_form, _Closing, _close, "De hulpvraag is gesloten."),
    "heropenen": Action(
        _reopening_form, RequestPatch, change_request, "De hulpvraag is weer open.", lambda _, __: {"status": "open"}
    ),
    "kenmerken": Action(
        _characteristics_form,
        RequestPatch,
        change_request,
        "De kenmerken zijn vastgelegd.",
        lambda sent, _: {"characteristics": [], **sent},
    ),
    "kenmerk-afwijzen": Action(_dismissal_form, _Dismissal, _dismiss, "Het genoemde kenmerk is afgewezen."),
}
"""By the last part of their paths."""
