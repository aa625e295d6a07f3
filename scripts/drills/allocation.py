"""Thousands of small proposals, with siblings: is each what other solvers and the definitions say it should be?"""

import argparse
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import numpy as np

from app.allocation.applicants import applicants_of
from app.allocation.least_lateness import least_lateness
from app.allocation.model import Candidate, Case, Child, Places
from app.allocation.propose import propose
from app.allocation.stable import NOWHERE, stable
from scripts.drills._told import Told
from tests.allocation.cases import TODAY, case_of, reordered
from tests.allocation.oracles import best_in_order, blocking, totals


def main(arguments: list[str]) -> int:
    """The exit status: 0 where every proposal was as it should be. A thousand take some minutes of a processor."""
    parser = argparse.ArgumentParser(prog="scripts/drill allocation", description=__doc__)
    parser.add_argument("--count", type=int, default=2_000, help="how many proposals; 2000 unless said")
    parser.add_argument("--seed", type=int, default=1, help="of the first; each next one has the next")
    options = parser.parse_args(arguments)
    told, counts = Told(), Counter[str]()
    for seed in range(options.seed, options.seed + options.count):
        _try(case_with(np.random.default_rng(seed)), np.random.default_rng(seed), told, counts, f"seed {seed}")
        if seed % 100 == 0:
            print(f"{seed - options.seed + 1} of {options.count}", flush=True)
    told.figures |= {name: str(count) for name, count in sorted(counts.items())}
    return told.show()


def case_with(numbers: np.random.Generator) -> Case:
    """Up to 14 children, a third of them in families of up to four, and few places at up to 7 offers."""
    ids = [f"o{number}" for number in range(int(numbers.integers(1, 8)))]
    lists: dict[Child, list[Candidate]] = {}
    for number in range(int(numbers.integers(1, 15))):
        group = f"g{numbers.integers(4)}" if numbers.random() < 0.4 else None
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


def _try(case: Case, numbers: np.random.Generator, told: Told, counts: Counter[str], name: str) -> None:
    """All that must hold of the proposals of a case."""
    applicants = applicants_of(case)
    solved = least_lateness(applicants)
    found = totals(applicants, solved.chosen)
    told.demand(solved.proven, f"{name}: not proven")
    told.demand(found == best_in_order(applicants), f"{name}: another solver finds something better than {found}")
    told.demand(not blocking(applicants, stable(applicants)), f"{name}: a child could point to a place")
    children, offers = numbers.permutation(len(case.children)), numbers.permutation(len(case.places))
    other = reordered(case, children.tolist(), offers.tolist())
    told.demand(propose(other) == propose(case), f"{name}: another order of the input is another proposal")
    at = int(numbers.integers(len(case.places)))
    more = tuple(Places(each.offer, each.places + (number == at)) for number, each in enumerate(case.places))
    widened = applicants_of(replace(case, places=more))
    then = totals(widened, least_lateness(widened).chosen)
    told.demand(then[0] <= found[0], f"{name}: a place more made it {then[0]} days late in place of {found[0]}")
    counts["proposals"] += 1
    counts["with a family"] += bool((applicants.size > 1).any())
    counts["in which a place more makes all together fewer days late"] += then[0] < found[0]
    counts["in which a place more makes more children late"] += _late(case, more) > _late(case, case.places)
    counts["in which a child is left without a place"] += bool((solved.chosen == NOWHERE).any())


def _late(case: Case, places: tuple[Places, ...]) -> int:
    return propose(replace(case, places=places)).prices["least-lateness"].late
