"""The dashboard as a table: a row for each tile, of the whole region and of each municipality or provider."""

from collections.abc import Iterator
from typing import Final

from app.domain.language import Language, Text
from app.insight.answers.sheets import Sheet, Value
from app.insight.dashboard.schemas import Dashboard, ReadingOut, TileOut
from app.insight.plans.states import LIGHT_NAMES

_TITLE: Final = Text(nl="Dashboard", en="Dashboard")
_COLUMNS: Final = (
    Text(nl="tegel", en="tile"),
    Text(nl="periode", en="period"),
    Text(nl="code", en="code"),
    Text(nl="naam", en="name"),
    Text(nl="aantal", en="count"),
    Text(nl="van", en="of"),
    Text(nl="deel", en="share"),
    Text(nl="licht", en="light"),
)


def sheet_of(dashboard: Dashboard, language: Language) -> Sheet:
    """The table, with what each tile counts and when it is green, amber or red."""
    notes = [[each.title, each.definition, each.of_definition, each.rule] for each in dashboard.tiles]
    heading = [each.in_(language) for each in _COLUMNS]
    title = _TITLE.in_(language)
    return Sheet(f"dashboard-{dashboard.region}", title, heading, list(_rows(dashboard, language)), notes)


def _rows(dashboard: Dashboard, language: Language) -> Iterator[list[Value]]:
    tiles = {tile.name: tile for tile in dashboard.tiles}
    for tile in dashboard.tiles:
        yield _row(tile, dashboard.region, dashboard.name, tile, language)
    for part in (*dashboard.municipalities, *dashboard.providers):
        for reading in part.tiles:
            yield _row(tiles[reading.name], part.code, part.name, reading, language)


def _row(tile: TileOut, code: str, name: str, reading: ReadingOut, language: Language) -> list[Value]:
    light = LIGHT_NAMES[reading.light].in_(language) if reading.light else None
    return [tile.title, tile.period, code, name, reading.count, reading.of, reading.share, light]
