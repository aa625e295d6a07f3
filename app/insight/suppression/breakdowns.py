"""The breakdowns that a lattice needs beside those that are published, and which of them add up to which.

The counts of two breakdowns are tied by the dimensions that they have in common. By region and care type, and by region
and institution: for each region both add up to the same, though nobody may ask for the region alone. So the breakdown
by what they have in common belongs to the lattice.
"""

from collections import Counter
from collections.abc import Iterable
from itertools import combinations

from app.insight.suppression.dimensions import Breakdown, Dimensions


def complete(breakdowns: Iterable[Breakdown], dimensions: Dimensions) -> set[Breakdown]:
    """These breakdowns, and those that tie them to each other."""
    found = _with_ungrouped(set(breakdowns), dimensions)
    if cycle := _cycle(found, dimensions):
        found.add(cycle)
    while more := {_common(*pair, dimensions) for pair in combinations(found, 2)} - found:
        found |= more
    return found


def steps(breakdowns: set[Breakdown], dimensions: Dimensions) -> list[tuple[Breakdown, Breakdown]]:
    """The pairs of which the counts of the second add up to those of the first, without a third between the two."""
    finer = {each: {other for other in breakdowns if _adds_up(each, other, dimensions)} for each in breakdowns}
    return [
        (coarse, fine)
        for coarse, fines in finer.items()
        for fine in fines
        if not any(fine in finer[between] for between in fines)
    ]


def _adds_up(coarse: Breakdown, fine: Breakdown, dimensions: Dimensions) -> bool:
    """Whether each count of the one is a sum of counts of the other, and no child is in two of these or in none."""
    return coarse != fine and coarse <= dimensions.reach(fine) and fine - coarse <= dimensions.dividing


def _common(one: Breakdown, other: Breakdown, dimensions: Dimensions) -> Breakdown:
    return dimensions.finest(dimensions.reach(one) & dimensions.reach(other))


def _with_ungrouped(breakdowns: set[Breakdown], dimensions: Dimensions) -> set[Breakdown]:
    """With breakdowns by what groups are made of, where the counts of groups do not tell how they are tied.

    Two supraregions that share a region; quarters and weeks, that share days.
    """
    used = frozenset[str]().union(*breakdowns)
    found, waiting = set(breakdowns), list(breakdowns)
    while waiting:
        each = waiting.pop()
        for name in each:
            if not dimensions.stands_alone(name, used):
                finer = dimensions.finest(each - {name} | {dimensions.groupings[name].of})
                found.add(finer)
                waiting.append(finer)
    return found


def _cycle(breakdowns: set[Breakdown], dimensions: Dimensions) -> Breakdown:
    """The dimensions of breakdowns that go round, such as region-care type, care type-institution, institution-region.

    Counts by each two of the three say something of the counts by all three, which no sum between them shows. Nothing
    goes round where taking away dimensions that one breakdown has alone, and breakdowns within another, leaves nothing
    (Graham, Yu and Özsoyoğlu's reduction of a hypergraph).
    """
    left: set[Breakdown] = set()
    reduced = {frozenset(map(dimensions.base, each)) for each in breakdowns}
    while reduced != left:
        left = reduced
        used = Counter(name for each in left for name in each)
        trimmed = {frozenset(name for name in each if used[name] > 1) for each in left}
        reduced = {each for each in trimmed if not any(each < other for other in trimmed)}
    return frozenset[str]().union(*left)
