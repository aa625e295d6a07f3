"""Which supraregion takes the supraregional step of a region's children: a region is in several, each for its own."""

from app.reference.lists import reference


def expert_network(region: str, chosen: str | None) -> str | None:
    """The supraregion that the region chose, or else the widest that it is in: a network is there for what is rare.

    JZ03 is in nw4 (4 regions), noord-holland-noord (3) and noord-holland (9): unless it chose, noord-holland. Of two
    that are as wide the first by code; None where it is in none.
    """
    if chosen is not None:
        return chosen
    lists = reference()
    return max(
        sorted(lists.regions[region].supraregions),
        key=lambda code: len(lists.supraregions[code].regions),
        default=None,
    )
