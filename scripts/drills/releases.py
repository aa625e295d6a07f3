"""Workers are replaced (SIGHUP), the service is stopped (SIGTERM), its supervisor is killed: nobody is refused.

Callers as behind a load balancer: some keep their connection, some make one for each request, and none goes on asking a
service that says that it is not ready.
"""

import argparse
import asyncio
import os
import signal
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any, Final

import httpx

from scripts.drills._processes import runs, until
from scripts.drills._service import DATABASE, WORKERS, Remote, Service, postgres
from scripts.drills._told import Told

_SETTINGS: Final = {"DRAIN_SECONDS": "3", "STOP_SECONDS": "5"}
_BOUND: Final = 3 + 5 + 10
"""Seconds for draining, for answers, and the service's own margin."""
_CALLERS: Final = 4
_PAUSE: Final = 0.05


class Traffic:
    """Callers of one service, and what they were answered: by status, and by the name of what went wrong."""

    def __init__(self, api: Remote) -> None:
        self._api = api
        self._goes_on = True
        self._tasks: list[asyncio.Task[None]] = []
        self.answers: Counter[Any] = Counter()

    def start(self) -> None:
        """They begin to ask."""
        self._tasks = [asyncio.create_task(self._ask(keeps=bool(number % 2))) for number in range(_CALLERS)]
        self._tasks.append(asyncio.create_task(self._balance()))

    async def stop(self) -> None:
        """They stop, each with the answer that it waits for."""
        self._goes_on = False
        await asyncio.gather(*self._tasks)

    async def _balance(self) -> None:
        """Who balances the load asks whether the service is ready, and sends it nothing when it is not."""
        while self._goes_on:
            ready = await self._answer(self._api.http, "/v1/health/ready")
            if ready != httpx.codes.OK:
                self._goes_on = False
            await asyncio.sleep(_PAUSE)

    async def _ask(self, *, keeps: bool) -> None:
        while self._goes_on:
            if keeps:
                self.answers[await self._answer(self._api.http, "/v1/availability?limit=5")] += 1
            else:
                async with httpx.AsyncClient(base_url=self._api.http.base_url, timeout=30) as client:
                    self.answers[await self._answer(client, "/v1/availability?limit=5")] += 1
            await asyncio.sleep(_PAUSE)

    async def _answer(self, client: httpx.AsyncClient, path: str) -> int | str:
        try:
            return (await client.get(path, headers=self._api.gi)).status_code
        except httpx.TransportError as error:
            return type(error).__name__


def _check(told: Told, what: str, traffic: Traffic, seconds: float) -> None:
    refused = {answer: count for answer, count in traffic.answers.items() if answer != httpx.codes.OK}
    told.demand(not refused, f"{what}: {refused}")
    told.figures[what] = f"{traffic.answers.total()} requests, {sum(refused.values())} refused, in {seconds:.1f} s"


async def _replace(service: Service, api: Remote, told: Told) -> None:
    before = set(service.server.worker_pids)
    traffic = Traffic(api)
    traffic.start()
    began = time.monotonic()
    os.kill(service.server.pid, signal.SIGHUP)
    await until(lambda: not any(map(runs, before)))
    seconds = time.monotonic() - began
    await traffic.stop()
    told.demand(len(set(service.server.worker_pids) - before) == WORKERS, "SIGHUP: not as many workers as before")
    _check(told, "SIGHUP", traffic, seconds)


async def _stop(service: Service, api: Remote, told: Told) -> None:
    workers = service.server.worker_pids
    traffic = Traffic(api)
    traffic.start()
    await asyncio.sleep(1)
    began = time.monotonic()
    os.kill(service.server.pid, signal.SIGTERM)
    await until(lambda: not any(map(runs, [service.server.pid, *workers])))
    seconds = time.monotonic() - began
    await traffic.stop()
    told.demand(seconds <= _BOUND, f"SIGTERM: it ended after {seconds:.1f} s, later than {_BOUND} s")
    _check(told, "SIGTERM", traffic, seconds)


async def _kill_supervisor(service: Service, told: Told) -> None:
    workers = service.server.worker_pids
    began = time.monotonic()
    os.kill(service.server.pid, signal.SIGKILL)
    await until(lambda: not any(map(runs, workers)))
    seconds = time.monotonic() - began
    told.demand(seconds <= _BOUND, f"supervisor killed: workers were left for {seconds:.1f} s")
    told.figures["supervisor killed"] = f"{len(workers)} workers, none left after {seconds:.1f} s"


async def _run(dsn: str, folder: Path, told: Told) -> None:
    service = await asyncio.to_thread(lambda: Service(dsn, folder, _SETTINGS))
    try:
        for step in (_replace, _stop):
            api = Remote(service.server.url)
            await step(service, api, told)
            await api.http.aclose()
        await asyncio.to_thread(service.restart)
        await _kill_supervisor(service, told)
    finally:
        await asyncio.to_thread(service.close)


def main(arguments: list[str]) -> int:
    """0 where nobody was refused and nothing was left."""
    argparse.ArgumentParser(prog="scripts/drill releases", description=__doc__).parse_args(arguments)
    told = Told()
    with tempfile.TemporaryDirectory(prefix="wijzer-drill-") as folder, postgres() as server:
        asyncio.run(_run(server.url(DATABASE), Path(folder), told))
    return told.show()
