"""What went wrong, said to a person: in Dutch, without the names that the API has for things, and how to go on."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.kit.errors import ApiError

_OF_THE_API: Final = re.compile(
    r"\s*\((?:GET|POST|PUT|PATCH|DELETE|[a-z]+[A-Z]\w*|answer|children|end|from|key|lesson|null|only|outcome|search"
    r"|status|to|unit|with|(?:GM|JZ)\d+)(?:[ ,][^)]*)?\)"
)
"""In texts for both, what only a caller of the API can use stands in brackets: "een laatste dag (validTo)"."""

FILL_IN: Final = "Vul dit in."
NO_MORE: Final = "Dit kan niet meer: intussen is er iets gewijzigd. Kijk na wat er nu staat."
CHOOSE: Final = "Kies er minstens een."
_SAID: Final = (
    ("missing", "Dit veld is ", FILL_IN),
    ("null", "Dit veld kan niet leeg", FILL_IN),
    ("missing", "Dit kan niet leeg zijn", FILL_IN),
    ("format", "Hier hoort een datum, zoals 2026", "Vul een datum in."),
    (
        "pattern",
        "Dit past niet op het patroon ^[A-Za-z0-9][A-Za-z0-9._/-]",
        "Gebruik letters, cijfers en . _ / - zonder spaties.",
    ),
    ("pattern", "Dit past niet op het patroon", "Dit is niet geschreven zoals het hoort."),
    ("format", "Hier hoort een tijdstip", "Vul een datum en een tijd in."),
    ("too-short", "Minstens 1 ", FILL_IN),
    ("too-few", "Minstens 1 ", CHOOSE),
    ("unknown-code", "Onbekende waarde ", "Kies een van de mogelijkheden."),
    ("unknown-code", "De code ", "Kies er een uit de lijst."),
    ("format", "Dit is geen UUID", "Kies er een uit de lijst."),
    ("not-applicable", "Dit veld hoort hier niet", "Laat dit hier leeg."),
    ("unknown-query-key", "", "Dit hoort niet in het adres van deze pagina."),
    ("invalid-cursor", "", "Deze bladzijde hoort bij een andere lijst; begin weer vooraan."),
)
"""By its code and how the words of the API begin: what a form says of a field."""

_TITLES: Final = {
    400: "Dit klopt niet",
    403: "Dit mag niet",
    404: "Niet gevonden",
    405: "Dit kan hier niet",
    409: "Dit kan nu niet",
    412: "Intussen gewijzigd",
    413: "Dit is te groot",
    415: "Dit bestand kan hier niet",
    422: "Al verstuurd",
    428: "Intussen gewijzigd",
    429: "Even wachten",
    500: "Er ging iets mis",
    503: "Even niet bereikbaar",
}
_WHAT: Final = {
    400: "Wat u vroeg of invulde, klopt nog niet.",
    405: "Deze pagina is er alleen om te bekijken.",
    412: "Iemand anders heeft dit intussen gewijzigd.",
    415: "Dit soort bestand wordt hier niet gelezen.",
    422: "Dit formulier is al eens verstuurd.",
    428: "Dit formulier is niet meer van nu.",
    500: "Er ging iets mis bij ons; er is niets gewijzigd.",
}
"""Instead of the words of the API, which say it to whoever made a program."""
_ON: Final = {
    400: "Ga terug, verbeter dit en probeer het opnieuw.",
    403: "Ga naar het begin, of meld u aan als iemand die dit mag.",
    404: "Kijk het adres na, of zoek het vanaf het begin.",
    405: "Ga naar het begin en zoek het daar.",
    409: "Ga terug en kijk hoe het er nu voor staat.",
    412: "Ga terug, open de pagina opnieuw en kijk wat er nu staat.",
    415: "Ga terug en kies een bestand uit Excel, of plak de regels.",
    422: "Kijk of het is aangekomen; open de pagina anders opnieuw.",
    428: "Ga terug en open de pagina opnieuw.",
    500: "Probeer het opnieuw. Gebeurt het weer, meld het dan met kenmerk {reference}.",
}
_NO_PATH: Final = ("Dit pad ", "Deze bron ")
_NO_PAGE: Final = "Deze pagina bestaat niet."
_LABELS: Final = {"na": "Bladzijde", "q": "Zoekwoorden"}


@dataclass(frozen=True, slots=True)
class Told:
    """A problem as a page tells it: what it is called, what is wrong, field by field, and how to go on."""

    title: str
    what: str
    fields: list[tuple[str, str]]
    on: str


def in_words(code: str, detail: str) -> str:
    """What is wrong with a field, to a person; `detail` are the Dutch words of the API."""
    for known, begins, words in _SAID:
        if code == known and detail.startswith(begins):
            return words
    return plain(detail)


def said_of(error: ApiError) -> str:
    """What a form says that was refused for something of no field."""
    return _WHAT.get(error.status, plain(error.detail.nl))


def plain(text: str) -> str:
    """A text without what only a caller of the API can use: "een laatste dag (validTo)." is "een laatste dag."."""
    return _OF_THE_API.sub("", text)


def told(problem: Mapping[str, Any], reference: str) -> Told:
    """A problem (RFC 9457) of a page, in Dutch; `reference` is what we find it by in the log."""
    status = problem["status"]
    what = _WHAT.get(status, plain(problem["detail"]))
    return Told(
        title=_TITLES.get(status, problem["title"]),
        what=_NO_PAGE if what.startswith(_NO_PATH) else what,
        fields=[
            (_label(each["pointer"]), in_words(each["code"], each["detail"])) for each in problem.get("errors", [])
        ],
        on=_ON.get(status, "Ga terug en probeer het opnieuw.").format(reference=reference),
    )


def _label(pointer: str) -> str:
    """What a person calls the field at a JSON pointer of what a page takes: "#/query/maand" is "Maand"."""
    name = pointer.removeprefix("#").rstrip("/").rpartition("/")[2]
    return _LABELS.get(name, name[:1].upper() + name[1:].replace("-", " "))
