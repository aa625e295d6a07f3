"""Which offers changed since a position: all that differ, and those that went, also of a catalogue loaded later."""

from typing import Any
from uuid import UUID

import pytest

from app.finding.catalogue.catalogue import Catalogue
from app.finding.catalogue.ended_offers import MOST_KEPT, EndedOffers
from app.finding.catalogue.follower import Follower
from app.finding.catalogue.position import Position
from app.kit.database.sessions import Database
from tests.finding.catalogue.conftest import Open
from tests.finding.catalogue.dataset import Changer


def state(catalogue: Catalogue) -> dict[str, Any]:
    """How each offer stands, what its provider is called included."""
    found = {}
    for slot in catalogue.live(()).tolist():
        entry, record = catalogue.entry(slot), catalogue.table[slot].copy()
        record["changed"] = record["provider"] = 0
        found[entry.id] = entry.shown, entry.provider.shown, record.tobytes()
    return found


def differing(before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    return {each for each in before.keys() | after.keys() if before.get(each) != after.get(each)}


@pytest.mark.usefixtures("changer")
@pytest.mark.parametrize("seed", range(4))
async def test_nothing_that_differs_is_left_out(
    own_database: Database, follower: Follower, open_changer: Open, seed: int
) -> None:
    await follower.catch_up()
    mine = await open_changer(100 + seed)
    await mine.look()
    begun = [(follower.catalogue.position, state(follower.catalogue))]
    for _ in range(8):
        await mine.transact()
        await follower.catch_up()
        begun.append((follower.catalogue.position, state(follower.catalogue)))
    later = Follower(own_database)
    await later.catch_up()
    told = follower.catalogue.take_touched()
    for catalogue in (follower.catalogue, later.catalogue):
        now = state(catalogue)
        assert now == begun[-1][1]
        for position, before in begun:
            touched = catalogue.touched_since(position)
            assert touched is not None
            assert differing(before, now) <= touched
            assert touched & set(before) <= told
    await later.close()


async def test_an_open_transaction_is_among_what_was_not_seen(
    follower: Follower, changer: Changer, open_changer: Open
) -> None:
    other = await open_changer(7)
    await other.look()
    await follower.catch_up()
    transaction = other.driver.transaction()
    await transaction.start()
    await other.driver.execute("UPDATE offers SET ended_at = now() WHERE ended_at IS NULL")
    await changer.report()
    await follower.catch_up()
    seen, before = follower.catalogue.position, state(follower.catalogue)
    await transaction.commit()
    await follower.catch_up()
    touched = follower.catalogue.touched_since(seen)
    assert touched is not None
    assert set(before) <= touched
    assert follower.catalogue.touched_since(follower.catalogue.position) == set()


def test_more_than_are_kept_are_told_as_unknown() -> None:
    ended = EndedOffers(5)
    for number in range(MOST_KEPT):
        ended.note(UUID(int=number), {number + 10})
    assert len(ended.since(Position(5, 5, ()))) == MOST_KEPT
    assert ended.known_from == 5
    ended.note(UUID(int=MOST_KEPT), {MOST_KEPT + 10})
    assert ended.known_from == MOST_KEPT + 10
    assert ended.since(Position(MOST_KEPT + 10, MOST_KEPT + 10, ())) == {str(UUID(int=MOST_KEPT))}
