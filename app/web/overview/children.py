"""What pages say of a child that somebody else keeps the dossier of: nothing of who it is."""

from collections.abc import Iterable
from typing import Final

from app.dossiers.agreements.steps import STEP_NAMES, Step
from app.dossiers.referrals.schemas import Refusal
from app.dossiers.requests.clock_model import ClockName
from app.finding.matching.schemas import Choice
from app.reference.lists import reference
from app.web.shell.words import NOTHING, child_of, day

CLOCKS: Final[dict[ClockName, str]] = {
    "protection-worker": "vaste jeugdbeschermer binnen vijf werkdagen",
    "course": "gedragen koers binnen zes weken",
    "help": "passende hulp binnen drie maanden",
}
"""The norms of the inspectorates."""


def town(code: str) -> str:
    """The name of a municipality; its code where it is no more."""
    known = reference().municipalities.get(code)
    return known.name if known else code


def who(age: int, municipality: str, gender: str = "other") -> str:
    """A child in words: "meisje van 12 jaar uit Den Helder"."""
    return f"{child_of(gender)} van {age} jaar uit {town(municipality)}"


def needs_in_words(codes: Iterable[str]) -> str:
    """Specialisations by name, in one line; a dash where there are none."""
    known = reference().specialisations
    return ", ".join(known[each].name.nl if each in known else each for each in codes) or NOTHING


def choices_in_words(choices: Iterable[Choice]) -> list[str]:
    """The care types of the choices in order: "1. Gezinshuis"."""
    types = reference().care_types
    return [f"{number}. {types[each.care_type].name.nl}" for number, each in enumerate(choices, 1)]


def refusals_in_words(refusals: Iterable[Refusal]) -> list[str]:
    """Who would not take the child and why: "Demo Zorg: geen plek (3 november 2026)"."""
    return [_refusal(each) for each in refusals]


def _refusal(refusal: Refusal) -> str:
    lists = reference()
    reason = lists.decline_reasons.get(refusal.reason)
    named = [lists.exclusion_criteria[each].name.nl for each in refusal.criteria if each in lists.exclusion_criteria]
    why = ", ".join([reason.name.nl if reason else refusal.reason, *named])
    return f"{refusal.provider_name or 'aanbieder onbekend'}: {why} ({day(refusal.on)})"


def step_in_words(step: Step | None) -> str | None:
    """A step of the ladder by name."""
    return None if step is None else STEP_NAMES[step].nl
