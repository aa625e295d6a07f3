"""Long work on the event loop, in slices: others get their turn in between, however long a piece of it takes."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterable
from typing import Final, TypeVar

Item = TypeVar("Item")

LONGEST: Final = 0.01
"""Seconds of work after which others get their turn; what is asked of a worker meanwhile waits no longer for it."""


class Turns:
    """Tells long work when it is others' turn; its first slice begins when this is made."""

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self._clock = clock
        self._since = clock()

    @property
    def is_due(self) -> bool:
        """Whether the slice has been long enough."""
        return self._clock() - self._since >= LONGEST

    async def give(self) -> None:
        """To be awaited after each piece of the work: others get their turn if the slice has been long enough."""
        if self.is_due:
            await asyncio.sleep(0)
            self._since = self._clock()


async def in_turns(items: Iterable[Item]) -> AsyncIterator[Item]:
    """The items, one after the other; between two of them others get their turn if it is time."""
    turns = Turns()
    for item in items:
        yield item
        if turns.is_due:
            await turns.give()
