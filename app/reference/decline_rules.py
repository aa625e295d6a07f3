"""Why a provider does not take a child, and what it has to name with that."""

from collections.abc import Sequence
from typing import Final

from pydantic import Field

from app.domain.language import Text
from app.kit.schemas import Answer, described, invalid
from app.reference.schemas import DeclineReasonCode

CONTRA_INDICATION: Final = "contra-indication"
"""The decline reason that names at least one exclusion criterion."""
NAMING: Final = ("group-composition", "other-care-needed", "need-too-heavy", "need-too-light")
"""Decline reasons of the group or the need, which name an exclusion criterion or a specialisation."""


class Declined(Answer):
    """Why a provider does not take the child."""

    reason: DeclineReasonCode = Field(description="The decline reason.")
    criteria: list[str] = described("The exclusion criteria that it names.", ["weglopen"])
    specialisations: list[str] = described("The specialisations that it names.", [])


def check_criteria(reason: str | None, criteria: Sequence[str] | None) -> None:
    """Refuses a contra-indication that does not say which one it is."""
    if reason == CONTRA_INDICATION and not criteria:
        text = Text(
            nl="Noem bij een contra-indicatie om welke het gaat.", en="Name the exclusion criterion that it is."
        )
        raise invalid("missing", text, field="criteria")


def check_named(reason: str | None, criteria: Sequence[str] | None, specialisations: Sequence[str] | None) -> None:
    """Refuses a decline for the group or the need that does not say what does not fit."""
    if reason in NAMING and not specialisations and not criteria:
        text = Text(
            nl="Noem een contra-indicatie (criteria) of een specialisatie waar het om gaat.",
            en="Name an exclusion criterion (criteria) or a specialisation that it is about.",
        )
        raise invalid("missing", text, field="specialisations")
