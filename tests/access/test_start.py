"""Starting outside demo mode: never with demo clients, and also while the database is away."""

import pytest
from pydantic import SecretStr
from sqlalchemy import update

from app.access.service import DemoClientsError
from app.access.tables import ClientRow
from app.kit.clock import system_clock
from app.kit.database.sessions import Database, connect
from app.main import create_app
from app.settings import Settings
from tests.access.clients import add_client
from tests.access.keys import pem, private_key
from tests.conftest import SavepointDatabase
from tests.world import World


@pytest.fixture
def production(settings: Settings) -> Settings:
    """Outside demo mode."""
    return settings.model_copy(update={"demo": False, "signing_key": SecretStr(pem(private_key()))})


async def start(settings: Settings, database: Database) -> None:
    """Starts and stops the service."""
    app = create_app(settings, database=database)
    async with app.router.lifespan_context(app):
        pass


async def add_demo_client(world: World, database: Database) -> None:
    await add_client(world, "demo-gi")
    async with database.write() as session:
        await session.execute(update(ClientRow).values(demo=True))


async def test_starts_with_clients_of_its_own(world: World, production: Settings, database: SavepointDatabase) -> None:
    await add_client(world, "duinen-epd")
    await start(production, database)


async def test_does_not_start_with_a_demo_client(
    world: World, production: Settings, database: SavepointDatabase
) -> None:
    await add_demo_client(world, database)
    with pytest.raises(DemoClientsError, match="DEMO=true"):
        await start(production, database)


async def test_starts_with_a_demo_client_that_is_revoked(
    world: World, production: Settings, database: SavepointDatabase
) -> None:
    await add_demo_client(world, database)
    async with database.write() as session:
        await session.execute(update(ClientRow).values(revoked_at=system_clock()))
    await start(production, database)


async def test_starts_with_demo_clients_in_demo_mode(
    world: World, settings: Settings, database: SavepointDatabase
) -> None:
    await add_demo_client(world, database)
    await start(settings, database)


async def test_starts_while_the_database_is_away(production: Settings, away_url: str) -> None:
    await start(production, connect(away_url, pool_size=1))
