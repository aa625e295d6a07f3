"""What callers ask at the same time, done in one go: one statement, one commit, one wait for the disk for all."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar

Asked = TypeVar("Asked")
Done = TypeVar("Done")

MOST: Final = 64
"""Of one go."""


@dataclass(slots=True)
class _Caller(Generic[Asked, Done]):
    """Who waits for what was asked to be done."""

    asked: Asked
    answer: "asyncio.Future[Done]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    @property
    def waits(self) -> bool:
        """Whether somebody is still there; else the client has hung up."""
        return not self.answer.done()


class Together(Generic[Asked, Done]):
    """Has `do` do what is asked, in goes of at most MOST and with no `key` twice; what is asked meanwhile goes next.

    Of A, B and another A that come while a go is under way the next one has A and B, and the one after that the other
    A. `do` gives what it did for each, in order. Where it raises, all of the go get that error.
    """

    def __init__(
        self, do: Callable[[list[Asked]], Awaitable[Sequence[Done]]], key: Callable[[Asked], Hashable]
    ) -> None:
        self._do = do
        self._key = key
        self._waiting: list[_Caller[Asked, Done]] = []
        self._going: asyncio.Task[None] | None = None
        self._began = 0.0

    @property
    def seconds(self) -> float:
        """For how long the go that is under way has been so; 0 where none is."""
        return 0.0 if self._going is None else asyncio.get_running_loop().time() - self._began

    async def ask(self, asked: Asked) -> Done:
        """What `do` did for this.

        Who is cancelled before its go begins was never there; after that it is done all the same, as where a client
        hangs up while a statement runs.
        """
        caller = _Caller[Asked, Done](asked)
        self._waiting.append(caller)
        if self._going is None:
            self._began = asyncio.get_running_loop().time()
            self._going = asyncio.create_task(self._go())
        return await caller.answer

    async def _go(self) -> None:
        """Until nobody waits. A task of its own: a caller that hangs up must not take the others along."""
        try:
            while group := self._take():
                self._began = asyncio.get_running_loop().time()
                await self._go_with(group)
        finally:
            self._going = None
            for caller in self._waiting:  # there are none, unless the process is stopping
                caller.answer.cancel()

    def _take(self) -> list[_Caller[Asked, Done]]:
        """Those who go next, out of those who wait."""
        taken = dict[Hashable, _Caller[Asked, Done]]()
        others = []
        for caller in self._waiting:
            key = self._key(caller.asked)
            if key in taken or len(taken) == MOST:
                others.append(caller)
            elif caller.waits:
                taken[key] = caller
        self._waiting = others
        return list(taken.values())

    async def _go_with(self, group: list[_Caller[Asked, Done]]) -> None:
        try:
            results = await self._do([caller.asked for caller in group])
        except Exception as error:  # noqa: BLE001 - it is raised where each of them waits
            for caller in group:
                if caller.waits:
                    caller.answer.set_exception(error)
        except BaseException:
            for caller in group:
                caller.answer.cancel()
            raise
        else:
            _answer(group, results)


def _answer(group: Sequence[_Caller[Asked, Done]], results: Sequence[Done]) -> None:
    for caller, result in zip(group, results, strict=True):
        if caller.waits:
            caller.answer.set_result(result)
