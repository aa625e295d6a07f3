"""Why an offer stands where it stands: one sentence, built on the factor that decided it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from app.domain.language import Language, Text, date_in_words, listed, same
from app.matching.ranking.derived import Norm
from app.matching.ranking.factors import PERIOD_DAYS, UNKNOWN_PERIODS
from app.matching.ranking.model import FACTORS, ContractKind, Decider, Outcome, Request, Result
from app.matching.wording.phrases import counted, days_in_words, from_today, lateness, norm_in_words

ORDINALS: Final = (
    Text(nl="eerste", en="first"),
    Text(nl="tweede", en="second"),
    Text(nl="derde", en="third"),
)
CONTRACTS: Final[dict[ContractKind, Text]] = {
    "regional": Text(nl="een regionaal contract", en="a regional contract"),
    "supraregional": Text(nl="een bovenregionaal contract", en="a supraregional contract"),
    "national": Text(nl="een landelijk contract", en="a national contract"),
    "light": Text(nl="een licht contract", en="a light contract"),
}

_UNKNOWN_WEEKS: Final = UNKNOWN_PERIODS * PERIOD_DAYS // 7
_NO_START: Final = Text(nl="heeft geen bekende startdatum", en="has no known start date")
_AGE: Final = FACTORS.index("age-of-report")
_DISTANCE: Final = FACTORS.index("distance")


@dataclass(frozen=True, slots=True)
class _Context:
    request: Request
    norm: Norm
    labels: Mapping[str, Text]


def explain(outcome: Outcome, place: int, request: Request, language: Language, labels: Mapping[str, Text]) -> str:
    """Why the result at that place (counting from 1) stands above the next one, in one sentence.

    `labels` name the specialisations by code; one that is missing is named by its code.
    """
    result = outcome.results[place - 1]
    context = _Context(request, Norm(outcome.today, outcome.deadline, outcome.limit), labels)
    if result.decided_by is None:
        return _end_of_list(result, context, alone=place == 1).in_(language)
    following = outcome.results[place]
    return _above(result, following, result.decided_by, place + 1, context).in_(language)


def _end_of_list(result: Result, context: _Context, *, alone: bool) -> Text:
    front = (
        Text(nl="Enige in de lijst", en="The only one in the list")
        if alone
        else Text(nl="Laatste in de lijst", en="Last in the list")
    )
    return Text(nl="{front}: {nth} keus, {start} ({norm}).", en="{front}: {nth} choice, {start} ({norm}).").format(
        front=front,
        nth=ORDINALS[result.choice - 1],
        start=_delay(result, context),
        norm=norm_in_words(context.norm),
    )


def _above(result: Result, following: Result, decider: Decider, number: int, context: _Context) -> Text:
    if decider == "id":
        return Text(
            nl="Boven nr. {number}: gelijk op alle punten; volgorde op nummer.",
            en="Above no. {number}: equal on every point; in order of number.",
        ).format(number=number)
    say = _SAYINGS[decider]
    mine = say(result, context)
    if decider == "delay":
        mine = Text(nl="{mine} ({norm})", en="{mine} ({norm})").format(mine=mine, norm=norm_in_words(context.norm))
    return Text(
        nl="Boven nr. {number}: {mine}; nr. {number} {theirs}.",
        en="Above no. {number}: {mine}; no. {number} {theirs}.",
    ).format(number=number, mine=mine, theirs=say(following, context))


def _delay(result: Result, context: _Context) -> Text:
    start = result.expected_start
    if start is None:
        return Text(
            nl="{unknown}, wat telt als {weeks} weken te laat",
            en="{unknown}, which counts as {weeks} weeks late",
        ).format(unknown=_NO_START, weeks=_UNKNOWN_WEEKS)
    if result.within_norm:
        return Text(nl="start op {day}, op tijd", en="starts on {day}, in time").format(day=date_in_words(start))
    return Text(nl="start op {day}, {late}", en="starts on {day}, {late}").format(
        day=date_in_words(start), late=lateness(start, context.norm)
    )


def _choice(result: Result, _context: _Context) -> Text:
    return Text(nl="is de {nth} keus", en="is the {nth} choice").format(nth=ORDINALS[result.choice - 1])


def _wishes(result: Result, context: _Context) -> Text:
    lacking = sorted(context.request.wishes - result.offer.specialisations)
    if not lacking:
        return Text(nl="vervult alle wensen", en="meets every wish")
    return Text(nl="mist {count} ({names})", en="lacks {count} ({names})").format(
        count=counted(len(lacking), Text(nl="wens", en="wish"), Text(nl="wensen", en="wishes")),
        names=listed([context.labels.get(code, same(code)) for code in lacking]),
    )


def _contract(result: Result, _context: _Context) -> Text:
    if result.contract is None:
        return Text(nl="heeft geen contract", en="has no contract")
    return Text(nl="heeft {contract}", en="has {contract}").format(contract=CONTRACTS[result.contract])


def _wait(result: Result, context: _Context) -> Text:
    start = result.expected_start
    if start is None:
        return Text(
            nl="{unknown}, wat telt als {weeks} weken wachten",
            en="{unknown}, which counts as a wait of {weeks} weeks",
        ).format(unknown=_NO_START, weeks=_UNKNOWN_WEEKS)
    return Text(nl="start {when}, op {day}", en="starts {when}, on {day}").format(
        when=from_today((start - context.norm.today).days), day=date_in_words(start)
    )


def _distance(result: Result, _context: _Context) -> Text:
    if result.offer.at_home:
        return Text(nl="komt bij het kind thuis", en="comes to the child's home")
    if result.distance_km is None:
        return Text(nl="ligt op een onbekende afstand", en="is at an unknown distance")
    if result.factors[_DISTANCE] == 0:
        return Text(nl="ligt vlakbij (0 km)", en="is close by (0 km)")
    return Text(nl="ligt op {km} km", en="is {km} km away").format(km=result.factors[_DISTANCE])


def _start(result: Result, _context: _Context) -> Text:
    if result.expected_start is None:
        return _NO_START
    return Text(nl="start op {day}", en="starts on {day}").format(day=date_in_words(result.expected_start))


def _age_of_report(result: Result, _context: _Context) -> Text:
    if result.offer.capacity is None:
        return Text(nl="heeft nog geen cijfers gemeld", en="has not reported figures yet")
    age = result.factors[_AGE]
    if age <= 0:
        return Text(nl="heeft cijfers van vandaag", en="has figures from today")
    return Text(nl="heeft cijfers van {days} oud", en="has figures {days} old").format(days=days_in_words(age))


_SAYINGS: Final[dict[Decider, Callable[[Result, _Context], Text]]] = {
    "delay": _delay,
    "choice": _choice,
    "wishes": _wishes,
    "contract": _contract,
    "wait": _wait,
    "distance": _distance,
    "start": _start,
    "age-of-report": _age_of_report,
}
"""What is said of an offer on a factor, to follow its number or to stand alone."""
