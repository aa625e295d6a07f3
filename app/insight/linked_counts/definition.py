"""Which counts of several resources count the same children, and are decided on together.

Of two resources that each leave other counts empty, the one would show what the other hides: `waiting` of a region by
care type is what `supply` tells, `waiting` of the region what `waiting-children` tells.
"""

from typing import Final

from app.domain.language import Text
from app.insight.answers.definitions import Linked, Measure, Resource
from app.insight.linked_counts import repository
from app.insight.linked_counts.repository import BRIDGED, EXPLAINED, OVER_NORM, REFERRED, STARTED, UNBRIDGED, WAITING

_NOT_SHOWN: Final = Text(nl="", en="")


def _count(name: str, *, parts: tuple[str, ...] = ()) -> Measure:
    return Measure(name, _NOT_SHOWN, _NOT_SHOWN, parts=parts)


STANDING_NEEDS: Final = Resource(
    name="standing-needs",
    title=_NOT_SHOWN,
    question=_NOT_SHOWN,
    source="dossiers",
    by=("region", "municipality", "institution", "kind", "care-type"),
    measures=(
        _count(WAITING, parts=tuple(REFERRED)),
        *(_count(name) for name in (*REFERRED, BRIDGED, UNBRIDGED, OVER_NORM, EXPLAINED)),
    ),
    also=((WAITING, (BRIDGED, UNBRIDGED)),),
    within=((OVER_NORM, (EXPLAINED,)),),
)
"""Who waits at the end of a period; nobody asks of it by this name."""

STARTS: Final = Resource(
    name="starts",
    title=_NOT_SHOWN,
    question=_NOT_SHOWN,
    source="dossiers",
    by=("region", "care-type", "provider"),
    measures=(_count(STARTED),),
)
"""Whose help by a referral began in a period; nobody asks of it by this name."""


def standing(**names: str) -> Linked:
    """Counts of those who wait, each by its own name with what it counts."""
    return Linked(STANDING_NEEDS, repository.gather_standing, tuple(names.items()), is_of_last_day=True)


def starts(**names: str) -> Linked:
    """Counts of those whose help began, by their own names."""
    return Linked(STARTS, repository.gather_starts, tuple(names.items()))
