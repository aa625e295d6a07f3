"""What is asked at the same time is done in one go: who is in it, and what each is told."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest

from app.kit.database import together
from app.kit.database.together import Together


class Going:
    """Something that is done in goes, each of which ends when the test says so."""

    def __init__(self) -> None:
        self.goes: list[list[str]] = []
        self.gate = asyncio.Event()
        self.error: Exception | None = None
        self.together = Together(self._do, lambda asked: asked[0])

    async def _do(self, asked: list[str]) -> list[str]:
        self.goes.append(asked)
        await self.gate.wait()
        if self.error is not None:
            raise self.error
        return [each.upper() for each in asked]

    async def asking(self, *asked: str) -> list[asyncio.Task[str]]:
        """Those who ask, each as far as it comes while the go that is under way goes on."""
        tasks = [asyncio.create_task(_named(self.together.ask(each))) for each in asked]
        for _ in range(3):
            await asyncio.sleep(0)
        return tasks


async def _named(asking: Coroutine[Any, Any, str]) -> str:
    return await asking


async def test_what_comes_meanwhile_goes_next_and_each_gets_its_own() -> None:
    going = Going()
    tasks = [*await going.asking("a1"), *await going.asking("b1", "a2", "c1", "a3")]
    going.gate.set()
    assert await asyncio.gather(*tasks) == ["A1", "B1", "A2", "C1", "A3"]
    assert going.goes == [["a1"], ["b1", "a2", "c1"], ["a3"]], "no key twice in one go"
    assert going.together.seconds == 0


async def test_a_go_has_no_more_than_so_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(together, "MOST", 2)
    going = Going()
    tasks = [*await going.asking("a"), *await going.asking("b", "c", "d")]
    going.gate.set()
    await asyncio.gather(*tasks)
    assert going.goes == [["a"], ["b", "c"], ["d"]]


async def test_an_error_is_told_to_all_of_its_go_and_to_no_other() -> None:
    going = Going()
    first = await going.asking("a", "b")
    going.error = ConnectionError()
    going.gate.set()
    outcomes = await asyncio.gather(*first, return_exceptions=True)
    assert [type(each) for each in outcomes] == [ConnectionError, ConnectionError]
    going.error = None
    assert await going.together.ask("c") == "C"


async def test_who_hangs_up_is_left_out_and_takes_nobody_along() -> None:
    going = Going()
    [first] = await going.asking("a")
    gone, stays = await going.asking("b", "c")
    gone.cancel()
    first.cancel()
    await asyncio.wait([gone, first])
    going.gate.set()
    assert await stays == "C"
    assert going.goes == [["a"], ["c"]], "what had begun is done all the same"
