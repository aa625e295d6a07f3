"""The servers that are measured: the product as it is served, the limits, and the peer."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from scripts.benchmark.figures import Target
from scripts.benchmark.limits import FRAMED
from scripts.benchmark.server import Server, free_port, running

_OURS: Final = {"framework": "limits:framework", "frame": "limits:product_frame", "peer": "peer:application"}
_READY: Final = {
    "product": "/v1/health/ready",
    "framework": "/ready",
    "frame": "/v1/health/live",
    "peer": "/ready",
}
_KEPT: Final = ("PATH", "HOME", "LANG", "LD_LIBRARY_PATH")
"""What the servers keep of our environment: the caller's own settings of the product do not count."""

SETTINGS: Final = {"DEMO": "true", "RATE_LIMIT": "", "TOKEN_RATE_LIMIT": ""}
"""All that is not as by default: demo tokens, and no limit on how often one may ask."""


@contextmanager
def serving(target: Target, dsn: str, *, workers: int, var: Path, name: str = "") -> Iterator[Server]:
    """A target on a database, ready; `name` tells several of one kind apart."""
    port = free_port()
    if target == "product":
        command = ["-m", "app.cli", "serve", "--port", str(port), "--workers", str(workers)]
    else:
        command = ["-m", "scripts.benchmark.serve", _OURS[target], str(port), str(workers)]
    environment = {key: os.environ[key] for key in _KEPT if key in os.environ} | SETTINGS | {"DATABASE_URL": dsn}
    with running(f"{target}{name}", command, environment, port=port, workers=workers, var=var) as server:
        server.wait_until_ready(_READY[target])
        yield server


def prefix_of(target: Target) -> str:
    """What goes before the paths of this target."""
    return FRAMED if target == "frame" else ""
