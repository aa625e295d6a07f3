"""Silent connections on a service that may have 1,024 files open: three times as many shut nobody out.

They come from several addresses, so that it is not the limit of one address that helps.
"""

import argparse
import asyncio
import os
import resource
import signal
import socket
import tempfile
from itertools import cycle
from pathlib import Path
from typing import Final

from app.kit.http.open_connections import connections_for
from scripts.drills._callers import Callers
from scripts.drills._processes import runs, until
from scripts.drills._service import DATABASE, Remote, Service, postgres
from scripts.drills._told import Told

_FILES: Final = 1024
_SILENT: Final = 3 * _FILES
_ADDRESSES: Final = tuple(f"127.0.0.{number}" for number in range(2, 10))
_SECONDS: Final = 20.0
_BOUND: Final = 10.0
"""Seconds that a caller waits at most, on a machine that others use too."""


async def _confine(service: Service) -> None:
    """Replaces the workers by ones that may have no more files open: those take over the limit of their parent."""
    before = set(service.server.worker_pids)
    resource.prlimit(service.server.pid, resource.RLIMIT_NOFILE, (_FILES, _FILES))
    os.kill(service.server.pid, signal.SIGHUP)
    await until(lambda: not any(map(runs, before)))


async def _fall_silent(port: int) -> list[socket.socket]:
    """As many connections that say nothing as `_SILENT`, of these addresses in turn."""
    made = []
    for _, address in zip(range(_SILENT), cycle(_ADDRESSES), strict=False):
        each = socket.socket()
        each.setblocking(False)
        each.bind((address, 0))
        await asyncio.get_running_loop().sock_connect(each, ("127.0.0.1", port))
        made.append(each)
    return made


async def _run(dsn: str, folder: Path, told: Told) -> None:
    settings = {"CLIENT_SECONDS": "300"}  # the silent are not cut for being slow: there is room for others besides
    service = await asyncio.to_thread(lambda: Service(dsn, folder, settings))
    silent: list[socket.socket] = []
    try:
        await _confine(service)
        api = Remote(service.server.url)
        callers = Callers(api, await api.add_offer())
        async with callers.asking():
            silent = await _fall_silent(api.http.base_url.port or 0)
            await asyncio.sleep(_SECONDS)
        told.figures["silent connections"] = (
            f"{len(silent)} on {len(service.server.worker_pids)} workers of {_FILES} files "
            f"({connections_for(_FILES)} connections each): {callers.check(told, 'silent connections', _BOUND)}"
        )
        refused = {kind: set(callers.counted(kind)) - {200} for kind in callers.answers}
        told.demand(not any(refused.values()), f"somebody was refused: {refused}")
        await api.http.aclose()
    finally:
        for each in silent:
            each.close()
        await asyncio.to_thread(service.close)


def main(arguments: list[str]) -> int:
    """0 where everybody else was answered."""
    argparse.ArgumentParser(prog="scripts/drill files", description=__doc__).parse_args(arguments)
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    told = Told()
    with tempfile.TemporaryDirectory(prefix="wijzer-drill-") as folder, postgres() as server:
        asyncio.run(_run(server.url(DATABASE), Path(folder), told))
    return told.show()
