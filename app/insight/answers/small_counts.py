"""Keeping counts of fewer than five children from whoever they are not of, and what they would follow from.

All that may ever be asked about one resource and period is decided on at once (`app.insight.suppression`), whatever is
asked now, so that no two answers give away together what neither shows: figures of all, by supraregion, region or
municipality, and in each of those areas by one dimension more (`decisions` says which of these are told).
"""

import asyncio
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Final, TypeAlias, TypeVar
from uuid import UUID

from cachetools import LRUCache

from app.domain.dates import add_months
from app.insight.answers import decisions, repository
from app.insight.answers.decisions import (
    Counted,
    Decided,
    counts_of,
    decided,
    decided_flow,
    dimensions_of,
    nothing_told,
    of_flow,
)
from app.insight.answers.definitions import Dimension, Linked, Resource, Source
from app.insight.answers.figures import summed
from app.insight.answers.kept import once, state_of
from app.insight.answers.periods import MOST, Period, on_day, periods_between
from app.insight.answers.questions import JOINT, Cell, Gather, Question, Scope
from app.insight.answers.settled import Telling, settled
from app.insight.suppression.lattice import FEWEST
from app.kit.database.sessions import ReadSession
from app.reference.lists import reference

BELOW: Final = FEWEST
_LONGEST_MONTH: Final = 31
_OF_CHILDREN: Final[tuple[Source, ...]] = ("dossiers",)
_decisions: LRUCache[tuple[object, ...], Decided] = LRUCache(1024)
_flows: LRUCache[tuple[object, ...], Mapping[str, Decided]] = LRUCache(32)
_one_at_a_time: Final = threading.Lock()
"""Who asks what another is deciding on waits for it, and finds it."""

_Found = TypeVar("_Found")

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
) -> Mapping[str, Telling]:
    """What may be told of each period: as it was settled, or else decided now."""
    found = dict[str, Telling]()
    if question.settled_by:
        names = [each.name for each in question.periods]
        kept = await repository.list_settled(session, resource.name, question.known, question.today, names)
        found = {name: settled(resource, each) for name, each in kept.items()}
    if left := [each for each in question.periods if each.name not in found]:
        found |= await decide(session, resource, gather, replace(question, periods=left), scope.provider_id)
    return found


async def decide(
    session: ReadSession, resource: Resource, gather: Gather, question: Question, provider_id: UUID | None = None
) -> Mapping[str, Decided]:
    """What may be told of each period of a question on all children, or on those referred to a provider.

    What was decided before is not gathered again as long as no figure changed. To decide takes up to seconds, and is
    left to a thread: the worker answers others meanwhile.
    """
    deciding = _Deciding(session, resource, gather, provider_id)
    found = await deciding.of_periods(question)
    for each in resource.linked:
        found = await _with_linked(replace(deciding, resource=each.resource, gather=each.gather), each, question, found)
    if resource.flow is None:
        return found
    flow, older = await deciding.of_flow(question), nothing_told(resource, of_flow(resource))
    return {name: each.with_flow(flow.get(name, older)) for name, each in found.items()}


async def _with_linked(
    deciding: "_Deciding", linked: Linked, question: Question, found: Mapping[str, Decided]
) -> dict[str, Decided]:
    """What was found of each period, with what is decided of the counts that other resources tell too."""
    periods, names = question.periods, dict(linked.names)
    if linked.is_of_last_day:
        periods = [on_day(each.end(question.today)) for each in question.periods]
    there = await deciding.of_periods(replace(question, periods=periods))
    return {
        each.name: found[each.name].with_linked(there[other.name], names)
        for each, other in zip(question.periods, periods, strict=True)
    }


def forget() -> None:
    """Lets go of what was decided and of what that takes: hundreds of megabytes for a year of the whole country."""
    _decisions.clear()
    _flows.clear()
    decisions.forget()


@dataclass(frozen=True, slots=True)
class _Deciding:
    """Decides for one resource, on all children, or on those of a provider."""

    session: ReadSession
    resource: Resource
    gather: Gather
    provider_id: UUID | None

    async def of_periods(self, question: Question) -> dict[str, Decided]:
        """What may be told of each period, by its name, save of the counts of a flow."""
        before = dict[str, Decided]()
        if question.known == "now" and (over := [each for each in question.periods if each.last < question.today]):
            before = await self.of_periods(replace(question, known="then", periods=over))
        state = await self._state()
        keys = {each: self._key(state, question, each) for each in question.periods}
        found = {each.name: _decisions[keys[each]] for each in question.periods if keys[each] in _decisions}
        missing = [each for each in question.periods if each.name not in found]
        rows = await self._rows(question, missing)
        for each in missing:
            found[each.name] = _decisions[keys[each]] = await asyncio.to_thread(
                _one_by_one, decided, self.resource, rows[each.name], before.get(each.name)
            )
        return {each.name: found[each.name] for each in question.periods}

    async def of_flow(self, question: Question) -> Mapping[str, Decided]:
        """What may be told of the counts of a flow, of each month that one answer may go back."""
        months = _months_back(question.today)
        key = self._key(await self._state(), question, months[-1])
        if (flows := _flows.get(key)) is None:
            before = await self.of_flow(replace(question, known="then")) if question.known == "now" else None
            rows = await self._rows(question, months)
            told = tuple(rows[each.name] for each in months)
            was = None if before is None else tuple(before.values())
            found = await asyncio.to_thread(_one_by_one, decided_flow, self.resource, told, was)
            flows = _flows[key] = dict(zip(rows, found, strict=True))
        return flows

    async def _state(self) -> tuple[object, ...]:
        return await state_of(self.session, _OF_CHILDREN)

    def _key(self, state: tuple[object, ...], question: Question, period: Period) -> tuple[object, ...]:
        known = question.known, question.known_on(period), period.end(question.today)
        return (state, self.resource.name, period, *known, self.provider_id)

    async def _rows(self, question: Question, periods: Sequence[Period]) -> dict[str, tuple[Counted, ...]]:
        if not periods:
            return {}
        await once(self.session, "time", lambda: repository.take_time(self.session))
        together, own = dimensions_of(self.resource), Scope(provider_id=self.provider_id)
        whole = replace(question, periods=periods, by="region", together=together, filters={}, scope=own)
        cells: dict[str, list[Cell]] = {each.name: [] for each in periods}
        for cell in await self.gather(self.session, whole):
            cells[cell.period].append(cell)
        return {name: _rows(self.resource, together, found) for name, found in cells.items()}


def _months_back(today: date) -> list[Period]:
    """The months of which the counts of a flow are told: this one, and as many before it as one answer may span."""
    this_month = today.replace(day=1)
    return list(periods_between(add_months(this_month, 1 - MOST), this_month, "month"))


def _one_by_one(decide: Callable[..., _Found], *given: object) -> _Found:
    with _one_at_a_time:
        return decide(*given)


def _not_shown(resource: Resource, published: Telling, place: Mapping[str, str]) -> frozenset[str]:
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
    for key, total in summed(cells, lambda cell: (cell.code,)).items():
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
