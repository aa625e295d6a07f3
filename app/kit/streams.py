"""What readers of server-sent events (WHATWG HTML, section 9.2) have yet to be sent; `kit.http.streams` sends it.

A slow reader costs itself alone: of each subject only the newest event waits for it, in bytes that it shares with all
who are told the same, and a reader for whom too much waits is dropped.
"""

import asyncio
import secrets
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final, Literal

from app.domain.language import Text
from app.kit.errors import ApiError, InputError, TooManyRequestsError, UnavailableError
from app.kit.monitoring import metrics

EndReason = Literal["left", "slow", "token-expired", "stopping"]
"""Why a stream ended: the reader went away, or took too little; its token expired; the service stops."""

MOST_WAITING: Final = 10_000
"""Events that may wait for one reader."""
PATIENCE: Final = 30.0
"""Seconds that a reader may take nothing of what was sent."""
CHUNK: Final = 32_768
"""Bytes that are sent before a reader must have taken some of them; one event may be more."""
HEARTBEAT: Final = b": heartbeat\n\n"
"""A comment and nothing else: readers that are simple take an id without an event for an empty event."""
RETRY_MS: Final = (2000, 5000)
"""Between how many milliseconds a reader waits before it comes back."""


def invalid_event_id() -> InputError:
    """The error for a Last-Event-ID that no event of the stream has."""
    text = Text(
        nl="Dit is geen id van een gebeurtenis van deze stroom; laat Last-Event-ID weg.",
        en="This is no id of an event of this stream; leave Last-Event-ID out.",
    )
    return InputError("#/header/Last-Event-ID", "invalid-event-id", text)


def event(name: str, data: bytes) -> bytes:
    """An event with its JSON, without an id."""
    return _block(event=name, data=data.decode())


def _block(**fields: str | int | None) -> bytes:
    """A block of a stream (WHATWG HTML, 9.2.5) with those of the fields that are given, none of which has two lines."""
    lines = [f"{name}: {value}\n" for name, value in fields.items() if value is not None]
    return "".join([*lines, "\n"]).encode()


class TooManyStreamsError(TooManyRequestsError):
    """The client has as many event streams open as one client may have."""

    slug = "too-many-streams"
    title = Text(nl="Te veel stromen", en="Too many streams")

    def __init__(self, most: int) -> None:
        ApiError.__init__(
            self,
            Text(
                nl=f"Eén client heeft ten hoogste {most} stromen tegelijk open; sluit er een, of vraag de lijst.",
                en=f"One client has at most {most} streams open at once; close one, or ask for the list.",
            ),
            headers={"Retry-After": "5"},
        )


class Stream:
    """What one reader has yet to be sent: of each subject the newest event, and the id that stands after all of them.

    The same bytes may be put in any number of streams.
    """

    def __init__(self, event_id: str = "", most_waiting: int = MOST_WAITING) -> None:
        self._most = most_waiting
        self._waiting: dict[str, bytes] = {}
        self._id = event_id
        self._sent_id = ""
        self._wake = asyncio.Event()
        self.end_reason: EndReason | None = None
        self.when_ended: Callable[[], object] | None = None

    @property
    def has_ended(self) -> bool:
        """Whether nothing more is sent."""
        return self.end_reason is not None

    def put(self, events: Mapping[str, bytes], event_id: str) -> None:
        """Has events sent, by subject; who resumes after `event_id` has had all of them."""
        if self.has_ended:
            return
        for subject, content in events.items():
            self._waiting.pop(subject, None)  # what is new stands last
            self._waiting[subject] = content
        self._id = event_id
        if len(self._waiting) > self._most:
            self.end("slow")
        elif events:
            self._wake.set()

    def end(self, reason: EndReason) -> None:
        """Has nothing more sent; the first reason counts."""
        if not self.has_ended:
            self.end_reason = reason
            self._waiting.clear()
            self._wake.set()
            if self.when_ended is not None:
                self.when_ended()

    def greeting(self) -> bytes:
        """What a reader gets first: how long to wait before it comes back, and from where it would go on then.

        They do not all come back at one time, where a worker that ends had many.
        """
        low, high = RETRY_MS
        event_id = None if self._waiting else self._moved()
        return _block(id=event_id, retry=low + secrets.randbelow(high - low))

    async def next(self, seconds: float, heartbeat: bytes = HEARTBEAT) -> bytes:
        """What is to be sent now, or after so many seconds without anything a heartbeat; b"" where the stream ended."""
        try:
            async with asyncio.timeout(seconds):
                await self._wake.wait()
        except TimeoutError:
            return heartbeat
        return b"" if self.has_ended else self._take()

    def _take(self) -> bytes:
        """At most a CHUNK of what waits, with the id before its last event where nothing is left."""
        taken: list[bytes] = []
        size = 0
        while self._waiting and (size < CHUNK or not taken):
            content = self._waiting.pop(next(iter(self._waiting)))
            taken.append(content)
            size += len(content)
        if not self._waiting:
            self._wake.clear()
            moved = self._moved()
            taken.insert(-1, b"" if moved is None else f"id: {moved}\n".encode())
        return b"".join(taken)

    def _moved(self) -> str | None:
        """The id that the reader has yet to be sent."""
        if self._id == self._sent_id:
            return None
        self._sent_id = self._id
        return self._id


class Streams:
    """The open streams of this worker, as many as it may have, and of one client a share of these.

    `patience` is how many seconds a reader may take.
    """

    def __init__(self, most: int, most_of_client: int | None = None, patience: float = PATIENCE) -> None:
        self._most = most
        self._most_of_client = most if most_of_client is None else most_of_client
        self._by_client = Counter[str]()
        self.patience = patience
        self.count = 0

    def check_room(self, client: str) -> None:
        """`TooManyStreamsError` where this client, `UnavailableError` where the worker has no room for one more."""
        if self._by_client[client] >= self._most_of_client:
            raise TooManyStreamsError(self._most_of_client)
        if self.count >= self._most:
            raise UnavailableError(
                Text(
                    nl="Er staan te veel stromen open; probeer het zo opnieuw, of vraag de lijst.",
                    en="Too many streams are open; try again shortly, or ask for the list.",
                )
            )

    @contextmanager
    def opened(self, stream: Stream, client: str) -> Iterator[None]:
        """Counts a stream of a client for as long as the block lasts, and then why it ended."""
        self.count += 1
        self._by_client[client] += 1
        metrics.STREAMS.inc()
        try:
            yield
        finally:
            stream.end("left")
            self.count -= 1
            self._by_client[client] -= 1
            if not self._by_client[client]:
                del self._by_client[client]
            metrics.STREAMS.dec()
            metrics.STREAMS_ENDED.labels(stream.end_reason).inc()
