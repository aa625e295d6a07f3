"""Event streams: what waits for a reader, and what becomes of one that does not read."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import uvicorn
from fastapi import FastAPI
from structlog.testing import capture_logs

from app.kit.errors import UnavailableError
from app.kit.http.connection import Connection
from app.kit.http.streams import EventStream
from app.kit.streams import CHUNK, Stream, Streams, TooManyStreamsError, event

PATIENCE = 60


def said(text: str) -> bytes:
    return event("said", b'"' + text.encode() + b'"')


async def test_an_event_has_the_form_of_the_standard() -> None:
    assert event("said", b'{"a":1}') == b'event: said\ndata: {"a":1}\n\n'


async def test_of_each_subject_the_newest_alone_waits() -> None:
    stream = Stream("0")
    stream.put({"a": said("a1"), "b": said("b1")}, "1")
    stream.put({"a": said("a2")}, "2")
    assert await stream.next(60) == said("b1") + b"id: 2\n" + said("a2")


async def test_an_id_comes_when_all_before_it_was_sent() -> None:
    stream = Stream("0")
    large = said("x" * CHUNK)
    stream.put({"a": large, "b": said("b"), "c": large}, "1")
    first, rest = await stream.next(60), await stream.next(60)
    assert first == large
    assert rest == said("b") + b"id: 1\n" + large


async def test_resuming_has_no_id_before_what_was_missed() -> None:
    stream = Stream("")
    stream.put({"a": said("a")}, "1")
    assert b"id:" not in stream.greeting()
    assert await stream.next(60) == b"id: 1\n" + said("a")


async def test_a_silent_stream_sends_comments_without_an_id() -> None:
    stream = Stream("0")
    assert b"id: 0\n" in stream.greeting()
    assert await stream.next(0) == b": heartbeat\n\n"
    stream.put({}, "1")
    assert await stream.next(0) == b": heartbeat\n\n"
    stream.put({"a": said("a")}, "2")
    assert await stream.next(60) == b"id: 2\n" + said("a")


async def test_a_reader_for_whom_too_much_waits_is_slow() -> None:
    stream = Stream("0", most_waiting=2)
    stream.put({"a": b"1", "b": b"1"}, "1")
    stream.put({"a": b"2", "b": b"2"}, "2")
    assert not stream.has_ended
    stream.put({"c": b"3"}, "3")
    assert stream.end_reason == "slow"
    assert await stream.next(60) == b""
    stream.put({"d": b"4"}, "4")
    assert await stream.next(60) == b""


@asynccontextmanager
async def streaming(stream: Stream, streams: Streams) -> AsyncIterator[tuple[uvicorn.Server, socket.socket]]:
    """A server with this stream at /, and small buffers in between; the reader's end, which reads nothing itself."""
    app = FastAPI()

    @app.get("/", response_class=EventStream)
    async def follow() -> EventStream:
        return EventStream(stream, streams, client="a", heartbeat=60, ends_in=None)

    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    listening.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, http=Connection, log_config=None, lifespan="off"))
    running = asyncio.create_task(server.serve(sockets=[listening]))
    async with asyncio.timeout(PATIENCE):
        while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0)
        with socket.socket() as reader:
            reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            reader.setblocking(False)
            loop = asyncio.get_running_loop()
            await loop.sock_connect(reader, listening.getsockname())
            await loop.sock_sendall(reader, b"GET / HTTP/1.1\r\nHost: test\r\n\r\n")
            yield server, reader
            server.should_exit = True
            await running


async def _until_open(streams: Streams, count: int) -> None:
    while streams.count != count:  # noqa: ASYNC110 - until the service has noticed
        await asyncio.sleep(0)


async def test_a_reader_that_takes_nothing_is_dropped_at_once() -> None:
    stream, streams = Stream("0"), Streams(10, patience=0.2)
    with capture_logs() as logs:
        async with streaming(stream, streams) as (server, _):
            await _until_open(streams, 1)
            for number in range(50):
                stream.put({str(number): said("x" * CHUNK)}, str(number))
            await _until_open(streams, 0)
            assert stream.end_reason == "slow"
            while server.server_state.connections:  # noqa: ASYNC110 - as above
                await asyncio.sleep(0)
    assert [each["reason"] for each in logs if each["event"] == "stream.dropped"] == ["slow"]


async def test_a_reader_behind_is_dropped_when_too_much_waits() -> None:
    stream, streams = Stream("0", most_waiting=60), Streams(10)
    async with streaming(stream, streams) as (server, _):
        await _until_open(streams, 1)
        for number in range(50):
            stream.put({str(number): said("x" * CHUNK)}, str(number))
        await asyncio.sleep(0)
        for number in range(100):
            stream.put({f"more {number}": said("y")}, "100")
        await _until_open(streams, 0)
        assert stream.end_reason == "slow"
        while server.server_state.connections:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0)


async def test_stopping_does_not_wait_for_a_reader_that_takes_nothing() -> None:
    stream, streams = Stream("0"), Streams(10)
    async with streaming(stream, streams) as (server, _):
        await _until_open(streams, 1)
        for number in range(50):
            stream.put({str(number): said("x" * CHUNK)}, str(number))
        for _ in range(100):
            await asyncio.sleep(0)
        server.should_exit = True
        await _until_open(streams, 0)
    assert stream.end_reason == "stopping"


async def test_stopping_ends_a_stream_with_another_request_behind_it() -> None:
    stream, streams = Stream("0"), Streams(10)
    async with streaming(stream, streams) as (server, reader):
        await _until_open(streams, 1)
        loop = asyncio.get_running_loop()
        await loop.sock_sendall(reader, b"GET / HTTP/1.1\r\nHost: test\r\n\r\n")
        for _ in range(100):
            await asyncio.sleep(0)
        server.should_exit = True
        await _until_open(streams, 0)
    assert stream.end_reason == "stopping"


async def test_a_reader_that_goes_away_is_noticed() -> None:
    stream, streams = Stream("0"), Streams(10)
    async with streaming(stream, streams) as (_, reader):
        await _until_open(streams, 1)
        reader.close()
        await _until_open(streams, 0)
    assert stream.end_reason == "left"


def test_one_client_has_no_more_than_its_share() -> None:
    streams = Streams(3, most_of_client=2)
    with streams.opened(Stream(), "a"), streams.opened(Stream(), "a"):
        with pytest.raises(TooManyStreamsError):
            streams.check_room("a")
        streams.check_room("b")
        with streams.opened(Stream(), "b"), pytest.raises(UnavailableError):
            streams.check_room("c")
    streams.check_room("a")
