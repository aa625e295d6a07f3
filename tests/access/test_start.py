"""Starting outside demo mode: never with demo clients, and also while the database is away."""

import pytest
from pydantic import SecretStr
from sqlalchemy import update

from app.access.authentication import DemoClientsError
from app.access.tables import ClientRow
from app.kit.clock import system_clock
from app.kit.database.sessions import connect
from app.main import create_app
from app.settings import Settings
from tests.access.clients import add_client
from tests.access.keys import pem, private_key
from tests.world import World


@pytest.fixture
def production(settings: Settings) -> Settings:
    """Outside demo mode."""
    return settings.model_copy(update={"demo": False, "signing_key": SecretStr(pem(private_key()))})


async def start(settings: Settings, url: str) -> None:
    """Starts and stops the service."""
    app = create_app(settings, database=connect(url, pool_size=1))
    async with app.router.lifespan_context(app):
        pass


async def add_demo_client(world: World) -> None:
    await add_client(world, "demo-gi")
    async with world.parts.database.write() as session:
        await session.execute(update(ClientRow).values(demo=True))


async def test_starts_with_clients_of_its_own(
    committing_world: World, production: Settings, fresh_database_url: str
) -> None:
    await add_client(committing_world, "duinen-epd")
    await start(production, fresh_database_url)


async def test_does_not_start_with_a_demo_client(
    committing_world: World, production: Settings, fresh_database_url: str
) -> None:
    await add_demo_client(committing_world)
    with pytest.raises(DemoClientsError, match="DEMO=true"):
        await start(production, fresh_database_url)


async def test_starts_with_a_demo_client_that_is_revoked(
    committing_world: World, production: Settings, fresh_database_url: str
) -> None:
    await add_demo_client(committing_world)
    async with committing_world.parts.database.write() as session:
        await session.execute(update(ClientRow).values(revoked_at=system_clock()))
    await start(production, fresh_database_url)


async def test_starts_with_demo_clients_in_demo_mode(
    committing_world: World, settings: Settings, fresh_database_url: str
) -> None:
    await add_demo_client(committing_world)
    await start(settings, fresh_database_url)


async def test_starts_while_the_database_is_away(production: Settings, away_url: str) -> None:
    await start(production, away_url)
