"""The outlines: of every municipality and region, as they are made of the source, and where they should be."""

import gzip
import json
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.geo import Point
from app.reference.lists import reference
from app.web.map.outlines import MUNICIPALITIES, REGIONS, Outline, outlines, rings_of
from app.web.map.projection import UNIT_M, dutch_grid, spot
from scripts.outlines.__main__ import SOURCE, made
from scripts.outlines.rings import Ring, is_inside, middle_of, path_of, united

AMSTERDAM = Point(latitude=52.3731, longitude=4.8926)
MAASTRICHT = Point(latitude=50.8514, longitude=5.6910)
DEN_HELDER = Point(latitude=52.9533, longitude=4.7600)
AMERSFOORT = Point(latitude=52.15517440, longitude=5.38720621)


def area(outline: Outline) -> float:
    """In units; holes count against it, because they run the other way round."""
    return abs(sum(ring_area(ring) for ring in rings_of(outline.path)))


def ring_area(ring: Ring) -> float:
    pairs = zip(ring, [*ring[1:], ring[0]], strict=True)
    return sum(ax * by - bx * ay for (ax, ay), (bx, by) in pairs) / 2


def test_the_sheets_are_what_the_script_makes_of_the_source() -> None:
    assert {file: file.read_text() for file in (REGIONS, MUNICIPALITIES)} == made(), "run scripts/vendor-map"


def test_each_municipality_and_region_has_one() -> None:
    lists = reference()
    assert set(outlines().municipalities) == set(lists.municipalities)
    assert set(outlines().regions) == set(lists.regions)


def test_the_source_names_municipalities_as_the_list_does() -> None:
    features = json.loads(SOURCE.read_text())["features"]
    named = {each["properties"]["statcode"]: each["properties"]["statnaam"] for each in features}
    assert named == {each.code: each.name for each in reference().municipalities.values()}


@pytest.mark.parametrize("region", reference().regions)
def test_a_region_is_its_municipalities_without_the_borders_between_them(region: str) -> None:
    codes = reference().municipalities_of(region)
    whole = outlines().regions[region]
    parts = [outlines().municipalities[code] for code in codes]
    assert area(whole) == sum(area(each) for each in parts)
    borders = Counter(frozenset(step) for each in parts for ring in rings_of(each.path) for step in pairwise(ring))
    kept = {frozenset(step) for ring in rings_of(whole.path) for step in pairwise(ring)}
    assert not kept & {border for border, times in borders.items() if times == 2}


@pytest.mark.parametrize(
    ("point", "municipality", "region"),
    [(AMSTERDAM, "GM0363", "JZ13"), (MAASTRICHT, "GM0935", "JZ41"), (DEN_HELDER, "GM0400", "JZ03")],
)
def test_places_are_inside_their_municipality_and_region(point: Point, municipality: str, region: str) -> None:
    assert reference().municipalities[municipality].region == region
    drawn = outlines()
    for shapes, code in ((drawn.municipalities, municipality), (drawn.regions, region)):
        found = [each.code for each in shapes.values() if is_inside(*spot(point), rings_of(each.path))]
        assert found == [code]


def test_a_middle_is_inside_and_all_is_inside_the_box() -> None:
    for each in [*outlines().municipalities.values(), *outlines().regions.values()]:
        assert is_inside(*each.middle, rings_of(each.path)), each.code
        assert each.box.left < each.middle.x < each.box.right
        assert each.box.top < each.middle.y < each.box.bottom


def test_most_postcodes_are_inside_the_outline_of_their_municipality() -> None:
    """Borders are simplified, and a border postcode has one municipality only: nine in ten are right."""
    postcodes = list(reference().postcodes.values())[::10]
    inside = sum(
        is_inside(*spot(each.point), rings_of(outlines().municipalities[each.municipality].path)) for each in postcodes
    )
    assert inside > 0.9 * len(postcodes)


def test_they_are_small() -> None:
    for file, most in ((MUNICIPALITIES, 16_000), (REGIONS, 6_000)):
        assert len(gzip.compress(file.read_bytes())) < most


def test_the_dutch_grid_is_that_of_its_definition() -> None:
    """Amersfoort is its origin; Amsterdam (Westertoren) and Groningen (Martinitoren) as published by RDNAP."""
    assert dutch_grid(AMERSFOORT) == (155_000, 463_000)
    westertoren = dutch_grid(Point(latitude=52.37453253, longitude=4.88352559))
    martinitoren = dutch_grid(Point(latitude=53.21938317, longitude=6.56820053))
    assert westertoren == pytest.approx((120_700.723, 487_525.501), abs=1)
    assert martinitoren == pytest.approx((233_883.131, 582_065.167), abs=1)
    assert spot(AMERSFOORT) == ((155_000 - 10_000) / UNIT_M, (625_000 - 463_000) / UNIT_M)


SQUARE = [(0, 0), (10, 0), (10, 10), (0, 10)]
BESIDE = [(10, 0), (20, 0), (20, 10), (10, 10)]


@pytest.mark.parametrize(
    ("rings", "expected"),
    [
        ([SQUARE], [SQUARE]),
        ([SQUARE, BESIDE], [[(0, 0), (10, 0), (20, 0), (20, 10), (10, 10), (0, 10)]]),
        ([SQUARE, [(30, 0), (40, 0), (40, 9)]], [SQUARE, [(30, 0), (40, 0), (40, 9)]]),  # apart
        ([SQUARE, [(10, 10), (20, 10), (20, 20)]], [SQUARE, [(10, 10), (20, 10), (20, 20)]]),  # touch in a corner
    ],
)
def test_areas_together_lose_the_border_between_them(rings: list[Ring], expected: list[Ring]) -> None:
    def turned(ring: Ring) -> Ring:
        first = ring.index(min(ring))
        return ring[first:] + ring[:first]

    assert sorted(turned(each) for each in united(rings)) == sorted(turned(each) for each in expected)


def test_squares_around_a_hole_keep_it() -> None:
    squares = [[(x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1)] for x in range(3) for y in range(3) if (x, y) != (1, 1)]
    found = united(squares)
    assert sorted(ring_area(each) for each in found) == [-1, 9]
    assert not is_inside(1.5, 1.5, found)
    assert is_inside(0.5, 1.5, found)


def test_the_middle_of_a_hook_is_in_its_widest_part() -> None:
    hook = [(0, 0), (100, 0), (100, 10), (40, 10), (40, 100), (0, 100)]
    x, y = middle_of([hook])
    assert 15 <= x <= 25
    assert 15 <= y <= 85


@given(st.lists(st.lists(st.tuples(st.integers(-999, 999), st.integers(-999, 999)), min_size=2), min_size=1))
def test_a_path_is_read_as_it_was_written(rings: list[Ring]) -> None:
    assert rings_of(path_of(rings)) == rings
