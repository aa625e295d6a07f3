"""What one change would do: a place more at an offer, a contract with it, an exception for one child.

What each could save is read from the prices of the least lateness (a place more at an offer saves its price; an option
that a child gets saves what the child comes to, less the option's cost and its place's price). Those that promise most
are tried by making the proposal again.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final, NamedTuple

import numpy as np

from app.allocation.applicants import Applicants, applicants_of
from app.allocation.least_lateness import Solved, least_lateness
from app.allocation.levels import in_one
from app.allocation.model import NEED_CODES, Case, Change, Child, Effect, Price
from app.allocation.prices import price_of
from app.allocation.stable import stable

_CONTRACT: Final = NEED_CODES.index("light-contract")


class _Idea(NamedTuple):
    """A change, what it may save in packed costs, and the rows of candidates that it lets in."""

    saves: int
    change: Change
    offer: str
    child: str | None
    rows: tuple[int, ...]


def effects_of(case: Case, applicants: Applicants, solved: Solved, now: Price) -> tuple[Effect, ...]:
    """What the changes that promise most do to the proposal that comes to `now`, the best first."""
    ideas = sorted(
        [*_places(applicants, solved), *_options(case, applicants, solved)],
        key=lambda idea: (-idea.saves, idea.change, idea.offer, idea.child or ""),
    )
    effects = [_effect(case, applicants, idea, now) for idea in ideas[: case.changes]]
    helpful = [each for each in effects if (each.days_saved, each.placed) > (0, 0)]
    return tuple(sorted(helpful, key=lambda each: (-each.days_saved, -each.placed, each.late)))


def _places(applicants: Applicants, solved: Solved) -> Iterator[_Idea]:
    for number in np.flatnonzero(solved.prices.of_place > 0).tolist():
        yield _Idea(int(solved.prices.of_place[number]), "place", applicants.offer_ids[number], None, ())


def _options(case: Case, applicants: Applicants, solved: Solved) -> Iterator[_Idea]:
    """Contracts, each for all children that it lets in, and exceptions; of children without siblings."""
    number = {offer: at for at, offer in enumerate(applicants.offer_ids)}
    contracts: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for who, members in enumerate(applicants.members):
        if len(members) > 1:
            continue
        begin, child = int(case.first[members[0]]), case.children[members[0]]
        candidates = case.candidates[begin : case.first[members[0] + 1]]
        for row in np.flatnonzero(candidates["needs"]).tolist():
            offer = case.places[candidates["offer"][row]].offer
            cost = in_one(solved.packed, _costs(child, candidates[row]))
            saves = int(solved.prices.of_child[who]) - cost - int(solved.prices.of_place[number[offer]])
            if saves <= 0:
                continue
            if candidates["needs"][row] == _CONTRACT:
                contracts[offer].append((saves, begin + row))
            else:
                yield _Idea(saves, "exception", offer, child.id, (begin + row,))
    for offer, each in contracts.items():
        best = sorted(each, reverse=True)[: max(1, int(applicants.places[number[offer]]))]
        yield _Idea(sum(saves for saves, _ in best), "contract", offer, None, tuple(row for _, row in each))


def _costs(child: Child, candidate: Any) -> tuple[int, ...]:
    """What a candidate would cost as an option, on LEVELS but the draw."""
    late = max(int(candidate["start"]) - child.due_on.toordinal(), 0)
    return late, 0, int(candidate["choice"]), int(candidate["wishes"]), int(candidate["distance"])


def _effect(case: Case, applicants: Applicants, idea: _Idea, now: Price) -> Effect:
    needs = NEED_CODES[case.candidates["needs"][idea.rows[0]]] if idea.rows else None
    changed = case if idea.change == "place" else _let_in(case, idea)
    applying = applicants if changed is case else applicants_of(changed)
    if idea.change == "place":
        more = np.array([each == idea.offer for each in applying.offer_ids], np.int64)
        applying = applying._replace(places=applying.places + more)
    chosen = stable(applying) if case.method == "stable" else least_lateness(applying).chosen
    then = price_of(changed, applying, chosen)
    return Effect(
        idea.change, idea.offer, idea.child, needs,
        now.days_late - then.days_late, then.placed - now.placed, then.late - now.late,
    )  # fmt: skip


def _let_in(case: Case, idea: _Idea) -> Case:
    """The case in which a contract, or an exception for one child, is no longer needed."""
    candidates = case.candidates.copy()
    candidates["needs"][list(idea.rows)] = 0
    if idea.change == "contract":
        offer = next(at for at, each in enumerate(case.places) if each.offer == idea.offer)
        candidates["needs"][(candidates["offer"] == offer) & (candidates["needs"] == _CONTRACT)] = 0
    return replace(case, candidates=candidates)
