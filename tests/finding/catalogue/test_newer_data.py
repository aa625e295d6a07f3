"""Data of a newer version, with codes that this one does not know: what it knows of stays there, nothing breaks."""

from typing import Any, Final

from structlog.testing import capture_logs

from app.domain.language import Language
from app.finding.catalogue.follower import Follower
from app.finding.matching import service as matching
from app.finding.matching.schemas import MatchRequest
from app.finding.search.schemas import AvailabilityQuery
from app.kit.database.sessions import Database
from tests.conftest import NOW
from tests.finding.catalogue.conftest import Open
from tests.finding.catalogue.dataset import Changer
from tests.finding.catalogue.questions import Asker
from tests.finding.catalogue.same import assert_same
from tests.finding.catalogue.test_same_as_sql import all_pages, written

LANGUAGE: Final[Language] = "nl"
NEW_CODES: Final = """
    CREATE TEMP TABLE new_{table} AS SELECT * FROM {table} LIMIT 1;
    UPDATE new_{table} SET code = 'nieuw';
    INSERT INTO {table} SELECT * FROM new_{table}
"""
HARMLESS: Final = (
    "UPDATE offers SET specialisations = array_append(specialisations, 'nieuw')",
    "UPDATE offers SET exclusion_criteria = array_append(exclusion_criteria, 'nieuw')",
    "UPDATE offers SET genders = array_append(genders, 'nieuw')",
    "UPDATE offers SET service_area = array_append(service_area, 'nieuw') WHERE service_area IS NOT NULL",
    "UPDATE contracts SET regions = array_append(regions, 'nieuw')",
    "UPDATE contracts SET municipalities = array_append(municipalities, 'nieuw')",
    "UPDATE contracts SET care_types = array_append(care_types, 'nieuw') WHERE care_types IS NOT NULL",
    "ALTER TABLE contracts DROP CONSTRAINT ck_contracts_kind; INSERT INTO contracts SELECT gen_random_uuid(), "
    "provider_id, 'nieuw', regions, municipalities, care_types, product_codes, valid_from, valid_to, ceiling_reached, "
    "ceiling_exempts_measure FROM contracts",
)
"""What a version that does not know the code need not know of: it can neither be asked for, nor held against one."""


def _matches(follower: Follower, questions: list[MatchRequest]) -> list[Any]:
    found = [matching.match(follower.catalogue, body, NOW, LANGUAGE, explain_all=True) for body in questions]
    return [
        [(each["offer"]["id"], each["factors"]) for each in answer["results"]] + [answer["excluded"]]
        for answer in written(found)
    ]


async def _add_codes(changer: Changer) -> None:
    for table in ("care_types", "regions", "municipalities"):
        await changer.driver.execute(NEW_CODES.format(table=table))


async def test_codes_that_change_nothing_for_this_version(
    changer: Changer, follower: Follower, own_database: Database
) -> None:
    asker = Asker(4)
    asker.offers = [str(row["id"]) for row in await changer.driver.fetch("SELECT id FROM offers")]
    asker.providers = [str(row["id"]) for row in await changer.driver.fetch("SELECT id FROM providers")]
    questions = [asker.match() for _ in range(50)]
    await follower.catch_up()
    before = _matches(follower, questions)
    await _add_codes(changer)
    for change in HARMLESS:
        await changer.driver.execute(change)
        await follower.catch_up()
        assert _matches(follower, questions) == before
    loaded = Follower(own_database)
    await loaded.catch_up()
    assert_same(follower.catalogue, loaded.catalogue)
    assert _matches(loaded, questions) == before
    await loaded.close()


async def _ids(follower: Follower, **query: Any) -> set[str]:
    asked = AvailabilityQuery(limit=200, **query)
    return {each["offer"]["id"] for each in written(await all_pages(follower, asked, public=True))}


async def test_offers_of_a_care_type_that_is_not_known_are_left_out_and_told_of(
    changer: Changer, open_changer: Open, follower: Follower, own_database: Database
) -> None:
    await changer.driver.execute("UPDATE offers SET ended_at = NULL")
    ids = [row["id"] for row in await changer.driver.fetch("SELECT id FROM offers ORDER BY id LIMIT 3")]
    await follower.catch_up()
    await _add_codes(changer)
    with capture_logs() as logs:
        await changer.driver.execute("UPDATE offers SET care_type = 'nieuw' WHERE id = ANY($1)", ids)
        await follower.catch_up()
    assert [each["offers"] for each in logs if each["event"] == "catalogue.skipped"] == [3]
    loaded = Follower(own_database)
    with capture_logs() as logs:
        await loaded.catch_up()
    assert [each["offers"] for each in logs if each["event"] == "catalogue.skipped"] == [3]
    assert_same(follower.catalogue, loaded.catalogue)
    for each in (follower, loaded):
        assert len(each.catalogue) == 217
        assert each.catalogue.find_slot(str(ids[0])) is None
    other = await open_changer(0)
    await other.driver.execute("UPDATE current_capacities SET waiting_count = 5 WHERE offer_id = ANY($1)", ids)
    await other.driver.execute("UPDATE offers SET care_type = $2 WHERE id = ANY($1)", ids, "gezinshuis")
    for each in (follower, loaded):
        await each.catch_up()
        assert len(each.catalogue) == 220
    assert_same(follower.catalogue, loaded.catalogue)
    await loaded.close()


async def test_a_place_in_a_municipality_and_a_stop_of_a_region_that_are_not_known(
    changer: Changer, follower: Follower
) -> None:
    await _add_codes(changer)
    await changer.driver.execute("DELETE FROM placement_stops")
    await changer.driver.execute("UPDATE offers SET at_home = false, ended_at = NULL")
    await follower.catch_up()
    everywhere, closed = await _ids(follower), await _ids(follower, status=["closed"])
    assert await _ids(follower, region=["JZ03"])
    await changer.driver.execute("UPDATE locations SET municipality_code = 'nieuw'")
    await changer.driver.execute(
        "INSERT INTO placement_stops (id, provider_id, starts_on, imposed_by, region_code, reason) "
        "SELECT gen_random_uuid(), id, '2026-01-01', 'region', 'nieuw', 'Test' FROM providers"
    )
    await follower.catch_up()
    assert await _ids(follower) == everywhere
    assert await _ids(follower, region=["JZ03"]) == set()
    assert await _ids(follower, status=["closed"]) == everywhere  # for children of anywhere every stop counts
    assert closed < everywhere
    contracted = await _ids(follower, contractedFor="JZ03")
    assert await _ids(follower, contractedFor="JZ03", status=["closed"]) == contracted & closed
