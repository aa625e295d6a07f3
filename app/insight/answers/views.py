"""How an answer looks: as its schema takes it, and as a table."""

from collections.abc import Sequence
from typing import Any, Final

from app.domain.language import Language, Text
from app.insight.answers.definitions import DIMENSIONS, Resource
from app.insight.answers.service import Answered, Row
from app.insight.answers.sheets import Sheet, Value
from app.insight.answers.small_counts import BELOW


def shown(answered: Answered, language: Language) -> dict[str, Any]:
    """The answer as its schema takes it."""
    resource = answered.resource
    return {
        "resource": resource.name,
        "region": answered.region,
        "supraregion": answered.query.supraregion,
        "by": answered.by,
        "known": answered.query.known,
        "overlapping": answered.by in resource.overlapping,
        "definitions": definitions_of(resource, language),
        **said_of(answered, language),
        "totals": [_row(each) for each in answered.totals],
        "items": [{"code": each.code, "name": each.name, **_row(each)} for each in answered.items],
    }


def said_of(answered: Answered, language: Language) -> dict[str, Any]:
    """What an answer says of itself: its source date, how complete it is, and what is hidden."""
    return {
        "source_at": answered.source_at,
        "completeness": [
            {"what": each.what.in_(language), "known": each.known, "of": each.of} for each in answered.completeness
        ],
        "small_counts": None if answered.hidden is None else {"below": BELOW, "hidden": answered.hidden},
    }


def _row(row: Row) -> dict[str, Any]:
    return {
        "period": row.period.name,
        "first_day": row.period.first,
        "last_day": row.last_day,
        "provisional": row.provisional,
        **row.figures,
    }


def definitions_of(resource: Resource, language: Language) -> list[dict[str, str]]:
    """What each figure of a resource says."""
    return [
        {
            "name": each.name,
            "title": each.title.in_(language),
            "kind": each.kind,
            "definition": each.definition.in_(language),
        }
        for each in resource
    ]


HEADING: Final = {
    "period": Text(nl="periode", en="period"),
    "first_day": Text(nl="van", en="from"),
    "last_day": Text(nl="tot en met", en="up to and including"),
    "provisional": Text(nl="voorlopig", en="provisional"),
    "code": Text(nl="code", en="code"),
    "known": Text(nl="zoals bekend", en="as known"),
    "source_at": Text(nl="brondatum", en="source date"),
    "completeness": Text(nl="volledigheid", en="completeness"),
    "definitions": Text(nl="definities", en="definitions"),
}
_KNOWN: Final = {"then": Text(nl="toen", en="then"), "now": Text(nl="nu", en="now")}
_ALL: Final = Text(nl="totaal", en="total")


def sheet_of(answered: Answered, language: Language) -> tuple[list[str], list[list[Value]]]:
    """The heading and the rows of an answer as a table: the totals, then what they are broken down by.

    Each row says as of when it is known, its source date and completeness; the first also what each figure says.
    """
    heading = [HEADING[each].in_(language) for each in ("period", "first_day", "last_day", "provisional")]
    heading += [DIMENSIONS[answered.by].in_(language), HEADING["code"].in_(language)]
    heading += [each.title.in_(language) for each in answered.resource]
    about: list[Value] = [
        _KNOWN[answered.query.known].in_(language),
        answered.source_at.isoformat() if answered.source_at else None,
        "; ".join(f"{each.what.in_(language)}: {each.known}/{each.of}" for each in answered.completeness),
    ]
    heading += [HEADING[each].in_(language) for each in ("known", "source_at", "completeness", "definitions")]
    rows = [[*_line(row, _ALL.in_(language)), *about, None] for row in answered.totals]
    rows += [[*_line(row, row.name), *about, None] for row in answered.items]
    if rows:
        rows[0][-1] = " ".join(
            f"{each.title.in_(language)}: {each.definition.in_(language)}" for each in answered.resource
        )
    return heading, rows


def _line(row: Row, name: str) -> list[Value]:
    start: list[Value] = [row.period.name, row.period.first, row.last_day, row.provisional, name, row.code]
    return [*start, *row.figures.values()]


def sheet_about(
    resource: Resource, heading: Sequence[str], rows: Sequence[Sequence[Value]], language: Language
) -> Sheet:
    """A table of a resource, with its question and what each of its figures says."""
    figures = [[each.title.in_(language), each.definition.in_(language)] for each in resource]
    title = resource.title.in_(language)
    return Sheet(resource.name, title, heading, rows, [[title, resource.question.in_(language)], *figures])
