"""PostgreSQL is stopped, cut off, frozen, slow or full, and a replica is lost: bounded answers, and well soon after.

Whatever is wrong, health/live says 200, health/ready tells the truth, and nobody gets other than an answer or a 503
within a bounded time. When it is over all is well within `--within` seconds.
"""

import argparse
import asyncio
import os
import signal
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from scripts.drills._callers import Callers
from scripts.drills._line import Line, line_to
from scripts.drills._postgres import Server, make_folder
from scripts.drills._service import DATABASE, Remote, Service, postgres, small_disk
from scripts.drills._told import Told

_SETTINGS: Final = {
    "DATABASE_WAIT_SECONDS": "1",
    "DATABASE_STATEMENT_SECONDS": "2",
    "DATABASE_LOCK_SECONDS": "1",
    "DATABASE_IDLE_SECONDS": "2",
    "DATABASE_SILENCE_SECONDS": "3",
}
_DELAY: Final = 0.3
"""Seconds each way over a slow line."""
_SMALL: Final = 96
"""Megabytes of a full disk."""
_READS: Final = 20

Fault = Callable[["Place"], AbstractAsyncContextManager[bool]]
"""Goes wrong for as long as the block lasts; whether health/ready has to say so."""


@dataclass(frozen=True)
class Place:
    """Where a fault strikes."""

    server: Server
    line: Line
    disk: Path | None


@asynccontextmanager
async def stopped(place: Place) -> AsyncIterator[bool]:
    """PostgreSQL is stopped, and started again."""
    await asyncio.to_thread(place.server.stop)
    yield True
    await asyncio.to_thread(place.server.start)


@asynccontextmanager
async def cut(place: Place) -> AsyncIterator[bool]:
    """Connections end, again and again."""

    async def go_on() -> None:
        while True:
            place.line.cut()
            await asyncio.sleep(0.2)

    cutting = asyncio.create_task(go_on())
    yield False
    cutting.cancel()


@asynccontextmanager
async def silent(place: Place) -> AsyncIterator[bool]:
    """The line takes what is sent and brings nothing."""
    place.line.swallow()
    yield True
    place.line.mend()
    place.line.cut()


@asynccontextmanager
async def frozen(place: Place) -> AsyncIterator[bool]:
    """All processes of PostgreSQL stand still."""
    pids = place.server.pids
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    yield True
    for pid in pids:
        os.kill(pid, signal.SIGCONT)


@asynccontextmanager
async def slow(place: Place) -> AsyncIterator[bool]:
    """Each word takes long."""
    place.line.delay = _DELAY
    yield False
    place.line.delay = 0.0


@asynccontextmanager
async def full(place: Place) -> AsyncIterator[bool]:
    """The disk of the tables is full; what is there can be read."""
    assert place.disk is not None  # noqa: S101 - without one this is not tried
    filler = place.disk / "filler"
    with filler.open("wb") as file:
        try:
            while True:
                file.write(bytes(2**16))
                file.flush()
        except OSError:
            pass
    yield False
    filler.unlink()


FAULTS: Final[dict[str, Fault]] = {
    "stopped": stopped,
    "cut": cut,
    "silent": silent,
    "frozen": frozen,
    "slow": slow,
    "disk full": full,
}


async def _strike(name: str, place: Place, callers: Callers, told: Told, options: argparse.Namespace) -> None:
    async with callers.asking():
        await callers.until_well(options.within)
        async with FAULTS[name](place) as unready:
            callers.forget()
            await asyncio.sleep(options.seconds)
            figures = callers.check(told, name, options.bound)
            told.demand(not unready or 503 in callers.counted("ready"), f"{name}: health/ready did not say so")
        after = await callers.until_well(options.within)
        told.demand(after < options.within, f"{name}: not well {after:.0f} s after")
    told.figures[name] = f"well {after:.1f} s after; {figures}"


async def _run(server: Server, disk: Path | None, folder: Path, told: Told, options: argparse.Namespace) -> None:
    async with line_to(server.url(DATABASE)) as (line, over), _serving(over, folder) as api:
        callers = Callers(api, await api.contracted_offer())
        for name in FAULTS:
            if name == "disk full" and disk is None:
                told.figures[name] = "not tried: this machine lets nobody make a small disk"
            elif not options.only or name in options.only:
                await _strike(name, Place(server, line, disk), callers, told, options)
                print(f"{name}: {told.figures[name]}", flush=True)


@asynccontextmanager
async def _serving(dsn: str, folder: Path, **settings: str) -> AsyncIterator[Remote]:
    service = await asyncio.to_thread(lambda: Service(dsn, folder, _SETTINGS | settings))
    api = Remote(service.server.url)
    try:
        yield api
    finally:
        await api.http.aclose()
        await asyncio.to_thread(service.close)


async def _lose_replica(server: Server, folder: Path, told: Told) -> None:
    replica = Server(server.programs, make_folder(server.programs, server.folder.parent))
    await asyncio.to_thread(replica.follow, server)
    async with _serving(server.url(DATABASE), folder, DATABASE_REPLICA_URL=replica.url(DATABASE)) as api:
        offer = await api.contracted_offer()
        await api.report(offer)
        path = f"/v1/offers/{offer['id']}/capacity-history"
        await api.ok(api.http.get(path, headers=api.gi))
        await asyncio.to_thread(replica.kill)
        answers = [(await api.http.get(path, headers=api.gi)).status_code for _ in range(_READS)]
    told.demand(set(answers) == {200}, f"replica lost: reads were answered with {answers}")
    told.figures["replica lost"] = f"{answers.count(200)} of {_READS} reads answered, by the primary"


def main(arguments: list[str]) -> int:
    """0 where the service held."""
    parser = argparse.ArgumentParser(prog="scripts/drill database", description=__doc__)
    parser.add_argument("--seconds", type=float, default=10, help="how long each fault lasts")
    parser.add_argument("--within", type=float, default=30, help="seconds in which all is well afterwards")
    parser.add_argument("--bound", type=float, default=10, help="seconds that a caller waits at most")
    parser.add_argument("--only", nargs="*", default=[], choices=[*FAULTS, "replica lost"])
    options = parser.parse_args(arguments)
    told = Told()
    with tempfile.TemporaryDirectory(prefix="wijzer-drill-") as folder:
        if not options.only or set(options.only) & FAULTS.keys():
            with small_disk(_SMALL) as disk, postgres(disk) as server:
                asyncio.run(_run(server, disk, Path(folder), told, options))
        if not options.only or "replica lost" in options.only:
            with postgres() as server:
                asyncio.run(_lose_replica(server, Path(folder), told))
    return told.show()
