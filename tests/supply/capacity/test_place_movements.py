"""Places that move: none is made or lost, and no movement takes what is not there."""

from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.supply.capacity.place_movements import Movement, Places, Stay, move, settled


@pytest.mark.parametrize(
    ("movement", "before", "after"),
    [
        # as it should be
        ("reserve", (4, 2, 1, 1), (4, 2, 2, 0)),
        ("give-back", (4, 2, 1, 1), (4, 2, 0, 2)),
        ("occupy", (4, 2, 1, 1), (4, 3, 0, 1)),
        ("free", (4, 2, 1, 1), (4, 1, 1, 2)),
        # the last place is gone: free below 0 says that too much was taken
        ("reserve", (4, 3, 1, 0), (4, 3, 2, -1)),
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
def test_one_place(movement: Movement, before: tuple[Any, ...], after: tuple[Any, ...]) -> None:
    assert move(Places(*before), movement, 1) == Places(*after)


def test_places_that_are_needed_together_are_taken_together_or_not_at_all() -> None:
    assert move(Places(4, 0, 0, 3), "reserve", 3) == Places(4, 0, 3, 0)
    assert move(Places(4, 0, 0, 2), "reserve", 3).free < 0
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
        after = move(places, movement, count)
        places = before if after.free < 0 else after
        used = (places.occupied or 0) + (places.reserved or 0) + places.free
        assert min(places.occupied or 0, places.reserved or 0, places.free) >= 0
        assert places.total is None or used <= places.total
        if places.occupied is not None and (places.reserved is not None or movement != "reserve"):
            assert used == (before.occupied or 0) + (before.reserved or 0) + before.free
        assert (places.total, places.occupied is None) == (before.total, before.occupied is None)


NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
"""When the report was observed: one o'clock in the Netherlands, on the 22nd."""
BEFORE, AFTER = NOON - timedelta(hours=1), NOON + timedelta(hours=1)
THE_21ST, THE_22ND = date(2026, 11, 21), date(2026, 11, 22)


@pytest.mark.parametrize(
    ("stay", "after"),
    [
        # promised before the report: it is in it
        (Stay(1, BEFORE), (4, 2, 1, 1)),
        (Stay(1, AFTER), (4, 2, 2, 0)),
        # given back: only what the report has as reserved
        (Stay(1, BEFORE, released_at=AFTER), (4, 2, 0, 2)),
        (Stay(1, BEFORE, released_at=BEFORE), (4, 2, 1, 1)),
        (Stay(1, AFTER, released_at=AFTER), (4, 2, 1, 1)),
        # started: on the day itself what was recorded later moves the figures
        (Stay(1, BEFORE, started_on=THE_22ND, started_at=AFTER), (4, 3, 0, 1)),
        (Stay(1, BEFORE, started_on=THE_22ND, started_at=BEFORE), (4, 2, 1, 1)),
        (Stay(1, AFTER, started_on=THE_22ND, started_at=AFTER), (4, 3, 1, 0)),
        # started before the report: the child is among the occupied already, whenever that was recorded
        (Stay(1, BEFORE, started_on=THE_21ST, started_at=AFTER), (4, 2, 1, 1)),
        (Stay(1, AFTER, started_on=THE_21ST, started_at=AFTER), (4, 2, 1, 1)),
        # ended before the report: the place is among the free already
        (Stay(1, BEFORE, started_on=THE_21ST, started_at=BEFORE, ended_on=THE_21ST, ended_at=AFTER), (4, 2, 1, 1)),
        (Stay(1, BEFORE, started_on=THE_21ST, started_at=BEFORE, ended_on=THE_22ND, ended_at=BEFORE), (4, 2, 1, 1)),
        (Stay(1, BEFORE, started_on=THE_21ST, started_at=BEFORE, ended_on=THE_22ND, ended_at=AFTER), (4, 1, 1, 2)),
        # more places than are free
        (Stay(3, AFTER), (4, 2, 4, -2)),
    ],
)
def test_a_report_knows_of_what_took_effect_before_it(stay: Stay, after: tuple[Any, ...]) -> None:
    assert settled(Places(4, 2, 1, 1), NOON, [stay]) == Places(*after)


def test_what_is_settled_does_not_depend_on_the_order_in_which_it_is_told() -> None:
    stays = [Stay(1, BEFORE, released_at=AFTER), Stay(1, AFTER), Stay(1, AFTER + timedelta(hours=1))]
    outcomes = {settled(Places(4, 2, 1, 1), NOON, each) for each in permutations(stays)}
    assert outcomes == {Places(4, 2, 2, 0)}
