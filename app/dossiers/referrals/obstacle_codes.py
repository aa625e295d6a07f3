"""What can stand in the way of a referral, in codes and in words, and which of it counts at which door."""

from collections.abc import Iterable, Mapping
from typing import Final, Literal, get_args

from app.domain.language import Text
from app.dossiers.referrals.states import DecisionCode
from app.ranking.model import Reason
from app.ranking.reason_labels import REASON_LABELS

Obstacle = Literal[Reason, "other-care-type", "offer-ended"]
"""A reason of the match, or one that the match has no word for, because it would not see the offer at all."""
OBSTACLES: Final[tuple[Obstacle, ...]] = get_args(Obstacle)

LABELS: Final[Mapping[Obstacle, Text]] = {
    **{reason: label for reason, label in REASON_LABELS.items()},  # noqa: C416
    "other-care-type": Text(
        nl="Het aanbod is van een ander zorgtype dan waarvoor is aangemeld",
        en="The offer is of another care type than was referred for",
    ),
    "offer-ended": Text(nl="Het aanbod is beëindigd", en="The offer has ended"),
}

ON_THE_WAY: Final[frozenset[Obstacle]] = frozenset(OBSTACLES) - {"closed-to-referrals", "too-far", "declined-earlier"}
"""What counts once a referral has been sent: not that no more are taken, for this one is in; not how far the family
would go, nor an earlier refusal, which its sender has weighed."""
AT_THE_START: Final[frozenset[Obstacle]] = frozenset(
    {"not-contracted", "budget-ceiling", "placement-stop", "age", "offer-ended"}
)
"""What is looked at again when help starts; of an offer that has ended the first three cannot be told."""
AT_DECISIONS: Final[Mapping[DecisionCode, frozenset[Obstacle]]] = {
    "accept": ON_THE_WAY,
    "waitlist": ON_THE_WAY,
    "start": AT_THE_START,
}


def in_order(found: Iterable[Obstacle]) -> tuple[Obstacle, ...]:
    """These obstacles, each once, in the order of OBSTACLES."""
    return tuple(sorted(set(found), key=OBSTACLES.index))
