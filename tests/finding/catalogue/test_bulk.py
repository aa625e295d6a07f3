"""Bulk writes of 5,000 rows: nothing is lost, one turn of the follower takes them in, and others get theirs."""

import asyncio
from collections.abc import Iterator
from typing import Any, Final

import pytest

from app.finding.catalogue import follower as follower_module
from app.finding.catalogue import repository
from app.finding.catalogue.catalogue import Catalogue, Prepared
from app.finding.catalogue.follower import Follower
from app.kit.database.sessions import Database
from tests.finding.catalogue.dataset import Changer
from tests.finding.catalogue.test_interleaving import assert_current
from tests.patience import PATIENCE

MANY: Final = 5000
OFFERS: Final = """
    INSERT INTO offers (id, provider_id, key, location_id, name, care_type, age_min, age_max, genders, specialisations,
                        exclusion_criteria, at_home, needs_court_authorisation, product_codes, unit)
    SELECT gen_random_uuid(), l.provider_id, 'bulk' || number, l.id, 'Hulp ' || number, 'gezinshuis', 0, 17,
           ARRAY['female', 'male'], '{}', '{}', false, false, '{}', 'places'
    FROM generate_series(1, $1::int) AS number
    JOIN (SELECT *, row_number() OVER () AS place FROM locations) AS l ON l.place = number % 50 + 1
"""
CAPACITIES: Final = """
    INSERT INTO current_capacities (offer_id, report_id, client_id, places_free, waiting_count, accepts_referrals,
                                    observed_at)
    SELECT id, 1, 'test', 1, 0, true, now() FROM offers WHERE key LIKE 'bulk%'
"""


@pytest.fixture
def turns(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many changes each question for them brought."""
    asked, found = repository.list_changes, []

    async def list_changes(*arguments: Any) -> repository.Changes:
        changes = await asked(*arguments)
        found.append(len(changes.rows))
        return changes

    monkeypatch.setattr(repository, "list_changes", list_changes)
    return found


@pytest.fixture
def prepared_in(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """For each offer that was prepared, how many turns others had had by then."""
    prepare, found, ticks = Catalogue.prepare, list[int](), 0

    async def tick() -> None:
        nonlocal ticks
        while len(found) < MANY:
            ticks += 1
            await asyncio.sleep(0)

    other: list[asyncio.Task[None]] = []

    def counted(self: Catalogue, *arguments: Any) -> Prepared:
        if not other:
            other.append(asyncio.get_running_loop().create_task(tick()))
        found.append(ticks)
        return prepare(self, *arguments)

    monkeypatch.setattr(Catalogue, "prepare", counted)
    yield found
    for task in other:
        task.cancel()


async def test_offers_and_capacities(
    changer: Changer,
    follower: Follower,
    own_database: Database,
    turns: list[int],
    prepared_in: list[int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(follower_module, "PATIENCE", PATIENCE)  # a busy machine takes longer over so many
    await follower.catch_up()
    turns.clear()
    prepared_in.clear()
    monkeypatch.setattr("app.kit.turns.LONGEST", 0.0)
    assert await changer.driver.execute(OFFERS, MANY) == f"INSERT 0 {MANY}"
    await follower.catch_up()
    assert (set(turns), len(prepared_in)) == ({MANY}, MANY)
    assert len(set(prepared_in)) == MANY, "others had their turn between any two of them"
    turns.clear()
    assert await changer.driver.execute(CAPACITIES) == f"INSERT 0 {MANY}"
    await follower.catch_up()
    assert turns == [MANY]
    await assert_current(follower, own_database)

    turns.clear()
    await changer.driver.execute("UPDATE offers SET ended_at = now() WHERE key LIKE 'bulk%'")
    await follower.catch_up()
    assert set(turns) == {MANY}
    await assert_current(follower, own_database)
