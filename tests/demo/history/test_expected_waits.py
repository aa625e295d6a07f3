"""Expected waits of the demo data set, held against what its offers reported since."""

from app.allocation.back_test import hold
from app.supply.capacity.expected_waits import histories
from tests.demo.history.conftest import TODAY
from tests.world import World


async def test_eight_of_ten_lie_within_the_interval(told: World) -> None:
    """Its places come free many at a time, whenever a provider looks: an interval as if by one is too narrow."""
    async with told.parts.database.read() as session:
        weeks = [each async for each in histories(session, TODAY, 78) if len(each) > 40]
    held = hold(weeks[::4])
    assert held.known > 300
    assert 0.74 <= held.within / held.known <= 0.88
    assert held.late < 0.1 * held.unfinished
    assert held.our_error is not None
    assert held.stated_error is not None
    assert held.our_error < held.stated_error
