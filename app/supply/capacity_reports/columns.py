"""The columns of a table of capacity reports: what they may be called, and how their cells are read."""

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Final

from app.domain.language import Text
from app.kit.errors import InputError
from app.kit.files.cells import Cell, day, key, moment, note, number, weeks, yes_no
from app.kit.files.layout import Column, Layout, fields_by_name, plain
from app.kit.files.lines import LinePosition
from app.supply.capacity_reports.waits import clear_names, wait_of

_MANGLED: Final = Text(
    nl="Een rekenblad heeft deze sleutel veranderd in '{cell}'; maak de kolom op als Tekst en vul de sleutel opnieuw "
    "in, of noem het aanbod met aanbodId.",
    en="A spreadsheet has changed this key into '{cell}'; format the column as Text and fill in the key again, or name "
    "the offer with offerId.",
)


def _own_key(cell: str) -> object:
    return key(cell, _MANGLED)


CELLS: Final[dict[str, Cell]] = {
    "offerId": _own_key,
    "providerId": _own_key,
    "offerKey": _own_key,
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


_FIELDS: Final = fields_by_name(_NAMES)
_ID: Final = re.compile('"?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"?', re.IGNORECASE)


def _column_of(name: str) -> Column | None:
    """The column of this name, however it is spaced and capitalised; None where there is none."""
    wait = wait_of(plain(name))
    if wait is not None:
        return Column(wait.field, weeks if wait.unit == "weeks" else CELLS[wait.field])
    field = _FIELDS.get(plain(name))
    return None if field is None else Column(field, CELLS[field])


def _refused(position: LinePosition, name: str) -> InputError | None:
    """What is wrong with a column of this name: there is none, or it does not say what it counts."""
    wait = wait_of(plain(name))
    is_known = plain(name) in _FIELDS or (wait is not None and wait.unit is not None)
    if is_known:
        return None
    choices = clear_names(name, wait)
    if choices is not None:
        return InputError(position.pointer(name), "no-unit", choices)
    text = Text(nl="Deze kolom bestaat niet; zie het sjabloon.", en="No such column; see the template.")
    return InputError(position.pointer(name[:100]), "unknown-column", text)


def _lacking(position: LinePosition, fields: Collection[str]) -> Iterator[InputError]:
    if "offerId" not in fields and not {"providerId", "offerKey"} <= set(fields):
        text = Text(
            nl="De kolom aanbodId ontbreekt, of aanbiederId en aanbodSleutel samen.",
            en="The column offerId is missing, or providerId and offerKey together.",
        )
        yield InputError(position.pointer("offerId"), "missing", text)


def _is_record(parts: Sequence[str]) -> bool:
    """Whether one of them is an id, which only a report has."""
    return any(map(_ID.fullmatch, parts))


LAYOUT: Final = Layout(CELLS, _NAMES, _column_of, _refused, _lacking, _is_record)
"""The table of capacity reports."""
