"""Why a candidate is out, and what would have to be arranged, with whom, to make it possible."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from math import ceil
from typing import Final

from app.domain.dates import whole_years
from app.domain.language import (
    Language,
    Text,
    date_in_words,
    decimal_in_words,
    listed,
    same,
)
from app.finding.matching.wording.phrases import years_in_words
from app.finding.matching.wording.warnings import KEPT, WARNINGS
from app.ranking.derived_dates import DECLINE_STANDS_DAYS, FOR_WANT_OF_ROOM, stands
from app.ranking.model import FACTORS, Alternative, Reason, Request
from app.ranking.reason_labels import REASON_LABELS

_AGE: Final = FACTORS.index("age-of-report")

_LIGHT_CONTRACT: Final = Text(
    nl="Er is op {day} geen contract met {provider} dat voor het kind geldt: regel een licht contract met"
    " gemeente {municipality}.",
    en="There is no contract with {provider} on {day} that covers the child: arrange a light contract with"
    " municipality {municipality}.",
)
_CEILING: Final = Text(
    nl="Het budgetplafond van het contract met {provider} is bereikt: vraag regio {region} of gemeente"
    " {municipality}, wie van de twee het contract heeft, om een uitzondering.",
    en="The budget ceiling of the contract with {provider} has been reached: ask region {region} or"
    " municipality {municipality}, whichever holds the contract, for an exception.",
)
_SERVICE_AREA: Final = Text(
    nl="Gemeente {municipality} valt buiten het werkgebied van {provider}: vraag {provider} of het voor dit"
    " kind toch kan.",
    en="Municipality {municipality} lies outside the service area of {provider}: ask {provider} to make an"
    " exception for this child.",
)
_OF_A_DAY: Final[dict[Reason, Text]] = {
    "not-contracted": _LIGHT_CONTRACT,
    "budget-ceiling": _CEILING,
    "outside-service-area": _SERVICE_AREA,
}
_LONGER_DISTANCE: Final = Text(
    nl="Het ligt op {distance} km, {beyond} km verder dan de gevraagde {most} km: bespreek met het kind en"
    " het gezin of dat kan.",
    en="It is {distance} km away, {beyond} km beyond the {most} km asked for: discuss with the child and the"
    " family whether that is possible.",
)
_DECLINED: Final = Text(
    nl="{provider} weigerde dit kind op {day} ({reason}): vraag opnieuw of het nu wel kan, en zeg wat er sindsdien"
    " anders is; vanaf {lapses} telt deze weigering niet meer mee.",
    en="{provider} refused this child on {day} ({reason}): ask again whether it is possible now, and say what has"
    " changed since; from {lapses} on this refusal no longer counts.",
)
_DECLINED_FOR_WANT_OF_ROOM: Final = Text(
    nl="{provider} weigerde dit kind op {day} ({reason}) en heeft sindsdien geen nieuwe cijfers gemeld: vraag of er nu"
    " wel plek is.",
    en="{provider} refused this child on {day} ({reason}) and has reported no new figures since: ask whether there is"
    " room now.",
)
_TOO_YOUNG: Final = Text(
    nl="Het kind is op {day} {age} en het aanbod is er vanaf {bound}: vraag {provider} of het voor dit kind toch kan.",
    en="On {day} the child is {age} old and the offer is from {bound}: ask {provider} to make an exception"
    " for this child.",
)
_TOO_OLD: Final = Text(
    nl="Het kind is op {day} {age} en het aanbod is er tot en met {bound}: vraag {provider} of het voor dit"
    " kind toch kan.",
    en="On {day} the child is {age} old and the offer is up to and including {bound}: ask {provider} to make"
    " an exception for this child.",
)


def what_to_arrange(
    alternative: Alternative,
    request: Request,
    language: Language,
    *,
    today: date,
    provider: str,
    municipality: str,
    region: str,
    decline_reasons: Mapping[str, Text],
) -> str:
    """What would have to be arranged and with whom, in one sentence.

    The names are those of the offer's provider, of the child's responsible municipality and of its region, and by
    code those of the reasons to decline.
    """
    template, values = _sentence(alternative, request, today, decline_reasons)
    filled = {name: text.in_(language) for name, text in values.items()}
    filled |= {"provider": provider, "municipality": municipality, "region": region}
    return template.in_(language).format_map(filled)


def arrange_with(reason: Reason, language: Language, *, day: str, provider: str, municipality: str, region: str) -> str:
    """The same where it hangs on no more than the day, in words: of a contract, its ceiling or a service area."""
    values = {"day": day, "provider": provider, "municipality": municipality, "region": region}
    return _OF_A_DAY[reason].in_(language).format_map(values)


def _sentence(
    alternative: Alternative, request: Request, today: date, decline_reasons: Mapping[str, Text]
) -> tuple[Text, dict[str, Text]]:
    match alternative.reason:
        case "not-contracted" | "budget-ceiling" | "outside-service-area":
            return _OF_A_DAY[alternative.reason], {"day": date_in_words(alternative.reference_date)}
        case "age":
            return _consent_to_age(alternative, request)
        case "too-far":
            return _longer_distance(alternative, request)
        case "declined-earlier":
            return _ask_again(alternative, request, today, decline_reasons)
        case _:
            raise ValueError(f"nothing can be arranged about {alternative.reason}")


def _consent_to_age(alternative: Alternative, request: Request) -> tuple[Text, dict[str, Text]]:
    offer, day = alternative.offer, alternative.reference_date
    age = whole_years(request.child.birth_month, day)
    text, bound = (_TOO_YOUNG, offer.age_min) if age < offer.age_min else (_TOO_OLD, offer.age_max)
    return text, {"day": date_in_words(day), "age": years_in_words(age), "bound": years_in_words(bound)}


def _longer_distance(alternative: Alternative, request: Request) -> tuple[Text, dict[str, Text]]:
    distance, most = alternative.distance_km, request.choices[alternative.choice - 1].max_distance_km
    if distance is None or most is None:
        raise ValueError("an offer is too far only by a known distance and a maximum")
    return _LONGER_DISTANCE, {
        "distance": _up(distance),
        "beyond": _up(distance - most),
        "most": decimal_in_words(most, places=3),
    }


def _ask_again(
    alternative: Alternative, request: Request, today: date, decline_reasons: Mapping[str, Text]
) -> tuple[Text, dict[str, Text]]:
    """About the last refusal that stands; where one of them does not hang on room, about that."""
    report_age = alternative.factors[_AGE]
    own = [
        each for each in request.declines if each.offer_id == alternative.offer.id and stands(each, today, report_age)
    ]
    last = max(own, key=lambda each: (each.reason not in FOR_WANT_OF_ROOM, each.declined_on))
    text = _DECLINED_FOR_WANT_OF_ROOM if last.reason in FOR_WANT_OF_ROOM else _DECLINED
    return text, {
        "day": date_in_words(last.declined_on),
        "reason": _in_sentence(decline_reasons.get(last.reason, same(last.reason))),
        "lapses": date_in_words(last.declined_on + timedelta(days=DECLINE_STANDS_DAYS)),
    }


def exception_granted(excepted: Sequence[Reason]) -> Text:
    """What to know of a result that an exception for this child keeps in."""
    return WARNINGS["exception-granted"].format(
        reasons=listed([_in_sentence(REASON_LABELS[reason]) for reason in excepted])
    )


def _in_sentence(name: Text) -> Text:
    """A name of a list as it stands within a sentence."""
    return Text(nl=name.nl[:1].lower() + name.nl[1:], en=name.en[:1].lower() + name.en[1:])


def _up(km: float) -> Text:
    """A distance rounded up to the next 100 metres, so that it never reads as no distance at all."""
    return _tenths(ceil(km * 10))


@lru_cache(KEPT)
def _tenths(tenths: int) -> Text:
    return decimal_in_words(tenths / 10)
