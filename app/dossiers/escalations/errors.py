"""What can go wrong with an escalation."""

from collections.abc import Sequence

from app.domain.language import Text
from app.dossiers.agreements.steps import Step
from app.kit.errors import ConflictError, InputError


class StepPassedError(ConflictError):
    """The request stands before this step, or one above it, already."""

    def __init__(self, standing: Step) -> None:
        super().__init__(
            Text(
                nl=f"De hulpvraag is al voorgelegd aan {standing}; kies een hogere trede, of sluit die eerst af.",
                en=f"The request is before {standing} already; choose a higher step, or give that an outcome first.",
            )
        )


def not_in_ladder(ladder: Sequence[Step]) -> InputError:
    """The error for a step that the child's region does not have."""
    steps = ", ".join(ladder)
    text = Text(nl=f"De regio van het kind kent alleen {steps}.", en=f"The child's region has {steps} only.")
    return InputError("#/step", "not-in-ladder", text)


def skip_reason_missing(skipped: Sequence[Step]) -> InputError:
    """The error for steps that are skipped without a reason."""
    steps = ", ".join(skipped)
    text = Text(nl=f"Zeg waarom {steps} wordt overgeslagen.", en=f"Say why {steps} is skipped.")
    return InputError("#/skipReason", "missing", text)


def nothing_skipped() -> InputError:
    """The error for a reason to skip where nothing is skipped."""
    text = Text(nl="Er wordt geen trede overgeslagen; laat dit weg.", en="No step is skipped; leave this out.")
    return InputError("#/skipReason", "nothing-skipped", text)


class NoQuestionError(ConflictError):
    """Only a question that was referred back, and has no answer yet, is answered."""

    def __init__(self) -> None:
        super().__init__(
            Text(
                nl="Hier staat geen vraag open (outcomeKind question); er valt niets te beantwoorden.",
                en="No question stands here (outcomeKind question); there is nothing to answer.",
            )
        )


def not_of_step(pointer: str, step: Step) -> InputError:
    """The error for a local team that is named with another step."""
    text = Text(
        nl=f"Een lokaal team noemt u alleen bij de trede local-team, niet bij {step}.",
        en=f"A local team is named with the step local-team only, not with {step}.",
    )
    return InputError(pointer, "not-of-step", text)


def without_outcome(pointer: str) -> InputError:
    """The error for what is said of an outcome that is not there."""
    text = Text(
        nl="Dit hoort bij een uitkomst; zeg ook de uitkomst (outcome).",
        en="This goes with an outcome; say outcome too.",
    )
    return InputError(pointer, "goes-with-outcome", text)


def not_help() -> InputError:
    """The error for an offer beside an outcome that is an explanation or a question."""
    text = Text(
        nl="Een aanbod is hulp: kies als uitkomst hulp (outcomeKind help), of laat het aanbod weg (null).",
        en="An offer is help: choose outcomeKind help, or take the offer out (null).",
    )
    return InputError("#/outcomeKind", "offer-is-help", text)


def no_lesson() -> InputError:
    """The error for a lesson of a question, of which nothing came yet."""
    text = Text(
        nl="Een vraag terug is geen les; laat de les weg (lesson null).",
        en="A question that goes back is no lesson; take lesson out (null).",
    )
    return InputError("#/lesson", "of-question", text)


def own_reference(pointer: str) -> InputError:
    """The error for a text for everybody in which a reference of the institution stands."""
    text = Text(
        nl="Hierin staat een kenmerk van de hulpvraag (van kind, medewerker of gezin); haal het weg.",
        en="This holds a reference of the request (of the child, the worker or the siblings); take it out.",
    )
    return InputError(pointer, "leads-to-child", text)
