"""The sentences of HSDS objects that are made of codes."""

from typing import Final

from app.domain.language import Text, listed
from app.ranking.model import Gender
from app.reference.lists import reference
from app.supply.offers.tables import OfferRow, Unit

PROVIDER: Final = Text(nl="Aanbieder van jeugdhulp.", en="Provider of youth care.")
NOT_TAKING: Final = Text(nl="Er worden nu geen aanmeldingen aangenomen.", en="No referrals are taken now.")
STOPPED: Final = Text(nl="Er geldt een plaatsingsstop.", en="A placement stop is in force.")
AT_HOME: Final = Text(
    nl="De hulp komt aan huis; dit is de plek vanwaar.",
    en="The help comes to the home; this is where it sets out from.",
)
NATIONAL: Final = Text(nl="Nederland", en="The Netherlands")
UNITS: Final[dict[Unit, Text]] = {
    "places": Text(nl="Plek", en="Place"),
    "trajectories": Text(nl="Traject", en="Trajectory"),
    "hours-per-week": Text(nl="Uur per week", en="Hour a week"),
}
FREE: Final[dict[Unit, Text]] = {
    "places": Text(nl="Lege plekken; wie wacht gaat voor.", en="Empty places; who waits comes first."),
    "trajectories": Text(
        nl="Trajecten die open zijn; wie wacht gaat voor.", en="Trajectories that are open; who waits comes first."
    ),
    "hours-per-week": Text(
        nl="Uren per week die open zijn; wie wacht gaat voor.", en="Hours a week that are open; who waits comes first."
    ),
}
IDENTIFIERS: Final = {
    "kvk": Text(nl="KvK-nummer", en="KvK number (Dutch trade register)"),
    "agb": Text(nl="AGB-code", en="AGB code (Dutch register of care providers, Vektis)"),
}

_GENDERS: Final[dict[Gender, Text]] = {
    "female": Text(nl="meisjes", en="girls"),
    "male": Text(nl="jongens", en="boys"),
    "other": Text(nl="jeugdigen van een ander geslacht", en="children of another gender"),
}
_COURT: Final = Text(nl="Alleen met een machtiging van de rechter.", en="Only with an authorisation of the court.")


def eligibility(offer: OfferRow) -> Text:
    """For whom an offer is: ages, genders where not all, what it excludes, whether it takes a court authorisation."""
    who = Text(nl="Jeugdigen van {low} tot en met {high} jaar", en="Children of {low} up to and including {high} years")
    sentences = [who.format(low=offer.age_min, high=offer.age_max)]
    if set(offer.genders) != set(_GENDERS):
        taken = listed([words for code, words in _GENDERS.items() if code in offer.genders])
        sentences[0] = Text(nl="{who}: {taken}", en="{who}: {taken}").format(who=sentences[0], taken=taken)
    sentences[0] = Text(nl=f"{sentences[0].nl}.", en=f"{sentences[0].en}.")
    if offer.exclusion_criteria:
        names = [_exclusion(code) for code in offer.exclusion_criteria]
        sentences.append(
            Text(
                nl=f"Niet bij: {'; '.join(name.nl for name in names)}.",
                en=f"Not with: {'; '.join(name.en for name in names)}.",
            )
        )
    if offer.needs_court_authorisation:
        sentences.append(_COURT)
    return Text(nl=" ".join(each.nl for each in sentences), en=" ".join(each.en for each in sentences))


def _exclusion(code: str) -> Text:
    known = reference().exclusion_criteria.get(code)
    return Text(nl=code, en=code) if known is None else known.name
