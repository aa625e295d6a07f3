"""The catalogue gives exactly what SQL would: thousands of random questions, after thousands of random changes."""

from typing import Any, Final, get_args

import orjson
import pytest

from app.domain.language import Language
from app.finding.catalogue.follower import Follower
from app.finding.matching import service as matching
from app.finding.search import service as search
from app.finding.search.schemas import AvailabilityQuery
from app.kit.database.sessions import Database
from app.kit.json_bytes import to_json
from app.kit.pages import decode_cursor, encode_cursor
from tests.conftest import NOW
from tests.finding.catalogue.dataset import TODAY, Changer
from tests.finding.catalogue.questions import Asker
from tests.finding.catalogue.same import assert_same
from tests.finding.catalogue.truth import Truth

ROUNDS: Final = 35
CHANGES: Final = 60
QUESTIONS: Final = 60
"""Of each kind a round."""


def written(content: Any) -> Any:
    """The content as it is read back from the wire."""
    return orjson.loads(to_json(content))


async def all_pages(follower: Follower, query: AvailabilityQuery, *, public: bool) -> list[Any]:
    """What is on all pages together, each asked with the cursor of the one before."""
    page = await search.find(follower, query, None, None, TODAY, "nl", public=public)
    items, key = page.items, page.following
    found = list(items)
    while key is not None:
        assert len(items) == query.limit
        key = decode_cursor(encode_cursor("/v1/availability", key), "/v1/availability", search.KEY)
        page = await search.find(follower, query, None, key, TODAY, "nl", public=public)
        items, key = page.items, page.following
        found += items
    return found


async def _changed(changer: Changer, follower: Follower, asker: Asker, number: int) -> tuple[Truth, int]:
    """What is true after the changes of a round, and how many they were; of some rounds all are reports."""
    made, kinds = 0, changer.kinds
    if number % 3 == 0:
        changer.kinds = [changer.report]
    while made < CHANGES:
        made += await changer.transact()
    changer.kinds = kinds
    await changer.look()
    await follower.catch_up()
    truth = await Truth.read(changer.driver)
    asker.offers = truth.offers
    return truth, made


@pytest.fixture
async def asker(changer: Changer) -> Asker:
    asker = Asker(2)
    asker.providers = [str(row["id"]) for row in await changer.driver.fetch("SELECT id FROM providers ORDER BY id")]
    return asker


async def test_match(changer: Changer, follower: Follower, asker: Asker) -> None:
    changes = questions = shown = 0
    for number in range(ROUNDS):
        truth, made = await _changed(changer, follower, asker, number)
        changes += made
        for _ in range(QUESTIONS):
            body, language = asker.match(), asker.random.choice(get_args(Language))
            answer = written(matching.match(follower.catalogue, body, NOW, language, explain_all=True))
            expected = await truth.match(body, NOW, language)
            assert answer == written(expected), body
            questions, shown = questions + 1, shown + len(answer["results"]) + len(answer["alternatives"])
    assert (changes > 2000, questions, shown > 4000) == (True, ROUNDS * QUESTIONS, True)


async def test_search(changer: Changer, follower: Follower, asker: Asker) -> None:
    changes = shown = 0
    for number in range(ROUNDS):
        truth, made = await _changed(changer, follower, asker, number)
        changes += made
        for _ in range(QUESTIONS):
            query, public = asker.search(), asker.random.random() < 0.3
            expected = await truth.search(query, TODAY, public=public)
            assert written(await all_pages(follower, query, public=public)) == written(expected), query
            shown += len(expected)
    assert (changes > 2000, shown > 4000) == (True, True)


async def test_after_all_changes_it_holds_what_a_load_gives(
    changer: Changer, follower: Follower, own_database: Database
) -> None:
    await follower.catch_up()
    for _ in range(ROUNDS):
        await changer.transact(40)
        await changer.look()
        await follower.catch_up()
    loaded = Follower(own_database)
    await loaded.catch_up()
    assert_same(follower.catalogue, loaded.catalogue)
    await loaded.close()
