"""An application, as it is composed."""

import gc
import weakref

import pytest

from app.settings import Settings
from tests.conftest import SavepointDatabase, SettableClock, serving


@pytest.mark.parametrize("path", ["/v1/openapi.json", "/hsds/openapi.json", "/v1/care-types"])
async def test_one_that_nobody_has_is_gone_with_all_that_it_held(
    settings: Settings, database: SavepointDatabase, clock: SettableClock, path: str
) -> None:
    async with serving(settings, database, clock) as world:
        assert (await world.http.get(path)).status_code == 200
        app = weakref.ref(world.app)
    del world
    gc.unfreeze()  # its catalogue was to stay
    gc.collect()
    assert app() is None
