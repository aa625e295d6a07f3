"""The map as it is drawn: it says what the list says, to eyes, fingers and screen readers, and in few bytes."""

import gzip
from urllib.parse import quote
from xml.etree.ElementTree import Element

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.geo import Point
from app.reference.lists import reference
from app.web.map.clusters import Cluster
from app.web.map.drawing import Area, Drawing, MapOffer, drawn_map
from app.web.map.projection import LEFT_M, TOP_M, UNIT_M
from app.web.map.tiles import HOST, tiles_of
from app.web.shell.files import address_of
from tests.web.rendered import of_class, read, words, written

ALKMAAR, AMSTERDAM, MAASTRICHT = "GM0361", "GM0363", "GM0935"
REGION = reference().municipalities[ALKMAAR].region
REGIONS = list(reference().regions)


def href(cluster: Cluster) -> str:
    return "/vrije-plekken?" + "&".join(f"gebied={quote(each)}" for each in cluster.areas)


def offer(municipality: str | None, free: float | None, location: str = "De Duinen", *at: float) -> MapOffer:
    return MapOffer(municipality, Point(*at) if at else None, location, free)


def figure(drawing: Drawing, **named: object) -> Element:
    return read(written("map/map.html", "map", drawing, **named))


MUNICIPALITIES = st.none() | st.sampled_from(sorted(reference().municipalities))
OFFERS = st.lists(st.builds(MapOffer, MUNICIPALITIES, st.none(), st.sampled_from("xyz"), st.none() | st.integers(0, 5)))


@given(OFFERS)
def test_the_map_of_the_country_counts_what_the_list_has(offers: list[MapOffer]) -> None:
    drawing = drawn_map(offers, Area(), href)
    assert sum(each.cluster.count for each in drawing.marks) + drawing.without_place == len(offers)
    regions = {reference().municipalities[each.municipality].region for each in offers if each.municipality}
    assert {code for each in drawing.marks for code in each.cluster.areas} == regions


def test_a_mark_says_where_how_many_places_and_at_how_many_offers() -> None:
    offers = [offer(ALKMAAR, 9), offer(ALKMAAR, 3), offer(ALKMAAR, 0), offer(ALKMAAR, None)]
    (mark,) = drawn_map(offers, Area("regions", (REGION,)), href).marks
    assert mark.name == "Alkmaar: 12 plekken vrij bij 4 aanbiedingen"
    assert mark.text == "12"
    assert mark.href == "/vrije-plekken?gebied=GM0361"
    assert mark.has_room


@pytest.mark.parametrize(
    ("frees", "name", "text", "has_room"),
    [
        ([1], "Alkmaar: 1 plek vrij bij 1 aanbieding", "1", True),
        ([0], "Alkmaar: 0 plekken vrij bij 1 aanbieding", "0", False),
        ([None, None], "Alkmaar: 2 aanbiedingen", "2", False),  # the public is told no free places
    ],
)
def test_one_none_and_untold_are_said_so(frees: list[float | None], name: str, text: str, has_room: bool) -> None:
    (mark,) = drawn_map([offer(ALKMAAR, each) for each in frees], Area("regions", (REGION,)), href).marks
    assert (mark.name, mark.text, mark.has_room) == (name, text, has_room)


def test_where_some_tell_and_one_does_not_its_number_is_not_known() -> None:
    marks = drawn_map([offer(AMSTERDAM, 2), offer(MAASTRICHT, None)], Area(), href).marks
    assert sorted(each.text for each in marks) == ["2", "?"]


def test_a_cluster_names_two_areas_or_the_first_and_how_many_others() -> None:
    neighbours = reference().municipalities_of("JZ13")[:4]
    for many, ending in ((2, " en "), (4, " en 3 andere gemeenten: ")):
        there = [MapOffer(code, None, "x", 1) for code in neighbours[:many]]
        country = drawn_map(there, Area("regions", ("JZ13", "JZ01", "JZ43")), href)
        (mark,) = country.marks
        assert ending in mark.name


def test_in_a_municipality_locations_are_apart_also_with_one_name() -> None:
    offers = [
        offer(ALKMAAR, 1, "Hoofdlocatie", 52.632, 4.748),
        offer(ALKMAAR, 2, "Hoofdlocatie", 52.632, 4.748),
        offer(ALKMAAR, 4, "Hoofdlocatie", 52.60, 4.82),
    ]
    marks = drawn_map(offers, Area("municipalities", (ALKMAAR,)), href).marks
    assert [(each.cluster.count, each.cluster.free) for each in marks] == [(2, 3), (1, 4)]
    assert len({each.id for each in marks}) == 2


def test_each_level_draws_its_areas_and_what_lies_around_them() -> None:
    country = drawn_map([], Area(), href)
    assert (len(country.foreground), len(country.background)) == (42, 0)
    region = drawn_map([], Area("regions", (REGION,)), href)
    assert [each.code for each in region.foreground] == reference().municipalities_of(REGION)
    assert "JZ03" in {each.code for each in region.background}
    assert REGION not in {each.code for each in region.background}
    town = drawn_map([], Area("municipalities", (ALKMAAR,)), href)
    assert [each.code for each in town.foreground] == [ALKMAAR]
    assert town.title == "Kaart van Alkmaar"
    with pytest.raises(KeyError):
        drawn_map([], Area("municipalities", ("GM0000",)), href)


def test_the_figure_has_a_link_for_each_mark_with_its_name_and_target() -> None:
    offers = [offer(AMSTERDAM, 2), offer(MAASTRICHT, 0), offer(None, 1), offer(None, None)]
    drawing = drawn_map(offers, Area(), href)
    html = figure(drawing)
    links = list(of_class(html, "map__mark"))
    assert [(each.get("aria-label"), each.get("href")) for each in links] == [
        (each.name, each.href) for each in drawing.marks
    ]
    assert ["map__mark--free" in each.get("class", "") for each in links] == [each.has_room for each in drawing.marks]
    for link in links:
        (target,) = of_class(link, "map__target")
        assert (target.get("width"), target.get("height")) == ("44", "44")
    (caption,) = html.iter("figcaption")
    assert "CBS/Kadaster, CC BY 4.0" in words(caption)
    assert "2 aanbiedingen zijn hulp aan huis en staan alleen in de lijst." in words(caption)
    assert "aantal vrije plekken" in words(caption)
    (areas,) = of_class(html, "map__area")
    assert [each.get("href") for each in areas] == [f"{address_of('map/regions.svg')}#{code}" for code in REGIONS]


def test_nothing_in_it_needs_a_style_a_script_or_another_host() -> None:
    html = written("map/map.html", "map", drawn_map([offer(AMSTERDAM, 2)], Area(), href))
    assert "style" not in html
    assert "script" not in html
    assert "http" not in html


def test_names_are_escaped() -> None:
    drawing = drawn_map([offer(ALKMAAR, 1, '<b>"&')], Area("municipalities", (ALKMAAR,)), href)
    (link,) = of_class(figure(drawing), "map__mark")
    assert link.get("aria-label") == '<b>"&: 1 plek vrij bij 1 aanbieding'


def test_a_link_leads_to_the_map_around_it() -> None:
    drawing = drawn_map([], Area("regions", (REGION,)), href)
    html = figure(drawing, up={"href": "/vrije-plekken", "text": "Heel Nederland"})
    (up,) = of_class(html, "map__up")
    assert words(up) == "Heel Nederland"
    assert list(of_class(figure(drawing), "map__up")) == []


def test_offers_of_a_municipality_can_be_given_together() -> None:
    apart = drawn_map([offer(AMSTERDAM, 2), offer(AMSTERDAM, 1), offer(None, None)], Area(), href)
    together = drawn_map([MapOffer(AMSTERDAM, None, "", 3, 2), MapOffer(None, None, "", None, 1)], Area(), href)
    assert (together.marks, together.without_place) == (apart.marks, apart.without_place)


@pytest.mark.parametrize(
    ("area", "most"),
    [(Area(), 2_500), (Area("regions", ("JZ13",)), 1_500), (Area("municipalities", (AMSTERDAM,)), 1_000)],
)
def test_it_is_small_over_the_wire(area: Area, most: int) -> None:
    towns = reference().municipalities_in(regions=area.codes) if area.level == "regions" else reference().municipalities
    offers = [offer(each, 1, each) for each in (area.codes if area.level == "municipalities" else towns or ())]
    html = written("map/map.html", "map", drawn_map(offers, area, href))
    assert len(gzip.compress(html.encode())) < most


@pytest.mark.parametrize("area", [Area(), Area("regions", (REGION,)), Area("municipalities", (AMSTERDAM,))])
def test_tiles_of_pdok_cover_the_view(area: Area) -> None:
    drawing = drawn_map([], area, href, over_pdok=True)
    box = drawing.view.box
    assert 4 <= len(drawing.tiles) <= 30
    assert min(each.x for each in drawing.tiles) <= box.left
    assert min(each.y for each in drawing.tiles) <= box.top
    assert max(each.x + each.side for each in drawing.tiles) >= box.right
    assert max(each.y + each.side for each in drawing.tiles) >= box.bottom
    html = figure(drawing)
    images = [each.get("href", "") for each in html.iter("image")]
    assert images == [each.href for each in tiles_of(drawing.view)]
    assert all(each.startswith(HOST) for each in images)
    assert "BRT" in words(next(html.iter("figcaption")))


def test_without_the_setting_nothing_comes_from_pdok() -> None:
    assert drawn_map([], Area(), href).tiles == []


@pytest.mark.parametrize("area", [Area(), Area("regions", ("JZ03",)), Area("municipalities", ("GM0400",))])
def test_tiles_lie_where_pdok_lays_them(area: Area) -> None:
    """Its tile matrix set EPSG:28992: tiles of 256 pixels, of 3440.64 m at zoom 0, from the north-west."""
    for tile in drawn_map([], area, href, over_pdok=True).tiles:
        zoom, column, row = map(int, tile.href.removesuffix(".png").split("/")[-3:])
        side_m = 256 * 3440.64 / 2**zoom
        assert 0 <= zoom <= 13
        assert 0 <= column < 2**zoom
        assert 0 <= row < 2**zoom
        assert tile.side == pytest.approx(side_m / UNIT_M, abs=0.01)
        assert LEFT_M + tile.x * UNIT_M == pytest.approx(-285_401.92 + column * side_m, abs=2)
        assert TOP_M - tile.y * UNIT_M == pytest.approx(903_401.92 - row * side_m, abs=2)
