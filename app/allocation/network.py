"""A network of arcs with room and cost: the cheapest flow through it, and what that says of each arc.

OR-Tools is loaded when a flow is asked for.
"""

from typing import NamedTuple

import numpy as np

from app.domain.arrays import Array


class Network(NamedTuple):
    """Arcs from node `tail` to node `head` with `room` for so much; `supply` is what each node sends (takes: below 0).

    Two nodes that send 1 each to one that takes 2, over arcs 0 and 1: tail [0, 1], head [2, 2], supply [1, 1, -2].
    """

    tail: Array
    head: Array
    room: Array
    supply: Array


def cheapest(network: Network, cost: Array) -> Array | None:
    """How much goes over each arc where all together cost least, of `cost` a unit; None where not all can be sent."""
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow  # noqa: PLC0415 - only where one is solved

    solver = SimpleMinCostFlow()
    arcs = solver.add_arcs_with_capacity_and_unit_cost(network.tail, network.head, network.room, cost)
    solver.set_nodes_supplies(np.arange(len(network.supply)), network.supply)
    status = solver.solve()
    if status == solver.INFEASIBLE:
        return None
    if status != solver.OPTIMAL:
        raise ArithmeticError(f"the flow was not solved: {status.name}")
    flow: Array = solver.flows(arcs)
    return flow


def above(network: Network, cost: Array, flow: Array) -> Array:
    """What a unit more over each arc adds to a cheapest flow at least; below 0: what a unit less adds.

    They are the reduced costs of linear programming: any other flow costs at least the cheapest, and besides for each
    arc what it sends more (of those above 0) or less (of those below 0), times this.
    """
    ahead, back = flow < network.room, flow > 0
    tail = np.concatenate([network.tail[ahead], network.head[back]])
    head = np.concatenate([network.head[ahead], network.tail[back]])
    length = np.concatenate([cost[ahead], -cost[back]])
    distance = np.zeros(len(network.supply), np.int64)
    while True:
        before = distance.copy()
        np.minimum.at(distance, head, distance[tail] + length)
        if np.array_equal(before, distance):
            reduced: Array = cost + distance[network.tail] - distance[network.head]
            return reduced


def within(network: Network, reduced: Array) -> tuple[Network, Array]:
    """What is left to choose among cheapest flows: the network of the arcs that cost nothing more, and their numbers.

    Arcs that would add are left empty, and those that would add by sending less are full in each of them.
    """
    kept, full = np.flatnonzero(reduced == 0), np.flatnonzero(reduced < 0)
    supply = network.supply.copy()
    np.subtract.at(supply, network.tail[full], network.room[full])
    np.add.at(supply, network.head[full], network.room[full])
    return Network(network.tail[kept], network.head[kept], network.room[kept], supply), kept
