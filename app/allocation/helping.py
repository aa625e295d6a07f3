"""The one change that would help a child without a place, or siblings together."""

from typing import Final

from app.allocation.applicants import Applicants
from app.allocation.model import NEED_CODES, Beyond, Case, Change, Helps
from app.domain.arrays import Array
from app.domain.language import Text, date_in_words
from app.ranking.model import Need

_CONTRACT: Final = NEED_CODES.index("light-contract")
_ONE_PLACE: Final = Text(nl="Een plek erbij voor dit kind bij {offer}.", en="One place more for this child at {offer}.")
_PLACES: Final = Text(
    nl="{count} plekken erbij voor dit gezin bij {offer}.", en="{count} places more for this family at {offer}."
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


def help_for(case: Case, applicants: Applicants, who: int, free: Array) -> Helps | None:
    """The one change that would help applicants without a place; None where there is no such.

    A place for them at the first offer on the list; where no offer fits, what it takes at the first that would and has
    a place `free` (or else at the first); where none starts within the horizon, what it takes at the best that starts
    later or nobody knows when.
    """
    options, size = applicants.options(who), int(applicants.size[who])
    if len(options):
        offer = applicants.offer_ids[applicants.offer[options.start]]
        return Helps("place", offer, size, None, (_ONE_PLACE if size == 1 else _PLACES).format(offer=offer, count=size))
    possible = _possible(case, applicants.members[who])
    if possible:
        numbers = {offer: number for number, offer in enumerate(applicants.offer_ids)}
        offer, need = next((each for each in possible if free[numbers[each[0]]] > 0), possible[0])
        return Helps(change_for(need), offer, 0, need, _NEEDS[need].format(offer=offer))
    beyond = {case.children[at].beyond for at in applicants.members[who]}
    return _help_beyond(case, size, beyond.pop()) if len(beyond) == 1 else None


def _possible(case: Case, members: tuple[int, ...]) -> list[tuple[str, Need]]:
    """The offers that would fit all members if one thing were arranged, and that thing; as the most urgent has them.

    A contract is one thing for all of them, an exception is for one child.
    """
    own = []
    for at in members:
        candidates = case.candidates[case.first[at] : case.first[at + 1]]
        own.append(dict(zip(candidates["offer"].tolist(), candidates["needs"].tolist(), strict=True)))
    found = []
    for offer in own[0]:
        needs = [each[offer] for each in own if each.get(offer)]
        is_one = len(needs) == 1 or (len(needs) > 1 and set(needs) == {_CONTRACT})
        if is_one and all(offer in each for each in own):
            found.append((case.places[offer].offer, NEED_CODES[needs[0]]))
    return [(offer, need) for offer, need in found if need is not None]


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
