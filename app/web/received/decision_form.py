"""What a provider decides on a referral, as its forms send it."""

from collections.abc import Iterable
from typing import Any, Final

from app.dossiers.referrals.decision_schemas import DecisionIn
from app.dossiers.referrals.obstacle_codes import OBSTACLES
from app.web.received.declining import read_decline, told
from app.web.shell.forms import Errors, Fields, read_form, text_of

_TEXTS: Final = ("expectedStart", "date", "note")
BECAUSE: Final = "waarom-"
"""What a field begins with that says why an offer is right although the match would leave it out."""


def read_decision(fields: Fields) -> tuple[DecisionIn | None, Errors]:
    """The decision; None with all that is wrong, by field. What is left empty is not said."""
    decision = text_of(fields, "decision")
    values: dict[str, Any] = {"decision": decision}
    values |= {name: text for name in _TEXTS if (text := text_of(fields, name))}
    if decision == "decline":
        values |= read_decline(fields)
    despite = [{"reason": reason, "because": text} for reason, text in _because(fields)]
    values |= {"despite": despite} if despite else {}
    body, errors = read_form(DecisionIn, values)
    return body, {_field(pointer, despite): text for pointer, text in told(errors).items()}


def _because(fields: Fields) -> Iterable[tuple[str, str]]:
    for reason in OBSTACLES:
        text = text_of(fields, BECAUSE + reason)
        if text:
            yield reason, text


def _field(pointer: str, despite: list[dict[str, str]]) -> str:
    """The field of `/despite/0/because` is that of its reason."""
    parts = pointer.split("/")
    if parts[1:2] != ["despite"] or len(parts) < 3:
        return pointer
    return f"/{BECAUSE}{despite[int(parts[2])]['reason']}"
