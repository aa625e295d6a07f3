"""Who applies: a child, or siblings together as one, with the offers that can take them in their order.

Here the order of the input ends: applicants stand in the order of urgency and offers in that of their ids, so the same
children and offers in another order are the same applicants.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np

from app.allocation.draws import draw, draws, pair_draws
from app.allocation.model import Case, CaseError, Child
from app.domain.arrays import Array

LEVELS: Final = ("late", "without", "choice", "wishes", "distance", "draw")
"""What the least lateness weighs, one after another: smaller is better in each.

Days late of all together; children without a place; the numbers of the choices; wishes that are lacking; km; and a
draw between proposals that are equal in all of these.
"""


class Applicants(NamedTuple):
    """Applicants, the most urgent first, and their options: `first[n]` up to `first[n + 1]` are those of applicant n.

    `members` are the positions of an applicant's children in the case, the most urgent first; `size` is how many places
    they take. `owner` is the applicant of each option, and `offer` its offer, in the order of ids: `offer_ids` and
    `places` are by that number. `cost` has a row for each of LEVELS with what an option costs, `none` what being
    without a place does.
    `rows` are for each applicant the positions of its candidates in the case: a row a member, a column an option.
    """

    members: tuple[tuple[int, ...], ...]
    size: Array
    first: Array
    owner: Array
    offer: Array
    cost: Array
    none: Array
    offer_ids: tuple[str, ...]
    places: Array
    rows: tuple[Array, ...]

    def options(self, applicant: int) -> range:
        """The numbers of an applicant's options, best first."""
        return range(int(self.first[applicant]), int(self.first[applicant + 1]))


def urgency(child: Child, case: Case) -> tuple[Any, ...]:
    """What puts a child before another, the lowest first: the public priority.

    Crisis first; then who is longest over the norm; then who waits longest; then who has a measure; then the draw.
    """
    over, waiting = max((case.today - child.due_on).days, 0), (case.today - child.waiting_since).days
    return (not child.crisis, -over, -waiting, not child.measure, draw(case.seed, child.id), child.id)


def applicants_of(case: Case) -> Applicants:
    """The applicants of a case; raises CaseError where it contradicts itself."""
    check(case)
    offers = sorted(range(len(case.places)), key=lambda at: case.places[at].offer)
    offer_ids = tuple(case.places[at].offer for at in offers)
    number = np.empty(len(offers), np.int64)
    number[offers] = np.arange(len(offers))
    members = _members(case)
    rows = _rows(case, members)
    counts = np.array([len(each[0]) for each in rows], np.int64)
    first = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    leads = np.concatenate([each[0] for each in rows]) if rows else np.empty(0, np.int64)
    offer = number[case.candidates["offer"][leads]]
    return Applicants(
        members,
        np.array([sum(case.children[at].places for at in each) for each in members], np.int64),
        first,
        np.repeat(np.arange(len(members)), counts),
        offer,
        _cost(case, members, rows, first, offer, draws(case.seed, offer_ids)),
        _none(case, members),
        offer_ids,
        np.array([case.places[at].places for at in offers], np.int64),
        rows,
    )


def check(case: Case) -> None:
    """Raises CaseError where two children or offers have one id, or a day does not fit."""
    for what, ids in (("child", [each.id for each in case.children]), ("offer", [each.offer for each in case.places])):
        if len(set(ids)) < len(ids):
            raise CaseError(f"more than one {what} has the same id: {sorted(ids, key=ids.count)[-1]}")
    if case.horizon < case.today:
        raise CaseError("the horizon lies before today")
    starts = case.candidates["start"]
    if len(starts) and (starts.min() < case.today.toordinal() or starts.max() > case.horizon.toordinal()):
        raise CaseError("a candidate starts before today or after the horizon")
    for child in case.children:
        if child.waiting_since > case.today:
            raise CaseError(f"child {child.id} waits since a day that has not come")


def _members(case: Case) -> tuple[tuple[int, ...], ...]:
    """The children of each applicant; both in the order of urgency."""
    keys = [urgency(child, case) for child in case.children]
    together: dict[str, list[int]] = defaultdict(list)
    alone = []
    for at in sorted(range(len(keys)), key=keys.__getitem__):
        group = case.children[at].group
        if group is None:
            alone.append((at,))
        else:
            together[group].append(at)
    return tuple(sorted([*alone, *map(tuple, together.values())], key=lambda each: keys[each[0]]))


def _rows(case: Case, members: Sequence[tuple[int, ...]]) -> tuple[Array, ...]:
    """For each applicant the positions of its candidates that fit: a row a member, a column an option."""
    fits = case.candidates["needs"] == 0
    return tuple(_rows_of(case, each, fits) for each in members)


def _rows_of(case: Case, members: tuple[int, ...], fits: Array) -> Array:
    """The options of siblings are the offers that fit each of them, in the order of the most urgent."""
    own: list[Array] = []
    for member in members:
        begin, end = case.first[member], case.first[member + 1]
        own.append(fits[begin:end].nonzero()[0] + begin)
    if len(members) == 1:
        return own[0][None, :]
    offer = case.candidates["offer"]
    by_offer = [dict(zip(offer[each].tolist(), each.tolist(), strict=True)) for each in own]
    shared = [at for at in by_offer[0] if all(at in other for other in by_offer)]
    rows = [[each[at] for at in shared] for each in by_offer]
    return np.array(rows, np.int64).reshape(len(members), len(shared))


def _cost(
    case: Case,
    members: Sequence[tuple[int, ...]],
    rows: Sequence[Array],
    first: Array,
    offer: Array,
    offer_draws: Array,
) -> Array:
    due = np.array([child.due_on.toordinal() for child in case.children], np.int64)
    child_draws = draws(case.seed, (case.children[each[0]].id for each in members))
    cost = np.zeros((len(LEVELS), int(first[-1])), np.int64)
    for most in range(max(map(len, members), default=0)):
        among = [at for at, each in enumerate(members) if len(each) > most]
        chosen = np.concatenate([rows[at][most] for at in among]).astype(np.int64)
        columns = _columns(first, among)
        candidates = case.candidates[chosen]
        due_of = np.repeat(due[[members[at][most] for at in among]], [len(rows[at][most]) for at in among])
        cost[0, columns] += np.maximum(candidates["start"] - due_of, 0)
        for level, name in ((2, "choice"), (3, "wishes"), (4, "distance")):
            cost[level, columns] += candidates[name]
    cost[5] = pair_draws(np.repeat(child_draws, np.diff(first)), offer_draws[offer])
    return cost


def _columns(first: Array, among: Sequence[int]) -> Array:
    """The numbers of the options of these applicants."""
    if len(among) == len(first) - 1:
        return np.arange(int(first[-1]))
    parts = [np.arange(first[at], first[at + 1]) for at in among]
    return np.concatenate(parts) if parts else np.empty(0, np.int64)


def _none(case: Case, members: Sequence[tuple[int, ...]]) -> Array:
    """What being without a place costs each applicant: late until the horizon, and one without for each child."""
    none = np.zeros((len(LEVELS), len(members)), np.int64)
    late = [sum(days_late(case, case.children[at]) for at in each) for each in members]
    none[0], none[1] = np.array(late, np.int64), np.array([len(each) for each in members], np.int64)
    return none


def days_late(case: Case, child: Child) -> int:
    """How many days late a child without a place counts."""
    return max((case.horizon - child.due_on).days, 0)
