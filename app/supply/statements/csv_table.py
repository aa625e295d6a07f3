"""A statement as a table that spreadsheets open.

UTF-8 with a byte order mark, lines end in CRLF (RFC 4180). In Dutch the columns are parted by semicolons and numbers
have a decimal comma, in English commas and a point: what a spreadsheet of that language expects.
"""

import csv
from datetime import date
from io import StringIO
from typing import Final

from app.domain.language import Language, Text, decimal_in_words
from app.reference.lists import reference
from app.supply.statements.schemas import StatementLineOut, StatementOut

_COLUMNS: Final = (
    Text(nl="aanbieder", en="provider"),
    Text(nl="AGB-code", en="AGB code"),
    Text(nl="KvK-nummer", en="KvK number"),
    Text(nl="kwartaal", en="quarter"),
    Text(nl="geteld tot en met", en="counted up to and including"),
    Text(nl="voorlopig", en="provisional"),
    Text(nl="vorm van jeugdhulp", en="care type"),
    Text(nl="vorm (code)", en="care type (code)"),
    Text(nl="jeugdregio", en="region"),
    Text(nl="jeugdregio (code)", en="region (code)"),
    Text(nl="wachtenden op de laatste dag", en="waiting on the last day"),
    Text(nl="wachtenden gemiddeld", en="waiting on average"),
    Text(nl="geschatte wachttijd in dagen op de laatste dag", en="estimated wait in days on the last day"),
    Text(nl="geschatte wachttijd in dagen gemiddeld", en="estimated wait in days on average"),
    Text(nl="waarvan tot intake op de laatste dag", en="of which to intake on the last day"),
    Text(nl="waarvan tot intake gemiddeld", en="of which to intake on average"),
    Text(nl="waarvan tot behandeling op de laatste dag", en="of which to treatment on the last day"),
    Text(nl="waarvan tot behandeling gemiddeld", en="of which to treatment on average"),
    Text(nl="aanbod", en="offers"),
    Text(nl="aanbod met cijfers", en="offers with figures"),
    Text(nl="aanbod op de laatste dag", en="offers on the last day"),
    Text(nl="aanbod met cijfers op de laatste dag", en="offers with figures on the last day"),
    Text(nl="dagen aanbod", en="offer days"),
    Text(nl="dagen met cijfers", en="days with figures"),
    Text(nl="volledigheid (deel van de dagen)", en="completeness (share of the days)"),
)
_YES_NO: Final = {True: Text(nl="ja", en="yes"), False: Text(nl="nee", en="no")}
_MANY: Final = Text(nl="meer dan een of niet bekend", en="more than one or not known")


def write_table(statement: StatementOut, language: Language) -> bytes:
    """The table: a line for each care type and region."""
    file = StringIO()
    writer = csv.writer(file, delimiter=";" if language == "nl" else ",", lineterminator="\r\n")
    writer.writerow([column.in_(language) for column in _COLUMNS])
    for item in statement.items:
        writer.writerow([_cell(value, language) for value in _row(statement, item, language)])
    return f"\ufeff{file.getvalue()}".encode()


def _row(statement: StatementOut, item: StatementLineOut, language: Language) -> list[object]:
    region = reference().regions[item.region].name if item.region else _MANY.in_(language)
    return [
        statement.provider_name,
        statement.agb_code,
        statement.kvk_number,
        statement.quarter,
        statement.last_day,
        _YES_NO[statement.provisional].in_(language),
        reference().care_types[item.care_type].name.in_(language),
        item.care_type,
        region,
        item.region,
        *item.figures.values().values(),
        *item.completeness.values().values(),
    ]


def _cell(value: object, language: Language) -> str:
    match value:
        case None:
            return ""
        case float():
            return decimal_in_words(value, 4).in_(language)
        case date():
            return value.isoformat()
        case str() if value.startswith(("=", "+", "-", "@", "\t", "\r")):  # a spreadsheet would take it for a formula
            return f"'{value}"
    return str(value)
