"""The columns of a table of capacity reports: what they may be called, and how their cells are read."""

from typing import Final, NamedTuple

from app.domain.language import Language, Text
from app.supply.capacity_reports.cells import (
    Cell,
    day,
    key,
    moment,
    note,
    number,
    weeks,
    yes_no,
)
from app.supply.capacity_reports.waits import clear_names, wait_of

CELLS: Final[dict[str, Cell]] = {
    "offerId": key,
    "providerId": key,
    "offerKey": key,
    "placesTotal": number,
    "placesOccupied": number,
    "placesReserved": number,
    "placesFree": number,
    "waitingCount": number,
    "nextFreeOn": day,
    "waitDaysIntake": number,
    "waitDaysTreatment": number,
    "acceptsReferrals": yes_no,
    "note": note,
    "observedAt": moment,
}
"""How a cell of each field is read."""
KEYS: Final = ("offerId", "providerId", "offerKey")
"""The fields that name the offer."""

NEVER_EMPTY: Final = frozenset({"placesFree", "acceptsReferrals"})
EMPTIED: Final = CELLS.keys() - NEVER_EMPTY - {*KEYS, "observedAt"}
"""The fields that an empty cell empties."""

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
    "waitDaysIntake": "wachtdagenIntake",  # and all that `waits` reads
    "waitDaysTreatment": "wachtdagenBehandeling",
    "acceptsReferrals": "neemtAanmeldingenAan, neemt verwijzingen aan, neemt aan, aannamebereid, "
    "open voor aanmelding, open voor aanmeldingen",
    "note": "toelichting, opmerking, opmerkingen, notitie",
    "observedAt": "peilmoment, peildatum, waargenomen op, gemeten op, observed",
}
"""Other names of each column; the first is the one of the Dutch template."""


def _plain(name: str) -> str:
    return "".join(filter(str.isalnum, name.casefold()))


_FIELDS: Final = {_plain(name): field for field, names in _NAMES.items() for name in (field, *names.split(", "))}


class Column(NamedTuple):
    """The field that a column holds, and how its cells are read."""

    field: str
    cell: Cell


def column_of(name: str) -> Column | None:
    """The column of this name, however it is spaced and capitalised; None where there is none."""
    wait = wait_of(_plain(name))
    if wait is not None:
        return Column(wait.field, weeks if wait.unit == "weeks" else CELLS[wait.field])
    field = _FIELDS.get(_plain(name))
    return None if field is None else Column(field, CELLS[field])


def unclear(name: str) -> Text | None:
    """What to call a column instead whose name does not say what it counts; None where it does."""
    wait = wait_of(_plain(name))
    is_known = _plain(name) in _FIELDS or (wait is not None and wait.unit is not None)
    return None if is_known else clear_names(name, wait)


def headings(language: Language) -> list[str]:
    """The name of every column in that language, in the order of the template."""
    return [names.partition(",")[0] for names in _NAMES.values()] if language == "nl" else list(_NAMES)
