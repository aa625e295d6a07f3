"""The proposal itself: a pure function of the case."""

from datetime import date

from app.allocation.applicants import Applicants, applicants_of, days_late
from app.allocation.helping import help_for
from app.allocation.least_lateness import least_lateness
from app.allocation.model import Case, Line, Proposal
from app.allocation.prices import free_places, price_of
from app.allocation.stable import NOWHERE, stable
from app.allocation.what_if import effects_of
from app.allocation.wording import reason_for_place, reason_without
from app.domain.arrays import Array


def propose(case: Case) -> Proposal:
    """The proposal of a case: the same whatever the order of its children and places.

    Raises CaseError where the case contradicts itself, and OverflowError where its costs do not fit in 64 bits.
    """
    applicants = applicants_of(case)
    solved = least_lateness(applicants)
    chosen = {"stable": stable(applicants), "least-lateness": solved.chosen}[case.method]
    return Proposal(
        lines_of(case, applicants, chosen),
        {
            "stable": price_of(case, applicants, stable(applicants)),
            "least-lateness": price_of(case, applicants, solved.chosen),
        },
        effects_of(case, applicants, solved, price_of(case, applicants, chosen)) if case.changes else (),
        solved.proven,
    )


def lines_of(case: Case, applicants: Applicants, chosen: Array) -> tuple[Line, ...]:
    """A line a child, by id."""
    free = free_places(applicants, chosen)
    lines = []
    for who, option in enumerate(chosen.tolist()):
        if option == NOWHERE:
            lines.extend(_without(case, applicants, who, chosen, free))
        else:
            lines.extend(_placed(case, applicants, who, option))
    return tuple(sorted(lines, key=lambda line: line.child))


def _without(case: Case, applicants: Applicants, who: int, chosen: Array, free: Array) -> list[Line]:
    helps = help_for(case, applicants, who, chosen, free)
    reason = reason_without(case, applicants, who, is_helped=helps is not None)
    children = [case.children[at] for at in applicants.members[who]]
    return [Line(each.id, None, None, None, days_late(case, each), None, reason, helps) for each in children]


def _placed(case: Case, applicants: Applicants, who: int, option: int) -> list[Line]:
    lines = []
    rows = applicants.rows[who][:, option - applicants.first[who]].tolist()
    for at, row in zip(applicants.members[who], rows, strict=True):
        child, taken = case.children[at], case.candidates[row]
        rank = int((case.candidates["needs"][case.first[at] : row + 1] == 0).sum())
        starts_on = date.fromordinal(int(taken["start"]))
        reason = reason_for_place(case, child, len(rows), rank, starts_on)
        late = max((starts_on - child.due_on).days, 0)
        offer = case.places[taken["offer"]].offer
        lines.append(Line(child.id, offer, int(taken["choice"]), starts_on, late, rank, reason))
    return lines
