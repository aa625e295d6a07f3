"""A worker that asks whether anything changed asks for changes only where something may have."""

import pytest

from app.finding.catalogue import repository
from app.finding.catalogue.position import Position
from app.finding.catalogue.repository import Changes, Word
from app.kit.database.sessions import Driver
from tests.conftest import NOW
from tests.world import World


async def test_changes_are_asked_for_where_the_database_moved_on(
    committing_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    follower = committing_world.parts.follower
    await follower.catch_up()
    asked: list[Position] = []
    position, listed = follower.catalogue.position, repository.list_changes

    async def list_changes(driver: Driver, since: Position) -> Changes:
        asked.append(since)
        return await listed(driver, since)

    async def get_word(_: Driver) -> Word:
        return Word(position, NOW)

    monkeypatch.setattr(repository, "list_changes", list_changes)
    monkeypatch.setattr(repository, "get_word", get_word)  # of other databases of the server it tells too
    heard: list[int] = []
    follower.when_heard = lambda: heard.append(1)
    await follower.catch_up(idly=True)
    assert (asked, heard) == ([], [1]), "that nothing changed is word from the database as well"
    await follower.catch_up()
    assert asked == [position]
    position = Position(position.xmin, position.xmax + 1, position.running)
    await follower.catch_up(idly=True)
    assert len(asked) == 2


async def test_the_word_is_how_far_it_is(committing_world: World) -> None:
    database = committing_world.parts.database
    async with database.driver() as driver, database.driver() as other, database.snapshot(driver):
        before = await repository.get_word(driver)
        await other.execute("UPDATE catalogue_origin SET origin = origin")
        assert await repository.get_word(driver) != before, "the time goes on"
        assert (await repository.get_word(driver)).position == before.position, "in one snapshot"
        assert (await repository.get_word(other)).position.xmax > before.position.xmax
