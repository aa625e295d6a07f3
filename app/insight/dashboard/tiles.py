"""The tiles of the dashboard: which figures of which resources each shows. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from app.domain.language import Text
from app.insight.answers.definitions import Dimension
from app.insight.answers.figures import Figures
from app.insight.dashboard.lights import BOUNDS, Light, TileName


@dataclass(frozen=True, slots=True)
class Tile:
    """One tile: how many of a resource's figure `of` are in its figures `parts` together.

    It is of the last whole month, or as it stands today, and broken down by municipality or by provider.
    """

    name: TileName
    resource: str
    title: Text
    parts: tuple[str, ...]
    of: str
    by: Dimension = "municipality"
    is_of_today: bool = False

    def reading(self, figures: Figures) -> "Reading":
        """What the tile says of a row of its resource; unknown where one of its figures is not shown."""
        whole, parts = figures[self.of], [figures[name] for name in self.parts]
        shown = [each for each in parts if each is not None]
        if whole is None or len(shown) < len(parts):
            return Reading(None, None, None, None)
        count = int(sum(shown))
        share = round(count / whole, 4) if whole else None
        return Reading(count, int(whole), share, None if share is None else BOUNDS[self.name].light(share))


@dataclass(frozen=True, slots=True)
class Reading:
    """So many of so many, which share that is, and its light; there is no share and no light of none."""

    count: int | None
    of: int | None
    share: float | None
    light: Light | None


NOBODY: Final = Reading(0, 0, None, None)
"""What a tile says of a municipality or provider of which there is nothing to count."""

TILES: Final[Mapping[TileName, Tile]] = {
    each.name: each
    for each in (
        Tile("late", "norms", Text(nl="Passende hulp te laat", en="Fitting help too late"), ("helpLate",), "helpDue"),
        Tile(
            "waiting",
            "waiting-children",
            Text(nl="Wacht langer dan de norm", en="Waits longer than the norm"),
            ("overNorm",),
            "withNorm",
            is_of_today=True,
        ),
        Tile(
            "firstChoice",
            "choices",
            Text(nl="Kreeg de eerste keuze", en="Got the first choice"),
            ("firstChoice",),
            "helped",
        ),
        Tile(
            "stale",
            "freshness",
            Text(nl="Cijfers van aanbieders verouderd", en="Figures of providers out of date"),
            ("stale", "missing"),
            "offers",
            by="provider",
            is_of_today=True,
        ),
        Tile(
            "declined",
            "declines",
            Text(nl="Aanmeldingen afgewezen", en="Referrals declined"),
            ("declined",),
            "decided",
            by="provider",
        ),
    )
}
