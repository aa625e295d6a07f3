"""Clients with a bad line: resets in mid-body and mid-answer, delays, half-open connections; nothing is half done."""

import argparse
import asyncio
import socket
import struct
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import httpx
import orjson

from app.kit.monitoring.log_events import REQUEST_FAILED
from scripts.drills._line import Line, line_to_port
from scripts.drills._postgres import Server
from scripts.drills._processes import PATIENCE, until
from scripts.drills._service import DATABASE, Remote, Service, postgres
from scripts.drills._told import Told

_TIMES: Final = 50
_HALF_OPEN: Final = 200
_DELAY: Final = 0.25
_SPARE: Final = 8
"""Connections more than before that are no leak: those of others who look."""
_REPORTED: Final = "SELECT array_agg(waiting_count ORDER BY id) FROM capacity_reports WHERE offer_id = $1"

Json = dict[str, Any]


class Scene:
    """A provider on a bad line, and somebody on a good one."""

    def __init__(self, api: Remote, service: Service, line: Line, port: int, server: Server, told: Told) -> None:
        self.api, self.service, self.line, self.port, self.server, self.told = api, service, line, port, server, told
        self.offer: Json = {}
        self.given: list[int] = []

    def report(self) -> tuple[str, bytes, dict[str, str]]:
        """The path, body and headers of a report that says what no other says."""
        self.given.append(len(self.given) + 1)
        body = {"placesFree": 1, "waitingCount": self.given[-1], "acceptsReferrals": True}
        headers = self.api.provider(self.offer["providerId"]) | {"Idempotency-Key": str(uuid4())}
        return f"/v1/offers/{self.offer['id']}/capacity", orjson.dumps(body), headers

    async def send(self, client: httpx.AsyncClient, path: str, body: bytes, headers: dict[str, str]) -> httpx.Response:
        """Sends a report."""
        return await client.put(path, content=body, headers=headers | {"Content-Type": "application/json"})

    async def kept(self) -> list[int]:
        """The reports that are there."""
        return list(await self.server.ask(_REPORTED, self.offer["id"], database=DATABASE) or [])

    def connections(self) -> int:
        """How many sockets the workers have open."""
        found = 0
        for pid in self.service.server.worker_pids:
            for each in Path(f"/proc/{pid}/fd").iterdir():
                found += str(each.readlink()).startswith("socket:") if each.is_symlink() else 0
        return found


async def _reset_in_body(scene: Scene) -> None:
    """Half a body, and a reset: it is as if nothing was sent."""
    before = await scene.kept()
    for _ in range(_TIMES):
        path, body, headers = scene.report()
        scene.given.pop()
        _, writer = await asyncio.open_connection("127.0.0.1", scene.port)
        lines = [f"PUT {path} HTTP/1.1", "Host: test", "Content-Type: application/json", f"Content-Length: {len(body)}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        writer.write("\r\n".join([*lines, "", ""]).encode() + body[: len(body) // 2])
        await writer.drain()
        reset = struct.pack("ii", 1, 0)
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, reset)
        writer.transport.abort()
    scene.told.demand(await scene.kept() == before, "a body that was cut off was taken in")
    scene.told.figures["reset in mid-body"] = f"{_TIMES} times, nothing taken in"


async def _reset_in_answer(scene: Scene) -> None:
    """The answer stops half-way; the client asks again with its key, and it is done once."""
    lost = 0
    for _ in range(_TIMES):
        path, body, headers = scene.report()
        scene.line.cut_in_answer()
        try:
            async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{scene.port}", timeout=30) as client:
                await scene.send(client, path, body, headers)
        except httpx.TransportError:
            lost += 1
        scene.line.answers_until_cut = None
        answer = await scene.send(scene.api.http, path, body, headers)
        scene.told.demand(answer.is_success, f"asked again after half an answer: {answer.status_code}")
    kept = await scene.kept()
    scene.told.demand(lost == _TIMES, f"{lost} answers of {_TIMES} were cut off")
    scene.told.demand(kept == scene.given, f"{len(scene.given)} reports were sent, {len(kept)} are there")
    scene.told.figures["reset in mid-answer"] = f"{lost} answers lost, {len(kept)} of {len(scene.given)} reports there"


async def _delay(scene: Scene) -> None:
    """A slow line is slow for whoever is on it, and for nobody else."""
    scene.line.delay = _DELAY
    took: list[float] = []

    async def on_it() -> int:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{scene.port}", timeout=60) as client:
            return (await client.get("/v1/availability?limit=5", headers=scene.api.gi)).status_code

    slow = [asyncio.create_task(on_it()) for _ in range(_TIMES)]
    while not all(each.done() for each in slow):
        began = time.monotonic()
        answer = await scene.api.http.get("/v1/health/live")
        scene.told.demand(answer.is_success, f"beside a slow line: {answer.status_code}")
        took.append(time.monotonic() - began)
        await asyncio.sleep(0.02)
    scene.line.delay = 0.0
    answers = Counter(each.result() for each in slow)
    scene.told.demand(answers == {200: _TIMES}, f"on a slow line: {dict(answers)}")
    scene.told.figures["slow line"] = f"{_TIMES} callers on it, all answered; others after {max(took):.2f} s at most"


async def _half_open(scene: Scene) -> None:
    """Clients are gone without a word; others are answered, and when the line ends their connections do."""
    await asyncio.sleep(6)  # what was kept open of before has ended by then
    before = scene.connections()
    ends = [await asyncio.open_connection("127.0.0.1", scene.port) for _ in range(_HALF_OPEN)]
    for _, writer in ends:
        writer.write(b"GET /v1/health/live HTTP/1.1\r\nHost: test\r\n\r\n")
    await asyncio.gather(*(reader.readuntil(b"\r\n\r\n") for reader, _ in ends))
    scene.line.swallow()
    during = scene.connections()
    began = time.monotonic()
    answer = await scene.api.http.get("/v1/availability?limit=5", headers=scene.api.gi)
    scene.told.demand(answer.is_success, f"beside half-open connections: {answer.status_code}")
    await until(lambda: scene.connections() <= before + _SPARE)
    scene.told.figures["half-open"] = (
        f"{during - before} connections of clients that are gone, ended by the service after "
        f"{time.monotonic() - began:.1f} s"
    )
    scene.line.mend()
    scene.line.cut()
    for _, writer in ends:
        writer.close()


async def _run(server: Server, folder: Path, told: Told) -> None:
    service = await asyncio.to_thread(lambda: Service(server.url(DATABASE), folder, {}))
    try:
        api = Remote(service.server.url)
        port = httpx.URL(service.server.url).port or 80
        async with line_to_port(port) as (line, over), asyncio.timeout(5 * PATIENCE):
            scene = Scene(api, service, line, over, server, told)
            scene.offer = await api.contracted_offer()
            for step in (_reset_in_body, _reset_in_answer, _delay, _half_open):
                await step(scene)
        failed = service.server.told(REQUEST_FAILED.name)
        told.demand(not failed, f"{failed} failures in the log")
        await api.http.aclose()
    finally:
        await asyncio.to_thread(service.close)


def main(arguments: list[str]) -> int:
    """0 where nothing was half done and nothing leaked."""
    argparse.ArgumentParser(prog="scripts/drill network", description=__doc__).parse_args(arguments)
    told = Told()
    with tempfile.TemporaryDirectory(prefix="wijzer-drill-") as folder, postgres() as server:
        asyncio.run(_run(server, Path(folder), told))
    return told.show()
