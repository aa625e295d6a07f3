"""The columns of a table of waiting children: what they may be called, and how their cells are read."""

import re
from collections.abc import Collection, Iterator, Sequence
from difflib import get_close_matches
from typing import Final

from app.domain.language import Text
from app.dossiers.deliveries.cells import code_in, codes_in, gender, month, municipality
from app.kit.errors import InputError
from app.kit.files.cells import Cell, day, key, note, yes_no
from app.kit.files.layout import Column, Layout, fields_by_name, plain
from app.kit.files.lines import LinePosition
from app.reference.lists import reference

_care_type: Final = code_in(lambda: reference().care_types)
_specialisations: Final = codes_in(lambda: reference().specialisations)

CELLS: Final[dict[str, Cell]] = {
    "childReference": key,
    "birthMonth": month,
    "gender": gender,
    "municipality": municipality,
    "postcode": note,
    "measureType": code_in(lambda: reference().measures),
    "measureImposedOn": day,
    "measureInformedOn": day,
    "measureStartedOn": day,
    "courtAuthorisation": yes_no,
    "courtAuthorisationUntil": day,
    "requestedOn": day,
    "choice1": _care_type,
    "choice2": _care_type,
    "choice3": _care_type,
    "needs": _specialisations,
    "wishes": _specialisations,
    "characteristics": codes_in(lambda: reference().exclusion_criteria),
    "neededBy": day,
    "siblingGroup": key,
    "team": key,
    "careWorker": key,
    "protectionWorkerOn": day,
    "courseOn": day,
    "helpOn": day,
    "bridging": yes_no,
    "bridgedOn": day,
    "causes": codes_in(lambda: reference().waiting_causes),
    "explanation": note,
    "closedReason": code_in(lambda: reference().closing_reasons),
    "closedOn": day,
}
"""How a cell of each field is read."""
SAYS_NOTHING: Final = frozenset({"requestedOn", "causes", "explanation", "closedReason", "closedOn"})
"""The fields of which an empty cell says nothing."""
NEVER_EMPTY: Final = frozenset({"childReference", "birthMonth", "municipality", "choice1"})
"""The fields that every child has."""
EMPTY: Final[dict[str, object]] = {
    "gender": "unknown",
    "courtAuthorisation": False,
    **{name: [] for name in ("needs", "wishes", "characteristics")},
}
"""What an empty cell is of fields that are not null then; of all others it is null."""

_NAMES: Final = {
    "childReference": "kenmerk, kenmerk kind, kenmerk jeugdige, dossiernummer, cliëntnummer, child reference",
    "birthMonth": "geboortemaand, geboorte maand, birth month",
    "gender": "geslacht",
    "municipality": "gemeente, gemeentecode, verantwoordelijke gemeente, responsible municipality",
    "postcode": "postcode, pc4, postcode (4 cijfers), postcodegebied",
    "measureType": "maatregel, soort maatregel, kind of measure, measure",
    "measureImposedOn": "maatregelUitgesprokenOp, datum uitspraak, uitgesproken op, datum maatregel, imposed on",
    "measureInformedOn": "maatregelBekendOp, datum ontvangst beschikking, bekend op, informed on",
    "measureStartedOn": "maatregelGestartOp, start uitvoering, start uitvoering maatregel",
    "courtAuthorisation": "machtiging, machtiging gesloten jeugdhulp",
    "courtAuthorisationUntil": "machtigingTot, machtiging tot en met, einddatum machtiging",
    "requestedOn": "wachtSinds, wacht sinds, wachtend sinds, datum hulpvraag, waiting since",
    "choice1": "keus1, eerste keus, 1e keus, keuze 1, eerste keuze, 1e keuze, zorgvorm 1, hulpvorm 1, "
    "gewenste zorgvorm, gewenste zorgvorm 1, first choice, 1st choice",
    "choice2": "keus2, tweede keus, 2e keus, keuze 2, tweede keuze, 2e keuze, zorgvorm 2, hulpvorm 2, "
    "gewenste zorgvorm 2, second choice, 2nd choice",
    "choice3": "keus3, derde keus, 3e keus, keuze 3, derde keuze, 3e keuze, zorgvorm 3, hulpvorm 3, "
    "gewenste zorgvorm 3, third choice, 3rd choice",
    "needs": "eisen, specialisaties",
    "wishes": "wensen",
    "characteristics": "bijzonderheden, contra-indicaties, uitsluitingscriteria",
    "neededBy": "nodigOp, nodig voor, hulp nodig op",
    "siblingGroup": "gezin, broers en zussen",
    "team": "team",
    "careWorker": "medewerker, kenmerk medewerker",
    "protectionWorkerOn": "jeugdbeschermerOp, vaste jeugdbeschermer op, jeugdbeschermer sinds, protection worker",
    "courseOn": "koersOp, gedragen koers op, datum koers, agreed course",
    "helpOn": "hulpGestartOp, start hulp, hulp gestart, startdatum hulp, help started",
    "bridging": "overbrugging, met overbrugging, bridged",
    "bridgedOn": "overbrugdSinds, overbrugging sinds, overbrugging gestart, bridging since",
    "causes": "oorzaken, oorzaak, oorzaak wachten, oorzaken wachten, cause, waiting causes",
    "explanation": "toelichting, verklaring",
    "closedReason": "redenSluiten, reden van sluiten, reden sluiten, closing reason",
    "closedOn": "geslotenOp, gesloten op, datum sluiten",
}
"""Other names of each column; the first is the one of the Dutch template."""
_FIELDS: Final = fields_by_name(_NAMES)
_SHOWN: Final = {field: Text(nl=names.partition(",")[0], en=field) for field, names in _NAMES.items()}

_PERSONAL: Final = frozenset(
    map(
        plain,
        (
            *("naam", "naam kind", "naam jeugdige", "voornaam", "voornamen", "achternaam", "roepnaam", "voorletters"),
            *("bsn", "burgerservicenummer", "geboortedatum", "geboorteplaats", "adres", "straat", "huisnummer"),
            *("telefoon", "telefoonnummer", "e-mail", "e-mailadres", "ouders", "naam ouder", "school"),
            *("naam jeugdbeschermer", "name", "first name", "last name", "surname", "date of birth", "birth date"),
            *("address", "street", "phone", "citizen service number"),
        ),
    )
)
_DERIVED: Final = {
    plain(name): source
    for source, names in {
        Text(nl="de gemeente", en="the municipality"): ("regio", "jeugdregio", "region"),
        Text(nl="wie aanlevert", en="who delivers"): ("instelling", "GI", "gecertificeerde instelling", "institution"),
        Text(nl="referenceDay in het adres", en="referenceDay in the address"): ("peildatum", "reference day"),
        Text(nl="de dagen van de maatregel", en="the days of the measure"): (
            *("dagen over norm", "dagen over de norm", "aantal dagen over norm", "days over the norm"),
        ),
        Text(nl="de aanmeldingen", en="the referrals"): (
            *("aangemeld bij", "aantal aanbieders", "aangemeld bij een of meer aanbieders", "aanmeldingen"),
            *("referrals", "aangemeld bij één of meer aanbieders"),
        ),
        Text(nl="de opschaling", en="the escalations"): ("trede", "trede van de ladder", "opschaling", "step"),
    }.items()
    for name in names
}
"""Columns of other lists that follow from the dossier here, and from what."""
_REFERENCE: Final = re.compile(r'"?[A-Za-z0-9._/-]*[0-9][A-Za-z0-9._/-]*"?', re.ASCII)
_WIDE: Final = 8
"""Parts of a line in a text that can be no sentence any more."""


def _column_of(name: str) -> Column | None:
    field = _FIELDS.get(plain(name))
    return None if field is None else Column(field, CELLS[field])


def _refused(position: LinePosition, name: str) -> InputError | None:
    """What is wrong with a column of this name: it says who the child is, follows from the dossier, or is not known."""
    if plain(name) in _FIELDS:
        return None
    pointer = position.pointer(name[:100])
    if plain(name) in _PERSONAL:
        text = Text(
            nl="Deze kolom zegt wie het kind is; de dienst bewaart dat niet. Haal de kolom weg.",
            en="This column says who the child is, which the service does not keep. Take the column out.",
        )
        return InputError(pointer, "personal-data", text)
    source = _DERIVED.get(plain(name))
    if source is not None:
        text = Text(
            nl="Dit volgt hier uit {source}; haal de kolom weg.",
            en="Here this follows from {source}; take the column out.",
        )
        return InputError(pointer, "derived-column", text.format(source=source))
    return InputError(pointer, "unknown-column", _unknown(name))


def _unknown(name: str) -> Text:
    nearest = get_close_matches(plain(name), _FIELDS, n=1)
    if not nearest:
        return Text(nl="Deze kolom bestaat niet; zie het sjabloon.", en="No such column; see the template.")
    text = Text(
        nl="Deze kolom bestaat niet; bedoelt u '{nearest}'? Zie het sjabloon.",
        en="No such column; do you mean '{nearest}'? See the template.",
    )
    return text.format(nearest=_SHOWN[_FIELDS[nearest[0]]])


def _lacking(position: LinePosition, fields: Collection[str]) -> Iterator[InputError]:
    if "childReference" not in fields:
        text = Text(nl="De kolom kenmerk ontbreekt.", en="The column childReference is missing.")
        yield InputError(position.pointer("childReference"), "missing", text)


def _is_record(parts: Sequence[str]) -> bool:
    """Whether there are as many as no sentence has, with a reference among them."""
    return len(parts) >= _WIDE and any(map(_REFERENCE.fullmatch, parts))


LAYOUT: Final = Layout(CELLS, _NAMES, _column_of, _refused, _lacking, _is_record)
"""The table of waiting children."""
