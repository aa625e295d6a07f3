"""Connecting to one of several hosts, of which one is the primary: how writing goes on after a failover.

A URL names them as `?host=a:5432&host=b:5432&target_session_attrs=read-write`. asyncpg would try them by itself, but in
one time-out for all together, so that a machine that has gone silent would hide the one that took over. It also leaves
TCP as it is, with which statements would wait a quarter of an hour for a machine that is gone.
"""

import socket
from typing import Any, Final

import asyncpg

from app.kit.database.roles import WORK_AS_SERVICE

_NEXT = (OSError, asyncpg.CannotConnectNowError)
"""What says that another host may do: nothing there, not the kind of server that is asked for; starting or stopping."""

GONE_AFTER: Final = 15.0
"""Seconds of silence after which the other end of an open connection is taken to be gone, unless said."""


class _Connection(asyncpg.Connection):  # type: ignore[misc]  # asyncpg has no types
    """A connection whose transactions may begin with a statement that is sent along."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.begins_with: str | None = None
        """The statement that is sent along with the next BEGIN."""

    async def execute(self, query: str, *args: Any, timeout: float | None = None) -> Any:  # noqa: ASYNC109 - asyncpg's
        """As asyncpg's, which begins transactions with it."""
        if self.begins_with is not None and query.startswith("BEGIN"):
            query, self.begins_with = f"{query.rstrip(';')}; {self.begins_with};", None
        return await super().execute(query, *args, timeout=timeout)


def _watch_over(connection: asyncpg.Connection, gone_after: float) -> None:
    """Has the connection notice when the machine at its other end is gone, as libpq's do (RFC 9293, 3.8.3, 3.8.4)."""
    its_socket = connection._transport.get_extra_info("socket")  # noqa: SLF001 - asyncpg has no other way to it
    if its_socket.family == socket.AF_UNIX:
        return
    its_socket.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in (
        ("TCP_KEEPIDLE", gone_after / 3),
        ("TCP_KEEPINTVL", gone_after / 3),
        ("TCP_KEEPCNT", 2),
        ("TCP_USER_TIMEOUT", gone_after * 1000),
    ):
        if hasattr(socket, name):  # not every system has them all
            its_socket.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), max(1, int(value)))


class FailoverConnector:
    """Opens connections; the host that gave the last one is tried first.

    A machine that is silent for `gone_after` seconds is taken to be gone.
    """

    def __init__(self, gone_after: float = GONE_AFTER) -> None:
        self._gone_after = gone_after
        self._last: tuple[str, int] | None = None

    async def __call__(self, *, host: str | list[str] | None = None, port: Any = None, **options: Any) -> Any:
        """A connection to the first host that gives one; `OSError` where none does."""
        if not isinstance(host, list):
            return await self._open(host=host, port=port, **options)
        *others, last = sorted(zip(host, port, strict=True), key=lambda each: each != self._last)
        for each in others:
            try:
                return await self._try(each, options)
            except _NEXT:
                continue
        return await self._try(last, options)

    async def _try(self, host: tuple[str, int], options: dict[str, Any]) -> Any:
        connection = await self._open(host=host[0], port=host[1], **options)
        self._last = host
        return connection

    async def _open(self, **options: Any) -> Any:
        try:
            connection = await asyncpg.connect(connection_class=_Connection, **options)
        except asyncpg.TargetServerAttributeNotMatched as error:
            raise ConnectionError(*error.args) from error
        _watch_over(connection, self._gone_after)
        try:
            await connection.execute(WORK_AS_SERVICE, timeout=options.get("timeout"))
        except BaseException:
            connection.terminate()
            raise
        return connection
