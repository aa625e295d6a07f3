"""How long a connection waits for its client: to say something, and to take what was sent."""

from asyncio import AbstractEventLoop, TimerHandle
from collections.abc import Callable
from typing import Protocol


class Patience:
    """Ends so many seconds after it was asked to begin; it may begin anew, or stop, for next to nothing."""

    def __init__(self, loop: AbstractEventLoop, seconds: float) -> None:
        self._loop = loop
        self._seconds = seconds
        self._due = 0.0
        self._then: Callable[[], object] | None = None
        self._timer: TimerHandle | None = None

    @property
    def has_begun(self) -> bool:
        """Whether something follows when it ends."""
        return self._then is not None

    def begin(self, then: Callable[[], object], seconds: float | None = None) -> None:
        """Has `then` called when it ends."""
        seconds = self._seconds if seconds is None else seconds
        self._then = then
        self._due = self._loop.time() + seconds
        if self._timer is None or self._timer.when() > self._due:
            self._arm(seconds)

    def stop(self) -> None:
        """Nothing follows."""
        self._then = None

    def close(self) -> None:
        """Nothing follows any more."""
        self._then = None
        if self._timer is not None:
            self._timer.cancel()

    def _arm(self, seconds: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._loop.call_later(seconds, self._look)

    def _look(self) -> None:
        self._timer = None
        then, left = self._then, self._due - self._loop.time()
        if then is None:
            return
        if left > 0:
            self._arm(left)
        else:
            self._then = None
            then()


class Taker(Protocol):
    """What is written to, as far as it is looked at."""

    @property
    def unsent(self) -> int:
        """Bytes that were written and not taken yet."""

    @property
    def is_full(self) -> bool:
        """Whether nothing is written until some of that is taken."""

    @property
    def is_answered(self) -> bool:
        """Whether nothing more is written until the client asks for more."""

    @property
    def is_patient(self) -> bool:
        """Whether what is written there has a patience of its own."""

    def drop(self) -> None:
        """The client takes too little."""


class Taking:
    """Looks, for as long as something is unsent, whether the client takes `least` bytes in so many seconds."""

    def __init__(self, loop: AbstractEventLoop, taker: Taker, seconds: float, least: float) -> None:
        self._taker = taker
        self._least = least
        self._patience = Patience(loop, seconds)
        self._unsent = 0
        self._has_taken = False

    def begin(self) -> None:
        """Something may be unsent."""
        if not self._patience.has_begun and self._taker.unsent:
            self._go_on()

    def note(self) -> None:
        """The client took some, or more was written."""
        self._has_taken = True

    def close(self) -> None:
        """There is no client any more."""
        self._patience.close()

    def _go_on(self) -> None:
        self._unsent = self._taker.unsent
        self._has_taken = False
        self._patience.begin(self._look)

    def _look(self) -> None:
        taker = self._taker
        if not taker.unsent:
            return
        is_still = (taker.is_full or taker.is_answered) and not self._has_taken and not taker.is_patient
        if is_still and self._unsent - taker.unsent < self._least:
            taker.drop()
        else:
            self._go_on()
