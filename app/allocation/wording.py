"""Why a child goes where it goes, or nowhere, in a sentence."""

from datetime import date
from typing import Final

from app.allocation.applicants import Applicants
from app.allocation.model import Case, Child, KeptOut, Method
from app.domain.language import Text, date_in_words
from app.ranking.reason_labels import REASON_LABELS

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
_NOTHING_GIVEN: Final = Text(
    nl="Van de soorten hulp die zijn gekozen is er geen aanbod in of voor de regio van dit kind.",
    en="Of the care types that were chosen no offer is given in, or contracted for, the region of this child.",
)
_NOTHING_FITS: Final = Text(
    nl="Er past geen aanbod bij dit kind, en één verandering is bij geen ervan genoeg. Wat het vaakst in de weg staat: "
    "{reason} ({count} van {offers}).",
    en="No offer fits this child, and one change is not enough at any of them. What most often stands in the way: "
    "{reason} ({count} of {offers}).",
)
_NOTHING_TOGETHER: Final = Text(
    nl="Ook één verandering is bij geen ervan genoeg voor alle kinderen.",
    en="One change is not enough for all children at any of them either.",
)
_NO_PLACES: Final = Text(
    nl="Al het aanbod dat past heeft binnen de termijn geen plek.",
    en="Every offer that fits has no place within the horizon.",
)
_NO_PLACES_TOGETHER: Final = Text(
    nl="Geen aanbod dat past heeft binnen de termijn {size} plekken bij elkaar.",
    en="No offer that fits has {size} places together within the horizon.",
)
_FULL: Final[dict[Method, Text]] = {
    "stable": Text(
        nl="Al het aanbod dat past is vol, met kinderen die voorgaan.",
        en="Every offer that fits is full, with children who go first.",
    ),
    "least-lateness": Text(
        nl="Al het aanbod dat past is vol: een plek voor {whom} kost de anderen samen minstens zoveel dagen als zij "
        "scheelt.",
        en="Every offer that fits is full: a place for {whom} costs the others together at least as many days as it "
        "saves.",
    ),
}
_FULL_TOGETHER: Final[dict[Method, Text]] = {
    "stable": Text(
        nl="Bij geen aanbod dat past zijn {size} plekken bij elkaar over, na kinderen die voorgaan.",
        en="No offer that fits has {size} places together left, after children who go first.",
    ),
    "least-lateness": Text(
        nl="Bij geen aanbod dat past zijn {size} plekken bij elkaar over: die plekken voor {whom} kosten de anderen "
        "samen minstens zoveel dagen als zij schelen.",
        en="No offer that fits has {size} places together left: these places for {whom} cost the others together at "
        "least as many days as they save.",
    ),
}
_CHILD: Final = Text(nl="dit kind", en="this child")
_FAMILY: Final = Text(nl="dit gezin", en="this family")


def reason_for_place(case: Case, child: Child, together: int, rank: int, starts_on: date) -> Text:
    """Why the child goes to the offer of that `rank` on its list; `together` is how many siblings go there."""
    late = max((starts_on - child.due_on).days, 0)
    start = (_LATE if late else _IN_TIME).format(day=date_in_words(starts_on), late=days_in_words(late))
    parts = [_FIRST if rank == 1 else _LOWER[case.method].format(rank=rank), start]
    if together > 1:
        parts.append(_TOGETHER.format(count=together))
    return _joined(parts)


def reason_without(case: Case, applicants: Applicants, who: int, *, is_helped: bool) -> Text:
    """Why applicants are without a place; where no one change would help them (`is_helped`), why that is."""
    members = applicants.members[who]
    if len(applicants.options(who)):
        return _full(case, applicants, who)
    if len(members) > 1:
        together = _NO_OFFER_TOGETHER.format(count=len(members))
        return together if is_helped else _joined([together, _NOTHING_TOGETHER])
    kept_out = case.children[members[0]].kept_out
    return _NO_OFFER if is_helped or kept_out is None else _nothing_fits(kept_out)


def _full(case: Case, applicants: Applicants, who: int) -> Text:
    """Why there is no place where something fits: there never were so many together, or others have them."""
    options, size = applicants.options(who), int(applicants.size[who])
    if applicants.places[applicants.offer[options.start : options.stop]].max() < size:
        return _NO_PLACES if size == 1 else _NO_PLACES_TOGETHER.format(size=size)
    return (_FULL if size == 1 else _FULL_TOGETHER)[case.method].format(
        size=size, whom=whom(len(applicants.members[who]))
    )


def whom(members: int) -> Text:
    """A child, or siblings together, as a sentence speaks of them."""
    return _CHILD if members == 1 else _FAMILY


def _nothing_fits(kept_out: KeptOut) -> Text:
    if kept_out.reason is None:
        return _NOTHING_GIVEN
    label = REASON_LABELS[kept_out.reason]
    reason = Text(nl=label.nl[0].lower() + label.nl[1:], en=label.en[0].lower() + label.en[1:])
    return _NOTHING_FITS.format(offers=kept_out.offers, count=kept_out.by_reason, reason=reason)


def _joined(parts: list[Text]) -> Text:
    return Text(nl=" ".join(part.nl for part in parts), en=" ".join(part.en for part in parts))


def days_in_words(days: int) -> Text:
    """A number of days: "1 dag", "12 days"."""
    return Text(nl=f"{days} {'dag' if days == 1 else 'dagen'}", en=f"{days} {'day' if days == 1 else 'days'}")
