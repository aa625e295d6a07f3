"""The life of a referral: which decision leads from which status to which, and whose decision it is.

Pure: no clock, no database. Help that has started can only end; what is declined, withdrawn or ended stays so.
"""

from typing import Final, Literal, get_args

Status = Literal["sent", "seen", "accepted", "waitlisted", "declined", "withdrawn", "started", "ended"]
DecisionCode = Literal["see", "accept", "waitlist", "decline", "delay", "left", "withdraw", "start", "end"]
EventCode = DecisionCode | Literal["send", "change", "correct", "restore", "move", "concern", "transfer", "amend"]
Side = Literal["provider", "institution"]

STATUSES: Final[tuple[Status, ...]] = get_args(Status)
DECISIONS: Final[tuple[DecisionCode, ...]] = get_args(DecisionCode)

UNANSWERED: Final[tuple[Status, ...]] = ("sent", "seen")
"""The provider has still to answer; it can be overdue."""
UNDECIDED: Final[tuple[Status, ...]] = ("sent", "seen", "waitlisted")
"""Neither a place nor a refusal yet."""
OPEN: Final[tuple[Status, ...]] = ("sent", "seen", "waitlisted", "accepted")
"""Help may still start from it."""

SIDES: Final[dict[DecisionCode, Side]] = {
    "see": "provider",
    "accept": "provider",
    "waitlist": "provider",
    "decline": "provider",
    "delay": "provider",
    "left": "provider",
    "withdraw": "institution",
    "start": "institution",
    "end": "institution",
}

_ANSWERS: Final[dict[DecisionCode, Status]] = {
    "accept": "accepted",
    "waitlist": "waitlisted",
    "decline": "declined",
    "withdraw": "withdrawn",
}
_NEXT: Final[dict[Status, dict[DecisionCode, Status]]] = {
    "sent": {"see": "seen", **_ANSWERS},
    "seen": _ANSWERS,
    "waitlisted": _ANSWERS,
    "accepted": {"decline": "declined", "delay": "accepted", "withdraw": "withdrawn", "start": "started"},
    "started": {"left": "started", "end": "ended"},
    "declined": {},
    "withdrawn": {},
    "ended": {},
}
PLACED: Final[tuple[Status, ...]] = ("accepted", "started", "ended")
"""A place was promised, and that was kept."""


def next_status(status: Status, decision: DecisionCode) -> Status | None:
    """The status after the decision; None where it cannot be taken now."""
    return _NEXT[status].get(decision)


def possible(status: Status, side: Side, *, has_provider: bool = True) -> list[DecisionCode]:
    """What a side can decide now; of care outside the contracts no provider decides here, so the institution does."""
    own = [side] if has_provider else ["provider", "institution"]
    return [decision for decision in DECISIONS if SIDES[decision] in own and next_status(status, decision)]
