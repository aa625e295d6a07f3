"""What a proposal should be, from the case alone: nothing of the product is used but the case's own classes.

Every way to give families a place, or none, is tried and counted as docs/proposals.md says; slow, and plain to read.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from hashlib import sha256
from typing import Any, NamedTuple

from app.allocation.model import Case, Child

Way = Mapping[str, str | None]
"""The offer of each child by id, None without a place."""


class Option(NamedTuple):
    """What an offer is for a child: the day, the choice, the wishes that it lacks, and the distance."""

    start: date
    choice: int
    wishes: int
    distance: int


def options_of(case: Case) -> dict[str, dict[str, Option]]:
    """The offers that fit each child, in the order of its list; what first needs something arranged does not fit."""
    found: dict[str, dict[str, Option]] = {}
    for at, child in enumerate(case.children):
        found[child.id] = {
            case.places[int(each["offer"])].offer: Option(
                date.fromordinal(int(each["start"])), int(each["choice"]), int(each["wishes"]), int(each["distance"])
            )
            for each in case.candidates[case.first[at] : case.first[at + 1]]
            if each["needs"] == 0
        }
    return found


def families_of(case: Case) -> list[list[Child]]:
    """Siblings together and others alone; who goes first stands first, and in a family too."""
    groups: dict[str, list[Child]] = defaultdict(list)
    for child in sorted(case.children, key=lambda each: before(case, each)):
        groups[child.group or f"alone {child.id}"].append(child)
    return list(groups.values())


def before(case: Case, child: Child) -> tuple[Any, ...]:
    """The public order, the lowest first."""
    drawn = sha256(f"{case.seed} {child.id}".encode()).digest()[:8]
    over = max(case.today - child.due_on, case.today - case.today)
    return (0 if child.crisis else 1, -over.days, child.waiting_since, 0 if child.measure else 1, drawn)


def fitting(family: list[Child], options: Mapping[str, Mapping[str, Option]]) -> list[str]:
    """The offers that fit all of a family, in the order of its first child."""
    return [each for each in options[family[0].id] if all(each in options[child.id] for child in family)]


def size_of(family: list[Child]) -> int:
    """How many places they take."""
    return sum(child.places for child in family)


class Plain:
    """A case as its definitions read it."""

    def __init__(self, case: Case) -> None:
        self.case, self.options, self.families = case, options_of(case), families_of(case)
        self.places = {each.offer: each.places for each in case.places}
        self.due = {child.id: child.due_on for child in case.children}
        self.lists = [fitting(each, self.options) for each in self.families]

    def ways(self) -> Iterator[Way]:
        """Every way in which families go together or not at all, and no offer takes more than it has places for."""
        yield from self._ways(0, self.places, {})

    def _ways(self, at: int, room: dict[str, int], way: dict[str, str | None]) -> Iterator[Way]:
        if at == len(self.families):
            yield way
            return
        family = self.families[at]
        yield from self._ways(at + 1, room, way | dict.fromkeys([child.id for child in family]))
        for offer in self.lists[at]:
            if room[offer] >= size_of(family):
                less = room | {offer: room[offer] - size_of(family)}
                yield from self._ways(at + 1, less, way | dict.fromkeys([child.id for child in family], offer))

    def counted(self, way: Way) -> tuple[int, int, int, int, int]:
        """Days late, children without a place, choices, wishes that are lacking, and km, of all together."""
        days = without = choices = wishes = distance = 0
        for id_, offer in way.items():
            if offer is None:
                days += max((self.case.horizon - self.due[id_]).days, 0)
                without += 1
            else:
                option = self.options[id_][offer]
                days += max((option.start - self.due[id_]).days, 0)
                choices, wishes, distance = choices + option.choice, wishes + option.wishes, distance + option.distance
        return days, without, choices, wishes, distance

    def late(self, way: Way) -> int:
        """How many children are late."""
        starts = {id_: self.options[id_][offer].start if offer else self.case.horizon for id_, offer in way.items()}
        return sum(starts[id_] > due for id_, due in self.due.items())

    def pointing(self, way: Way) -> set[str]:
        """The children who could point to places that they would rather have: free, or of children behind them."""
        found: set[str] = set()
        for at, family in enumerate(self.families):
            own = way[family[0].id]
            for offer in self.lists[at]:
                if offer == own:
                    break
                ahead = sum(size_of(each) for each in self.families[:at] if way[each[0].id] == offer)
                if self.places[offer] - ahead >= size_of(family):
                    found |= {child.id for child in family}
        return found
