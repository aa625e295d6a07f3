"""Clusters: nothing is lost, no two targets overlap, and all are on the drawing."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from app.web.map.clusters import Cluster, Placed, clusters_of
from app.web.map.outlines import outlines
from app.web.map.projection import Spot
from app.web.map.views import HEIGHT, TARGET, WIDTH, view_of

PIXELS = st.builds(Spot, st.floats(22, WIDTH - 22), st.floats(22, HEIGHT - 22))
OFFERS = st.lists(st.builds(Placed, st.sampled_from("abcdefghij"), PIXELS, st.none() | st.integers(0, 9)), max_size=60)


@given(OFFERS)
def test_the_clusters_together_are_the_list(offers: list[Placed]) -> None:
    found = clusters_of(offers)
    assert sum(each.count for each in found) == len(offers)
    assert sum(each.free or 0 for each in found) == sum(each.free or 0 for each in offers)
    assert {area for each in found for area in each.areas} == {each.area for each in offers}
    assert all(each.free is not None for each in found) or any(each.free is None for each in offers)


@given(OFFERS)
def test_no_two_targets_overlap_and_all_are_on_the_drawing(offers: list[Placed]) -> None:
    found = clusters_of(offers)
    for one, other in combinations(found, 2):
        across, down = abs(one.pixel.x - other.pixel.x), abs(one.pixel.y - other.pixel.y)
        assert max(across, down) >= TARGET
    for each in found:
        assert 21.9 <= each.pixel.x <= WIDTH - 21.9
        assert 21.9 <= each.pixel.y <= HEIGHT - 21.9


@given(OFFERS)
def test_the_order_of_the_list_does_not_matter(offers: list[Placed]) -> None:
    assert clusters_of(sorted(offers, key=lambda each: (each.area, each.pixel))) == clusters_of(
        sorted(offers, key=lambda each: (each.pixel, each.area), reverse=True)
    )


def test_what_does_not_fit_joins_the_nearest_mark() -> None:
    offers = [
        *[Placed("big", Spot(40, 100), 1)] * 5,
        Placed("between", Spot(70, 100), 3),
        *[Placed("far", Spot(110, 100), None)] * 2,
    ]
    assert clusters_of(offers) == [
        Cluster(("big", "between"), Spot(40, 100), 6, 8),
        Cluster(("far",), Spot(110, 100), 2, None),
    ]


def test_nothing_gives_nothing() -> None:
    assert clusters_of([]) == []


def test_a_view_holds_what_it_is_of_whole_and_in_the_middle() -> None:
    for shapes in (outlines().regions.values(), [outlines().municipalities["GM0363"]]):
        view = view_of(each.box for each in shapes)
        assert view.box.left < min(each.box.left for each in shapes)
        assert view.box.right > max(each.box.right for each in shapes)
        assert view.box.top < min(each.box.top for each in shapes)
        assert view.box.bottom > max(each.box.bottom for each in shapes)
        middle = Spot((view.box.left + view.box.right) / 2, (view.box.top + view.box.bottom) / 2)
        assert [round(each, 6) for each in view.pixel(middle)] == [WIDTH / 2, HEIGHT / 2]


def test_what_is_out_of_view_is_at_the_edge() -> None:
    view = view_of([outlines().municipalities["GM0363"].box])
    assert view.pixel(Spot(0, 0)) == (22, 22)
    assert view.pixel(Spot(9999, 9999)) == (WIDTH - 22, HEIGHT - 22)
