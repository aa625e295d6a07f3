"""What the figures say of random histories is what plain Python makes of the same events."""

import pytest

from tests.conftest import SettableClock
from tests.insight.history.random_histories import check
from tests.world import World


@pytest.mark.parametrize("seed", range(2))
async def test_the_figures_are_what_plain_python_makes_of_the_same(
    world: World, clock: SettableClock, seed: int
) -> None:
    await check(world, clock, seed, 250)
