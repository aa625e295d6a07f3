"""The two grounds of a data set: one holds the same offers at every size, the other grows with it.

A match for a child of the steady ground ranks the same candidates whether the country has 6,000 offers or 600,000;
one for a child of the growing ground ranks more, the more offers there are.
"""

from dataclasses import dataclass
from functools import cache
from typing import Literal

from app.reference.lists import PostcodeArea, reference

Ground = Literal["steady", "growing"]

STEADY_SUPRAREGION = "noord-holland"
STEADY_OFFERS = 3600
"""As many as make some 300 candidates of three care types: a hundred of each of the 36."""


@dataclass(frozen=True, slots=True)
class Area:
    """The jeugdregio's of a ground, each with its postcodes and its municipalities."""

    regions: tuple[str, ...]
    postcodes: dict[str, tuple[PostcodeArea, ...]]
    municipalities: dict[str, tuple[str, ...]]


@cache
def area(ground: Ground) -> Area:
    """Where a ground lies: no region and no supraregion is in both."""
    lists = reference()
    steady = lists.supraregions[STEADY_SUPRAREGION].regions
    regions = tuple(code for code in lists.regions if (code in steady) == (ground == "steady"))
    postcodes: dict[str, list[PostcodeArea]] = {code: [] for code in regions}
    for each in lists.postcodes.values():
        region = lists.municipalities[each.municipality].region
        if region in postcodes:
            postcodes[region].append(each)
    return Area(
        regions,
        {code: tuple(found) for code, found in postcodes.items()},
        {code: tuple(lists.municipalities_of(code)) for code in regions},
    )
