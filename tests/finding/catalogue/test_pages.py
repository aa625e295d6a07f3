"""Pages of a search stay right when things change between them: none twice, none skipped that did not change."""

import asyncio
from datetime import timedelta
from typing import Any, Final

import pytest

from app.finding.catalogue.errors import CatalogueStaleError
from app.finding.catalogue.follower import Follower
from app.finding.catalogue.repository import prune_changes
from app.finding.search import service
from app.finding.search.schemas import AvailabilityQuery
from app.kit.database.sessions import Database, Driver
from app.kit.errors import InvalidInputError
from app.kit.pages import decode_cursor, encode_cursor
from tests.conftest import NOW
from tests.finding.catalogue.conftest import Open
from tests.finding.catalogue.dataset import REGIONS, TODAY, Changer
from tests.finding.catalogue.test_same_as_sql import written
from tests.finding.catalogue.truth import Truth
from tests.patience import PATIENCE
from tests.world import World, codes

PATH: Final = "/v1/availability"
SEARCHES: Final = 12
"""For each order."""

QUERIES: Final = (
    {"sort": "soonest", "limit": 9},
    {"sort": "nearest", "postcode": "1781", "limit": 9},
    {"sort": "freshest", "limit": 9},
    {"sort": "soonest", "contractedFor": REGIONS[0], "limit": 5},
)
_TOUCHED = """
    SELECT o.id::text AS id FROM offers o JOIN catalogue_changes c ON c.subject IN (o.id, o.provider_id)
    WHERE NOT pg_visible_in_snapshot(c.xid::text::xid8, $1::text::pg_snapshot)
"""


async def ask(follower: Follower, query: AvailabilityQuery, key: list[Any] | None) -> tuple[list[str], Any]:
    """The ids on a page, and the key of the next as it comes back in its cursor."""
    page = await service.find(follower, query, None, key, TODAY, "nl", public=True)
    items, following = page.items, page.following
    ids = [each["offer"]["id"] for each in written(items)]
    return ids, following and decode_cursor(encode_cursor(PATH, following), PATH, service.KEY)


async def assert_right(driver: Any, query: AvailabilityQuery, seen: str, found: list[str]) -> int:
    """None is there twice, and those that have not been touched since are all there, in order; how many those are."""
    touched = {row["id"] for row in await driver.fetch(_TOUCHED, seen)}
    truth = await (await Truth.read(driver)).search(query, TODAY, public=True)
    untouched = [item["offer"]["id"] for item in truth if item["offer"]["id"] not in touched]
    assert len(set(found)) == len(found)
    assert [id_ for id_ in found if id_ not in touched] == untouched
    return len(touched)


@pytest.mark.parametrize("asked", QUERIES)
async def test_over_workers_that_lag_and_restart_while_much_changes(
    changer: Changer, open_changer: Open, own_database: Database, follower: Follower, asked: dict[str, Any]
) -> None:
    query, touched = AvailabilityQuery.model_validate(asked), 0
    lagging, late, choose = Follower(own_database), await open_changer(7), changer.random
    await late.driver.execute("SET deadlock_timeout = '5ms'")
    await lagging.catch_up()
    for _ in range(SEARCHES):
        await changer.look()
        await late.look()
        await late.driver.execute("BEGIN")
        await late.driver.fetchval("SELECT pg_current_xact_id()::text")
        await changer.transact()
        await follower.catch_up()
        found, key = await ask(choose.choice((follower, lagging)), query, None)
        assert key is not None
        seen, ends = key[1], choose.randint(1, 4)
        while key is not None:
            await changer.transact(4)
            ends -= 1
            if ends == 0:
                await late.report()
                await late.change_offer()
                await late.driver.execute("COMMIT")
                await changer.transact(2)
            await follower.catch_up()
            worker = choose.choice((follower, lagging, Follower(own_database)))
            if worker not in (follower, lagging):
                await worker.catch_up()
            ids, key = await ask(worker, query, key)
            found += ids
            if worker not in (follower, lagging):
                await worker.close()
        if ends > 0:
            await late.driver.execute("ROLLBACK")
        touched += await assert_right(changer.driver, query, seen, found)
    await lagging.close()
    assert touched > 10 * SEARCHES


async def all_ended(driver: Driver) -> None:
    """Waits until no transaction runs any more, of other tests too, that began before this."""
    own = await driver.fetchval("SELECT pg_current_xact_id()::text::bigint")
    async with asyncio.timeout(PATIENCE):
        while await driver.fetchval("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint") < own:
            pass


MOVE: Final = "UPDATE current_capacities SET observed_at = $2 WHERE offer_id = $1"


@pytest.mark.parametrize("restarted", [False, True])
async def test_what_commits_after_one_that_began_later_has_changed(
    changer: Changer, open_changer: Open, own_database: Database, follower: Follower, restarted: bool
) -> None:
    query, late = AvailabilityQuery(sort="freshest", limit=5), (await open_changer(0)).driver
    await late.execute("BEGIN")
    await late.fetchval("SELECT pg_current_xact_id()::text")
    offer = await changer.driver.fetchval(
        "SELECT o.id FROM offers o JOIN current_capacities k ON k.offer_id = o.id WHERE ended_at IS NULL LIMIT 1"
    )
    await changer.driver.execute(MOVE, offer, NOW + timedelta(hours=1))
    await follower.catch_up()
    found, key = await ask(follower, query, None)
    assert found[0] == str(offer)
    await late.execute(MOVE, offer, NOW - timedelta(days=1, hours=1))
    await late.execute("COMMIT")
    worker = Follower(own_database) if restarted else follower
    await worker.catch_up()
    while key:
        ids, key = await ask(worker, query, key)
        found += ids
    assert found.count(str(offer)) == 1
    await worker.close()


async def test_a_worker_that_cannot_tell_what_changed_since_asks_to_start_again(
    changer: Changer, own_database: Database, follower: Follower
) -> None:
    query = AvailabilityQuery(limit=5)
    await follower.catch_up()
    _, key = await ask(follower, query, None)
    await changer.report()
    await all_ended(changer.driver)
    for _ in range(3):  # in the end the changes of hours ago are gone
        async with own_database.write() as session:
            await prune_changes(session)
        await changer.driver.execute("UPDATE catalogue_marks SET marked_at = marked_at - interval '2 hours'")
    restarted = Follower(own_database)
    await restarted.catch_up()
    with pytest.raises(InvalidInputError):
        await ask(restarted, query, key)
    ids, key = await ask(restarted, query, None)
    assert len(ids) == len((await ask(restarted, query, key))[0]) == 5
    await restarted.close()


async def test_a_worker_that_lags_and_cannot_catch_up_says_so(
    changer: Changer, own_database: Database, follower: Follower, monkeypatch: pytest.MonkeyPatch
) -> None:
    query, lagging = AvailabilityQuery(limit=5), Follower(own_database)
    await lagging.catch_up()
    await lagging.close()
    await changer.report()
    await follower.catch_up()
    _, key = await ask(follower, query, None)

    def gone() -> None:
        raise ConnectionError

    monkeypatch.setattr(own_database, "driver", gone)
    with pytest.raises(CatalogueStaleError):
        await ask(lagging, query, key)
    assert len((await ask(lagging, query, None))[0]) == 5


def _cursor(*parts: Any) -> str:
    return encode_cursor(PATH, parts)


ID: Final = "0b6a4f0e-3f55-5d51-8a53-0d0f6a0c7b21"


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "WyJhIl0",
        _cursor(TODAY, "1:1:", 0.0, 0.0),
        _cursor(TODAY, "1:1:", 0.0, 0.0, ID, 1),
        _cursor(TODAY, "1:1:", 0, 0.0, ID),
        _cursor(TODAY, "1:1:", None, 0.0, ID),
        _cursor(TODAY, "1:1:", 0.0, 0.0, "1"),
        _cursor(TODAY, "1:1", 0.0, 0.0, ID),
        _cursor(TODAY, "", 0.0, 0.0, ID),
        _cursor(TODAY, "9223372036854775808:9223372036854775808:", 0.0, 0.0, ID),
        _cursor(TODAY, "1:2:99999999999999999999", 0.0, 0.0, ID),
        _cursor(TODAY, 1, 0.0, 0.0, ID),
        _cursor("2026-11-20", "1:1:", 0.0, 0.0, ID),
        _cursor("2026-11-23", "1:1:", 0.0, 0.0, ID),
        _cursor("0001-01-01", "1:1:", 0.0, 0.0, ID),
        _cursor("morgen", "1:1:", 0.0, 0.0, ID),
        encode_cursor("/v1/providers", (TODAY, "1:1:", 0.0, 0.0, ID)),
    ],
)
async def test_a_cursor_of_another_list_or_hand_is_refused(world: World, cursor: str) -> None:
    answer = await world.http.get(PATH, params={"cursor": cursor}, headers=world.gi)
    assert codes(answer) == {"#/query/cursor": "invalid-cursor"}
