"""What becomes of a transfer: it waits for its receiver, who takes it or not, unless the sender takes it back."""

from typing import Final, Literal, get_args

TransferStatus = Literal["open", "accepted", "declined", "withdrawn"]
TransferDecision = Literal["accept", "decline", "withdraw"]

STATUSES: Final[tuple[TransferStatus, ...]] = get_args(TransferStatus)
BECOMES: Final[dict[TransferDecision, TransferStatus]] = {
    "accept": "accepted",
    "decline": "declined",
    "withdraw": "withdrawn",
}
"""The status after a decision; the sender's is to withdraw, the receiver's the others."""
