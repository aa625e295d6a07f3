"""What a jeugdbeschermer should know of an offer before choosing it."""

from datetime import date
from functools import lru_cache
from typing import Final, Literal, get_args

from app.domain.dates import YearMonth, add_months, birthday
from app.domain.language import Text, date_in_words, day_in_words, decimal_in_words, month_in_words
from app.finding.matching.wording.phrases import days_in_words, lateness, norm_in_words
from app.ranking.derived_dates import Norm

WarningCode = Literal[
    "figures-old",
    "unconfirmed-place",
    "start-unknown",
    "start-after-norm",
    "distance-unknown",
    "turns-18",
    "court-authorisation",
    "light-contract",
    "exception-granted",
]
WARNING_CODES: Final[tuple[WarningCode, ...]] = get_args(WarningCode)

ADULT: Final = 18
MONTHS_BEFORE_ADULT: Final = 6
KEPT: Final = 4096
"""Days of which the warning is kept, of some ten years: searches give it too."""

WARNINGS: Final[dict[WarningCode, Text]] = {
    "figures-old": Text(
        nl="De cijfers zijn {days} oud; vraag de aanbieder of ze nog kloppen.",
        en="The figures are {days} old; ask the provider whether they still hold.",
    ),
    "unconfirmed-place": Text(
        nl="De plek had op {day} vrij moeten komen; vraag of dat zo is.",
        en="The place should have come free on {day}; ask whether it has.",
    ),
    "start-unknown": Text(
        nl="De startdatum is onbekend; vraag de aanbieder wanneer de hulp echt kan beginnen.",
        en="The start date is unknown; ask the provider when the help can really begin.",
    ),
    "start-after-norm": Text(
        nl="De hulp start op {day}, {late} ({norm}); regel wat het kind tot dan nodig heeft.",
        en="The help starts on {day}, {late} ({norm}); arrange what the child needs until then.",
    ),
    "distance-unknown": Text(
        nl="De afstand is onbekend, en de keus vraagt hoogstens {most} km; ga na hoe ver het is.",
        en="The distance is unknown, and the choice asks for {most} km at most; find out how far it is.",
    ),
    "turns-18": Text(nl="{when} {what}", en="{when} {what}"),
    "court-authorisation": Text(
        nl="Hiervoor is een machtiging van de kinderrechter nodig (Jeugdwet hoofdstuk 6); ga na dat die bij"
        " de start geldt.",
        en="This needs an authorisation by the juvenile court (Jeugdwet chapter 6); see that it is valid at the start.",
    ),
    "light-contract": Text(
        nl="Er is alleen een licht contract; stem de plaatsing vooraf af met de gemeente.",
        en="There is only a light contract; agree on the placement with the municipality beforehand.",
    ),
    "exception-granted": Text(
        nl="Voor dit kind is een uitzondering verleend; zonder die viel het aanbod af: {reasons}.",
        en="An exception was granted for this child; without it the offer would be out: {reasons}.",
    ),
}

_TURNS: Final = Text(
    nl="Het kind wordt 18 in {month}, binnen zes maanden na {start} (gerekend wordt vanaf {day}).",
    en="The child turns 18 in {month}, within six months of {start} (counted from {day}).",
)
_IS_ADULT: Final = Text(
    nl="Het kind is op {start} al 18 (gerekend wordt vanaf {day}).",
    en="The child is already 18 on {start} (counted from {day}).",
)
_HELP: Final = Text(
    nl="Jeugdhulp kan onder voorwaarden doorlopen tot 23 jaar (Jeugdwet art. 1.1); regel dat op tijd met de gemeente.",
    en="Youth care can go on until 23 on conditions (Jeugdwet art. 1.1); arrange it with the municipality in"
    " good time.",
)
_FOSTER_CARE: Final = Text(
    nl="Pleegzorg kan doorlopen tot 21 jaar; regel dat op tijd met de pleegouders en de pleegzorgaanbieder.",
    en="Foster care can go on until 21; arrange it with the foster parents and the foster-care provider in good time.",
)
_FOSTER_CARE_TYPES: Final = ("pleegzorg", "crisispleegzorg")


def figures_old(age: int) -> Text:
    """That the figures are so many days old."""
    return WARNINGS["figures-old"].format(days=days_in_words(age))


@lru_cache(KEPT)
def unconfirmed_place(due: int) -> Text:
    """What to ask where a place should have come free on that day, counted as by `date.toordinal`."""
    return WARNINGS["unconfirmed-place"].format(day=day_in_words(date.fromordinal(due)))


def start_after_norm(start: date, norm: Norm) -> Text:
    """How much too late help starts."""
    return WARNINGS["start-after-norm"].format(
        day=date_in_words(start), late=lateness(start, norm), norm=norm_in_words(norm)
    )


def distance_unknown(most_km: float) -> Text:
    """That it may be further than the choice allows."""
    return WARNINGS["distance-unknown"].format(most=decimal_in_words(most_km, places=3))


def watched_from(birth_month: YearMonth) -> date:
    """From which start on the child turns 18 too soon after it."""
    return add_months(birthday(birth_month, ADULT), -MONTHS_BEFORE_ADULT)


def turns_18(birth_month: YearMonth, start: date, care_type: str) -> Text:
    """That the child is 18 at the start of the help or soon after it, and how the help can go on."""
    adult_on = birthday(birth_month, ADULT)
    when = _IS_ADULT if adult_on <= start else _TURNS
    return WARNINGS["turns-18"].format(
        when=when.format(month=month_in_words(adult_on), day=date_in_words(adult_on), start=date_in_words(start)),
        what=_FOSTER_CARE if care_type.startswith(_FOSTER_CARE_TYPES) else _HELP,
    )
