"""A service of a few lines, which tests start as a process of its own with workers."""

import os
import sys
from typing import Any

from app.kit.http.workers import serve
from app.kit.stopping import STOPPING
from app.settings import Settings

STREAM = "/stream"


async def application(scope: dict[str, Any], _: Any, send: Any) -> None:
    """Says which process it is and whether that stops; a stream never ends."""
    if scope["type"] != "http":
        return
    await send({"type": "http.response.start", "status": 200, "headers": []})
    content = f"{os.getpid()} {'stopping' if STOPPING.has_begun else 'serving'}\n".encode()
    while scope["path"] == STREAM:
        await send({"type": "http.response.body", "body": content * 1000, "more_body": True})
    await send({"type": "http.response.body", "body": content})


def main() -> int:
    """The exit status; what is given: the port and the workers."""
    port, workers = map(int, sys.argv[1:])
    return serve(lambda: application, __spec__.name if __spec__ else "", Settings(), "127.0.0.1", port, workers)


if __name__ == "__main__":
    sys.exit(main())
