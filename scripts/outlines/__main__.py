"""Writes the sheets of app/web/static/map from app/reference/data/municipalities.geojson and its list."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from app.domain.geo import Point
from app.reference.lists import DATA, reference
from app.web.map.outlines import MUNICIPALITIES, REGIONS
from app.web.map.projection import spot
from scripts.outlines.rings import Ring, middle_of, path_of, united

SOURCE: Final = DATA / "municipalities.geojson"
_SOURCE_IN_WORDS: Final = "CBS/Kadaster, gemeenten op 1 januari 2026, CC BY 4.0"


def made() -> dict[Path, str]:
    """The content of each sheet: the path of an area by its code, with the spot in its middle."""
    features = json.loads(SOURCE.read_text())["features"]
    found = {each["properties"]["statcode"]: _rings(each["geometry"]) for each in features}
    lists = reference()
    regions = {
        code: united(ring for each in lists.municipalities_of(code) for ring in found[each]) for code in lists.regions
    }
    municipalities = {code: found[code] for code in lists.municipalities}
    return {REGIONS: _sheet(regions), MUNICIPALITIES: _sheet(municipalities)}


def _rings(geometry: Any) -> list[Ring]:
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    rings = [_ring(ring) for polygon in polygons for ring in polygon]
    return [ring for ring in rings if len(ring) > 2]


def _ring(corners: list[tuple[float, float]]) -> Ring:
    """Corners of a GeoJSON ring, whose last is its first again, in whole units; one where several fall together."""
    ring: Ring = []
    for longitude, latitude in corners[:-1]:
        x, y = spot(Point(latitude=latitude, longitude=longitude))
        corner = (round(x), round(y))
        if not ring or corner != ring[-1]:
            ring.append(corner)
    return ring[:-1] if ring[-1] == ring[0] else ring


def _sheet(areas: Mapping[str, list[Ring]]) -> str:
    """A line for each area, so that a change of one is a change of one line."""
    lines = "".join(_line(code, rings) for code, rings in areas.items())
    return f'<svg xmlns="http://www.w3.org/2000/svg"><!-- {_SOURCE_IN_WORDS} -->\n{lines}</svg>\n'


def _line(code: str, rings: list[Ring]) -> str:
    """Its borders stay one pixel wide at each scale: a page that uses the path cannot say so from outside."""
    x, y = middle_of(rings)
    return f'<path id="{code}" data-middle="{x} {y}" vector-effect="non-scaling-stroke" d="{path_of(rings)}"/>\n'


if __name__ == "__main__":
    for file, content in made().items():
        file.write_text(content)
        print(f"{file.name} is made of {SOURCE.name}.")
