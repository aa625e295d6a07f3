"""Keeping counts of fewer than five children from whoever they are not of, and what they would follow from.

All that may ever be asked about one resource and period is decided on at once (`app.insight.suppression`), whatever is
asked now, so that no two answers give away together what neither shows: figures of all, by supraregion, region or
municipality, and in each of those areas by one dimension more (`decisions` says which of these are told).
"""

import asyncio
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Final, TypeAlias

from cachetools import LRUCache

from app.insight.answers import repository
from app.insight.answers.decisions import Counted, Decided, counts_of, decided, dimensions_of
from app.insight.answers.definitions import Dimension, Resource, Source
from app.insight.answers.figures import summed
from app.insight.answers.periods import Period, periods_between
from app.insight.answers.questions import JOINT, Cell, Gather, Question, Scope
from app.insight.suppression.lattice import FEWEST
from app.kit.database.sessions import ReadSession
from app.reference.lists import reference

BELOW: Final = FEWEST
_LONGEST_MONTH: Final = 31
_OF_CHILDREN: Final[tuple[Source, ...]] = ("dossiers",)
_decisions: LRUCache[tuple[object, ...], Decided] = LRUCache(1024)
_one_at_a_time: Final = threading.Lock()
"""Who asks what another is deciding on waits for it, and finds it."""

Hidden: TypeAlias = Callable[[str, str], frozenset[str]]
"""The figures that are not shown of a row, by its period and code; the code of all together is empty."""


async def hidden(
    session: ReadSession, resource: Resource, gather: Gather, question: Question, scope: Scope
) -> Hidden | None:
    """What is hidden of the answer to a question; None where the caller sees all of it."""
    if scope.sees_small or not resource.is_of_children:
        return None
    months = {period.name: _months_in(period, question.today) for period in question.periods}
    by_month = replace(question, periods=[month for found in months.values() for month in found])
    if question.by in resource.of_others:
        of_month = _few(resource, await gather(session, by_month))
    else:
        published = await _published(session, resource, gather, by_month, scope)

        def of_month(month: str, code: str) -> frozenset[str]:
            return _not_shown(resource, published[month], _place(question, code))

    @cache
    def of(period: str, code: str) -> frozenset[str]:
        return frozenset().union(*(of_month(month.name, code) for month in months[period]))

    return of


def _months_in(period: Period, today: date) -> Sequence[Period]:
    """The months of a quarter or year that have begun; of a month or a day, itself.

    What is told of a quarter is what is told of each of its months, so that neither says more than the other: of 3, 5
    and 6 children the first is hidden, and so are the 14 of the quarter.
    """
    if (period.last - period.first).days <= _LONGEST_MONTH:
        return [period]
    return list(periods_between(period.first, min(period.last, today), "month"))


async def _published(
    session: ReadSession, resource: Resource, gather: Gather, question: Question, scope: Scope
) -> Mapping[str, Decided]:
    """What may be told of each period; what was decided before is not gathered again as long as no figure changed.

    To decide takes up to seconds, and is left to a thread: the worker answers others meanwhile.
    """
    state = await repository.find_state(session, _OF_CHILDREN)
    keys = {
        period: (state, resource.name, period, question.known_on(period), period.end(question.today), scope.provider_id)
        for period in question.periods
    }
    published = {period: found for period, key in keys.items() if (found := _decisions.get(key)) is not None}
    if missing := [period for period in question.periods if period not in published]:
        together, own = dimensions_of(resource), Scope(provider_id=scope.provider_id)
        whole = replace(question, periods=missing, by="region", together=together, filters={}, scope=own)
        cells = list(await gather(session, whole))
        for period in missing:
            published[period] = await asyncio.to_thread(_decide, resource, together, period.name, cells)
            _decisions[keys[period]] = published[period]
    return {period.name: found for period, found in published.items()}


def _decide(resource: Resource, together: Sequence[Dimension], period: str, cells: Sequence[Cell]) -> Decided:
    rows = _rows(resource, together, [cell for cell in cells if cell.period == period])
    with _one_at_a_time:
        return decided(resource, rows)


def _not_shown(resource: Resource, published: Decided, place: Mapping[str, str]) -> frozenset[str]:
    """The counts of a place that are suppressed, and those of which too few are left for a middle."""
    away = published.withheld(place)
    samples = {each.sample for each in resource if each.sample is not None and each.is_of_children} - away
    few = {name for name in samples if not published.has_enough(name, place)}
    return away | {each.name for each in resource if each.sample in few} if few else away


def _few(resource: Resource, cells: Iterable[Cell]) -> Hidden:
    """Of what a region sees of others' children: no small count, and no total of which a part is not shown.

    A region sees this of itself alone, so that there is no other answer to hold against it.
    """
    names = frozenset(counts_of(resource))
    small: dict[tuple[str, str], frozenset[str]] = {}
    for key, total in summed(cells, lambda cell: cell.code).items():
        small[key] = frozenset(name for name in names if 0 < total.counts[name] < BELOW)

    def of(period: str, code: str) -> frozenset[str]:
        own = [away for (month, each), away in small.items() if month == period and code in {"", each}]
        return frozenset().union(*own)

    return of


def _rows(resource: Resource, together: Sequence[Dimension], cells: Sequence[Cell]) -> tuple[Counted, ...]:
    names = counts_of(resource)
    return tuple(
        sorted(
            (
                (("region", cell.region), *zip(together, cell.code.split(JOINT), strict=True)),
                tuple(int(cell.counts.get(name, 0)) for name in names),
            )
            for cell in cells
        )
    )


def _place(question: Question, code: str) -> dict[str, str]:
    """Where the children of a row are: its area, what it is confined to, and its own code."""
    place: dict[str, str] = dict(question.filters.items())
    regions = question.scope.regions
    if regions is not None and "municipality" not in place:
        place |= _area(regions)
    if code:
        if question.by in {"region", "municipality", "supraregion"}:
            place = {name: value for name, value in place.items() if name not in {"region", "supraregion"}}
        place[question.by] = code
    return place


def _area(regions: frozenset[str]) -> dict[str, str]:
    """The area that these regions are: one of them, or a supraregion."""
    if len(regions) == 1:
        return {"region": next(iter(regions))}
    for each in sorted(reference().supraregions):
        if frozenset(reference().supraregions[each].regions) == regions:
            return {"supraregion": each}
    raise LookupError(f"{sorted(regions)} are no region and no supraregion")
