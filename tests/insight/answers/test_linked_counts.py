"""No small count follows from the answers of several resources together that count the same children.

The attack knows all that is told of who waits at the end of a month by `waiting-children`, `supply`, `choices` and
`norms`, or whose help began by `supply` and `waiting-times`; how these are tied, and that there are no fewer than none
of a kind.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from random import Random
from typing import Final

import pytest

from app.insight.answers.decisions import Counted, Decided, breakdowns_of, counts_of, decided, dimensions_of
from app.insight.answers.definitions import Resource
from app.insight.choices.definition import CHOICES
from app.insight.linked_counts.definition import STANDING_NEEDS, STARTS
from app.insight.linked_counts.repository import STARTED
from app.insight.norms.definition import NORMS
from app.insight.supply.definition import SUPPLY
from app.insight.suppression.lattice import Cell, is_small
from app.insight.waiting_children.definition import WAITING_CHILDREN
from app.insight.waiting_times.definition import WAITING_TIMES
from tests.insight.attack import Kind, gathered, known_small, sums_over_kinds
from tests.insight.histories import seeded

TOWNS: Final = {"JZ03": "GM0400", "JZ06": "GM0361", "JZ01": "GM0014"}
CARE_TYPES: Final = ("gezinshuis", "jeugdzorgplus")
MEASURES: Final = ("protection",)
REFERRED: Final = ("referredNone", "referredOne")
PROVIDERS: Final = ("a", "b", "c")
SEEDS: Final = range(3)


@dataclass(frozen=True)
class Child:
    """One that waits."""

    region: str
    care_type: str
    kind: str
    referred: str
    bridged: bool
    over_norm: bool

    @property
    def counts(self) -> frozenset[str]:
        """The counts that it is in, as they are named where they are decided on together."""
        also = {"bridged" if self.bridged else "unbridged"} | ({"overNorm"} if self.over_norm else set())
        return frozenset({"waiting", self.referred, *also})

    @property
    def place(self) -> dict[str, str]:
        """Where it counts."""
        town = {"municipality": TOWNS[self.region], "institution": "one"}
        return {"region": self.region, "care-type": self.care_type, "kind": self.kind, **town}


@dataclass(frozen=True)
class Helped:
    """A child whose help began."""

    region: str
    care_type: str
    provider: str

    @property
    def counts(self) -> frozenset[str]:
        return frozenset({STARTED})

    @property
    def place(self) -> dict[str, str]:
        return {"region": self.region, "care-type": self.care_type, "provider": self.provider}


@dataclass(frozen=True)
class Question:
    """Counts that several resources tell, and every kind of child that they are of."""

    linked: Resource
    resources: tuple[Resource, ...]
    kinds: Sequence[Child | Helped]

    def drawn(self, rng: Random) -> list[Child | Helped]:
        """Children of three regions, of which one has few."""
        weights = [1 if each.region == "JZ01" else 5 for each in self.kinds]
        return rng.choices(self.kinds, weights, k=rng.choice((40, 70)))


WAITING: Final = Question(
    STANDING_NEEDS,
    (WAITING_CHILDREN, SUPPLY, CHOICES, NORMS),
    [Child(*each) for each in product(TOWNS, CARE_TYPES, MEASURES, REFERRED, (True, False), (True, False))],
)
BEGAN: Final = Question(
    STARTS, (SUPPLY, WAITING_TIMES), [Helped(*each) for each in product(TOWNS, CARE_TYPES, PROVIDERS)]
)
QUESTIONS: Final = pytest.mark.parametrize("question", [WAITING, BEGAN], ids=lambda each: each.linked.name)


def rows(resource: Resource, children: Sequence[Child | Helped], names: Mapping[str, str]) -> tuple[Counted, ...]:
    """As they are gathered; `names` are those of the counts that a child has, by those of the resource."""
    sums: dict[tuple[tuple[str, str], ...], list[int]] = {}
    for child in children:
        place = tuple((name, child.place[name]) for name in ("region", *dimensions_of(resource)))
        counts = sums.setdefault(place, [0] * len(counts_of(resource)))
        for number, name in enumerate(counts_of(resource)):
            counts[number] += names.get(name) in child.counts
    return tuple(sorted((place, tuple(counts)) for place, counts in sums.items()))


def named(question: Question, resource: Resource) -> dict[str, str]:
    """The counts of a resource, with their names where they are decided on together."""
    return {own: name for each in resource.linked if each.resource is question.linked for own, name in each.names}


def together(question: Question, resource: Resource, children: Sequence[Child | Helped]) -> Decided:
    """As the service decides."""
    own = decided(resource, rows(resource, children, named(question, resource)))
    same = {name: name for name in counts_of(question.linked)}
    linked = decided(question.linked, rows(question.linked, children, same))
    return own.with_linked(linked, named(question, resource))


def apart(question: Question, resource: Resource, children: Sequence[Child | Helped]) -> Decided:
    """Each resource by itself."""
    return decided(replace(resource, linked=()), rows(resource, children, named(question, resource)))


def places(resource: Resource) -> Iterator[dict[str, str]]:
    """All that can be asked of."""
    values = {"region": TOWNS, "care-type": CARE_TYPES, "kind": MEASURES, "institution": ("one",)}
    values |= {"municipality": tuple(TOWNS.values()), "provider": PROVIDERS}
    for breakdown in breakdowns_of(resource):
        if "supraregion" not in breakdown:
            for codes in product(*(values[name] for name in sorted(breakdown))):
                yield dict(zip(sorted(breakdown), codes, strict=True))


def count(children: Sequence[Child | Helped], name: str, place: Mapping[str, str]) -> int:
    return sum(name in each.counts and place.items() <= each.place.items() for each in children)


def told(
    question: Question, resource: Resource, children: Sequence[Child | Helped], found: Decided
) -> dict[Cell, int | None]:
    """All that can be asked of these counts; None where that is empty."""
    return {
        Cell.of(name, place): None if own in found.withheld(place) else count(children, name, place)
        for place in places(resource)
        for own, name in named(question, resource).items()
    }


def derived(
    question: Question, children: Sequence[Child | Helped], answers: Sequence[Mapping[Cell, int | None]]
) -> dict[Cell, object]:
    """The small counts that follow to be small from all answers together, or are told."""
    known, cells = gathered(*answers), {cell for answer in answers for cell in answer}
    small = [cell for cell in cells if is_small(count(children, cell.measure, dict(cell.place)))]
    kinds = [Kind(frozenset(each.place.items()), each.counts) for each in question.kinds]
    found = known_small(known, sums_over_kinds(sorted(cells), kinds), [cell for cell in small if cell not in known])
    return dict(found) | {cell: known[cell] for cell in small if cell in known}


@QUESTIONS
@pytest.mark.parametrize("seed", SEEDS)
def test_no_small_count_follows_from_several_resources(question: Question, seed: int) -> None:
    children = question.drawn(seeded(seed))
    assert all(named(question, each) for each in question.resources)
    answers = [told(question, each, children, together(question, each, children)) for each in question.resources]
    assert derived(question, children, answers) == {}
    assert any(value is not None for answer in answers for value in answer.values())


def test_decided_apart_it_does() -> None:
    """The attack is one: where each resource is decided on by itself, small counts of who waits follow."""
    worlds = (WAITING.drawn(seeded(seed)) for seed in SEEDS)
    assert any(
        derived(WAITING, each, [told(WAITING, one, each, apart(WAITING, one, each)) for one in WAITING.resources])
        for each in worlds
    )
