"""Ranked candidates as the lines of an answer: JSON, round the bytes that are kept of each offer and each sentence.

It is most of what a match takes, so it is compiled with the rules. What is said, in which language, is asked of who has
the words (`Sayings`); of an offer it asks what `finding.catalogue.entries` keeps.
"""

from collections.abc import Callable
from typing import Any, Final

from app.ranking.facts import ANYWHERE, NEVER, Asked, Candidate
from app.ranking.order import UNKNOWN
from app.ranking.rules import BUDGET_CEILING, NOT_CONTRACTED, OUTSIDE_SERVICE_AREA

DAY: Final = 8
"""What is said of an offer on a factor has the number of the factor as its topic; the others follow these."""
LAST: Final = 9
FIGURES_OLD: Final = 10
UNCONFIRMED: Final = 11
START_UNKNOWN: Final = 12
START_AFTER_NORM: Final = 13
DISTANCE_UNKNOWN: Final = 14
TURNS_18: Final = 15
COURT_AUTHORISATION: Final = 16
LIGHT_CONTRACT: Final = 17
CONTRACT: Final = 18
REASON: Final = 19
ARRANGED: Final = 20
DAY_IN_WORDS: Final = 21
TOPICS: Final = 22

CHOICES_ROOM: Final = 4
"""What a day is multiplied by, to add the number of a choice to it."""
AT_HOME: Final = -1
NOWHERE: Final = -2
"""In the place of a distance in km: that the help comes to the child, and that it is unknown."""
ID: Final = 8
"""The decider, after the factors, of two that are equal on all of these."""
OLD_AFTER_DAYS: Final = 7
PROVIDER: Final = b"\\u0000"
ON_DAY: Final = b"\\u0001"
"""Stand in a sentence for the name of the offer's provider, and for a day in words."""
_OF_ANY_PROVIDER: Final = NOT_CONTRACTED | BUDGET_CEILING | OUTSIDE_SERVICE_AREA
"""Reasons of which the sentence is the same for all providers on a day, but for their names."""
_IN_TIME: Final = b',"withinNorm":true,"contract":'
_LATE: Final = b',"withinNorm":false,"contract":'
_DELAY: Final = 0
_CHOICE: Final = 1
_WISHES: Final = 2
_CONTRACT: Final = 3
_DISTANCE: Final = 5
_AGE: Final = 7
_NUMBERS: Final[list[bytes]] = [b"%d" % number for number in range(10_000)]


class Sayings:
    """What can be said, by topic and number, as bytes of JSON: each is asked of `word` once.

    `said` has what was said of each topic before, for whatever else that holds; `above` and `above_by_norm` are what
    stands round a number, what is said of an offer, that number plus one, and what is said of the next; `equal` is what
    stands round a number. `fields` are the names of the factors as fields, each after what ends the one before, and
    `deciders` the names of the deciders.
    """

    def __init__(
        self,
        word: Callable[[int, int], bytes],
        said: list[dict[int, bytes]],
        above: list[bytes],
        above_by_norm: list[bytes],
        equal: list[bytes],
        fields: list[bytes],
        deciders: list[bytes],
    ) -> None:
        self._word = word
        self._said = said
        self.above = above
        self.above_by_norm = above_by_norm
        self.equal = equal
        self.fields = fields
        self.deciders = deciders

    def of(self, topic: int, number: int) -> bytes:
        """What is said of it."""
        said = self._said[topic]
        if number not in said:
            said[number] = self._word(topic, number)
        return said[number]


class Particulars:
    """What is said of single offers by their ids: their own warnings, those whose ceiling an exception lifted, and our
    estimates of their waits (None where those were not asked); for `places` other than one, `due` are the days since
    when each result should have a place."""

    def __init__(
        self,
        warnings: dict[str, bytes],
        lifted: set[str],
        waits: dict[str, bytes] | None,
        due: list[int] | None,
        adult_from: int,
    ) -> None:
        self.warnings = warnings
        self.lifted = lifted
        self.waits = waits
        self.due = due
        self.adult_from = adult_from


def result_lines(
    found: list[Candidate],
    most: int,
    order: list[int],
    entries: list[Any],
    asked: Asked,
    sayings: Sayings,
    particulars: Particulars,
) -> bytes:
    """The best of the candidates that fit, at most so many, each with why it goes before the next by that order."""
    out: list[bytes] = [b"["]
    shown = min(most, len(found))
    for at in range(shown):
        one = found[at]
        entry: Any = entries[one.offer.number]
        out.append(b'{"rank":' if at == 0 else b',{"rank":')
        out.append(_number(at + 1))
        out.append(b',"offer":')
        _put_offer(out, one, entry, sayings)
        out.append(
            b',"withinNorm":true,"contract":' if one.factors[_DELAY] == 0 else b',"withinNorm":false,"contract":'
        )
        out.append(sayings.of(CONTRACT, one.contract * 2 + (1 if one.offer.id in particulars.lifted else 0)))
        for factor, field in enumerate(sayings.fields):
            out.append(field)
            out.append(_number(one.factors[factor]))
        out.append(b'},"decidedBy":')
        if at + 1 < len(found):
            decider = _decider(one, found[at + 1], order)
            out.append(sayings.deciders[decider])
            out.append(b',"explanation":"')
            _put_why(out, decider, one, found[at + 1], at + 2, asked, sayings)
        else:
            out.append(b'null,"explanation":"')
            out.append(sayings.of(LAST, (one.start * CHOICES_ROOM + one.choice) * 2 + (1 if at == 0 else 0)))
        out.append(b'","warnings":[')
        due = particulars.due
        out.append(
            b",".join(_warnings(one, asked, sayings, particulars, entry.available.due if due is None else due[at]))
        )
        out.append(b"]")
        _put_wait(out, one, particulars)
        out.append(b"}")
    out.append(b"]")
    return b"".join(out)


def alternative_lines(
    found: list[Candidate],
    entries: list[Any],
    sayings: Sayings,
    particulars: Particulars,
    region_desk: Any,
    of_providers: int,
    arrange: Callable[[Candidate], bytes],
) -> bytes:
    """What would be possible, each with what to arrange and with whom: the provider's desk for these reasons, else that
    of the child's region. What `arrange` is asked of hangs on more than the day and the provider."""
    out: list[bytes] = [b"["]
    for at, one in enumerate(found):
        entry: Any = entries[one.offer.number]
        provider: Any = entry.provider
        desk: Any = provider.desk if one.reasons & of_providers else region_desk
        out.append(b'{"offer":' if at == 0 else b',{"offer":')
        _put_offer(out, one, entry, sayings)
        out.append(sayings.of(REASON, one.reasons))
        out.append(b',"ask":')
        out.append(desk.shown)
        out.append(b',"explanation":"')
        if one.reasons & _OF_ANY_PROVIDER:
            sentence = sayings.of(ARRANGED, one.reasons)
            if ON_DAY in sentence:
                sentence = sentence.replace(ON_DAY, sayings.of(DAY_IN_WORDS, one.reference))
            name: bytes = provider.name_in_json
            out.append(sentence.replace(PROVIDER, name))
        else:
            out.append(arrange(one))
        out.append(desk.words)
        out.append(b'"')
        _put_wait(out, one, particulars)
        out.append(b"}")
    out.append(b"]")
    return b"".join(out)


def not_written_on(day: int, found: list[Candidate], entries: list[Any]) -> list[Any]:
    """The offers of which what is available was not written yet on that day."""
    own: list[Any] = [entries[each.offer.number] for each in found]
    return [each for each in own if each.available.day != day]


def _put_offer(out: list[bytes], one: Candidate, entry: Any, sayings: Sayings) -> None:
    """What results and alternatives have in common."""
    out.append(entry.shown)
    out.append(b',"provider":')
    out.append(entry.provider.shown)
    out.append(b',"availability":')
    out.append(entry.available.shown)
    out.append(b',"choice":')
    out.append(_number(one.choice))
    out.append(b',"expectedStart":')
    out.append(sayings.of(DAY, one.start))
    out.append(b',"distanceKm":')
    out.append(b"null" if one.distance < 0 else repr(round(one.distance, 3)).encode())


def _decider(one: Candidate, following: Candidate, order: list[int]) -> int:
    """The factor by which it goes before the next, or ID."""
    for factor in order:
        if one.factors[factor] != following.factors[factor]:
            return factor
    return ID


def _put_why(
    out: list[bytes], decider: int, one: Candidate, following: Candidate, number: int, asked: Asked, sayings: Sayings
) -> None:
    """A sentence that says why it goes before the next, which has that number."""
    if decider == ID:
        out.append(sayings.equal[0])
        out.append(_number(number))
        out.append(sayings.equal[1])
        return
    words = sayings.above_by_norm if decider == _DELAY else sayings.above
    mine, theirs = _said_on(decider, one, asked, sayings), _said_on(decider, following, asked, sayings)
    shown = _number(number)
    out += [words[0], shown, words[1], mine, words[2], shown, words[3], theirs, words[4]]


def _said_on(factor: int, one: Candidate, asked: Asked, sayings: Sayings) -> bytes:
    """What is said of an offer on a factor."""
    if factor == _CHOICE:
        return sayings.of(factor, one.choice)
    if factor == _WISHES:
        return sayings.of(factor, asked.wishes & ~one.offer.specialisations)
    if factor == _CONTRACT:
        return sayings.of(factor, one.contract)
    if factor == _DISTANCE:
        km = AT_HOME if one.offer.at_home else NOWHERE if one.distance < 0 else one.factors[_DISTANCE]
        return sayings.of(factor, km)
    if factor == _AGE:
        return sayings.of(factor, one.factors[_AGE])
    return sayings.of(factor, one.start)


def _warnings(one: Candidate, asked: Asked, sayings: Sayings, particulars: Particulars, due: int) -> list[bytes]:
    """What to know before choosing it; `due` is since when it should have a place, 0 where it need not."""
    found = _of_its_start(one, asked, sayings, due)
    if one.distance < 0 and asked.choices[one.choice - 1].most_km != ANYWHERE:
        found.append(sayings.of(DISTANCE_UNKNOWN, one.choice))
    if one.reference >= particulars.adult_from:
        found.append(sayings.of(TURNS_18, one.reference * CHOICES_ROOM + one.choice))
    if one.offer.needs_court_authorisation:
        found.append(sayings.of(COURT_AUTHORISATION, 0))
    of_contract = sayings.of(LIGHT_CONTRACT, one.contract)
    if of_contract:
        found.append(of_contract)
    own = particulars.warnings.get(one.offer.id)
    if own is not None:
        found.append(own)
    return found


def _of_its_start(one: Candidate, asked: Asked, sayings: Sayings, due: int) -> list[bytes]:
    """What to know of the figures, and of when help could start by them."""
    found: list[bytes] = []
    age = one.factors[_AGE]
    if OLD_AFTER_DAYS < age < UNKNOWN:
        found.append(sayings.of(FIGURES_OLD, age))
    if due:
        found.append(sayings.of(UNCONFIRMED, due))
    if one.start == NEVER:
        found.append(sayings.of(START_UNKNOWN, 0))
    elif one.start > asked.limit:
        found.append(sayings.of(START_AFTER_NORM, one.start))
    return found


def _put_wait(out: list[bytes], one: Candidate, particulars: Particulars) -> None:
    """The field with our estimate, null where there is none; nothing where it was ranked by what is stated."""
    waits = particulars.waits
    if waits is not None:
        out.append(b',"expectedWait":')
        out.append(waits.get(one.offer.id, b"null"))


def _number(number: int) -> bytes:
    return _NUMBERS[number] if 0 <= number < len(_NUMBERS) else b"%d" % number
