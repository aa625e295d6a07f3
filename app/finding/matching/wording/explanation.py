"""Why an offer stands where it stands: one sentence, built on the factor that decided it."""

from collections.abc import Callable, Mapping
from typing import Final

from app.domain.language import (
    Language,
    Text,
    listed,
    same,
)
from app.finding.matching.wording.factor_phrases import (
    age_in_words,
    delay_in_words,
    distance_in_words,
    start_in_words,
    wait_in_words,
)
from app.finding.matching.wording.phrases import counted, norm_in_words
from app.ranking.derived_dates import Norm
from app.ranking.model import (
    FACTORS,
    ContractKind,
    Decider,
    Result,
)

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

_AGE: Final = FACTORS.index("age-of-report")
_DISTANCE: Final = FACTORS.index("distance")
_CHOICES: Final = [Text(nl="is de {nth} keus", en="is the {nth} choice").format(nth=nth) for nth in ORDINALS]
_CONTRACTS: Final[dict[ContractKind | None, Text]] = {
    None: Text(nl="heeft geen contract", en="has no contract"),
    **{kind: Text(nl="heeft {kind}", en="has {kind}").format(kind=kind_) for kind, kind_ in CONTRACTS.items()},
}
_EQUAL: Final = Text(
    nl="Boven nr. %d: gelijk op alle punten; volgorde op nummer.",
    en="Above no. %d: equal on every point; in order of number.",
)
_ABOVE: Final = Text(nl="Boven nr. %d: %s; nr. %d %s.", en="Above no. %d: %s; no. %d %s.")
_ABOVE_BY_NORM: Final = Text(nl="Boven nr. %d: %s (%s); nr. %d %s.", en="Above no. %d: %s (%s); no. %d %s.")


class Context:
    """What sentences ask beside the results: the wishes, the norm, and the names of specialisations by code."""

    __slots__ = ("labels", "norm", "norm_text", "said_of_wishes", "wishes")

    def __init__(self, wishes: frozenset[str], norm: Norm, labels: Mapping[str, Text]) -> None:
        self.wishes = wishes
        self.norm = norm
        self.norm_text = norm_in_words(norm)
        self.labels = labels
        self.said_of_wishes: dict[frozenset[str], Text] = {}


def explain(result: Result, following: Result | None, rank: int, context: Context, language: Language) -> str:
    """Why the result at that rank (counting from 1) stands above the following one, in one sentence.

    A specialisation that has no name is named by its code.
    """
    if following is None or result.decided_by is None:
        return _end_of_list(result, context, alone=rank == 1).in_(language)
    number = rank + 1
    if result.decided_by == "id":
        return _EQUAL.in_(language) % number
    say = _SAYINGS[result.decided_by]
    mine, theirs = say(result, context).in_(language), say(following, context).in_(language)
    if result.decided_by == "delay":
        return _ABOVE_BY_NORM.in_(language) % (number, mine, context.norm_text.in_(language), number, theirs)
    return _ABOVE.in_(language) % (number, mine, number, theirs)


def _end_of_list(result: Result, context: Context, *, alone: bool) -> Text:
    front = (
        Text(nl="Enige in de lijst", en="The only one in the list")
        if alone
        else Text(nl="Laatste in de lijst", en="Last in the list")
    )
    return Text(nl="{front}: {nth} keus, {start} ({norm}).", en="{front}: {nth} choice, {start} ({norm}).").format(
        front=front,
        nth=ORDINALS[result.choice - 1],
        start=_delay(result, context),
        norm=context.norm_text,
    )


def _delay(result: Result, context: Context) -> Text:
    return delay_in_words(result.expected_start, context.norm)


def _choice(result: Result, _context: Context) -> Text:
    return _CHOICES[result.choice - 1]


def _wishes(result: Result, context: Context) -> Text:
    lacking = context.wishes - result.offer.specialisations
    said = context.said_of_wishes.get(lacking)
    if said is None:
        said = context.said_of_wishes[lacking] = _lacking_in_words(sorted(lacking), context.labels)
    return said


def _lacking_in_words(lacking: list[str], labels: Mapping[str, Text]) -> Text:
    if not lacking:
        return Text(nl="vervult alle wensen", en="meets every wish")
    return Text(nl="mist {count} ({names})", en="lacks {count} ({names})").format(
        count=counted(len(lacking), Text(nl="wens", en="wish"), Text(nl="wensen", en="wishes")),
        names=listed([labels.get(code, same(code)) for code in lacking]),
    )


def _contract(result: Result, _context: Context) -> Text:
    return _CONTRACTS[result.contract]


def _wait(result: Result, context: Context) -> Text:
    return wait_in_words(result.expected_start, context.norm.today)


def _distance(result: Result, _context: Context) -> Text:
    return distance_in_words(
        result.factors[_DISTANCE], at_home=result.offer.at_home, known=result.distance_km is not None
    )


def _start(result: Result, _context: Context) -> Text:
    return start_in_words(result.expected_start)


def _age_of_report(result: Result, _context: Context) -> Text:
    return age_in_words(result.factors[_AGE])


_SAYINGS: Final[dict[Decider, Callable[[Result, Context], Text]]] = {
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
