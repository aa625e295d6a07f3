"""The service open to the public."""

from collections.abc import AsyncIterator

import pytest

from app.settings import Settings
from tests.conftest import SavepointDatabase, SettableClock, serving
from tests.world import World


@pytest.fixture
async def public_world(settings: Settings, database: SavepointDatabase, clock: SettableClock) -> AsyncIterator[World]:
    """The service with PUBLIC_ACCESS."""
    async with serving(settings.model_copy(update={"public_access": True}), database, clock) as made:
        yield made
