"""The service over real HTTP, in the test's own process, and readers of its event streams."""

import asyncio
import resource
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Self

import httpx
import orjson
import uvicorn
from fastapi import FastAPI

from app.kit.http.connection import Connection
from tests.patience import PATIENCE
from tests.world import World


@dataclass
class Event:
    """An event as a reader has it."""

    name: str
    data: Any
    id: str


@dataclass
class Reader:
    """A reader of a stream, by the rules of WHATWG HTML, section 9.2.6."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    head: str = ""
    last_id: str = ""
    _block: list[str] = field(default_factory=list)

    @classmethod
    async def open(cls, port: int, path: str, headers: dict[str, str], *, most: int = 2**16) -> Self:
        """Asks for the stream, and returns when its headers have come."""
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=most)
        lines = [f"GET {path} HTTP/1.1", "Host: test", *(f"{name}: {value}" for name, value in headers.items())]
        writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        return cls(reader, writer, head)

    @property
    def status(self) -> int:
        return int(self.head.split()[1])

    async def _line(self) -> str | None:
        """The next line of the stream; None at its end."""
        while True:
            size = await self.reader.readline()
            if not size:
                return None
            count = int(size, 16)
            chunk = await self.reader.readexactly(count + 2)
            if not count:
                return None
            self._block += chunk[:-2].decode().split("\n")[:-1]
            if self._block:
                return None

    async def block(self) -> list[str] | None:
        """The lines up to the next empty one; None where the stream ended whole."""
        lines: list[str] = []
        while True:
            if not self._block:
                await self._line()
                if not self._block:
                    return None
            line = self._block.pop(0)
            if not line:
                return lines
            lines.append(line)

    async def greeting(self) -> None:
        """Reads what comes before any event."""
        lines = await self.block() or []
        fields = dict(line.split(": ", 1) for line in lines)
        assert fields.keys() <= {"id", "retry"}
        assert 2000 <= int(fields["retry"]) <= 5000
        self.last_id = fields.get("id", "")

    async def next(self) -> Event | None:
        """The next event, but for those that only say that the line is there; None where the stream ended."""
        async with asyncio.timeout(PATIENCE):
            while (lines := await self.block()) is not None:
                fields = dict(line.split(": ", 1) for line in lines if not line.startswith(":"))
                self.last_id = fields.get("id", self.last_id)
                if "data" in fields and fields.get("event") != "alive":
                    return Event(fields.get("event", "message"), orjson.loads(fields["data"]), self.last_id)
        return None

    async def close(self) -> None:
        """Goes away."""
        self.writer.close()
        with suppress(OSError):
            await self.writer.wait_closed()


@dataclass
class Served(World):
    """The service, with the port that it listens on and those who read its streams."""

    server: uvicorn.Server
    port: int
    readers: list[Reader] = field(default_factory=list)

    async def open(self, path: str, headers: dict[str, str]) -> Reader:
        """A reader of a stream, whose headers have come."""
        reader = await Reader.open(self.port, path, headers)
        self.readers.append(reader)
        return reader

    def stop(self) -> None:
        """Stops the service as a signal does; it ends when all answers have."""
        self.server.should_exit = True


def allow_files(count: int) -> None:
    """Lets this process have so many files and sockets open, as far as the machine lets it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < count:
        resource.setrlimit(
            resource.RLIMIT_NOFILE, (count if hard == resource.RLIM_INFINITY else min(count, hard), hard)
        )


@asynccontextmanager
async def serving_http(app: FastAPI, **options: Any) -> AsyncIterator[Served]:
    """The application as `wijzer serve` has it, on a port of its own; `options` are uvicorn's."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    config = uvicorn.Config(
        app, http=Connection, log_config=None, access_log=False, server_header=False, **{"lifespan": "on", **options}
    )
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve(sockets=[listening]))
    async with (
        asyncio.timeout(PATIENCE),
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE) as http,
    ):
        while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0)
        made = Served(app, http, server, port)
        await made.parts.follower.catch_up()
        try:
            yield made
        finally:
            server.should_exit = True
            await running
            for reader in made.readers:
                await reader.close()
