"""Cases of proposals for tests: built by hand, drawn by Hypothesis, and drawn from a seed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
from hypothesis import strategies as st

from app.allocation.model import CANDIDATE, NEED_CODES, Candidate, Case, Child, Method, Places

TODAY = date(2027, 1, 4)
HORIZON = date(2027, 4, 5)


def case_of(
    lists: Mapping[Child, Sequence[Candidate]],
    places: dict[str, int],
    method: Method = "least-lateness",
    seed: int = 1,
    changes: int = 0,
) -> Case:
    """A case of these children with their candidates, best first, and these offers with their places."""
    numbers = {offer: number for number, offer in enumerate(places)}
    records = [
        (
            *(numbers[each.offer], each.starts_on.toordinal(), each.distance, each.choice, each.wishes),
            NEED_CODES.index(each.needs),
        )
        for listed in lists.values()
        for each in listed
    ]
    first = np.cumsum([0, *map(len, lists.values())]).astype(np.int64)
    kept = tuple(Places(*each) for each in places.items())
    return Case(TODAY, HORIZON, method, seed, tuple(lists), kept, np.array(records, CANDIDATE), first, changes)


def child(id_: str, *, over: int = 0, waits: int = 30, crisis: bool = False, group: str | None = None) -> Child:
    """A child that is so many days over the norm (before it, where negative) and waits for so many."""
    due, since = TODAY - timedelta(over), TODAY - timedelta(waits)
    return Child(id_, due, since, crisis=crisis, group=group)


def candidate(offer: str, choice: int = 1, starts_in: int = 0, distance: int = 0, wishes: int = 0) -> Candidate:
    """An offer where help starts in so many days."""
    return Candidate(offer, choice, TODAY + timedelta(starts_in), distance, wishes)


@st.composite
def cases(draw: st.DrawFn, most_children: int = 6, most_offers: int = 4) -> Case:
    """Few children, some of them siblings, and few places, so that they are in each other's way."""
    offers = [f"o{number}" for number in range(draw(st.integers(1, most_offers)))]
    places = {offer: draw(st.integers(0, 3)) for offer in offers}
    lists: dict[Child, list[Candidate]] = {}
    for number in range(draw(st.integers(0, most_children))):
        made = Child(
            f"k{number}",
            TODAY + timedelta(draw(st.integers(-40, 40))),
            TODAY - timedelta(draw(st.integers(0, 3))),
            crisis=draw(st.integers(0, 4)) == 0,
            measure=draw(st.booleans()),
            group=draw(st.sampled_from([None, None, "g0", "g1"])),
        )
        chosen = draw(st.permutations(offers))[: draw(st.integers(0, len(offers)))]
        lists[made] = [
            Candidate(
                offer,
                draw(st.integers(1, 3)),
                TODAY + timedelta(draw(st.sampled_from([0, 0, 7, 30, 60, 91]))),
                draw(st.integers(0, 3)),
                draw(st.integers(0, 2)),
                draw(st.sampled_from([None, None, None, "light-contract", "longer-distance"])),
            )
            for offer in chosen
        ]
    return case_of(lists, places, draw(st.sampled_from(["stable", "least-lateness"])), draw(st.integers(0, 99)))


def case_with(
    numbers: np.random.Generator, most_children: int = 14, most_offers: int = 7, most_families: int = 4
) -> Case:
    """So many children at most, of whom two in five may have siblings, and few places at so many offers at most."""
    ids = [f"o{number}" for number in range(int(numbers.integers(1, most_offers + 1)))]
    lists: dict[Child, list[Candidate]] = {}
    for number in range(int(numbers.integers(1, most_children + 1))):
        group = f"g{numbers.integers(most_families)}" if numbers.random() < 0.4 else None
        made = Child(
            f"k{number}",
            TODAY + timedelta(int(numbers.integers(-40, 40))),
            TODAY - timedelta(int(numbers.integers(0, 4))),
            crisis=bool(numbers.random() < 0.1),
            measure=bool(numbers.random() < 0.5),
            group=group,
            places=1 if group or numbers.random() < 0.9 else 2,
        )
        lists[made] = [
            Candidate(
                offer,
                int(numbers.integers(1, 4)),
                TODAY + timedelta(int(numbers.choice([0, 0, 7, 30, 60, 91]))),
                int(numbers.integers(0, 5)),
                int(numbers.integers(0, 3)),
                "light-contract" if numbers.random() < 0.15 else None,
            )
            for offer in numbers.permutation(ids).tolist()
            if numbers.random() < 0.8
        ]
    places = {each: int(numbers.choice([0, 0, 1, 1, 2, 3, 5])) for each in ids}
    return case_of(lists, places, "least-lateness" if numbers.random() < 0.5 else "stable", int(numbers.integers(99)))


def reordered(case: Case, children: Sequence[int], offers: Sequence[int]) -> Case:
    """The same case with its children and its offers in that order."""
    where = np.argsort(np.array(offers, np.int64))
    parts = [case.candidates[case.first[at] : case.first[at + 1]] for at in children]
    candidates = np.concatenate([case.candidates[:0], *parts])
    candidates["offer"] = where[candidates["offer"]] if len(candidates) else candidates["offer"]
    return replace(
        case,
        children=tuple(case.children[at] for at in children),
        places=tuple(case.places[at] for at in offers),
        candidates=candidates,
        first=np.cumsum([0, *map(len, parts)]).astype(np.int64),
    )
