"""The data set in a real, migrated database: the demo data set, multiplied, and asked by the product."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from statistics import fmean

import httpx
import pytest
from sqlalchemy import make_url

from app.demo.seed import seed
from app.kit.clock import system_clock
from app.kit.database.sessions import connect
from app.reference.lists import reference
from app.settings import Settings
from scripts.benchmark.databases import Database
from scripts.benchmark.dataset import Ground, area, multiply
from scripts.benchmark.questions import (
    BULK,
    TOKEN_LIFETIME,
    Question,
    bulk_reports,
    capacity_reports,
    matches,
    searches,
    token,
)
from tests.conftest import SettableClock, serving
from tests.databases import copy_of
from tests.world import World

SIZE, SMALLER = 6_000, 4_500


@dataclass(frozen=True, slots=True)
class Loaded:
    """A database with a data set in it, and the moment that it was made for."""

    database: Database
    now: datetime

    @property
    def today(self) -> date:
        return self.now.date()

    async def count(self, statement: str) -> int:
        async with self.database.connection() as connection:
            found: int = await connection.fetchval(statement)
            return found


@asynccontextmanager
async def _loaded(server_url: str, template: str, size: int) -> AsyncIterator[Loaded]:
    async with copy_of(server_url, template) as url:
        made = Loaded(Database(make_url(url)), system_clock())
        await seed(made.database.dsn, made.today, past=False)
        async with made.database.connection() as connection:
            await multiply(connection, size)
        yield made


@pytest.fixture(scope="module")
async def loaded(server_url: str, template_database: str) -> AsyncIterator[Loaded]:
    """One for all tests of this module: none depends on what another changes."""
    async with _loaded(server_url, template_database, SIZE) as made:
        yield made


@asynccontextmanager
async def _product(loaded: Loaded, settings: Settings, clock: SettableClock) -> AsyncIterator[World]:
    clock.now = loaded.now
    database = connect(loaded.database.dsn)
    long = settings.model_copy(update={"token_lifetime_seconds": int(TOKEN_LIFETIME.total_seconds())})
    async with serving(long, database, clock) as world:
        yield world
    await database.engine.dispose()


@pytest.fixture
async def product(loaded: Loaded, settings: Settings, clock: SettableClock) -> AsyncIterator[World]:
    async with _product(loaded, settings, clock) as world:
        yield world


async def _ask(http: httpx.AsyncClient, question: Question) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token(question.asker)}", "Content-Type": question.media_type}
    return await http.request(question.method, question.path, content=question.body, headers=headers)


async def _candidates(product: World, today: date, ground: Ground) -> list[int]:
    answers = [(await _ask(product.http, each)).json() for each in islice(matches(ground, today, 40), 40)]
    return [len(each["results"]) + each["excluded"]["total"] for each in answers if len(each["results"]) < 20]


async def test_is_whole(loaded: Loaded) -> None:
    assert await loaded.count("SELECT count(*) FROM offers") == SIZE
    assert await loaded.count("SELECT count(*) FROM contracts") > 5 * await loaded.count(
        "SELECT count(*) FROM providers"
    )
    assert await loaded.count("SELECT count(*) FROM offers WHERE coalesce(search, '') = ''") == 0
    assert await loaded.count("SELECT count(DISTINCT care_type) FROM offers") == len(reference().care_types)


async def test_the_newest_report_of_each_offer_stands(loaded: Loaded) -> None:
    others = """
        SELECT count(*) FROM current_capacities c FULL JOIN (
            SELECT offer_id, max(observed_at) AS newest FROM capacity_reports GROUP BY offer_id) r USING (offer_id)
        WHERE c.observed_at IS DISTINCT FROM r.newest"""
    assert await loaded.count("SELECT count(*) FROM current_capacities") > SIZE / 2
    assert await loaded.count(others) == 0


async def test_candidates_stay_the_same_on_one_ground_and_grow_on_the_other(
    loaded: Loaded,
    product: World,
    server_url: str,
    template_database: str,
    settings: Settings,
    clock: SettableClock,
) -> None:
    async with (
        _loaded(server_url, template_database, SMALLER) as smaller,
        _product(smaller, settings, clock) as small,
    ):
        steady = await _candidates(product, loaded.today, "steady")
        assert len(steady) > 3
        assert steady == await _candidates(small, loaded.today, "steady")
        growing = await _candidates(product, loaded.today, "growing")
        assert fmean(growing) > 1.1 * fmean(await _candidates(small, loaded.today, "growing"))


async def test_every_question_is_one_that_the_product_answers(loaded: Loaded, product: World) -> None:
    targets = await loaded.database.targets()
    for ground in ("steady", "growing"):
        for question in (*matches(ground, loaded.today, 6), *searches(ground, loaded.today, 6)):
            answer = await _ask(product.http, question)
            assert answer.status_code == 200, answer.text
    for question in capacity_reports(targets, 6):
        answer = await _ask(product.http, question)
        assert answer.status_code == 200, answer.text
        assert answer.json()["placesFree"] == json.loads(question.body)["placesFree"]
    for question in bulk_reports(targets, 2):
        answer = await _ask(product.http, question)
        assert answer.status_code == 200, answer.text
        assert answer.json()["accepted"] + answer.json()["unchanged"] == BULK


def test_the_grounds_share_no_region_and_no_supraregion() -> None:
    lists = reference()
    steady, growing = area("steady"), area("growing")
    assert {*steady, *growing} == lists.regions.keys()
    assert not steady.keys() & growing.keys()
    together = {each for code in steady for each in lists.regions[code].supraregions}
    assert not together & {each for code in growing for each in lists.regions[code].supraregions}
