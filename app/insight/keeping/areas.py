"""Regions and supraregions: of which a plan is, and whose plans a caller reads."""

from collections.abc import Collection
from dataclasses import dataclass

from app.kit.security.callers import Caller, Role
from app.reference.lists import reference


@dataclass(frozen=True, slots=True)
class Area:
    """One jeugdregio, or one supraregion, by its code; the other is None."""

    region: str | None = None
    supraregion: str | None = None

    @classmethod
    def of(cls, caller: Caller) -> "Area":
        """The area that a region or supraregion is; of other roles it is neither."""
        return cls(
            caller.region if caller.role is Role.REGION else None,
            caller.supraregion if caller.role is Role.SUPRAREGION else None,
        )


@dataclass(frozen=True, slots=True)
class Areas:
    """Some jeugdregio's and supraregions, by their codes."""

    regions: frozenset[str]
    supraregions: frozenset[str]

    def __contains__(self, area: Area) -> bool:
        return area.region in self.regions or area.supraregion in self.supraregions


def areas_read_by(caller: Caller, works_for: Collection[str]) -> Areas:
    """The areas whose plans a caller reads; `works_for` are the regions of an institution or local team.

    The national table and the inspectorates read all. A supraregion reads its own and those of its regions. Any other
    reads those of its regions, and of the supraregions that these are in: JZ03 is in noord-holland, so who reads the
    one reads the other, but not JZ05, which is in it too.
    """
    lists = reference()
    if caller.role in {Role.NATIONAL, Role.INSPECTORATE}:
        return Areas(frozenset(lists.regions), frozenset(lists.supraregions))
    own = Area.of(caller)
    if own.supraregion is not None:
        supraregion = lists.supraregions.get(own.supraregion)
        return Areas(frozenset(supraregion.regions if supraregion else ()), frozenset([own.supraregion]))
    regions = frozenset(works_for if own.region is None else [own.region])
    above = {code for each in regions & lists.regions.keys() for code in lists.regions[each].supraregions}
    return Areas(regions, frozenset(above))
