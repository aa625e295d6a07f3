"""The columns of a CSV file of capacity reports: what they may be called, and how their cells are read."""

import re
from collections.abc import Callable
from typing import Final

from app.domain.language import Language

_DAY_FIRST: Final = re.compile(r"(\d{1,2})-(\d{1,2})-(\d{4})(?=$|[Tt ])", re.ASCII)
_LONGEST: Final = 18
"""Digits of a number that is read as one."""
_YES_NO: Final = {
    **dict.fromkeys(("true", "yes", "ja", "waar", "j", "y", "1"), True),
    **dict.fromkeys(("false", "no", "nee", "onwaar", "n", "0"), False),
}

Cell = Callable[[str], object]


def _text(cell: str) -> object:
    return cell


def _whole(cell: str) -> object:
    digits = cell.removeprefix("-")
    return int(cell) if digits.isdigit() and digits.isascii() and len(digits) <= _LONGEST else cell


def _yes_no(cell: str) -> object:
    return _YES_NO.get(cell.lower(), cell)


def _date(cell: str) -> object:
    """A date or time of which the day may come first, as Dutch spreadsheets write it."""
    found = _DAY_FIRST.match(cell)
    return cell if found is None else f"{found[3]}-{found[2]:0>2}-{found[1]:0>2}{cell[found.end() :]}"


CELLS: Final[dict[str, Cell]] = {
    "offerId": _text,
    "providerId": _text,
    "offerKey": _text,
    "placesTotal": _whole,
    "placesOccupied": _whole,
    "placesReserved": _whole,
    "placesFree": _whole,
    "waitingCount": _whole,
    "nextFreeOn": _date,
    "waitDaysIntake": _whole,
    "waitDaysTreatment": _whole,
    "acceptsReferrals": _yes_no,
    "note": _text,
    "observedAt": _date,
}
"""How a cell of each field is read; what makes no sense stays the text that it is, for the schema to refuse."""

_NAMES: Final = {
    "offerId": "aanbodId, offer id",
    "providerId": "aanbiederId, provider id",
    "offerKey": "aanbodSleutel, sleutel, eigen sleutel, sleutel van het aanbod, offer key, key",
    "placesTotal": "plekkenTotaal, totaal, totaal plekken, aantal plekken, plaatsen totaal, capaciteit, total",
    "placesOccupied": "plekkenBezet, bezet, bezette plekken, plaatsen bezet, occupied",
    "placesReserved": "plekkenGereserveerd, gereserveerd, gereserveerde plekken, plaatsen gereserveerd, reserved",
    "placesFree": "plekkenVrij, vrij, vrije plekken, plaatsen vrij, vrije plaatsen, beschikbaar, free",
    "waitingCount": "aantalWachtenden, wachtenden, wachtlijst, waiting",
    "nextFreeOn": "eerstvolgendVrijOp, eerstvolgend vrij, volgende plek vrij op, next free",
    "waitDaysIntake": "wachtdagenIntake, wachttijd intake, wachttijd tot intake, aanmeldwachttijd, wait to intake",
    "waitDaysTreatment": "wachtdagenBehandeling, wachttijd behandeling, wachttijd tot behandeling, "
    "behandelwachttijd, wait to treatment",
    "acceptsReferrals": "neemtAanmeldingenAan, neemt verwijzingen aan, neemt aan, aannamebereid, "
    "open voor aanmelding, open voor aanmeldingen",
    "note": "toelichting, opmerking, opmerkingen, notitie",
    "observedAt": "peilmoment, peildatum, waargenomen op, gemeten op, observed",
}
"""Other names of each column; the first is the one of the Dutch template."""


def _plain(name: str) -> str:
    return "".join(filter(str.isalnum, name.casefold()))


_FIELDS: Final = {_plain(name): field for field, names in _NAMES.items() for name in (field, *names.split(", "))}


def field_of(name: str) -> str | None:
    """The field that a column of this name holds, however it is spaced and capitalised; None where there is none."""
    return _FIELDS.get(_plain(name))


def template(language: Language) -> bytes:
    """An empty file with every column, as spreadsheets of that language open it: Dutch ones part by semicolon."""
    if language == "nl":
        names = [names.partition(",")[0] for names in _NAMES.values()]
        return f"\ufeff{';'.join(names)}\r\n".encode()
    return f"\ufeff{','.join(_NAMES)}\r\n".encode()
