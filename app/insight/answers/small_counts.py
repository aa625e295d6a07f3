"""Keeping counts of fewer than five children from whoever they are not of, and what they would follow from.

All that may ever be asked about one resource and period is decided on at once (`app.insight.suppression`), whatever is
asked now, so that no two answers give away together what neither shows: figures of all, by supraregion, region or
municipality, and in each of those areas by one dimension more.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from typing import Final, TypeAlias

from app.insight.answers.definitions import Dimension, Resource
from app.insight.answers.figures import summed
from app.insight.answers.questions import JOINT, Cell, Gather, Question, Scope
from app.insight.suppression.decision import suppressed_in
from app.insight.suppression.dimensions import Grouping, Row
from app.insight.suppression.lattice import FEWEST
from app.insight.suppression.lattice import Cell as Place
from app.insight.suppression.published import Published
from app.insight.suppression.rows import lattice_of
from app.kit.database.sessions import ReadSession
from app.reference.lists import reference

BELOW: Final = FEWEST
_AREAS: Final[tuple[Dimension, ...]] = ("region", "supraregion")
_KEPT: Final = 256
"""Decisions on a resource and period that a worker keeps; some 100 kB each for a country of municipalities."""

Counted = tuple[tuple[tuple[str, str], ...], tuple[int, ...]]
"""Where children are, by dimension, and how many of each count: as it can be looked up."""


Hidden: TypeAlias = Callable[[str, str], frozenset[str]]
"""The figures that are not shown of a row, by its period and code; the code of all together is empty."""


async def hidden(
    session: ReadSession, resource: Resource, gather: Gather, question: Question, scope: Scope
) -> Hidden | None:
    """What is hidden of the answer to a question; None where the caller sees all of it."""
    if scope.sees_small or not resource.is_of_children:
        return None
    if question.by in resource.of_others:
        return _few(resource, await gather(session, question))
    together = _dimensions(resource)
    whole = replace(question, by="region", together=together, filters={}, scope=Scope(provider_id=scope.provider_id))
    found = list(await gather(session, whole))
    published = {
        period.name: _decided(resource, _rows(resource, together, _of(period.name, found)))
        for period in question.periods
    }

    @cache
    def of(period: str, code: str) -> frozenset[str]:
        return _not_shown(resource, published[period], _place(question, code))

    return of


def _not_shown(resource: Resource, published: Published, place: Mapping[str, str]) -> frozenset[str]:
    """The counts of a place that are suppressed, and those of which too few are left for a middle."""
    away = {name for name in _names(resource) if published.count(Place.of(name, place)) is None}
    middles = [(each.name, each.sample) for each in resource if each.sample is not None and each.is_of_children]
    few = {name for name, sample in middles if not published.has_enough(Place.of(sample, place))}
    return frozenset(away | few)


def _few(resource: Resource, cells: Iterable[Cell]) -> Hidden:
    """Of what a region sees of others' children: no small count, and no total of which a part is not shown.

    A region sees this of itself alone, so that there is no other answer to hold against it.
    """
    names = frozenset(_names(resource))
    small: dict[tuple[str, str], frozenset[str]] = {}
    for key, total in summed(cells, lambda cell: cell.code).items():
        small[key] = frozenset(name for name in names if 0 < total.counts[name] < BELOW)

    def of(period: str, code: str) -> frozenset[str]:
        own = [away for (month, each), away in small.items() if month == period and code in {"", each}]
        return frozenset().union(*own)

    return of


def _of(period: str, cells: Sequence[Cell]) -> list[Cell]:
    return [cell for cell in cells if cell.period == period]


def _dimensions(resource: Resource) -> tuple[Dimension, ...]:
    """What a resource can be broken down by within a region, each child under one code."""
    return tuple(each for each in resource.by if each not in _AREAS and each not in resource.overlapping)


def _names(resource: Resource) -> tuple[str, ...]:
    """The counts of children of a resource."""
    return tuple(each.name for each in resource if each.kind == "count" and each.is_of_children)


def _rows(resource: Resource, together: Sequence[Dimension], cells: Sequence[Cell]) -> tuple[Counted, ...]:
    names = _names(resource)
    return tuple(
        sorted(
            (
                (("region", cell.region), *zip(together, cell.code.split(JOINT), strict=True)),
                tuple(int(cell.counts.get(name, 0)) for name in names),
            )
            for cell in cells
        )
    )


@lru_cache(_KEPT)
def _decided(resource: Resource, rows: tuple[Counted, ...]) -> Published:
    """The decision on the counts of one period: the same counts, the same decision."""
    names, together = _names(resource), _dimensions(resource)
    has_towns = "municipality" in together
    lists = reference()
    groupings = {"supraregion": Grouping("region", {each.code: each.supraregions for each in lists.regions.values()})}
    if has_towns:
        groupings["region"] = Grouping(
            "municipality", {each.code: [each.region] for each in lists.municipalities.values()}
        )
    areas: list[list[str]] = [[], ["supraregion"], ["region"]]
    apart = [name for name in together if name != "municipality"]
    breakdowns = [*areas, *([["municipality"]] if has_towns else [])]
    breakdowns += [[*area, name] for area in areas for name in apart]
    skipped = {"region"} if has_towns else set()
    lattice = lattice_of(
        [
            Row({name: code for name, code in place if name not in skipped}, dict(zip(names, counts, strict=True)))
            for place, counts in rows
        ],
        breakdowns,
        parts={each.name: each.parts for each in resource if each.parts and each.is_of_children},
        groupings=groupings,
    )
    return Published(lattice, suppressed_in(lattice))


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
