"""The one change that would help a child without a place, or siblings together."""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from app.allocation.applicants import Applicants
from app.allocation.model import NEED_CODES, Beyond, Case, Change, Helps
from app.allocation.stable import NOWHERE
from app.allocation.wording import whom
from app.domain.arrays import Array
from app.domain.language import Text, date_in_words
from app.ranking.model import Need

CONTRACT: Final = NEED_CODES.index("light-contract")
_ONE_PLACE: Final = Text(nl="Een plek erbij voor {whom} bij {offer}.", en="One place more for {whom} at {offer}.")
_PLACES: Final = Text(
    nl="{count} plekken erbij voor {whom} bij {offer}.", en="{count} places more for {whom} at {offer}."
)
_NEEDS: Final[dict[Need, Text]] = {
    "light-contract": Text(nl="Een contract met {offer}.", en="A contract with {offer}."),
    "ceiling-exception": Text(
        nl="Een uitzondering op het budgetplafond bij {offer}.", en="An exception to the budget ceiling at {offer}."
    ),
    "longer-distance": Text(
        nl="Een grotere afstand toestaan, naar {offer}.", en="Allowing a longer distance, to {offer}."
    ),
    "provider-consent": Text(
        nl="Instemming van de aanbieder van {offer}.", en="The consent of the provider of {offer}."
    ),
    "ask-again": Text(nl="Opnieuw vragen bij {offer}.", en="Asking {offer} again."),
}
_SOONER: Final = Text(
    nl="Een plek vóór {horizon} bij {offer}: nu kan de hulp daar pas op {day} beginnen.",
    en="A place before {horizon} at {offer}: as it is, help can only start there on {day}.",
)
_REPORT: Final = Text(
    nl="Een nieuwe opgave van {offer}: het past, maar wanneer de hulp daar kan beginnen, is niet bekend.",
    en="A new report of {offer}: it fits, but when help can start there is not known.",
)
_THEN_ON: Final = Text(nl="De hulp kan daar op {day} beginnen.", en="Help can start there on {day}.")
_THEN_UNKNOWN: Final = Text(
    nl="Wanneer de hulp daar kan beginnen, is niet bekend.", en="When help can start there is not known."
)


def help_for(case: Case, applicants: Applicants, who: int, chosen: Array, free: Array) -> Helps | None:
    """The one change that would help applicants without a place; None where there is no such.

    The places that they lack at the first offer on the list, besides those that are `free` there and, in a stable
    proposal, those of applicants behind them; where no offer fits, what it takes at the first that would and has
    enough places `free` (or else at the first); where none starts within the horizon, what it takes at the best that
    starts later or nobody knows when.
    """
    options, size = applicants.options(who), int(applicants.size[who])
    if len(options):
        return _places(applicants, who, size - _within_reach(case, applicants, who, chosen, free))
    found = [(case.places[each.offer].offer, each.need) for each in possible(case, applicants.members[who])]
    if found:
        numbers = {offer: number for number, offer in enumerate(applicants.offer_ids)}
        offer, need = next((each for each in found if free[numbers[each[0]]] >= size), found[0])
        return Helps(change_for(need), offer, 0, need, _NEEDS[need].format(offer=offer))
    beyond = {case.children[at].beyond for at in applicants.members[who]}
    return _help_beyond(case, size, beyond.pop()) if len(beyond) == 1 else None


def _within_reach(case: Case, applicants: Applicants, who: int, chosen: Array, free: Array) -> int:
    """How many places at the first offer on the list are free or, in a stable proposal, of applicants behind."""
    offer = applicants.offer[applicants.first[who]]
    if case.method == "least-lateness" or applicants.size[who] == 1:
        return int(free[offer])
    behind = chosen[who + 1 :]
    there = applicants.owner[behind[(behind != NOWHERE) & (applicants.offer[behind] == offer)]]
    return int(free[offer] + applicants.size[there].sum())


def _places(applicants: Applicants, who: int, lacking: int) -> Helps:
    offer = applicants.offer_ids[applicants.offer[applicants.first[who]]]
    count = max(lacking, 1)  # an unproven proposal can leave a place free that would do
    text = (_ONE_PLACE if count == 1 else _PLACES).format(
        offer=offer, count=count, whom=whom(len(applicants.members[who]))
    )
    return Helps("place", offer, count, None, text)


class Possible(NamedTuple):
    """An offer, by its position among the places, that would fit children if one thing were arranged: `need`.

    `rows` are their candidates there, one a child in their order; `needing` those of them that need it.
    """

    offer: int
    need: Need
    rows: tuple[int, ...]
    needing: tuple[int, ...]


def possible(case: Case, members: Sequence[int]) -> Iterator[Possible]:
    """What would fit all of these children if one thing were arranged; in the order of the first of them.

    A contract is one thing for all of them, an exception is for one child.
    """
    for offer, rows in _together(case, members):
        needing = tuple(row for row in rows if case.candidates["needs"][row])
        kinds = {int(case.candidates["needs"][row]) for row in needing}
        if len(needing) == 1 or kinds == {CONTRACT}:
            need = NEED_CODES[kinds.pop()]
            if need is not None:
                yield Possible(offer, need, rows, needing)


def _together(case: Case, members: Sequence[int]) -> Iterator[tuple[int, tuple[int, ...]]]:
    """The offers that all of these children have, each with their candidates there; of a child alone, those that need
    something."""
    offers = case.candidates["offer"]
    if len(members) == 1:
        begin, end = case.first[members[0]], case.first[members[0] + 1]
        for row in (begin + case.candidates["needs"][begin:end].nonzero()[0]).tolist():
            yield int(offers[row]), (row,)
        return
    own = []
    for at in members:
        begin, end = int(case.first[at]), int(case.first[at + 1])
        own.append(dict(zip(offers[begin:end].tolist(), range(begin, end), strict=True)))
    for offer in own[0]:
        if all(offer in each for each in own):
            yield offer, tuple(each[offer] for each in own)


def _help_beyond(case: Case, size: int, beyond: Beyond | None) -> Helps | None:
    """What it takes at the best offer that does not start within the horizon."""
    if beyond is None:
        return None
    offer, starts_on = beyond.offer, beyond.starts_on
    day = None if starts_on is None else date_in_words(starts_on)
    if beyond.needs is not None:
        then = _THEN_UNKNOWN if day is None else _THEN_ON.format(day=day)
        needed = _NEEDS[beyond.needs].format(offer=offer)
        text = Text(nl=f"{needed.nl} {then.nl}", en=f"{needed.en} {then.en}")
        return Helps(change_for(beyond.needs), offer, 0, beyond.needs, text)
    if day is None:
        return Helps("report", offer, 0, None, _REPORT.format(offer=offer))
    return Helps("place", offer, size, None, _SOONER.format(offer=offer, day=day, horizon=date_in_words(case.horizon)))


def change_for(need: Need) -> Change:
    """What kind of change it is to arrange that."""
    return "contract" if need == "light-contract" else "exception"
