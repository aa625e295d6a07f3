"""The words of the lines of an answer (`ranking.lines`), as bytes that stand in a text of JSON: each is worded once."""

import re
from collections.abc import Callable
from datetime import date
from functools import cache, lru_cache
from typing import Final

import orjson

from app.domain.language import Language, Text, date_in_words
from app.finding.matching.wording.alternatives import arrange_with
from app.finding.matching.wording.explanation import (
    ABOVE,
    ABOVE_BY_NORM,
    CHOICES_SAID,
    CONTRACTS_SAID,
    EQUAL,
    lacking_in_words,
    last_in_list,
)
from app.finding.matching.wording.factor_phrases import (
    age_in_words,
    delay_in_words,
    distance_in_words,
    start_in_words,
    wait_in_words,
)
from app.finding.matching.wording.phrases import norm_in_words
from app.finding.matching.wording.warnings import (
    WARNINGS,
    WarningCode,
    distance_unknown,
    figures_old,
    start_after_norm,
    turns_18,
    unconfirmed_place,
)
from app.kit.json_bytes import in_json
from app.ranking import lines
from app.ranking.derived_dates import Norm
from app.ranking.facts import NEVER, Asked
from app.ranking.filters import NEED_OF, reasons_in
from app.ranking.lines import TOPICS, Sayings
from app.ranking.model import CONTRACT_KINDS, FACTORS, ContractKind, Reason, Request
from app.reference.lists import reference

Said = list[dict[int, bytes]]
"""What was said of each topic, by number."""

_BY_NORM: Final = frozenset({FACTORS.index("delay"), lines.START_AFTER_NORM, lines.LAST})
_BY_REQUEST: Final = frozenset({FACTORS.index("wishes"), lines.DISTANCE_UNKNOWN, lines.TURNS_18, lines.ARRANGED})
"""What is said of these topics holds for one norm, and for one request; of the others for all of a day."""
_FIELDS: Final = [b',"factors":{"%b":' % FACTORS[0].encode(), *(b',"%b":' % each.encode() for each in FACTORS[1:])]
_DECIDERS: Final = [orjson.dumps(each) for each in (*FACTORS, "id")]
_ANY_PROVIDER: Final[str] = orjson.loads(b'"%b"' % lines.PROVIDER)
_ON_DAY: Final[str] = orjson.loads(b'"%b"' % lines.ON_DAY)
_KINDS: Final[tuple[ContractKind | None, ...]] = (*CONTRACT_KINDS, None)


def sayings_of(request: Request, norm: Norm, language: Language, asked: Asked) -> Sayings:
    """What can be said of the offers for a request, which is `asked` in the terms of the rules."""
    by_day, by_norm = _said_on(norm.today, language), _said_under(norm, language)
    said = [
        {} if topic in _BY_REQUEST else by_norm[topic] if topic in _BY_NORM else by_day[topic]
        for topic in range(TOPICS)
    ]
    first, second, *between, fifth, last = _parts(ABOVE_BY_NORM, language)
    above_by_norm = [first, second, in_json(norm_in_words(norm).in_(language)).join(between), fifth, last]
    word = Words(request, norm, language, asked.wish_codes)
    return Sayings(word, said, _parts(ABOVE, language), above_by_norm, _parts(EQUAL, language), _FIELDS, _DECIDERS)


@lru_cache(8)
def _said_on(today: date, language: Language) -> Said:  # noqa: ARG001 - one for each day and language
    return [{} for _ in range(TOPICS)]


@lru_cache(128)
def _said_under(norm: Norm, language: Language) -> Said:  # noqa: ARG001 - one for each norm and language
    return [{} for _ in range(TOPICS)]


@cache
def _parts(text: Text, language: Language) -> list[bytes]:
    """What stands round the places that are to be filled in."""
    return [in_json(part) for part in re.split("%[ds]", text.in_(language))]


class Words:
    """Words what can be said for one request in one language, when `Sayings` has not heard it before."""

    def __init__(self, request: Request, norm: Norm, language: Language, wish_codes: dict[int, str]) -> None:
        self.request = request
        self.norm = norm
        self.language = language
        self.wish_codes = wish_codes

    def __call__(self, topic: int, number: int) -> bytes:
        """What is said of a number under a topic of `ranking.lines`."""
        if topic in _FIELD_OF:
            return _FIELD_OF[topic](self, number)
        if topic in _WARNING_OF:
            code, text = _WARNING_OF[topic]
            return warning_line(code, text(self, number), self.language)
        return in_json(_TEXT_OF[topic](self, number).in_(self.language))


def _last(words: Words, number: int) -> Text:
    rest, alone = divmod(number, 2)
    start, choice = divmod(rest, lines.CHOICES_ROOM)
    return last_in_list(choice, _day(start), words.norm, alone=bool(alone))


def _wishes(words: Words, number: int) -> Text:
    return _lacking(tuple(sorted(code for bit, code in words.wish_codes.items() if bit & number)))


@lru_cache(1024)
def _lacking(codes: tuple[str, ...]) -> Text:
    return lacking_in_words(codes, _labels())


def _distance(_: Words, number: int) -> Text:
    return distance_in_words(number, at_home=number == lines.AT_HOME, known=number != lines.NOWHERE)


_TEXT_OF: Final[dict[int, Callable[[Words, int], Text]]] = {
    FACTORS.index("delay"): lambda words, number: delay_in_words(_day(number), words.norm),
    FACTORS.index("choice"): lambda _, number: CHOICES_SAID[number - 1],
    FACTORS.index("wishes"): _wishes,
    FACTORS.index("contract"): lambda _, number: CONTRACTS_SAID[_KINDS[number]],
    FACTORS.index("wait"): lambda words, number: wait_in_words(_day(number), words.norm.today),
    FACTORS.index("distance"): _distance,
    FACTORS.index("start"): lambda _, number: start_in_words(_day(number)),
    FACTORS.index("age-of-report"): lambda _, number: age_in_words(number),
    lines.LAST: _last,
}
"""The parts of the sentence that says why an offer stands where it stands."""


def _distance_unknown(words: Words, number: int) -> Text:
    most_km = words.request.choices[number - 1].max_distance_km
    if most_km is None:
        raise ValueError(f"choice {number} allows any distance")
    return distance_unknown(most_km)


def _turns_18(words: Words, number: int) -> Text:
    day, choice = divmod(number, lines.CHOICES_ROOM)
    return turns_18(words.request.child.birth_month, date.fromordinal(day), words.request.choices[choice - 1].care_type)


_WARNING_OF: Final[dict[int, tuple[WarningCode, Callable[[Words, int], Text]]]] = {
    lines.FIGURES_OLD: ("figures-old", lambda _, number: figures_old(number)),
    lines.UNCONFIRMED: ("unconfirmed-place", lambda _, number: unconfirmed_place(number)),
    lines.START_UNKNOWN: ("start-unknown", lambda _, __: WARNINGS["start-unknown"]),
    lines.START_AFTER_NORM: (
        "start-after-norm",
        lambda words, number: start_after_norm(date.fromordinal(number), words.norm),
    ),
    lines.DISTANCE_UNKNOWN: ("distance-unknown", _distance_unknown),
    lines.TURNS_18: ("turns-18", _turns_18),
    lines.COURT_AUTHORISATION: ("court-authorisation", lambda _, __: WARNINGS["court-authorisation"]),
}


def _of_contract(words: Words, number: int) -> bytes:
    """What to know of a contract of that kind; nothing of most."""
    is_light = _KINDS[number] == "light"
    return warning_line("light-contract", WARNINGS["light-contract"], words.language) if is_light else b""


def _contract(_: Words, number: int) -> bytes:
    kind, is_lifted = divmod(number, 2)
    return orjson.dumps({"kind": _KINDS[kind], "ceilingReached": bool(is_lifted)})


def _reason(_: Words, number: int) -> bytes:
    (reason,) = reasons_in(number)
    return b',"reason":"%b","needs":"%b"' % (reason.encode(), NEED_OF[reason].encode())


def _arranged(words: Words, number: int) -> bytes:
    (reason,) = reasons_in(number)
    return _to_arrange(reason, words.request.child.municipality, words.language)


@lru_cache(4096)
def _to_arrange(reason: Reason, municipality: str, language: Language) -> bytes:
    """What to arrange about that for a child of there: of all municipalities that many."""
    lists = reference()
    own = lists.municipalities[municipality]
    sentence = arrange_with(
        reason,
        language,
        day=_ON_DAY,
        provider=_ANY_PROVIDER,
        municipality=own.name,
        region=lists.regions[own.region].name,
    )
    return in_json(sentence)


_FIELD_OF: Final[dict[int, Callable[[Words, int], bytes]]] = {
    lines.DAY: lambda _, number: orjson.dumps(_day(number)),
    lines.CONTRACT: _contract,
    lines.LIGHT_CONTRACT: _of_contract,
    lines.REASON: _reason,
    lines.ARRANGED: _arranged,
    lines.DAY_IN_WORDS: lambda words, number: in_json(date_in_words(date.fromordinal(number)).in_(words.language)),
}


def warning_line(code: WarningCode, text: Text, language: Language) -> bytes:
    """A warning as JSON."""
    return orjson.dumps({"code": code, "detail": text.in_(language)})


def _day(number: int) -> date | None:
    return None if number == NEVER else date.fromordinal(number)


@cache
def _labels() -> dict[str, Text]:
    return {code: value.name for code, value in reference().specialisations.items()}
