"""No schema is in the hot path of an answer, so tests hold many answers against it, field by field."""

import orjson

from app.finding.catalogue.follower import Follower
from app.finding.matching import service as matching
from app.finding.matching.answer_schemas import MatchAnswer
from app.finding.search import service as search
from app.finding.search.schemas import AvailabilityItem
from app.kit.json_bytes import to_json
from app.kit.pages import Page
from tests.conftest import NOW
from tests.finding.catalogue.dataset import TODAY, Changer
from tests.finding.catalogue.questions import Asker

QUESTIONS = 200


async def _asker(changer: Changer, follower: Follower) -> Asker:
    """Asks after some changes."""
    for _ in range(20):
        await changer.transact()
    await follower.catch_up()
    asker = Asker(6)
    asker.offers = [str(row["id"]) for row in await changer.driver.fetch("SELECT id FROM offers")]
    asker.providers = [str(row["id"]) for row in await changer.driver.fetch("SELECT id FROM providers")]
    return asker


async def test_match(changer: Changer, follower: Follower) -> None:
    asker = await _asker(changer, follower)
    for number in range(QUESTIONS):
        body = asker.match()
        written = to_json(matching.match(follower.catalogue, body, NOW, "en", explain_all=number % 2 == 0))
        answer = MatchAnswer.model_validate_json(written)
        assert orjson.loads(answer.model_dump_json(exclude_unset=True)) == orjson.loads(written)


async def test_search(changer: Changer, follower: Follower) -> None:
    asker = await _asker(changer, follower)
    for number in range(QUESTIONS):
        items = (await search.find(follower, asker.search(), None, None, TODAY, "nl", public=number % 3 == 0)).items
        written = to_json({"items": items, "_links": {"self": {"href": "/v1/availability"}}})
        page = Page[AvailabilityItem].model_validate_json(written)
        assert orjson.loads(page.model_dump_json(exclude_unset=True)) == orjson.loads(written)
