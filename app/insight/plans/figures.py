"""The figures that an action can be meant to move: a resource of the insight and a measure of it.

Every name that an action may carry stands here and nowhere else.
"""

from typing import Final, Literal

FigureName = Literal[
    "norms.protection-worker-late",
    "norms.course-late",
    "norms.help-late",
    "choices.first-choice-share",
    "capacity.places-total",
    "waiting-times.realised-median",
    "supply.shortage",
    "escalations.open",
    "arrangements.days-taken",
]

BY_CARE_TYPE: Final[frozenset[FigureName]] = frozenset({"capacity.places-total"})
"""Those that say something of one care type only, which has to be named."""
