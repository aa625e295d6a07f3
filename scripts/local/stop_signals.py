"""Requests to stop: Ctrl-C, SIGTERM, and a terminal that closes."""

import signal
from types import FrameType
from typing import Final

_ASKED: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupts:
    """Raises `KeyboardInterrupt` when asked to stop, until `close` says that the stopping has begun.

    Python drops an exception that a signal raises inside a finaliser; so `check` raises it again between steps.
    """

    def __init__(self) -> None:
        self._asked = False
        self._closed = False
        for number in _ASKED:
            if number != signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:  # SIG_IGN: nohup
                signal.signal(number, self._ask)

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        self._asked = True
        if not self._closed:
            raise KeyboardInterrupt

    def check(self) -> None:
        """Raises `KeyboardInterrupt` where somebody has asked to stop."""
        if self._asked:
            raise KeyboardInterrupt

    def close(self) -> None:
        """From here on everything stops already, and asking again changes nothing."""
        self._closed = True
