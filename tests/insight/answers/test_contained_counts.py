"""No small count follows from counts that contain one another, nor how many are in the one and not in the other.

Of 12 children over the norm of whom 10 were explained, 2 were not. The attack knows all that is told of one period, how
the counts are tied, what each contains, and that there are no fewer than none of a kind.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from random import Random
from typing import Final

import pytest

from app.insight.answers.decisions import (
    Counted,
    Decided,
    breakdowns_of,
    counts_of,
    decided,
    decided_flow,
    dimensions_of,
)
from app.insight.answers.definitions import Resource
from app.insight.arrangements.definition import ARRANGEMENTS
from app.insight.choices.definition import CHOICES
from app.insight.declines.definition import DECLINES
from app.insight.escalations.definition import ESCALATIONS
from app.insight.linked_counts.definition import STANDING_NEEDS
from app.insight.norms.definition import NORMS
from app.insight.referrals.definition import REFERRALS
from app.insight.suppression.lattice import Cell, is_small
from tests.insight.attack import Kind, gathered, known_small, sums_over_kinds
from tests.insight.histories import seeded

TOWNS: Final = {"JZ03": "GM0400", "JZ06": "GM0361", "JZ01": "GM0014"}
CARE_TYPES: Final = ("gezinshuis", "jeugdzorgplus")
SEEDS: Final = range(3)


@dataclass(frozen=True)
class Child:
    """One that some counts have."""

    region: str
    care_type: str
    counts: frozenset[str]

    @property
    def place(self) -> dict[str, str]:
        """Where it counts; everything else is the same of all."""
        return {"region": self.region, "care-type": self.care_type}


@dataclass(frozen=True)
class Question:
    """Counts of a resource; `kinds` are those that one child may be in together."""

    resource: Resource
    kinds: Sequence[str]
    fewest: int = 60

    @property
    def counts(self) -> list[str]:
        """The counts that children are in."""
        return sorted({name for each in self.kinds for name in each.split()})

    @property
    def children(self) -> list[Child]:
        """One of every kind, with how many each count leaves of what contains it."""
        return [
            Child(region, care_type, frozenset(counts) | self._left(counts))
            for region, care_type in product(TOWNS, CARE_TYPES)
            for counts in (frozenset(each.split()) for each in self.kinds)
        ]

    @property
    def left(self) -> dict[str, tuple[str, Sequence[str]]]:
        """By a name of its own what a count leaves of another."""
        within = [each for each in self.resource.within if each[0] in self.counts]
        return {f"{whole}, not {' '.join(parts)}": (whole, parts) for whole, parts in within}

    def _left(self, counts: frozenset[str]) -> set[str]:
        return {name for name, (whole, parts) in self.left.items() if whole in counts and not counts & {*parts}}

    def drawn(self, rng: Random) -> list[Child]:
        """Children of three regions, of which one has few; there are many of some kinds, and few of others."""
        often = {each.counts: rng.choice((1, 5, 20)) for each in self.children}
        weights = [(1 if each.region == "JZ01" else 5) * often[each.counts] for each in self.children]
        return rng.choices(self.children, weights, k=self.fewest * rng.choice((1, 2)))

    def told(self, children: Sequence[Child], found: Decided) -> dict[Cell, int | None]:
        """All that can be asked of these counts; None where that is empty."""
        return {
            Cell.of(name, place): None if name in found.withheld(place) else _count(children, name, place)
            for place in self.places()
            for name in self.counts
        }

    def places(self) -> Iterator[dict[str, str]]:
        """All that can be asked of."""
        values = {"region": TOWNS, "care-type": CARE_TYPES}
        for breakdown in breakdowns_of(self.resource):
            if breakdown <= values.keys():
                for codes in product(*(values[name] for name in sorted(breakdown))):
                    yield dict(zip(sorted(breakdown), codes, strict=True))

    def derived(self, children: Sequence[Child], found: Decided) -> dict[Cell, object]:
        """The small counts, told or not, and what they leave of others where that is small, that follow to be small."""
        known = gathered(self.told(children, found))
        cells = [Cell.of(name, place) for place in self.places() for name in (*self.counts, *self.left)]
        small = [cell for cell in cells if is_small(_count(children, cell.measure, dict(cell.place)))]
        assert not known.keys() & {*small}
        kinds = [Kind(frozenset(each.place.items()), each.counts) for each in self.children]
        return dict(known_small(known, sums_over_kinds(cells, kinds), small))


def _count(children: Sequence[Child], name: str, place: Mapping[str, str]) -> int:
    return sum(name in each.counts and place.items() <= each.place.items() for each in children)


def decision(resource: Resource, children: Sequence[Child]) -> Decided:
    """As the service decides on one period."""
    rows = _rows(resource, children)
    found = decided(resource, rows)
    return found if resource.flow is None else found.with_flow(decided_flow(resource, (rows,))[0])


def _rows(resource: Resource, children: Sequence[Child]) -> tuple[Counted, ...]:
    """As they are gathered."""
    sums: dict[tuple[tuple[str, str], ...], list[int]] = {}
    for child in children:
        place = tuple(
            (name, {**child.place, "municipality": TOWNS[child.region]}.get(name, "one"))
            for name in ("region", *dimensions_of(resource))
        )
        counts = sums.setdefault(place, [0] * len(counts_of(resource)))
        for number, name in enumerate(counts_of(resource)):
            counts[number] += name in child.counts
    return tuple(sorted((place, tuple(counts)) for place, counts in sums.items()))


def _each(*choices: Sequence[str]) -> list[str]:
    """All ways to choose one of each."""
    return [" ".join(each) for each in product(*choices)]


QUESTIONS: Final = (
    Question(
        STANDING_NEEDS,
        _each(
            ["waiting referredNone"],
            ["bridged", "unbridged"],
            ["", "overNorm", "overNorm overNormExplained"],
        ),
    ),
    Question(NORMS, ["helpDue helpInTime", "helpDue helpLate helpExplained", "helpDue helpLate"]),
    Question(
        CHOICES,
        _each(
            ["helped firstChoice", "helped secondChoice"],
            ["", "professionalYes", "professionalNo"],
            ["", "familyYes"],
        ),
    ),
    Question(
        REFERRALS,
        [
            *_each(
                ["sent sentOwnRegion", "sent sentOtherRegion", "sent sentOtherRegion sentOutsideProvince"],
                ["", "sentCrisis"],
            ),
            *("started startedOwnRegion", "declined"),
        ],
        400,
    ),
    Question(
        DECLINES,
        ["sent", *_each(["sent despite"], ["", "despiteAge"], ["", "despiteAccepted", "despiteDeclined"])],
    ),
    Question(ARRANGEMENTS, ["asked", *_each(["answered"], ["granted", "refused"], ["", "answeredLate"])]),
    Question(ESCALATIONS, ["opened", *_each(["ended"], ["outcomeHelp", "lapsed"], ["", "lessons"])]),
)
ALL: Final = pytest.mark.parametrize("question", QUESTIONS, ids=lambda each: each.resource.name)


@ALL
@pytest.mark.parametrize("seed", SEEDS)
def test_no_small_count_follows_from_counts_that_contain_it(question: Question, seed: int) -> None:
    children = question.drawn(seeded(seed))
    found = decision(question.resource, children)
    assert question.derived(children, found) == {}


@ALL
def test_something_is_told(question: Question) -> None:
    """Nothing follows where nothing is told: that is not how."""
    worlds = [question.drawn(seeded(seed)) for seed in SEEDS]
    told = [value for each in worlds for value in question.told(each, decision(question.resource, each)).values()]
    assert sum(value is not None for value in told) > len(told) / 10


@ALL
def test_decided_apart_it_does(question: Question) -> None:
    """The attack is one: where what is contained is decided on by itself, what it leaves follows."""
    apart = replace(question.resource, within=())
    worlds = (question.drawn(seeded(seed)) for seed in SEEDS)
    assert any(question.derived(each, decision(apart, each)) for each in worlds)
