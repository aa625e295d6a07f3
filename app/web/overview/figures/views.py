"""The dashboard as the page shows it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.dates import YearMonth
from app.domain.language import month_in_words
from app.insight.answers.service import Answered
from app.insight.dashboard.lights import TileName
from app.insight.dashboard.schemas import Dashboard, PartOut, ReadingOut, TileOut
from app.insight.dashboard.service import Summary
from app.reference.lists import reference
from app.web.overview.areas import AreaForm
from app.web.overview.figures.figures import OF_TILE, Figure
from app.web.overview.lights import LightShown, light_shown
from app.web.plots.plot import Missing
from app.web.plots.wording import value_in_words
from app.web.shell.words import NOTHING, day


@dataclass(frozen=True, slots=True)
class Reading:
    """So many of so many in words, which part that is, and its light."""

    amount: str
    share: str
    light: LightShown | None


@dataclass(frozen=True, slots=True)
class Tile:
    """A tile: of whom it is, what it says now and said a month before, and where the figures behind it are."""

    title: str
    of: str
    when: str
    now: Reading
    before: Reading
    definition: str
    rule: str
    completeness: str
    hidden: int
    address: str


@dataclass(frozen=True, slots=True)
class Line:
    """A municipality, provider or region in a table: its page, if any, and its readings in the order of the columns."""

    name: str
    address: str | None
    readings: Sequence[Reading]


@dataclass(frozen=True, slots=True)
class Table:
    """What some tiles say of each municipality, provider or region."""

    title: str
    columns: Sequence[str]
    lines: Sequence[Line]


def reading(said: ReadingOut) -> Reading:
    """What a tile says in words; a count that a role does not see is never a 0."""
    if said.count is None or said.of is None:
        return Reading(Missing.HIDDEN.value, "", None)
    if said.share is None:
        return Reading("niets geteld", "", None)
    return Reading(f"{said.count} van {said.of}", value_in_words(said.share, "share"), light_shown(said.light))


def tiles_of(dashboard: Dashboard, form: AreaForm) -> list[Tile]:
    """The tiles of a region; where the form names a municipality or a provider, those that are broken down so are of
    it."""
    chosen = {
        **_readings(dashboard.municipalities, form.gemeente),
        **_readings(dashboard.providers, form.aanbieder),
    }
    return [_tile(each, dashboard.name, chosen.get(each.name), form) for each in dashboard.tiles]


def tiles_together(summary: Summary, name: str) -> list[Tile]:
    """The tiles of several regions together, which are called so."""
    return [_tile(each, name, None, AreaForm()) for each in summary.tiles]


def _readings(parts: Iterable[PartOut], code: str) -> Mapping[TileName, tuple[str, ReadingOut]]:
    return {tile.name: (part.name, tile) for part in parts if part.code == code for tile in part.tiles}


def _tile(tile: TileOut, area: str, chosen: tuple[str, ReadingOut] | None, form: AreaForm) -> Tile:
    name, said = chosen or (area, tile)
    return Tile(
        title=tile.title,
        of=name,
        when=when(tile.period),
        now=reading(said),
        before=reading(tile.before) if chosen is None else Reading(NOTHING, "", None),
        definition=f"{tile.definition} Deel van: {tile.of_definition}",
        rule=tile.rule,
        completeness="; ".join(f"{each.what}: {each.known} van {each.of or 'onbekend'}" for each in tile.completeness),
        hidden=tile.small_counts.hidden if tile.small_counts else 0,
        address=form.address(f"/overzicht/cijfers/{OF_TILE[tile.name].slug}"),
    )


def when(period: str) -> str:
    """A month or a day in words."""
    if len(period) == len("2026-10"):
        return month_in_words(YearMonth.parse(period).first_day).nl
    return day(date.fromisoformat(period))


def definitions_of(figure: Figure, answered: Answered) -> list[tuple[str, str]]:
    """What each measure that is drawn says; of a share, what it is a part of."""
    resource = answered.resource
    names = dict.fromkeys(
        part for name in (*figure.course, *figure.parts) for part in resource.measure(name).of or (name,)
    )
    return [(resource.measure(name).title.nl, resource.measure(name).definition.nl) for name in names]


def table_of(title: str, parts: Sequence[PartOut], tiles: Sequence[TileOut], code: str = "") -> Table:
    """What the tiles say of each of these, or of the one with this code; a region leads to its own page."""
    titles = {tile.name: tile.title for tile in tiles}
    shown = [each for each in parts if code in {"", each.code}]
    columns = [titles[each.name] for each in parts[0].tiles] if parts else []
    return Table(title, columns, [_line(each) for each in shown])


def _line(part: PartOut) -> Line:
    address = AreaForm(regio=part.code).address("/overzicht") if part.code in reference().regions else None
    return Line(part.name, address, [reading(tile) for tile in part.tiles])
