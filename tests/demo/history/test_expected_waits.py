"""Expected waits of the demo data set, held against what its offers reported since."""

from contextlib import aclosing

from app.allocation.back_test import hold
from app.allocation.expected_wait import Week
from app.supply.capacity.expected_waits import histories
from tests.demo.history.conftest import TODAY
from tests.world import World

OFFERS = 150
"""Of the data set's more than 1,500: those that come first, by an id that says nothing."""


async def test_eight_of_ten_lie_within_the_interval(told: World) -> None:
    """Its places come free many at a time, whenever a provider looks: an interval as if by one is too narrow."""
    async with told.parts.database.read() as session:
        weeks = list[list[Week]]()
        async with aclosing(histories(session, TODAY, 78)) as found:
            while len(weeks) < OFFERS:
                weeks.append(await anext(found))
    held = hold(weeks)
    assert held.known > 300
    assert 0.74 <= held.within / held.known <= 0.88
    assert held.late < 0.1 * held.unfinished
    assert held.our_error is not None
    assert held.stated_error is not None
    assert held.our_error < held.stated_error
