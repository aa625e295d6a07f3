"""What becomes of an amendment: the other side agrees or refuses, unless the side that proposed it takes it back."""

from typing import Final, Literal, get_args

AmendmentStatus = Literal["open", "agreed", "refused", "withdrawn"]
AmendmentDecision = Literal["agree", "refuse", "withdraw"]

STATUSES: Final[tuple[AmendmentStatus, ...]] = get_args(AmendmentStatus)
BECOMES: Final[dict[AmendmentDecision, AmendmentStatus]] = {
    "agree": "agreed",
    "refuse": "refused",
    "withdraw": "withdrawn",
}
"""The status after a decision; who proposed withdraws, the other side agrees or refuses."""
