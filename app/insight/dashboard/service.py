"""A region on one page, or several, made of the answers of the resources: nothing is counted here a second time."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final, TypeAlias

from app.domain.dates import YearMonth, add_months, dutch_day
from app.domain.language import Language, Text
from app.insight.answers.definitions import Dimension
from app.insight.answers.schemas import InsightQuery
from app.insight.answers.service import Answered, Row
from app.insight.answers.views import said_of
from app.insight.choices.service import get_choices
from app.insight.dashboard.lights import BOUNDS, TileName
from app.insight.dashboard.schemas import (
    Dashboard,
    DashboardQuery,
    NamedReadingOut,
    PartOut,
    PlanOut,
    ReadingOut,
    TileOut,
)
from app.insight.dashboard.tiles import NOBODY, TILES, Reading, Tile
from app.insight.declines.service import get_declines
from app.insight.freshness.service import get_freshness
from app.insight.keeping.areas import Area
from app.insight.norms.service import get_norms
from app.insight.plans.reports import count_actions
from app.insight.waiting_children.service import get_month_ends
from app.kit.database.sessions import ReadSession
from app.kit.errors import InputError, InvalidInputError
from app.kit.security.callers import Caller
from app.reference.lists import reference


@dataclass(frozen=True, slots=True)
class Summary:
    """Several regions together, and each of them."""

    tiles: Sequence[TileOut]
    regions: Sequence[PartOut]


Ask: TypeAlias = Callable[[ReadSession, Caller, InsightQuery, datetime], Awaitable[Answered]]
_ASK: Final[Mapping[str, Ask]] = {
    "norms": get_norms,
    "waiting-children": get_month_ends,
    "choices": get_choices,
    "freshness": get_freshness,
    "declines": get_declines,
}
_REQUIRED: Final = Text(nl="Noem een jeugdregio.", en="Name a region.")


async def get_dashboard(
    session: ReadSession, caller: Caller, query: DashboardQuery, now: datetime, language: Language
) -> Dashboard:
    """The page of a region, of which a caller sees what the resources show it; `ForbiddenError` for another's."""
    code, today = query.region or caller.region, dutch_day(now)
    if code is None:
        raise InvalidInputError(InputError("#/query/region", "missing", _REQUIRED))
    region = reference().regions[code]
    last_month = add_months(today.replace(day=1), -1)
    found = {name: await _ask(session, caller, code, tile, last_month, now) for name, tile in TILES.items()}
    this_month = YearMonth(today.year, today.month)
    counts = await count_actions(session, caller, Area(region=code), this_month, today)
    report = f"/v1/insight/action-reports/{this_month}?region={code}"
    return Dashboard(
        region=code,
        name=region.name,
        month=f"{last_month:%Y-%m}",
        today=today,
        tiles=[_tile(TILES[name], answered, code, language) for name, answered in found.items()],
        municipalities=_parts("municipality", found, _municipalities(code)),
        providers=_parts("provider", found, {}),
        plan=None if counts is None else PlanOut(counts=counts, report=report),
    )


async def get_summary(session: ReadSession, caller: Caller, now: datetime, language: Language) -> Summary:
    """The tiles of all regions that a caller sees together, and what each tile says of each of them."""
    last_month = add_months(dutch_day(now).replace(day=1), -1)
    by_region = {name: replace(tile, by="region") for name, tile in TILES.items()}
    found = {name: await _ask(session, caller, None, tile, last_month, now) for name, tile in by_region.items()}
    return Summary(
        tiles=[_tile(by_region[name], answered, None, language) for name, answered in found.items()],
        regions=_parts("region", found, {}),
    )


async def _ask(
    session: ReadSession, caller: Caller, region: str | None, tile: Tile, last_month: date, now: datetime
) -> Answered:
    """The answer that a tile is of: over its month and the one before it."""
    last = add_months(last_month, 1) if tile.is_of_today else last_month
    query = InsightQuery.model_construct(region=region, by=tile.by, first_month=add_months(last, -1), last_month=last)
    return await _ASK[tile.resource](session, caller, query, now)


def _tile(tile: Tile, answered: Answered, region: str | None, language: Language) -> TileOut:
    before, now = _in_order(answered.totals)
    period = now.last_day.isoformat() if tile.is_of_today else now.period.name
    asked = f"asOf={period}" if tile.resource == "waiting-children" else f"firstMonth={now.period.name}"
    of = f"region={region}&" if region else ""
    return TileOut.model_validate(
        {
            "name": tile.name,
            "title": tile.title.in_(language),
            "rule": BOUNDS[tile.name].in_words().in_(language),
            "definition": " ".join(answered.resource.measure(each).definition.in_(language) for each in tile.parts),
            "of_definition": answered.resource.measure(tile.of).definition.in_(language),
            "period": period,
            "before": ReadingOut.model_construct(**_fields(tile.reading(before.figures))),
            "rows": f"/v1/insight/{tile.resource}?{of}by={tile.by}&{asked}",
            **_fields(tile.reading(now.figures)),
            **said_of(answered, language),
        },
        by_name=True,
    )


def _parts(by: Dimension, found: Mapping[TileName, Answered], known: Mapping[str, str]) -> list[PartOut]:
    """What the tiles that are broken down so say of each municipality or provider, by name."""
    tiles = {name: _latest(answered) for name, answered in found.items() if answered.by == by}
    names = {**known, **{row.code: row.name for rows in tiles.values() for row in rows.values()}}

    def reading(name: TileName, code: str) -> NamedReadingOut:
        row = tiles[name].get(code)
        said = TILES[name].reading(row.figures) if row else NOBODY
        return NamedReadingOut.model_construct(name=name, **_fields(said))

    return [
        PartOut(code=code, name=name, tiles=[reading(tile, code) for tile in tiles])
        for code, name in sorted(names.items(), key=lambda each: (each[1], each[0]))
    ]


def _latest(answered: Answered) -> dict[str, Row]:
    """The rows of the last period, by code."""
    _, now = _in_order(answered.totals)
    return {row.code: row for row in answered.items if row.period == now.period}


def _in_order(rows: Iterable[Row]) -> Sequence[Row]:
    return sorted(rows, key=lambda row: row.period.first)


def _municipalities(region: str) -> dict[str, str]:
    return {each.code: each.name for each in reference().municipalities.values() if each.region == region}


def _fields(reading: Reading) -> dict[str, Any]:
    return {"count": reading.count, "of": reading.of, "share": reading.share, "light": reading.light}
