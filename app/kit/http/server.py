"""What the HTTP server lets an answer do with its connection: end it at once, and hear that the service stops.

uvicorn waits with stopping for every answer under way, and closes a connection only when the client has taken all that
was sent. A stream has no end of its own, and a client that does not read would never let go of it.
"""

from collections.abc import Callable
from typing import Any, Final

from starlette.types import Scope
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

EXTENSION: Final = "wijzer.connection"


class Connection(HttpToolsProtocol):
    """A connection that answers can find in their scope, under `extensions`."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.when_stopping: Callable[[], object] | None = None

    def on_message_begin(self) -> None:
        """A request begins, perhaps while the answer to the one before is under way."""
        super().on_message_begin()
        self.scope["extensions"] = {EXTENSION: self}  # type: ignore[dict-item]  # an extension of our own

    def abort(self) -> None:
        """Closes the connection at once; what was sent and not taken is lost."""
        self.transport.abort()

    def shutdown(self) -> None:
        """The service stops: whatever answer is under way had better end."""
        super().shutdown()
        if self.when_stopping is not None:
            self.when_stopping()


def connection_of(scope: Scope) -> Connection | None:
    """The connection of a request; None where another server brought it."""
    found: Connection | None = scope.get("extensions", {}).get(EXTENSION)
    return found
