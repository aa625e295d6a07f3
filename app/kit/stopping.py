"""Whether this process is about to stop."""

from typing import Final


class Stopping:
    """A process that is told to stop is not ready from then on, and keeps no connection open after its answer."""

    def __init__(self) -> None:
        self.has_begun = False


STOPPING: Final = Stopping()
