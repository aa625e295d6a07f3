"""Bodies that are sent packed (RFC 9110, 8.4): gzip where many things are taken at once, and nothing elsewhere."""

import zlib
from collections.abc import Iterator
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.kit.errors import UnsupportedCodingError
from app.kit.http import problem
from app.kit.http.body_limits import BodyLimits

_GZIP: Final = 31
"""The window of zlib that stands for gzip (RFC 1952)."""
_NO_GZIP: Final = "not gzip, or not all of it"
_SLICE: Final = 65_536
"""Bytes that are unpacked at a time, so that a bomb is met by the limit on a body before it is in memory."""


class PackedBodies:
    """ASGI middleware that unpacks gzip at the paths of `limits.bulk`; any other packing is a 415 that says what goes.

    What is inside reads an unpacked body, and limits that.
    """

    def __init__(self, app: ASGIApp, limits: BodyLimits) -> None:
        self.app = app
        self.limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        coding = _coding(scope)
        if coding in {b"", b"identity"}:
            await self.app(scope, receive, send)
            return
        is_bulk = self.limits.bulk.fullmatch(scope["path"]) is not None
        if not is_bulk or coding not in {b"gzip", b"x-gzip"}:
            error = UnsupportedCodingError("gzip" if is_bulk else "identity")
            await problem.render(Request(scope), error)(scope, receive, send)
            return
        packed = {b"content-encoding", b"content-length"}
        scope["headers"] = [(name, value) for name, value in scope["headers"] if name not in packed]
        await self.app(scope, _Unpacked(receive, self.limits.of(scope)), send)


def _coding(scope: Scope) -> bytes:
    given = (value for name, value in scope.get("headers", ()) if name == b"content-encoding")
    return b",".join(given).strip().lower()


class _Unpacked:
    """The messages of a body of at most `most` bytes, unpacked in slices."""

    def __init__(self, receive: Receive, most: int) -> None:
        self._receive = receive
        self._left = most
        self._slices: Iterator[bytes] = iter(())
        self._has_more = True
        self._unpacker = zlib.decompressobj(_GZIP)

    async def __call__(self) -> Message:
        while (body := next(self._slices, None)) is None:
            if not self._has_more:
                if not self._unpacker.eof:
                    raise HTTPException(400, _NO_GZIP)
                return {"type": "http.request", "body": b"", "more_body": False}
            message = await self._receive()
            if message["type"] != "http.request":
                return message
            packed = message.get("body", b"")
            self._left -= len(packed)
            if self._left < 0:
                raise HTTPException(413)
            self._has_more = message.get("more_body", False)
            self._slices = self._unpack(packed)
        return {"type": "http.request", "body": body, "more_body": True}

    def _unpack(self, packed: bytes) -> Iterator[bytes]:
        """What these bytes hold more; a body may have several members, one after the other."""
        unpacked = b""
        try:
            while packed or len(unpacked) == _SLICE:
                if self._unpacker.eof:
                    self._unpacker = zlib.decompressobj(_GZIP)
                unpacked = self._unpacker.decompress(packed, _SLICE)
                packed = self._unpacker.unused_data if self._unpacker.eof else self._unpacker.unconsumed_tail
                yield unpacked
        except zlib.error as error:
            raise HTTPException(400, _NO_GZIP) from error
