"""A line to PostgreSQL or to the service that can be slow, be cut, or swallow all that is sent over it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Final

from sqlalchemy.engine import make_url

_CHUNK: Final = 65_536

Ends = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Line:
    """Passes on what comes in; `delay` in seconds each way."""

    def __init__(self, connect: Callable[[], Awaitable[Ends]]) -> None:
        self._connect = connect
        self._whole = asyncio.Event()
        self._whole.set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self.delay = 0.0
        self.answers_until_cut: int | None = None

    def swallow(self) -> None:
        """From now on nothing comes out at either end, and nobody is told."""
        self._whole.clear()

    def mend(self) -> None:
        """It passes on again, what was under way included."""
        self._whole.set()

    def cut(self) -> None:
        """All connections end at once."""
        for writer in self._writers:
            writer.transport.abort()

    def cut_in_answer(self) -> None:
        """The next answer stops half-way, and its connection ends."""
        self.answers_until_cut = 1

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """A connection of a client."""
        try:
            its_reader, its_writer = await self._connect()
        except OSError:
            writer.transport.abort()
            return
        self._writers |= {writer, its_writer}
        for task in (
            asyncio.create_task(self._pass_on(reader, its_writer, answers=False)),
            asyncio.create_task(self._pass_on(its_reader, writer, answers=True)),
        ):
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, answers: bool) -> None:
        with suppress(OSError):
            while content := await reader.read(_CHUNK):
                if self.delay:
                    await asyncio.sleep(self.delay)
                await self._whole.wait()
                if answers and self.answers_until_cut is not None:
                    self.answers_until_cut = None
                    writer.write(content[: len(content) // 2])
                    await writer.drain()
                    self.cut()
                    return
                writer.write(content)
                await writer.drain()
        self._writers.discard(writer)
        writer.close()

    async def close(self) -> None:
        """Ends what is under way."""
        self.cut()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


@asynccontextmanager
async def line_to(dsn: str) -> AsyncIterator[tuple[Line, str]]:
    """A line to the database of a `postgresql+asyncpg://` URL, and the URL that leads over it."""
    url = make_url(dsn)
    folder = url.query.get("host")

    async def connect() -> Ends:
        if isinstance(folder, str) and folder.startswith("/"):
            return await asyncio.open_unix_connection(f"{folder}/.s.PGSQL.{url.port or 5432}")
        return await asyncio.open_connection(url.host, url.port or 5432)

    async with _open(connect) as (line, port):
        over = url.set(host="127.0.0.1", port=port).difference_update_query(["host"])
        yield line, over.render_as_string(hide_password=False)


@asynccontextmanager
async def line_to_port(port: int) -> AsyncIterator[tuple[Line, int]]:
    """A line to what listens on this port of this machine, and the port that leads over it."""
    async with _open(lambda: asyncio.open_connection("127.0.0.1", port)) as made:
        yield made


@asynccontextmanager
async def _open(connect: Callable[[], Awaitable[Ends]]) -> AsyncIterator[tuple[Line, int]]:
    line = Line(connect)
    server = await asyncio.start_server(line.accept, "127.0.0.1", 0)
    try:
        yield line, server.sockets[0].getsockname()[1]
    finally:
        await line.close()
        server.close()
