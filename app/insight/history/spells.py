"""Spells of days in which something was so: the first day of each, and the day on which it was over. Pure."""

from collections.abc import Iterable
from datetime import date

Spell = tuple[date, date]


def joined(spells: Iterable[Spell]) -> list[Spell]:
    """The same days in as few spells as can be, in their order, as the database has them too.

    From 1 to 5 May, and from 5 to 9 May, gives 1 to 9 May; one that is over on its first day has no days.
    """
    found: list[Spell] = []
    for first, end in sorted(spells):
        if first >= end:
            continue
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((first, end))
    return found
