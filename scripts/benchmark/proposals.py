"""How long a proposal takes, and what it comes to beside two other ways to share the same places.

First come, first served: in the order in which children came, each takes the place where help starts soonest, whatever
its choices. Each its own best: in that same order, each takes the first of its own list that has room.
"""

import time
from datetime import date, timedelta
from typing import Final

import numpy as np

from app.allocation.applicants import Applicants, applicants_of
from app.allocation.model import CANDIDATE, Case, Child, Places, Price
from app.allocation.prices import price_of
from app.allocation.propose import propose
from app.allocation.stable import NOWHERE
from app.domain.arrays import Array
from scripts.benchmark import whole_proposals
from scripts.benchmark.bench import Bench
from scripts.benchmark.figures import Sample, Setup

REGION: Final = 300
"""Children who wait in a region."""
_CANDIDATES: Final = 300
_TODAY: Final = date(2027, 1, 4)
_HORIZON: Final = _TODAY + timedelta(120)
_FAMILIES: Final = 10
"""One in so many children has a sibling who goes along, where there are any."""


def measure(bench: Bench) -> None:
    """A region, the same with siblings, and the whole country: drawn ones, and whole proposals of a data set."""
    for name, children in (("region", min(REGION, bench.plan.children)), ("country", bench.plan.children)):
        whole_proposals.measure(bench, name, children)
    offers = bench.plan.base
    for name, children, siblings in (
        ("region", min(REGION, bench.plan.children), False),
        ("region with siblings", min(REGION, bench.plan.children), True),
        ("country", bench.plan.children, False),
    ):
        case = case_of(children, offers, siblings=siblings)
        began, worked = time.perf_counter(), time.process_time()
        proposal = propose(case)
        for kind, took in (("time", time.perf_counter() - began), ("CPU", time.process_time() - worked)):
            bench.note(Setup("proposals", "product", offers, what=f"{kind}: {name}", unit="s"), Sample(took))
        for way, price in [*proposal.prices.items(), *others(case).items()]:
            for figure, value in price._asdict().items():
                what = f"{name}: {way}, {figure.replace('_', ' ')}"
                bench.note(Setup("proposals", "product", offers, what=what, unit="children or days"), Sample(value))


def case_of(children: int, offers: int, *, siblings: bool) -> Case:
    """So many children, each with 300 offers near it at most, and a place and a bit for each; the same every time."""
    numbers = np.random.default_rng(20270104)
    due, since = numbers.integers(-90, 90, children), numbers.integers(0, 200, children)
    crisis, measured = numbers.random(children) < 0.03, numbers.random(children) < 0.5
    free = numbers.random(offers) < 0.63 * children / offers
    places = np.where(free, numbers.integers(1, 4, offers), 0)
    candidates: list[Array] = []
    for at in range(children):
        if siblings and at % _FAMILIES == 1:
            candidates.append(candidates[-1])
        else:
            candidates.append(_candidates(numbers, offers))
    return Case(
        *(_TODAY, _HORIZON, "least-lateness", 1),
        tuple(
            Child(
                f"k{at:05}",
                _TODAY + timedelta(int(due[at])),
                _TODAY - timedelta(int(since[at])),
                bool(crisis[at]),
                bool(measured[at]),
                f"g{at // _FAMILIES}" if siblings and at % _FAMILIES < 2 else None,
            )
            for at in range(children)
        ),
        tuple(Places(f"o{at:05}", int(places[at])) for at in range(offers)),
        np.concatenate(candidates),
        np.cumsum([0, *map(len, candidates)]).astype(np.int64),
    )


def _candidates(numbers: np.random.Generator, offers: int) -> Array:
    """Of the thousand offers that are nearest to some point; choices in order."""
    most = min(_CANDIDATES, offers)
    near = (int(numbers.integers(offers)) + numbers.choice(min(3 * most, offers), most, replace=False)) % offers
    found = np.zeros(most, CANDIDATE)
    found["offer"] = near
    found["choice"] = np.sort(numbers.integers(1, 4, most))
    found["start"] = _TODAY.toordinal() + numbers.choice([0, 0, 0, 14, 30, 60, 90], most)
    found["distance"] = numbers.integers(0, 60, most)
    found["wishes"] = numbers.integers(0, 3, most)
    return found


def others(case: Case) -> dict[str, Price]:
    """What the two other ways come to."""
    applicants = applicants_of(case)
    came = sorted(
        range(len(applicants.size)),
        key=lambda who: min(case.children[at].waiting_since for at in applicants.members[who]),
    )
    return {
        "first come first served": price_of(case, applicants, _shared(case, applicants, came, soonest=True)),
        "each its own best": price_of(case, applicants, _shared(case, applicants, came, soonest=False)),
    }


def _shared(case: Case, applicants: Applicants, order: list[int], *, soonest: bool) -> Array:
    room = applicants.places.copy()
    chosen = np.full(len(order), NOWHERE, np.int64)
    for who in order:
        options = np.array(applicants.options(who), np.int64)
        fitting = options[room[applicants.offer[options]] >= applicants.size[who]]
        if not len(fitting):
            continue
        starts = case.candidates["start"][applicants.rows[who][0][fitting - applicants.first[who]]]
        chosen[who] = fitting[np.argmin(starts)] if soonest else fitting[0]
        room[applicants.offer[chosen[who]]] -= applicants.size[who]
    return chosen
