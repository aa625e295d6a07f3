"""No small count follows from figures of several months together, nor from what is known then and now.

The attack knows all that is told of every month, that who is there at the end of one is who was there before, with
who came and without who went, and that there are no fewer than none of a kind.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from random import Random
from typing import Final

import pytest

from app.insight.answers.decisions import Counted, Decided, counts_of, decided, decided_flow, dimensions_of
from app.insight.answers.definitions import Resource
from app.insight.escalations.definition import ESCALATIONS, OUTCOMES
from app.insight.suppression.lattice import Cell, is_small
from tests.insight.attack import Kind, gathered, known_small, sums_over_kinds
from tests.insight.histories import seeded

MONTHS: Final = range(3)
REGIONS: Final = ("JZ03", "JZ06", "JZ01")
CARE_TYPES: Final = ("gezinshuis", "jeugdzorgplus")
FIGURES: Final = ("opened", "ended", "open")
NEVER: Final = len(MONTHS)
AREAS: Final = ({}, *({"region": each} for each in REGIONS))
_OUTCOME: Final = next(iter(OUTCOMES))
PLACES: Final = [*AREAS, *({**area, "care-type": each} for area in AREAS for each in CARE_TYPES)]


@dataclass(frozen=True)
class Child:
    """Before a step from one month until another."""

    region: str
    care_type: str
    opened: int
    ended: int

    def counts(self, month: int) -> set[str]:
        """The figures that it is in."""
        said = {"opened": month == self.opened, "ended": month == self.ended}
        return {name for name, holds in said.items() if holds} | (
            {"open"} if self.opened <= month < self.ended else set()
        )


def drawn(rng: Random) -> list[Child]:
    """Children of three regions, of which one has few."""
    found = []
    for _ in range(rng.choice((60, 120))):
        opened = rng.choice((-1, *MONTHS))
        region = rng.choices(REGIONS, (5, 4, 1))[0]
        found.append(Child(region, rng.choice(CARE_TYPES), opened, rng.randint(max(opened, 0), NEVER)))
    return found


def put_right(rng: Random) -> list[Child]:
    """Children who become known later."""
    return [Child(rng.choice(REGIONS), CARE_TYPES[0], rng.choice(MONTHS), NEVER) for _ in range(2)]


def rows(resource: Resource, children: Iterable[Child], month: int) -> tuple[Counted, ...]:
    """As they are gathered; all outcomes are help."""
    assert dimensions_of(resource) == ("step", "care-type")
    sums: dict[tuple[tuple[str, str], ...], dict[str, int]] = {}
    for child in children:
        place = (("region", child.region), ("step", "regional"), ("care-type", child.care_type))
        for name in child.counts(month):
            for each in (name, _OUTCOME) if name == "ended" else (name,):
                counts = sums.setdefault(place, dict.fromkeys(counts_of(resource), 0))
                counts[each] += 1
    return tuple(sorted((place, tuple(counts.values())) for place, counts in sums.items()))


def decisions(resource: Resource, children: Sequence[Child], before: Sequence[Decided] = ()) -> list[Decided]:
    """What may be told of each month."""
    counted = [rows(resource, children, month) for month in MONTHS]
    was: Sequence[Decided | None] = before or [None for _ in MONTHS]
    found = [decided(resource, each, earlier) for each, earlier in zip(counted, was, strict=True)]
    if resource.flow is None:
        return found
    flows = decided_flow(resource, tuple(counted), tuple(before) or None)
    return [each.with_flow(flow) for each, flow in zip(found, flows, strict=True)]


def told(children: Iterable[Child], found: Sequence[Decided]) -> Mapping[Cell, int | None]:
    """All that can be asked; None where that is empty."""
    return {
        Cell.of(f"{name} {month}", place): None
        if name in found[month].withheld(place)
        else sum(name in each.counts(month) and _is_in(each, place) for each in children)
        for name, month, place in product(FIGURES, MONTHS, PLACES)
    }


def _is_in(child: Child, place: Mapping[str, str]) -> bool:
    return place.items() <= {"region": child.region, "care-type": child.care_type}.items()


def _true(children: Iterable[Child], cell: Cell) -> int:
    name, month = cell.measure.split()
    return sum(name in each.counts(int(month)) and _is_in(each, dict(cell.place)) for each in children)


def derived(children: Sequence[Child], *answers: Mapping[Cell, int | None]) -> dict[Cell, object]:
    """The small counts that follow to be small from all answers together."""
    known = gathered(*answers)
    kinds = [
        Kind(
            frozenset({("region", region), ("care-type", care_type)}),
            frozenset(
                f"{name} {month}" for month in MONTHS for name in Child(region, care_type, opened, ended).counts(month)
            ),
        )
        for region, care_type in product(REGIONS, CARE_TYPES)
        for opened in (-1, *MONTHS)
        for ended in range(max(opened, 0), NEVER + 1)
    ]
    small = [cell for cell in answers[0] if is_small(_true(children, cell))]
    assert not known.keys() & set(small)
    return dict(known_small(known, sums_over_kinds(list(answers[0]), kinds), small))


SEEDS: Final = range(4)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_small_count_follows_from_who_was_there_and_who_came_and_went(seed: int) -> None:
    children = drawn(seeded(seed))
    assert derived(children, told(children, decisions(ESCALATIONS, children))) == {}


def test_without_that_it_does() -> None:
    """The attack is one: decided month by month, small counts follow."""
    apart = replace(ESCALATIONS, flow=None)
    worlds = (drawn(seeded(seed)) for seed in SEEDS)
    assert any(derived(each, told(each, decisions(apart, each))) for each in worlds)


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_told_as_known_later_adds_nothing_where_it_is_as_it_was(seed: int) -> None:
    """Two children more are known of later; whoever takes the rest to be as it was learns of no small count."""
    rng = seeded(seed)
    children = drawn(rng)
    then = decisions(ESCALATIONS, children)
    now = decisions(ESCALATIONS, [*children, *put_right(rng)], then)
    assert derived(children, told(children, then), told(children, now)) == {}


def test_decided_apart_it_does() -> None:
    """The attack is one: where what was suppressed then is told now, small counts follow."""

    def found(seed: int) -> dict[Cell, object]:
        rng = seeded(seed)
        children = drawn(rng)
        then, now = decisions(ESCALATIONS, children), decisions(ESCALATIONS, [*children, *put_right(rng)])
        later = {cell: None if is_small(count or 0) else count for cell, count in told(children, now).items()}
        return derived(children, told(children, then), later)

    assert any(map(found, SEEDS))
