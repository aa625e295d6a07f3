"""Finding what may lead to a child in a free text that everybody gets to read, so that it can be taken out.

Only what can be told by its form is found: dates, names of persons, addresses, numbers. In doubt it counts: whoever
wrote the text can say it otherwise. A citizen service number is found by `domain.bsn`.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["date", "birth", "email", "phone", "postcode", "address", "link", "number", "person", "place"]

_MONTH: Final = (
    "(?:jan(?:uari|uary)?|feb(?:ruari|ruary)?|mrt|maart|march|apr(?:il)?|mei|may|juni?|june?|juli?|july?|"
    "aug(?:ustus|ust)?|sept?(?:ember)?|o[kc]t(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_STREETS: Final = "straat|laan|weg|plein|gracht|kade|dijk|singel|hof|steeg|pad|dreef|plantsoen|markt|wal|street|road"
_IN_STREET: Final = r"\s+\d{1,4}[a-z]?\b"
_CAPITAL: Final = "[A-ZÀ-ÖØ-Þ](?:[a-zß-öø-ÿ]+)(?:[-'][A-ZÀ-Þ]?[a-zß-ÿ]+)*"
_BETWEEN: Final = "(?:van|von|de|den|der|het|'t|ter|ten|te|el|al|ben|bin|la|le|da|dos?)"
_OF_A_PERSON: Final = (
    "(?:mevrouw|mevr|mw|meneer|dhr|heer|familie|fam|gezin|cliënt|client|kind|jongen|jongere|meisje|zoon|dochter|broer|"
    "broertje|zus|zusje|moeder|vader|oma|opa|tante|oom|pleegmoeder|pleegvader|jeugdbeschermer|voogd|heet|heette|"
    "genaamd|noemen|mr|mrs|ms|named|called)"
)

_FORMS: Final[tuple[tuple[Kind, re.Pattern[str]], ...]] = (
    ("link", re.compile(r"\b(?:https?://|www\.)\S+", re.IGNORECASE)),
    ("email", re.compile(r"[^\s@<>(]+@[^\s@]+\.[^\s@]+")),
    (
        "birth",
        re.compile(r"\b(?:geboren|geb\.|geboorteda(?:tum|g)|verjaardag|born|birthday)(?!\w)", re.IGNORECASE),
    ),
    ("date", re.compile(r"\b\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4}\b")),
    ("date", re.compile(rf"\b\d{{1,2}}(?:e|ste|de|st|nd|rd|th)?\s+{_MONTH}\b(?:\s+\d{{4}})?", re.IGNORECASE)),
    ("date", re.compile(rf"\b{_MONTH}\s+(?:\d{{1,2}},?\s+)?(?:19|20)\d\d\b", re.IGNORECASE)),
    ("phone", re.compile(r"(?<!\d)(?:\+|00)\d{1,3}[\s.-]?(?:\(0\)[\s.-]?)?\d(?:[\s.-]?\d){7,9}(?!\d)")),
    ("phone", re.compile(r"(?<!\d)\(?0\d{1,3}\)?[\s.-]?\d(?:[\s.-]?\d){5,8}(?!\d)")),
    ("postcode", re.compile(r"\b[1-9]\d{3}(?:[A-Za-z]{2}|\s[A-Z]{2})\b")),
    ("postcode", re.compile(r"\bpostcode(?:gebied)?\s+[1-9]\d{3}\b", re.IGNORECASE)),
    (
        "address",
        re.compile(rf"\b(?!(?:onder|half|halver|der)weg\b)[\w'-]{{2,}}(?:{_STREETS}){_IN_STREET}", re.IGNORECASE),
    ),
    ("address", re.compile(rf"\b(?:{_STREETS.title()}){_IN_STREET}")),
    ("number", re.compile(r"(?<![\w])(?=(?:[\w/.-]*\d){3})[A-Za-z]{1,6}[-/.]\d[\w/.-]*\d\b")),
    ("number", re.compile(r"(?<!\d)\d{6,}(?!\d)")),
    ("person", re.compile(rf"\b(?:[A-Z]\.\s?)+(?:{_BETWEEN}\s+){{0,2}}{_CAPITAL}")),
    ("person", re.compile(rf"\b{_CAPITAL}(?:\s+[A-Z]\.)+(?!\w)")),
    ("person", re.compile(rf"\b[A-Z]\s(?:{_BETWEEN}\s+){{0,2}}{_CAPITAL}")),
    ("person", re.compile(rf"\b(?i:{_OF_A_PERSON})\.?\s+(?:{_BETWEEN}\s+){{0,2}}{_CAPITAL}")),
    ("person", re.compile(rf"\b{_CAPITAL}\s+(?:{_BETWEEN}\s+){{1,2}}{_CAPITAL}")),
    ("person", re.compile(rf"\b{_CAPITAL}\s+{_CAPITAL}")),
)
"""What is found by its form alone; the first that holds a place in the text counts."""

_NO_NAMES: Final = frozenset(
    re.findall(
        r"[\w-]+",
        "de het een met in na naar voor door via bij samen omdat toen als en of maar ook dit dat deze die er zo eerst "
        "dan daarna veilig thuis jeugdbescherming jeugdzorg jeugdhulp jeugdwet pleegzorg gezinshuis raad "
        "kinderbescherming signs safety triple families first video home training systeem system therapie therapy "
        "multi functional family parent child beter eigen kracht een-op-een wet langdurige zorg",
    )
)
"""Words that begin with a capital and are part of no person's name."""


@dataclass(frozen=True, slots=True)
class Trace:
    """What may lead to a child: of what kind, and how it stands in the text."""

    kind: Kind
    found: str


_Place = tuple[int, int, Trace]


def find_traces(text: str, places: Iterable[str] = ()) -> list[Trace]:
    """What may lead to a child, in the order of the text; `places` are names of places and institutions to look for.

    "J. Jansen woonde aan de Dorpsstraat 3" has two: the person and the address.
    """
    plain = "".join(each for each in unicodedata.normalize("NFKC", text) if unicodedata.category(each) != "Cf")
    taken: list[_Place] = []
    for start, end, trace in (*_by_name(plain, places), *_by_form(plain)):
        if all(end <= other_start or start >= other_end for other_start, other_end, _ in taken):
            taken.append((start, end, trace))
    return [trace for *_, trace in sorted(taken, key=lambda each: each[0])]


def _by_form(plain: str) -> Iterator[_Place]:
    for kind, form in _FORMS:
        at = 0
        while (match := form.search(plain, at)) is not None:
            counts = kind != "person" or not _is_no_name(match[0])
            if counts:
                yield *match.span(), Trace(kind, match[0])
            at = match.end() if counts else match.start() + 1


def _is_no_name(found: str) -> bool:
    first, *others = re.findall(r"[\w'-]+", found.lower())
    return first in _NO_NAMES or not _NO_NAMES.isdisjoint(set(others) - {"de", "het"})


def _by_name(plain: str, places: Iterable[str]) -> Iterator[_Place]:
    for place in places:
        if place in plain:
            for match in re.finditer(rf"(?<!\w){re.escape(place)}(?!\w)", plain):
                yield *match.span(), Trace("place", match[0])
