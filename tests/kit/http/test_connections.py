"""What a client may ask of a connection, over real sockets: it is told why, and cut; others never notice."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, cast

import orjson
import pytest
import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from app.kit.http.admission import Admission
from app.kit.http.connection import LINGER, MOST_PIPELINED, Connection
from app.kit.http.open_connections import ConnectionLimits, OpenConnections, connections_for
from tests.patience import PATIENCE
from tests.world import World

LARGE = b"x" * 30_000_000
"""More than the buffers between here and there hold."""


@dataclass
class App:
    """Reads the body and answers `ok`; /large with much, /early before the body, /wait when it is let."""

    bodies: list[int] = field(default_factory=list)
    begun: asyncio.Queue[str] = field(default_factory=asyncio.Queue)
    may_answer: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        self.begun.put_nowait(path)
        if path == "/wait":
            await self.may_answer.wait()
        if path != "/early" and not await self._read(receive):
            return
        content = LARGE if path == "/large" else b"ok"
        headers = [(b"content-length", str(len(content)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    async def _read(self, receive: Receive) -> bool:
        size, more = 0, True
        while more:
            message = await receive()
            if message["type"] != "http.request":
                return False
            size, more = size + len(message["body"]), message["more_body"]
        self.bodies.append(size)
        return True


class Clock:
    """A loop whose time passes when a test says so."""

    def __init__(self) -> None:
        self.now = 0.0
        self.timers: list[asyncio.TimerHandle] = []
        self.create_task = asyncio.get_running_loop().create_task

    def time(self) -> float:
        return self.now

    def call_later(self, seconds: float, call: Callable[..., object], *given: Any) -> asyncio.TimerHandle:
        loop = asyncio.get_running_loop()
        self.timers.append(asyncio.TimerHandle(self.now + seconds, call, given, loop))
        return self.timers[-1]

    def pass_by(self, seconds: float) -> None:
        """What is due meanwhile happens, in its order."""
        until = self.now + seconds
        while due := [timer for timer in self.timers if timer.when() <= until and not timer.cancelled()]:
            first = min(due, key=asyncio.TimerHandle.when)
            self.timers.remove(first)
            self.now = first.when()
            first._run()  # noqa: SLF001 - as the loop does
        self.now = until


@dataclass
class Service:
    """A server with that application; `heard` is how many bytes its connections were sent."""

    app: App
    connections: OpenConnections
    clock: Clock
    port: int = 0
    heard: int = 0
    taken: list[Connection] = field(default_factory=list)
    clients: "list[Client]" = field(default_factory=list)

    def connect(self, **options: Any) -> Connection:
        """A connection that a client made."""
        service = self

        class Counting(Connection):
            def data_received(self, data: bytes) -> None:
                super().data_received(data)
                service.heard += len(data)

        options["_loop"] = self.clock
        self.taken.append(Counting(connections=self.connections, **options))
        return self.taken[-1]

    async def open(self, said: bytes = b"") -> "Client":
        """A client that said something, all of which was heard."""
        before = len(self.taken)
        client = Client(self, *await asyncio.open_connection("127.0.0.1", self.port))
        self.clients.append(client)
        await until(lambda: len(self.taken) > before and bool(self.taken[-1].transport))
        await client.say(said)
        return client


async def until(is_so: Callable[[], bool]) -> None:
    """Waits until it is."""
    while not is_so():  # noqa: ASYNC110 - nothing announces it
        await asyncio.sleep(0)


@dataclass
class Client:
    """One that says what it is told to."""

    service: Service
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    @property
    def reading(self) -> asyncio.ReadTransport:
        """The side of its transport that takes what comes."""
        return cast("asyncio.Transport", self.writer.transport)

    async def say(self, said: bytes) -> None:
        """Says it, and waits until it was heard."""
        before = self.service.heard
        self.writer.write(said)
        await until(lambda: self.service.heard >= before + len(said))

    async def answer(self) -> tuple[int, bytes]:
        """The status and the content of the next answer."""
        head = await self.reader.readuntil(b"\r\n\r\n")
        lines = head.decode().lower().split("\r\n")
        length = next(int(line.split(":")[1]) for line in lines if line.startswith("content-length"))
        return int(lines[0].split()[1]), await self.reader.readexactly(length)

    async def rest(self) -> bytes:
        """All that comes until the connection is closed, or cut."""
        try:
            return await self.reader.read()
        except ConnectionError:
            return b""

    async def refused(self) -> tuple[int, str]:
        """The status and the kind of the problem that is told before the connection is closed."""
        head, _, content = (await self.rest()).partition(b"\r\n\r\n")
        lines = head.decode().lower().split("\r\n")
        assert "content-type: application/problem+json" in lines
        assert "connection: close" in lines
        problem = orjson.loads(content)
        status = int(lines[0].split()[1])
        assert problem["status"] == status
        assert problem["title"]
        assert problem["detail"]
        return status, problem["type"].rpartition(":")[2]

    async def close(self) -> None:
        """Goes away."""
        self.writer.close()
        with suppress(ConnectionError):
            await self.writer.wait_closed()


@dataclass
class InApplication:
    """An application that is asked within that of the world."""

    app: ASGIApp
    world: World

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app({**scope, "app": self.world.app}, receive, send)


@asynccontextmanager
async def serving(
    files: int | None = None, within: Callable[[ASGIApp], ASGIApp] = lambda app: app, **limits: Any
) -> AsyncIterator[Service]:
    """A server with these limits, of which everything is forgotten in the end."""
    made = App()
    service = Service(made, OpenConnections(ConnectionLimits(**limits), files), Clock())
    config = uvicorn.Config(
        within(made),
        http=service.connect,  # type: ignore[arg-type]
        log_config=None,
        lifespan="off",
        port=0,
    )
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve())
    async with asyncio.timeout(PATIENCE):
        await until(lambda: server.started)
        service.port = server.servers[0].sockets[0].getsockname()[1]
        try:
            yield service
        finally:
            made.may_answer.set()
            for connection in service.taken:
                connection.abort()
            for client in service.clients:
                await client.close()
            server.should_exit = True
            await running
    assert service.connections.has_forgotten


def get(path: str = "/", *headers: str, method: str = "GET") -> bytes:
    return "\r\n".join([f"{method} {path} HTTP/1.1", "Host: test", *headers, "", ""]).encode()


def post(length: int, path: str = "/") -> bytes:
    return get(path, f"Content-Length: {length}", method="POST")


async def test_what_is_within_the_limits_is_answered() -> None:
    async with serving() as service:
        client = await service.open(get("/" + "x" * 8000, *(f"x-{n}: {'y' * 500}" for n in range(90))))
        assert await client.answer() == (200, b"ok")
        await client.say(post(300_000) + b"x" * 300_000)
        assert await client.answer() == (200, b"ok")
        await client.say(get("/wait") + get() * (MOST_PIPELINED // 2))
        service.app.may_answer.set()
        for _ in range(1 + MOST_PIPELINED // 2):
            assert await client.answer() == (200, b"ok")
        assert service.app.bodies[:2] == [0, 300_000]


TOO_MUCH = {
    "a long URL": (get("/" + "x" * 8_192), (414, "uri-too-long")),
    "a URL without end": (b"GET /" + b"x" * 70_000, (414, "uri-too-long")),
    "many headers": (get("/", *["a: b"] * 100), (431, "headers-too-large")),
    "large headers": (get("/", *[f"a: {'x' * 1000}"] * 70), (431, "headers-too-large")),
    "a header without end": (get("/").removesuffix(b"\r\n") + b"a: " + b"x" * 600_000, (431, "headers-too-large")),
    "a name without end": (get("/").removesuffix(b"\r\n") + b"x" * 600_000, (431, "headers-too-large")),
    "a method without end": (b"X" * 70_000, (400, "malformed-request")),
    "empty lines without end": (b"\r\n" * 300_000, (431, "headers-too-large")),
    "no HTTP": (b"\x16\x03\x01\x00", (400, "malformed-request")),
    "two lengths": (get("/", "Content-Length: 1", "Content-Length: 2"), (400, "malformed-request")),
}


@pytest.mark.parametrize("name", TOO_MUCH)
async def test_a_head_is_limited(name: str) -> None:
    said, told = TOO_MUCH[name]
    async with serving() as service:
        client = await service.open(said)
        assert await client.refused() == told
        assert service.app.begun.empty()


async def test_60_mb_of_headers_are_not_kept() -> None:
    async with serving() as service:
        client = await service.open(get("/").removesuffix(b"\r\n"))
        for _ in range(60):
            await client.say(b"".join(b"x-%d: %s\r\n" % (n, b"y" * 980) for n in range(1000)))
        assert len(service.taken[0].headers) <= service.connections.limits.headers
        assert await client.refused() == (431, "headers-too-large")


@pytest.mark.parametrize(
    "chunks",
    [b"0\r\n" + b"a: b\r\n" * 200, b"0\r\na: " + b"x" * 600_000, b"1;" + b"x" * 600_000],
    ids=["many trailers", "a trailer without end", "an extension without end"],
)
async def test_what_stands_around_the_chunks_of_a_body_is_limited(chunks: bytes) -> None:
    async with serving() as service:
        client = await service.open(get("/", "Transfer-Encoding: chunked", method="POST") + chunks)
        assert await client.refused() == (431, "headers-too-large")
        assert service.app.bodies == []


async def test_requests_that_wait_behind_one_are_limited() -> None:
    async with serving() as service:
        client = await service.open(get("/wait") + get() * (MOST_PIPELINED + 2))
        assert await client.rest() == b""
        assert service.app.begun.qsize() == 1


@pytest.mark.parametrize("said", [b"", b"\r\n"], ids=["nothing", "an empty line"])
async def test_a_client_that_says_nothing_is_cut(said: bytes) -> None:
    async with serving(seconds=10) as service:
        client = await service.open(said)
        service.clock.pass_by(9)
        assert len(service.connections) == 1
        service.clock.pass_by(1)
        assert await client.rest() == b""


SLOW = {
    "a method": b"G",
    "a head": b"GET / HTTP/1.1\r\nHost: test\r\n",
    "a body": post(10),
    "more of a body": post(100_000) + b"x" * 9_900,
    "chunks": get("/", "Transfer-Encoding: chunked", method="POST") + b"7d0\r\nab",
}


@pytest.mark.parametrize("name", SLOW)
async def test_a_client_that_begins_and_does_not_go_on_is_told_and_cut(name: str) -> None:
    async with serving(seconds=10) as service:
        client = await service.open(SLOW[name])
        service.clock.pass_by(9)
        assert len(service.connections) == 1
        service.clock.pass_by(1)
        assert await client.refused() == (408, "request-timeout")
        assert service.app.bodies == []


@pytest.mark.parametrize("name", SLOW)
async def test_a_byte_a_second_is_not_enough(name: str) -> None:
    async with serving(seconds=10) as service:
        client = await service.open(SLOW[name])
        for byte in b"ET / HTTP" if name == "a method" else b"x-y: zzzz":
            service.clock.pass_by(1)
            await client.say(bytes([byte]))
        service.clock.pass_by(2)
        assert await client.refused() == (408, "request-timeout")
        assert service.app.bodies == []


async def test_an_empty_line_a_second_is_not_enough() -> None:
    async with serving(seconds=10) as service:
        client = await service.open(get())
        assert await client.answer() == (200, b"ok")
        for _ in range(10):
            await client.say(b"\r\n")
            service.clock.pass_by(1)
        assert await client.rest() == b""


async def test_a_connection_between_two_requests_is_closed() -> None:
    async with serving(seconds=10) as service:
        client = await service.open(get())
        assert await client.answer() == (200, b"ok")
        service.clock.pass_by(10)
        assert await client.rest() == b""


async def test_a_body_at_the_least_rate_is_read_however_long_it_takes() -> None:
    async with serving(seconds=10, least_rate=10) as service:
        client = await service.open(post(4_000))
        for _ in range(40):
            await client.say(b"x" * 100)
            service.clock.pass_by(9.9)
        assert await client.answer() == (200, b"ok")


async def test_a_client_does_not_pay_for_our_own_pace() -> None:
    async with serving(seconds=10) as service:
        client = await service.open()
        client.writer.write(post(1_000_000, "/wait") + b"x" * 1_000_000)
        await until(lambda: service.taken[0].flow.read_paused)
        asked = await service.open(get("/wait", "Content-Length: 5", "Expect: 100-continue", method="POST"))
        service.clock.pass_by(1000)
        service.app.may_answer.set()
        assert await client.answer() == (200, b"ok")
        assert await asked.reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        await asked.say(b"12345")
        assert await asked.answer() == (200, b"ok")


@pytest.mark.parametrize("closes", [False, True])
async def test_a_client_that_does_not_take_its_answer_is_cut(closes: bool) -> None:
    async with serving(seconds=10) as service:
        client = await service.open(get("/large", *["Connection: close"] * closes))
        client.reading.pause_reading()
        await service.app.begun.get()
        await until(lambda: service.taken[0].is_answered)
        service.clock.pass_by(10)
        service.clock.pass_by(10)
        await until(lambda: not len(service.connections))
        client.reading.resume_reading()
        assert len(await client.rest()) < len(LARGE)


async def test_a_client_that_takes_its_answer_slowly_gets_all_of_it() -> None:
    async with serving(seconds=10) as service:
        client = await service.open(get("/large", "Connection: close"))
        await until(lambda: service.taken[0].is_answered)
        while left := service.taken[0].unsent:
            while service.taken[0].unsent > max(0, left - 10_000):
                await client.reader.read(100_000)
            service.clock.pass_by(10)
        assert (await client.rest()).endswith(b"x" * 1000)


async def test_a_bad_request_behind_one_that_is_answered_does_not_spoil_the_answer() -> None:
    async with serving() as service:
        client = await service.open(get("/wait") + b"\x00 no HTTP\r\n\r\n")
        assert await client.rest() == b""
        client = await service.open(get())
        assert await client.answer() == (200, b"ok")
        await client.say(b"\x00 no HTTP\r\n\r\n")
        assert await client.refused() == (400, "malformed-request")


async def test_what_a_refused_client_still_says_is_thrown_away_for_a_while() -> None:
    async with serving() as service:
        client = await service.open(get("/" + "x" * 9_000))
        for _ in range(20):
            await client.say(b"x" * 100_000)
        assert await client.refused() == (414, "uri-too-long")
        service.clock.pass_by(LINGER)
        await until(lambda: not len(service.connections))


async def test_of_one_address_whoever_says_nothing_longest_makes_room() -> None:
    async with serving(most_of_address=3) as service:
        silent = [await service.open() for _ in range(3)]
        client = await service.open(get())
        assert await client.answer() == (200, b"ok")
        assert await silent[0].rest() == b""
        assert len(service.connections) == 3
        await client.say(get())
        assert await client.answer() == (200, b"ok")


async def test_silent_connections_shut_nobody_out_where_files_are_few() -> None:
    files = 230
    async with serving(files, most_of_address=10_000) as service:
        for _ in range(3 * connections_for(files)):
            await service.open()
        assert len(service.connections) <= connections_for(files)
        client = await service.open(get("/v1/health/live"))
        assert await client.answer() == (200, b"ok")


@pytest.mark.parametrize("limits", [{"most_of_address": 2}, {"most": 2, "trusted_proxies": ["127.0.0.1"]}])
async def test_where_all_are_busy_a_new_one_is_told_so_and_health_is_answered(
    limits: dict[str, int], world: World
) -> None:
    def within(app: ASGIApp) -> ASGIApp:
        return InApplication(Admission(app, 100), world)

    async with serving(within=within, **limits) as service:
        busy = [await service.open(get("/wait")) for _ in range(2)]
        await until(lambda: service.app.begun.qsize() == 2)
        client = await service.open(get())
        assert await client.refused() == (503, "overloaded")
        client = await service.open(get("/v1/health/live"))
        assert await client.answer() == (200, b"ok")
        assert await client.rest() == b"", "it makes room"
        service.app.may_answer.set()
        for each in busy:
            assert await each.answer() == (200, b"ok")
        await until(lambda: len(service.connections) == 2)
        client = await service.open(get())
        assert await client.answer() == (200, b"ok")


async def test_proxies_speak_for_many() -> None:
    async with serving(most_of_address=1, trusted_proxies=["127.0.0.0/8"]) as service:
        clients = [await service.open() for _ in range(3)]
        for client in clients:
            await client.say(get())
            assert await client.answer() == (200, b"ok")
