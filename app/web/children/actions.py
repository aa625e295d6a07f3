"""All that can be done in a dossier, by the last part of its path; and a form as it comes back with what is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import uuid4

from app.domain.language import Text
from app.dossiers.referrals.errors import OfferExcludedError
from app.dossiers.referrals.obstacle_codes import LABELS
from app.kit.errors import ApiError, ConflictError, InvalidInputError, PreconditionFailedError
from app.web.children.asking_actions import ASKING_ACTIONS
from app.web.children.course_actions import COURSE_ACTIONS
from app.web.children.data_actions import DATA_ACTIONS
from app.web.children.form import NO_NAMES, Action, Field, Form, no_such
from app.web.children.referral_actions import DESPITE, REFERRAL_ACTIONS
from app.web.children.transfer_actions import TRANSFER_ACTIONS
from app.web.shell.forms import Errors, errors_of
from app.web.shell.problems import said_of

ACTIONS: Final[dict[str, Action[Any]]] = {
    **COURSE_ACTIONS,
    **DATA_ACTIONS,
    **REFERRAL_ACTIONS,
    **ASKING_ACTIONS,
    **TRANSFER_ACTIONS,
}
CHANGED: Final = "Iemand anders wijzigde dit intussen. Bekijk het dossier; wat u hier invulde staat er nog."
GONE: Final = Text(
    nl="Iemand anders wijzigde dit intussen, en het kan nu niet meer. Bekijk het dossier.",
    en="Somebody else changed this meanwhile, and it cannot be done any more. Look at the dossier.",
)
MENDED: Final = {400, 409, 412, 422}
"""Errors after which the form comes back, with what was filled in."""

_VERSION: Final = "versie"
_ONCE: Final = "eenmaal"


@dataclass(frozen=True, slots=True)
class Sent:
    """What a form sent: its fields, the version that it was based on, and what tells it from a repetition."""

    values: dict[str, Any]
    version: str | None
    once: str | None


@dataclass(frozen=True, slots=True)
class Shown:
    """A form on its page, with what was filled in and what was wrong with it."""

    form: Form
    values: Mapping[str, Any]
    errors: Errors
    problems: list[str]
    once: str


def action_of(what: str) -> Action[Any]:
    """The action with this path; `NotFoundError` where there is none."""
    if what not in ACTIONS:
        raise no_such()
    return ACTIONS[what]


def sent_of(pairs: list[tuple[str, str]]) -> Sent:
    """What was sent, without what was left empty; of a name that ends in [] all that were chosen."""
    values: dict[str, Any] = {}
    for name, value in pairs:
        text = value.strip()
        if text and name.endswith("[]"):
            values.setdefault(name.removesuffix("[]"), []).append(text)
        elif text:
            values[name] = text
    return Sent(values, values.pop(_VERSION, None), values.pop(_ONCE, None))


def shown_of(form: Form, chosen: Mapping[str, str]) -> Shown:
    """A form as it is first shown; `chosen` are options that its address names, as the kind of an arrangement."""
    values = {each.name: each.value for each in form.fields}
    values |= {each.name: chosen[each.name] for each in form.fields if each.has_option(chosen.get(each.name))}
    return Shown(form, values, {}, [], str(uuid4()))


def lacking(form: Form, sent: Sent) -> Errors:
    """What a form needs and was not sent, by field: a schema of a change takes all of it for left as it was."""
    return {each.pointer: each.unfilled for each in form.fields if each.required and each.name not in sent.values}


def returned(form: Form, sent: Sent, errors: Errors, error: ApiError | None) -> Shown:
    """A form as it comes back; its version is that of now, so that it can be sent again."""
    fields = [*form.fields, *_despite(sent, error)]
    known = {each.pointer for each in fields}
    of_fields = {pointer: detail for pointer, detail in errors.items() if pointer in known}
    problems = [detail for pointer, detail in errors.items() if pointer not in known]
    if isinstance(error, PreconditionFailedError):
        problems.append(CHANGED)
    elif error is not None and not isinstance(error, InvalidInputError):
        problems.append(said_of(error))
    return Shown(replace(form, fields=fields), sent.values, of_fields, problems, str(uuid4()))


def gone(error: ApiError | None) -> ApiError:
    """What to say of an action that cannot be done any more: why, where the service said so."""
    if isinstance(error, PreconditionFailedError):
        return ConflictError(GONE)
    return error or no_such()


def errors_in(error: ApiError) -> Errors:
    """What a service found wrong with the fields."""
    return errors_of(error) if isinstance(error, InvalidInputError) else {}


def _despite(sent: Sent, error: ApiError | None) -> list[Field]:
    """A field for each reason for which the match leaves the offer out, to say why it is right all the same."""
    named = [name.removeprefix(DESPITE) for name in sent.values if name.startswith(DESPITE)]
    reasons = error.members["reasons"] if isinstance(error, OfferExcludedError) else []
    labels = {code: label.nl for code, label in LABELS.items()}
    return [
        Field(f"{DESPITE}{reason}", f"{labels[reason]}: waarom toch?", "words", hint=NO_NAMES)
        for reason in dict.fromkeys([*named, *reasons])
        if reason in labels
    ]
