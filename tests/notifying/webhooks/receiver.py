"""A real HTTP server on loopback that takes messages: answers as it is told, and keeps what it got."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Message:
    """A request as it came in."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def event(self) -> Json:
        content: Json = json.loads(self.body)
        return content

    @property
    def data(self) -> Json:
        content: Json = self.event["data"]
        return content


Answer = Callable[[Message], Awaitable[bytes]]
"""Gives the bytes of an answer, head and all."""


def answer(status: int = 204, headers: str = "", body: str = "") -> bytes:
    """The bytes of an answer."""
    return f"HTTP/1.1 {status} X\r\ncontent-length: {len(body)}\r\n{headers}\r\n{body}".encode()


@dataclass
class Receiver:
    """What it got, and what it answers next: one of `answers` after another, and then 204."""

    port: int = 0
    messages: list[Message] = field(default_factory=list)
    answers: list[bytes | Answer] = field(default_factory=list)
    connections: int = 0
    serving: set[asyncio.Task[None]] = field(default_factory=set)

    async def hang_up(self) -> None:
        """Closes every connection."""
        serving = list(self.serving)
        for task in serving:
            task.cancel()
        await asyncio.gather(*serving, return_exceptions=True)

    def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Takes what comes over a connection."""
        task = asyncio.create_task(self.serve(reader, writer))
        self.serving.add(task)
        task.add_done_callback(self.serving.discard)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    @property
    def subjects(self) -> list[str]:
        return [message.event["subject"] for message in self.messages]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                await self._take(head.decode(), reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _take(self, head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first, *lines = head.split("\r\n")
        headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines if line)}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        message = Message(first.split(" ")[1], headers, body)
        self.messages.append(message)
        given = self.answers.pop(0) if self.answers else answer()
        writer.write(given if isinstance(given, bytes) else await given(message))
        await writer.drain()


@asynccontextmanager
async def receiving(context: ssl.SSLContext | None = None) -> AsyncIterator[Receiver]:
    """A receiver on a port of its own, for as long as the block lasts."""
    receiver = Receiver()
    server = await asyncio.start_server(receiver.accept, "127.0.0.1", 0, ssl=context)
    receiver.port = server.sockets[0].getsockname()[1]
    yield receiver
    server.close()
    await receiver.hang_up()
    await server.wait_closed()
