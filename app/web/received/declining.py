"""Saying no to a referral or a call: the reasons to choose from, and what goes with some of them."""

from collections.abc import Collection
from typing import Any, Final, NamedTuple

from app.reference.decline_rules import CONTRA_INDICATION, NAMING
from app.reference.lists import CodeValue, reference
from app.web.shell.forms import Errors, Fields, text_of

_NO_REASON: Final = "Kies een reden."
_NAMED: Final = frozenset({CONTRA_INDICATION, *NAMING})


class Choice(NamedTuple):
    """A code to choose, what it is called, and whether it names what does not fit."""

    code: str
    name: str
    names: bool = False


class Declining(NamedTuple):
    """What can be chosen: reasons, and what they may name; what was asked for this child comes first."""

    reasons: list[Choice]
    criteria: list[Choice]
    specialisations: list[Choice]


def declining_of(characteristics: Collection[str], needs: Collection[str]) -> Declining:
    """The choices for a child with these characteristics and needs."""
    lists = reference()
    reasons = [Choice(each.code, each.name.nl, each.code in _NAMED) for each in lists.decline_reasons.values()]
    return Declining(
        reasons,
        _choices(lists.exclusion_criteria.values(), characteristics),
        _choices(lists.specialisations.values(), needs),
    )


def _choices(values: Collection[CodeValue], first: Collection[str]) -> list[Choice]:
    ordered = sorted(values, key=lambda each: each.code not in first)
    return [Choice(each.code, each.name.nl) for each in ordered]


def told(errors: Errors) -> Errors:
    """What is wrong with a decline, in words for a list to choose from."""
    return {field: _NO_REASON if field == "/reason" else text for field, text in errors.items()}


def read_decline(fields: Fields) -> dict[str, Any]:
    """What a form says of a decline, by the names of the API; what its reason does not name is left out."""
    reason = text_of(fields, "reason")
    said: dict[str, Any] = {"reason": reason} if reason else {}
    if reason in _NAMED:
        for name in ("criteria", "specialisations"):
            said |= {name: [*fields[name]]} if fields.get(name) else {}
    return said
