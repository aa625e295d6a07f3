"""A background of PDOK's, the BRT Achtergrondkaart in the Dutch grid: which of its tiles a view takes, and where."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import floor
from typing import Final

from app.web.map.projection import LEFT_M, TOP_M, UNIT_M
from app.web.map.views import View

HOST: Final = "https://service.pdok.nl"
"""Where the tiles come from: what `img-src` must allow where the background is on."""
ATTRIBUTION: Final = "achtergrond: Kadaster (BRT), CC BY 4.0"

_TILE: Final = HOST + "/brt/achtergrondkaart/wmts/v2_0/grijs/EPSG:28992/{zoom}/{column}/{row}.png"
_WEST_M, _NORTH_M = -285_401.92, 903_401.92
_SIDE_M: Final = 880_803.84
"""The one tile of zoom 0: its corner in the Dutch grid, and its side (Nederlandse richtlijn tiling, Geonovum)."""
_TILE_PIXELS: Final = 256
_MOST: Final = 13


@dataclass(frozen=True, slots=True)
class Tile:
    """A square image on the map, in its units."""

    href: str
    x: float
    y: float
    side: float


def tiles_of(view: View) -> Iterator[Tile]:
    """The tiles that cover a view, at twice its pixels, so that a wide screen stays sharp: at most some 20."""
    zoom = _zoom(view)
    side_m = _SIDE_M / 2**zoom
    box = view.box
    west, east = LEFT_M + box.left * UNIT_M, LEFT_M + box.right * UNIT_M
    north, south = TOP_M - box.top * UNIT_M, TOP_M - box.bottom * UNIT_M
    for column in range(floor((west - _WEST_M) / side_m), floor((east - _WEST_M) / side_m) + 1):
        for row in range(floor((_NORTH_M - north) / side_m), floor((_NORTH_M - south) / side_m) + 1):
            yield Tile(
                href=_TILE.format(zoom=zoom, column=column, row=row),
                x=round((_WEST_M + column * side_m - LEFT_M) / UNIT_M, 2),
                y=round((TOP_M - _NORTH_M + row * side_m) / UNIT_M, 2),
                side=round(side_m / UNIT_M, 2),
            )


def _zoom(view: View) -> int:
    """The least zoom at which a pixel of a tile is at most half one of the drawing."""
    wanted = view.scale * UNIT_M / 2
    zoom = 0
    while zoom < _MOST and _SIDE_M / _TILE_PIXELS / 2**zoom > wanted:
        zoom += 1
    return zoom
