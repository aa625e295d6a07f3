"""Thousands of small proposals, with siblings: is each what other solvers and the definitions say it should be?"""

import argparse
from collections import Counter
from dataclasses import replace

import numpy as np

from app.allocation.applicants import applicants_of
from app.allocation.least_lateness import least_lateness
from app.allocation.model import Case, Places
from app.allocation.propose import propose
from app.allocation.stable import NOWHERE, stable
from scripts.drills._told import Told
from tests.allocation.cases import case_with, reordered
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
