"""The reasons that keep a candidate out of the results; each is a bit."""

from typing import Final

from app.ranking.model import REASONS, Need, Reason

NEED_OF: Final[dict[Reason, Need]] = {
    "not-contracted": "light-contract",
    "budget-ceiling": "ceiling-exception",
    "too-far": "longer-distance",
    "outside-service-area": "provider-consent",
    "age": "provider-consent",
    "declined-earlier": "ask-again",
}
"""What would make an offer possible that is out for this reason alone."""


def bit_of(reason: Reason) -> int:
    """The bit of a reason."""
    return 1 << REASONS.index(reason)


def reasons_in(bits: int) -> tuple[Reason, ...]:
    """The reasons of these bits, in the order of REASONS."""
    return tuple(reason for bit, reason in enumerate(REASONS) if bits >> bit & 1)
