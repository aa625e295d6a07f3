"""Places that move: none is made or lost, and no movement takes what is not there."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.supply.capacity.place_movements import Movement, Places, move


@pytest.mark.parametrize(
    ("movement", "before", "after"),
    [
        # as it should be
        ("reserve", (4, 2, 1, 1), (4, 2, 2, 0)),
        ("give-back", (4, 2, 1, 1), (4, 2, 0, 2)),
        ("occupy", (4, 2, 1, 1), (4, 3, 0, 1)),
        ("free", (4, 2, 1, 1), (4, 1, 1, 2)),
        # the last place is gone
        ("reserve", (4, 3, 1, 0), None),
        # the provider does not say how many are reserved: one that we know of
        ("reserve", (4, 3, None, 1), (4, 3, 1, 0)),
        # nor how many are occupied: that stays unknown
        ("occupy", (None, None, 1, 0), (None, None, 0, 0)),
        ("free", (None, None, None, 0), (None, None, None, 1)),
        ("free", (4, None, 1, 2), (4, None, 1, 3)),
        ("free", (4, None, 2, 2), (4, None, 2, 2)),
        # the provider has reported since, and the place is not where it was
        ("give-back", (4, 2, 0, 2), (4, 2, 0, 2)),
        ("give-back", (4, 2, None, 2), (4, 2, None, 2)),
        ("occupy", (4, 3, 0, 1), (4, 3, 0, 1)),
        ("free", (4, 0, 0, 4), (4, 0, 0, 4)),
    ],
)
def test_one_place(movement: Movement, before: tuple[Any, ...], after: tuple[Any, ...] | None) -> None:
    assert move(Places(*before), movement, 1) == (None if after is None else Places(*after))


def test_places_that_are_needed_together_are_taken_together_or_not_at_all() -> None:
    assert move(Places(4, 0, 0, 3), "reserve", 3) == Places(4, 0, 3, 0)
    assert move(Places(4, 0, 0, 2), "reserve", 3) is None
    assert move(Places(4, 0, 2, 0), "occupy", 3) == Places(4, 2, 0, 0)


figures = st.builds(
    lambda occupied, reserved, free, more: Places(
        None if more is None else (occupied or 0) + (reserved or 0) + free + more, occupied, reserved, free
    ),
    *(st.none() | st.integers(0, 9), st.none() | st.integers(0, 9), st.integers(0, 9), st.none() | st.integers(0, 9)),
)


@given(figures, st.lists(st.tuples(st.sampled_from(["reserve", "give-back", "occupy", "free"]), st.integers(1, 5))))
def test_no_sequence_of_movements_breaks_a_bound(places: Places, movements: list[tuple[Movement, int]]) -> None:
    for movement, count in movements:
        before = places
        places = move(places, movement, count) or places
        used = (places.occupied or 0) + (places.reserved or 0) + places.free
        assert min(places.occupied or 0, places.reserved or 0, places.free) >= 0
        assert places.total is None or used <= places.total
        if places.occupied is not None and (places.reserved is not None or movement != "reserve"):
            assert used == (before.occupied or 0) + (before.reserved or 0) + before.free
        assert (places.total, places.occupied is None) == (before.total, before.occupied is None)
