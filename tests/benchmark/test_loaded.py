"""The data set in a real, migrated database: loaded under its constraints, asked by the product and by the peer."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from uuid import uuid4

import httpx
import pytest

from app.kit.clock import system_clock
from app.kit.database.sessions import connect
from app.settings import Settings
from scripts.benchmark import peer
from scripts.benchmark.candidates import count_candidates
from scripts.benchmark.databases import Databases, databases, load
from scripts.benchmark.grounds import Ground
from scripts.benchmark.questions import BULK, Question, bulk_reports, capacity_reports, matches, searches
from scripts.benchmark.tokens import Askers
from tests.conftest import SettableClock, serving
from tests.world import World

SIZE, SMALLER = 6_000, 4_000


@dataclass(frozen=True, slots=True)
class Loaded:
    """A database with a data set in it, and the moment that it was made for."""

    server: Databases
    name: str
    now: datetime

    @property
    def url(self) -> str:
        return self.server.url_of(self.name)

    @property
    def today(self) -> date:
        return self.now.date()

    async def count(self, statement: str) -> int:
        async with self.server.connection(self.name) as connection:
            found: int = await connection.fetchval(statement)
            return found

    async def candidates(self, ground: Ground) -> list[int]:
        return await count_candidates(self.server, self.name, matches(ground, self.today, 40))


@asynccontextmanager
async def _loaded(database_url: str, size: int) -> AsyncIterator[Loaded]:
    server, name = databases(database_url), f"wijzer_benchmark_{uuid4().hex}"
    await server.copy(server.url.database or "", name)
    made = Loaded(server, name, system_clock())
    await load(server, name, size, made.today)
    yield made
    await server.drop(name)


@pytest.fixture(scope="module")
async def loaded(database_url: str) -> AsyncIterator[Loaded]:
    """One for all tests of this module: none depends on what another changes."""
    async with _loaded(database_url, SIZE) as made:
        yield made


@pytest.fixture
async def product(loaded: Loaded, settings: Settings, clock: SettableClock) -> AsyncIterator[World]:
    """The product on it."""
    clock.now = loaded.now
    database = connect(loaded.url)
    async with serving(settings, database, clock) as world:
        yield world
    await database.engine.dispose()


async def _ask(http: httpx.AsyncClient, question: Question, askers: Askers) -> httpx.Response:
    headers = {"Authorization": f"Bearer {askers.token(question.asker)}", "Content-Type": question.media_type}
    return await http.request(question.method, question.path, content=question.body, headers=headers)


async def test_is_whole(loaded: Loaded) -> None:
    assert await loaded.count("SELECT count(*) FROM offers") == SIZE
    assert await loaded.count("SELECT count(*) FROM contracts") == SIZE * 5 // 2
    words = "SELECT count(*) FROM offers WHERE search @@ websearch_to_tsquery('dutch', 'jeugdigen verzonnen')"
    assert await loaded.count(words) == SIZE, "the triggers have filled the text that is searched"


async def test_the_newest_report_of_each_offer_stands(loaded: Loaded) -> None:
    others = """
        SELECT count(*) FROM current_capacities c FULL JOIN (
            SELECT offer_id, max(observed_at) AS newest FROM capacity_reports GROUP BY offer_id) r USING (offer_id)
        WHERE c.observed_at IS DISTINCT FROM r.newest"""
    assert await loaded.count("SELECT count(*) FROM current_capacities") > SIZE / 2
    assert await loaded.count(others) == 0


async def test_candidates_stay_the_same_on_one_ground_and_grow_on_the_other(loaded: Loaded, database_url: str) -> None:
    async with _loaded(database_url, SMALLER) as smaller:
        steady = await loaded.candidates("steady")
        assert steady == await smaller.candidates("steady")
        assert 250 < sum(steady) / len(steady) < 350
        assert sum(await loaded.candidates("growing")) > 3 * sum(await smaller.candidates("growing"))


async def test_every_question_is_one_that_the_product_answers(loaded: Loaded, product: World) -> None:
    askers = Askers()
    for ground in ("steady", "growing"):
        for question in (*matches(ground, loaded.today, 6), *searches(ground, loaded.today, 6)):
            answer = await _ask(product.http, question, askers)
            assert answer.status_code == 200, answer.text
    for question in capacity_reports(SIZE, 6):
        answer = await _ask(product.http, question, askers)
        assert answer.status_code == 200, answer.text
        assert answer.json()["placesFree"] == json.loads(question.body)["placesFree"]
    for question in bulk_reports(SIZE, 2):
        answer = await _ask(product.http, question, askers)
        assert answer.status_code == 200, answer.text
        assert answer.json()["accepted"] + answer.json()["unchanged"] == BULK


async def test_the_candidates_are_those_that_the_product_ranks(loaded: Loaded, product: World) -> None:
    askers = Askers()
    asked = list(matches("steady", loaded.today, 4))
    for question, count in zip(asked, await count_candidates(loaded.server, loaded.name, asked), strict=True):
        body = json.dumps(json.loads(question.body) | {"limit": 200}).encode()
        answer = (await _ask(product.http, Question("POST", question.path, 0, body), askers)).json()
        assert len(answer["results"]) < 200
        assert len(answer["results"]) + answer["excluded"]["total"] == count


async def test_the_peer_ranks_as_the_product_does(
    loaded: Loaded, product: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", loaded.url)
    monkeypatch.setenv("DEMO", "true")
    monkeypatch.setattr(peer, "system_clock", lambda: loaded.now)
    askers, app = Askers(), peer.application()
    transport = httpx.ASGITransport(app)
    async with app.router.lifespan_context(app), httpx.AsyncClient(transport=transport, base_url="http://peer") as http:
        for question in islice(matches("steady", loaded.today, 60), 0, 60, 5):
            ours, theirs = [(await _ask(each, question, askers)).json()["results"] for each in (product.http, http)]
            assert [each["offer"]["id"] for each in ours] == [each["offer"]["id"] for each in theirs]
            assert [each["factors"] for each in ours] == [each["factors"] for each in theirs]
