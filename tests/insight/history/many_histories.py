"""Thousands of random histories, batch after batch (`scripts/drill histories`); the suite does not collect this."""

import os

import pytest

from tests.conftest import SettableClock
from tests.insight.history.random_histories import check
from tests.world import World

BATCH = 250
"""So many are told to one database: a batch takes some ten seconds of a processor."""


@pytest.mark.parametrize("seed", range(1000, 1000 + -(-int(os.environ["HISTORIES"]) // BATCH)))
async def test_a_batch(world: World, clock: SettableClock, seed: int) -> None:
    await check(world, clock, seed, BATCH)
