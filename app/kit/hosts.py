"""Connecting to one of several hosts, of which one is the primary: how writing goes on after a failover.

A URL names them as `?host=a:5432&host=b:5432&target_session_attrs=read-write`. asyncpg would try them by itself, but in
one time-out for all together, so that a machine that has gone silent would hide the one that took over.
"""

from typing import Any

import asyncpg

_NEXT = (OSError, asyncpg.CannotConnectNowError)
"""What says that another host may do: nothing there, not the kind of server that is asked for; starting or stopping."""


class Hosts:
    """Opens connections; the host that gave the last one is tried first."""

    def __init__(self) -> None:
        self._last: tuple[str, int] | None = None

    async def __call__(self, *, host: str | list[str] | None = None, port: Any = None, **options: Any) -> Any:
        """A connection to the first host that gives one; `OSError` where none does."""
        if not isinstance(host, list):
            return await self._open(host=host, port=port, **options)
        hosts = sorted(zip(host, port, strict=True), key=lambda each: each != self._last)
        for at, (each, its_port) in enumerate(hosts, start=1):
            try:
                connection = await self._open(host=each, port=its_port, **options)
            except _NEXT:
                if at == len(hosts):
                    raise
            else:
                self._last = (each, its_port)
                return connection
        raise AssertionError  # pragma: no cover

    async def _open(self, **options: Any) -> Any:
        try:
            return await asyncpg.connect(**options)
        except asyncpg.TargetServerAttributeNotMatched as error:
            raise ConnectionError(*error.args) from error
