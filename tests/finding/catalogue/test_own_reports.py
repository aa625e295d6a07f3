"""A report is in memory when its answer is sent, without asking; no answer that is older takes it out again."""

from typing import Any
from uuid import UUID

import pytest

from app.finding.catalogue import follower as follower_module
from app.finding.catalogue import loader, repository
from app.finding.catalogue.own_reports import OwnReports
from app.finding.catalogue.position import Position
from app.finding.catalogue.repository import Changes
from app.kit.database.sessions import Driver
from app.main import create_app
from app.settings import Settings
from tests.conftest import SettableClock, asking
from tests.world import World

A, B = UUID(int=1), UUID(int=2)


def _row(subject: UUID, xid: int) -> Any:
    return {"subject": subject, "xid": xid}


def test_of_what_was_seen_there_is_nothing_to_add() -> None:
    own, position = OwnReports(), Position(10, 12, (10,))
    seen, running, later = _row(A, 9), _row(A, 10), _row(B, 12)
    assert own.add([seen], position) == []
    assert own.add([running, later], position) == [running, later]
    assert own.after(position) == [running, later]
    assert own.after(Position(11, 13, (12,))) == [later], "10 has been seen, and 12 is running"


def test_what_is_here_need_not_be_put_again_unless_more_changed() -> None:
    own, position = OwnReports(), Position(10, 10, ())
    own.add([_row(A, 11), _row(B, 12)], position)
    changes = [_row(A, 11), _row(B, 12), _row(B, 13)]
    assert own.others(changes) == changes[1:], "of B everything, because another changed it too"


def _free(world: World, offer: dict[str, Any]) -> int:
    catalogue = world.parts.follower.catalogue
    slot = catalogue.find_slot(offer["id"])
    assert slot is not None
    return int(catalogue.take(catalogue.slots_of(UUID(offer["providerId"])))["places_free"][0])


async def _offer(world: World) -> dict[str, Any]:
    offer = await world.add_offer()
    await world.report(offer, placesFree=1)
    return offer


def _asked_before(monkeypatch: pytest.MonkeyPatch, world: World, offer: dict[str, Any], free: int) -> None:
    """The next answer to a question for changes comes when a report, which it had not seen, is in memory already."""
    listed = repository.list_changes

    async def list_changes(driver: Driver, since: Position) -> Changes:
        changes = await listed(driver, since)
        monkeypatch.setattr(repository, "list_changes", listed)
        await world.report(offer, placesFree=free)
        assert _free(world, offer) == free
        return changes

    monkeypatch.setattr(repository, "list_changes", list_changes)


async def test_no_question_is_asked_for_it(committing_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world = committing_world
    offer = await _offer(world)

    async def ask(_driver: Driver, _since: Position) -> Changes:
        raise AssertionError("nobody need be asked")

    monkeypatch.setattr(repository, "list_changes", ask)
    await world.report(offer, placesFree=5)
    assert _free(world, offer) == 5


@pytest.mark.parametrize("what", ["report", "offer"])
async def test_an_answer_that_is_older_takes_nothing_back(
    committing_world: World,
    settings: Settings,
    clock: SettableClock,
    monkeypatch: pytest.MonkeyPatch,
    what: str,
) -> None:
    world = committing_world
    offer = await _offer(world)
    async with asking(create_app(settings, database=world.parts.database, clock=clock)) as other:
        world.parts.database.after_commit = None  # what the other does, this worker has to ask for
        await other.report(offer, placesFree=2)
        if what == "offer":
            await other.add_offer(offer["providerId"], offer["key"], name="Anders")
        _asked_before(monkeypatch, world, offer, 3)
        await world.parts.follower.catch_up()
        assert _free(world, offer) == 3
        await world.parts.follower.catch_up()
        assert _free(world, offer) == 3
        await other.report(offer, placesFree=4)
        await world.parts.follower.catch_up()
        assert _free(world, offer) == 4, "what another reports later stands"


async def test_a_catalogue_that_was_loaded_meanwhile_has_it_too(
    committing_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = committing_world
    offer = await _offer(world)
    follower = world.parts.follower

    async def load_and_report(session: Any) -> Any:
        loaded = await loader.load(session)
        await world.report(offer, placesFree=6)
        return loaded

    monkeypatch.setattr(follower_module, "load", load_and_report)
    monkeypatch.setattr(follower, "_continuous", False)
    before = follower.catalogue
    await follower.catch_up()
    assert follower.catalogue is not before
    assert _free(world, offer) == 6
