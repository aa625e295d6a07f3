"""A worker that has enough to do refuses more at once, and what it took goes on."""

import asyncio
from typing import Any

import orjson
import pytest
from starlette.types import Message, Receive, Scope, Send

from app.kit.http.admission import Admission
from tests.patience import PATIENCE
from tests.world import World


class Slow:
    """An application that answers when it is let."""

    def __init__(self, content_type: bytes = b"text/plain") -> None:
        self.may_answer = asyncio.Event()
        self.begun = asyncio.Semaphore(0)
        self.content_type = content_type

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        if self.content_type == b"text/event-stream":
            await send(
                {"type": "http.response.start", "status": 200, "headers": [(b"content-type", self.content_type)]}
            )
        self.begun.release()
        if self.content_type == b"body":
            await receive()
        await self.may_answer.wait()
        if self.content_type != b"text/event-stream":
            await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})


class Asking:
    """Requests, one after the other or at once."""

    def __init__(self, world: World, app: Slow, most: int) -> None:
        self.world, self.app = world, app
        self.admission = Admission(app, most, frozenset({"/v1/regions"}))
        self.never = asyncio.Event()

    async def ask(self, path: str = "/v1/offers", headers: dict[str, str] | None = None) -> list[Message]:
        sent: list[Message] = []
        scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "app": self.world.app, "state": {}}
        scope["headers"] = [(name.encode(), value.encode()) for name, value in (headers or {}).items()]

        async def receive() -> Message:
            await self.never.wait()
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Message) -> None:
            sent.append(message)

        await self.admission(scope, receive, send)
        return sent

    async def begin(self, **options: Any) -> asyncio.Task[list[Message]]:
        """A request that is under way."""
        task = asyncio.create_task(self.ask(**options))
        async with asyncio.timeout(PATIENCE):
            await self.app.begun.acquire()
        return task


async def test_the_rest_is_refused_at_once_and_what_was_taken_is_answered(world: World) -> None:
    asking = Asking(world, Slow(), most=2)
    taken = [await asking.begin() for _ in range(2)]

    start, body = await asking.ask()

    assert start["status"] == 503
    assert (b"retry-after", b"2") in start["headers"]
    assert orjson.loads(body["body"])["type"] == "urn:problem-type:beschikbaarheidswijzer:overloaded"
    asking.app.may_answer.set()
    assert [(await each)[0]["status"] for each in taken] == [200, 200]
    assert (await asking.ask())[0]["status"] == 200
    assert asking.admission.under_way == 0


@pytest.mark.parametrize(
    "options",
    [{"path": "/v1/health/live"}, {"path": "/v1/regions"}, {"headers": {"if-none-match": '"1"'}}],
    ids=["liveness", "reference list", "not changed"],
)
async def test_what_is_cheap_is_answered_still(world: World, options: dict[str, Any]) -> None:
    asking = Asking(world, Slow(), most=1)
    taken = [await asking.begin(), await asking.begin(**options)]
    asking.app.may_answer.set()
    assert [(await each)[0]["status"] for each in taken] == [200, 200]


@pytest.mark.parametrize("kind", [b"text/event-stream", b"body"], ids=["stream", "slow body"])
async def test_who_waits_for_its_client_keeps_nobody_out(world: World, kind: bytes) -> None:
    asking = Asking(world, Slow(kind), most=1)
    taken = [await asking.begin() for _ in range(3)]
    asking.never.set()
    asking.app.may_answer.set()
    assert [(await each)[0]["status"] for each in taken] == [200] * 3
    assert asking.admission.under_way == 0
