"""Siblings who would part in the cheapest flow: who goes where with each of them in one place, by CP-SAT of OR-Tools.

One worker and a fixed seed, so that the same input gives the same outcome; the draw between equal proposals is the last
level, so that there is one best.
"""

from typing import Any, Final

import numpy as np

from app.allocation.applicants import Applicants
from app.allocation.flow import Open
from app.allocation.stable import NOWHERE
from app.ranking.columns import Array

EFFORT: Final = 0.25
"""How long a level is searched at most, in the solver's own count of work, which is the same on every machine."""


def solve_together(applicants: Applicants, still: Open, levels: range, hint: Array | None) -> tuple[Array, bool]:
    """The option of each applicant, or NOWHERE, that is best on these levels, and whether that is proven.

    `hint` is a good one; it is what stands where none better was found in time.
    """
    from ortools.sat.python import cp_model  # noqa: PLC0415 - only where siblings would part

    model = cp_model.CpModel()
    options = np.flatnonzero(still.options)
    goes = {option: model.new_bool_var("") for option in options.tolist()}
    without = [model.new_bool_var("") for _ in applicants.size]
    _constrain(model, applicants, still, goes, without)
    variables = [*goes.values(), *without]
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 0
    _hint(model, goes, without, hint)
    solver.parameters.max_deterministic_time = EFFORT
    chosen = np.full(len(applicants.size), NOWHERE, np.int64) if hint is None else hint.copy()
    for level in levels:
        costs = [*applicants.cost[level][options].tolist(), *applicants.none[level].tolist()]
        total = cp_model.LinearExpr.weighted_sum(variables, costs)
        model.minimize(total)
        status = solver.solve(model)
        if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
            return chosen, False
        model.add(total == round(solver.objective_value))
        chosen[:] = NOWHERE
        for option, variable in goes.items():
            if solver.boolean_value(variable):
                chosen[applicants.owner[option]] = option
        if status != cp_model.OPTIMAL:
            return chosen, False
        _hint(model, goes, without, chosen)
    return chosen, True


def _constrain(model: Any, applicants: Applicants, still: Open, goes: dict[int, Any], without: list[Any]) -> None:
    """Each applicant goes one way, and an offer takes as many children as it has places."""
    owner = applicants.owner
    ways: list[list[Any]] = [[each] for each in without]
    at_offer: dict[int, list[int]] = {}
    for option, variable in goes.items():
        ways[owner[option]].append(variable)
        at_offer.setdefault(int(applicants.offer[option]), []).append(option)
    for applicant, each in enumerate(ways):
        model.add_exactly_one(each)
        if not still.without[applicant]:
            model.add(without[applicant] == 0)
    for offer, options in sorted(at_offer.items()):
        taken = sum(int(applicants.size[owner[option]]) * goes[option] for option in options)
        places = int(applicants.places[offer])
        model.add(taken == places if still.full[offer] else taken <= places)


def _hint(model: Any, goes: dict[int, Any], without: list[Any], chosen: Array | None) -> None:
    model.clear_hints()
    if chosen is None:
        return
    taken = set(chosen.tolist())
    for option, variable in goes.items():
        model.add_hint(variable, option in taken)
    for variable, option in zip(without, chosen.tolist(), strict=True):
        model.add_hint(variable, option == NOWHERE)
