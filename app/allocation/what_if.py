"""What one change would do: a place more at an offer, a contract with it, an exception for one child.

What each could save is read from the prices of the least lateness (a place more at an offer saves its price; an option
that a child gets saves what the child comes to, less the option's cost and its place's price). Those that promise most
are tried by making the proposal again.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from app.allocation.applicants import Applicants, applicants_of
from app.allocation.helping import CONTRACT, possible
from app.allocation.least_lateness import Solved, least_lateness
from app.allocation.levels import in_one
from app.allocation.model import NEED_CODES, Case, Change, Effect, Price
from app.allocation.prices import price_of
from app.allocation.stable import stable


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


class _LetIn(NamedTuple):
    """Applicants whom a contract would let in: what that may save, how many places they take, and their candidates."""

    saves: int
    size: int
    rows: tuple[int, ...]


def _options(case: Case, applicants: Applicants, solved: Solved) -> Iterator[_Idea]:
    """Contracts, each for all that it lets in, and exceptions; siblings come in together."""
    number = {offer: at for at, offer in enumerate(applicants.offer_ids)}
    contracts: dict[str, list[_LetIn]] = defaultdict(list)
    for who, members in enumerate(applicants.members):
        size = int(applicants.size[who])
        for each in possible(case, members):
            offer = case.places[each.offer].offer
            if applicants.places[number[offer]] < size:
                continue
            price = int(solved.prices.of_child[who]) - int(solved.prices.of_place[number[offer]])
            saves = size * price - in_one(solved.packed, _costs(case, members, each.rows))
            if saves <= 0:
                continue
            if each.need == "light-contract":
                contracts[offer].append(_LetIn(saves, size, each.needing))
            else:
                [row] = each.needing
                child = case.children[members[each.rows.index(row)]]
                yield _Idea(saves, "exception", offer, child.id, each.needing)
    for offer, let_in in contracts.items():
        yield _contract(offer, let_in, int(applicants.places[number[offer]]))


def _contract(offer: str, let_in: list[_LetIn], places: int) -> _Idea:
    """A contract for those who save most, as far as there is room."""
    best, room = list[_LetIn](), places
    for each in sorted(let_in, reverse=True):
        if each.size <= room:
            best.append(each)
            room -= each.size
    return _Idea(sum(each.saves for each in best), "contract", offer, None, best[0].rows)


def _costs(case: Case, members: Sequence[int], rows: Sequence[int]) -> tuple[int, ...]:
    """What these candidates, one a child, would cost together as an option, on LEVELS but the draw."""
    late = choice = wishes = distance = 0
    for at, row in zip(members, rows, strict=True):
        candidate = case.candidates[row]
        late += max(int(candidate["start"]) - case.children[at].due_on.toordinal(), 0)
        choice, wishes = choice + int(candidate["choice"]), wishes + int(candidate["wishes"])
        distance += int(candidate["distance"])
    return late, 0, choice, wishes, distance


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
        candidates["needs"][(candidates["offer"] == offer) & (candidates["needs"] == CONTRACT)] = 0
    return replace(case, candidates=candidates)
