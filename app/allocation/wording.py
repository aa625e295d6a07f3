"""Why a child goes where it goes, and what would help a child without a place, in a sentence."""

from datetime import date
from typing import Final

from app.allocation.applicants import Applicants
from app.allocation.model import NEED_CODES, Case, Change, Child, Helps, Method
from app.domain.arrays import Array
from app.domain.language import Text, date_in_words
from app.ranking.model import Need

_FIRST: Final = Text(nl="Dit aanbod staat bovenaan de eigen lijst.", en="This offer is first on the child's own list.")
_LOWER: Final[dict[Method, Text]] = {
    "stable": Text(
        nl="Dit aanbod is nummer {rank} op de eigen lijst: wat daarboven staat, heeft geen plek meer of gaat "
        "naar kinderen die voorgaan.",
        en="This offer is number {rank} on the child's own list: those above it have no place left, or their places go "
        "to children who go first.",
    ),
    "least-lateness": Text(
        nl="Dit aanbod is nummer {rank} op de eigen lijst: zo zijn alle kinderen samen de minste dagen te laat.",
        en="This offer is number {rank} on the child's own list: so all children together are late the fewest days.",
    ),
}
_IN_TIME: Final = Text(
    nl="De hulp kan op {day} beginnen, binnen de norm.", en="Help can start on {day}, within the norm."
)
_LATE: Final = Text(
    nl="De hulp kan op {day} beginnen, {late} na de norm.", en="Help can start on {day}, {late} after the norm."
)
_TOGETHER: Final = Text(
    nl="De {count} kinderen van het gezin gaan samen.", en="The {count} children of the family go together."
)
_NO_OFFER: Final = Text(
    nl="Geen aanbod binnen de termijn past bij dit kind.", en="No offer within the horizon fits this child."
)
_NO_OFFER_TOGETHER: Final = Text(
    nl="Geen aanbod binnen de termijn past bij alle {count} kinderen van het gezin.",
    en="No offer within the horizon fits all {count} children of the family.",
)
_FULL: Final[dict[Method, Text]] = {
    "stable": Text(
        nl="Al het aanbod dat past is vol, met kinderen die voorgaan.",
        en="Every offer that fits is full, with children who go first.",
    ),
    "least-lateness": Text(
        nl="Al het aanbod dat past is vol: een plek voor dit kind zou de anderen samen meer dagen kosten.",
        en="Every offer that fits is full: a place for this child would cost the others more days together.",
    ),
}
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


def reason_for_place(case: Case, child: Child, together: int, rank: int, starts_on: date) -> Text:
    """Why the child goes to the offer of that `rank` on its list; `together` is how many siblings go there."""
    late = max((starts_on - child.due_on).days, 0)
    start = (_LATE if late else _IN_TIME).format(day=date_in_words(starts_on), late=days_in_words(late))
    parts = [_FIRST if rank == 1 else _LOWER[case.method].format(rank=rank), start]
    if together > 1:
        parts.append(_TOGETHER.format(count=together))
    return _joined(parts)


def reason_without(case: Case, applicants: Applicants, who: int) -> Text:
    """Why applicants are without a place."""
    size = int(applicants.size[who])
    if len(applicants.options(who)):
        return _FULL[case.method]
    return _NO_OFFER if size == 1 else _NO_OFFER_TOGETHER.format(count=size)


def _joined(parts: list[Text]) -> Text:
    return Text(nl=" ".join(part.nl for part in parts), en=" ".join(part.en for part in parts))


def days_in_words(days: int) -> Text:
    """A number of days: "1 dag", "12 days"."""
    return Text(nl=f"{days} {'dag' if days == 1 else 'dagen'}", en=f"{days} {'day' if days == 1 else 'days'}")


def help_for(case: Case, applicants: Applicants, who: int, free: Array) -> Helps | None:
    """The one change that would help applicants without a place; None where no offer is near enough to fitting.

    A place for them at the first offer on the list; where no offer fits, what it takes at the first that would and has
    a place `free` (or else at the first).
    """
    options, size = applicants.options(who), int(applicants.size[who])
    if len(options):
        offer = applicants.offer_ids[applicants.offer[options.start]]
        return Helps("place", offer, size, None, (_ONE_PLACE if size == 1 else _PLACES).format(offer=offer, count=size))
    at = applicants.members[who][0]
    possible = case.candidates[case.first[at] : case.first[at + 1]]
    if size > 1 or not len(possible):
        return None
    ids = [case.places[each].offer for each in possible["offer"].tolist()]
    numbers = {offer: number for number, offer in enumerate(applicants.offer_ids)}
    first = next((each for each, offer in enumerate(ids) if free[numbers[offer]] > 0), 0)
    need = NEED_CODES[possible["needs"][first]]
    if need is None:
        raise ValueError("a candidate that fits is an option")
    return Helps(change_for(need), ids[first], 0, need, _NEEDS[need].format(offer=ids[first]))


def change_for(need: Need) -> Change:
    """What kind of change it is to arrange that."""
    return "contract" if need == "light-contract" else "exception"
