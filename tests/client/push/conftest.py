"""A provider with offers in a service that is served over HTTP, and a command that pushes to it without waiting."""

import io
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from pydantic import SecretStr
from rich.console import Console

from app.client.push.run import Exit, Options, push
from app.kit.database.sessions import connect
from app.main import create_app
from app.settings import Settings
from tests.access.clients import SECRET, add_client
from tests.client.push.served import Flaky, served
from tests.databases import copy_of
from tests.patience import PATIENCE
from tests.supply.capacity.locks import connection
from tests.world import World


@dataclass
class Pushed:
    """What a push said, how it ended, and how long it waited each time."""

    exit: Exit
    out: str
    err: str
    waits: list[float]


@dataclass
class Scene:
    """The service at `url`, a client of this name, and the offers of the provider by their number."""

    world: World
    flaky: Flaky
    url: str
    database_url: str
    client: str
    provider: str = ""
    organisation: UUID | None = None
    offers: list[dict[str, Any]] = field(default_factory=list)

    def push(self, file: Path, *, secret: str = SECRET, **options: Any) -> Pushed:
        """Runs the command, with English words unless said."""
        given: dict[str, Any] = {"url": self.url, "client": self.client, "language": "en", "lines": 5000, **options}
        out, err, waits = io.StringIO(), io.StringIO(), list[float]()
        consoles = (Console(file=out, width=200), Console(file=err, width=200))
        ended = push(Options(file, **given), secret, *consoles, wait=waits.append)
        return Pushed(ended, out.getvalue(), err.getvalue(), waits)

    async def reported(self) -> list[int]:
        """How many reports the history has of each offer."""
        async with connection(self.database_url) as database:
            rows = await database.fetch("SELECT offer_id, count(*) AS many FROM capacity_reports GROUP BY offer_id")
        many = {str(row["offer_id"]): int(row["many"]) for row in rows}
        return [many.get(offer["id"], 0) for offer in self.offers]


@pytest.fixture(scope="package")
async def running(settings: Settings, server_url: str, template_database: str) -> AsyncIterator[Scene]:
    """The service for all tests here, of which each has a client, and what it keeps, of its own."""
    async with copy_of(server_url, template_database) as database_url:
        own = settings.model_copy(update={"database_url": SecretStr(database_url)})
        app = create_app(own, database=connect(database_url, pool_size=5))
        flaky = Flaky(app)
        with served(flaky) as url:
            async with httpx.AsyncClient(base_url=url, timeout=PATIENCE) as http:
                yield Scene(World(app, http), flaky, url, database_url, "")


@pytest.fixture
def flaky(running: Scene) -> Flaky:
    """What stands before the service, with all forgotten that it did in another test."""
    running.flaky.forget()
    return running.flaky


@pytest.fixture
async def scene(running: Scene, flaky: Flaky) -> Scene:
    """Twelve offers of a provider, which has a client."""
    provider = await running.world.add_provider(name="Demo De Duinen")
    made = replace(running, flaky=flaky, client=f"duinen-{uuid4().hex}", provider=provider, offers=[])
    await add_client(made.world, made.client, role="provider", providerId=provider)
    made.offers += await made.world.add_offers(provider, [f"o{number}" for number in range(12)])
    return made
