"""Writes app/web/map/outlines.json from app/reference/data/municipalities.geojson and the list of municipalities."""

import json
from collections.abc import Mapping
from typing import Any, Final

from app.domain.geo import Point
from app.reference.lists import DATA, reference
from app.web.map.outlines import FILE
from app.web.map.projection import spot
from scripts.outlines.rings import Ring, middle_of, path_of, united

SOURCE: Final = DATA / "municipalities.geojson"
_SOURCE_IN_WORDS: Final = "CBS/Kadaster, gemeenten op 1 januari 2026, CC BY 4.0"


def made() -> str:
    """The content of outlines.json: by code the spot in its middle and its path."""
    features = json.loads(SOURCE.read_text())["features"]
    found = {each["properties"]["statcode"]: _rings(each["geometry"]) for each in features}
    lists = reference()
    regions = {
        code: united(ring for each in lists.municipalities_of(code) for ring in found[each]) for code in lists.regions
    }
    municipalities = {code: found[code] for code in lists.municipalities}
    return (
        f'{{"source":"{_SOURCE_IN_WORDS}",\n'
        f'"regions":{{\n{_lines(regions)}\n}},\n'
        f'"municipalities":{{\n{_lines(municipalities)}\n}}}}\n'
    )


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


def _lines(areas: Mapping[str, list[Ring]]) -> str:
    """A line for each area, so that a change of one is a change of one line."""
    return ",\n".join(
        f'"{code}":{json.dumps([*middle_of(rings), path_of(rings)], separators=(",", ":"))}'
        for code, rings in areas.items()
    )


if __name__ == "__main__":
    FILE.write_text(made())
    print(f"{FILE.name} is made of {SOURCE.name}.")
