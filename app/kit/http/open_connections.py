"""The connections that a worker has open: how many there may be, of one address and in all, and who makes room.

A connection waits while no request of it is under way: its client said nothing yet, not all of it, or is between two
requests. Where there are as many as there may be, the one that waits longest is closed for a new one. Where none
waits, the new one is told that it is too busy as soon as it asks for something other than whether the service lives.
"""

import resource
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from typing import Final, Protocol

from app.kit.http.addresses import site_of
from app.kit.monitoring import metrics

_BACKLOG: Final = 2048
"""Connections that may wait to be taken, where there are files enough."""
_FILES: Final = 128
"""Files that a worker needs for all else: the database, logs, the shared records, webhooks."""
_SPARE: Final = 32
"""Connections beyond what there may be, which are told so, or asked whether the service lives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionLimits:
    """What a client may ask of a connection, and how many of them there may be.

    `seconds` are those for the first byte, then for a whole head, and over which `least_rate`, in bytes a second, is
    measured of a body that comes or an answer that is taken. `head_bytes` are of the request line and the headers, of
    which `url_bytes` the URL.
    """

    most: int = 10_000
    most_of_address: int = 1_000
    trusted_proxies: Sequence[str] = ()
    seconds: float = 10.0
    least_rate: int = 1_000
    head_bytes: int = 65_536
    url_bytes: int = 8_192
    headers: int = 100


def backlog_for(files: int) -> int:
    """How many connections may wait to be taken by a process that may have so many files open.

    They are taken all at once, before any other can be closed for them.
    """
    return max(1, min(_BACKLOG, files // 8))


def connections_for(files: int) -> int:
    """How many connections fit in so many files, beside all else."""
    return max(1, files - _FILES - _SPARE - backlog_for(files))


def allow_files() -> int:
    """Lets this process have as many files open as the system lets it; how many that is."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard if hard != resource.RLIM_INFINITY else 2**20


class Closable(Protocol):
    """A connection, as far as it is counted."""

    def abort(self) -> None:
        """Closes it at once."""


class OpenConnections:
    """The open connections of a worker; `files` is how many files it may have open, None where that does not matter."""

    def __init__(self, limits: ConnectionLimits | None = None, files: int | None = None) -> None:
        self.limits = limits or ConnectionLimits()
        self._most = self.limits.most if files is None else min(self.limits.most, connections_for(files))
        self._most_of_address = min(self.limits.most_of_address, max(1, self._most // 2))
        self._proxies = [ip_network(each) for each in self.limits.trusted_proxies]
        self._all = _Counted()
        self._by_address: dict[str, _Counted] = {}
        self._addresses: dict[Closable, str] = {}

    def __len__(self) -> int:
        return len(self._addresses)

    @property
    def has_forgotten(self) -> bool:
        """Whether nothing is kept of connections that are closed."""
        return not (self._all.count or self._all.waiting or self._by_address or self._addresses)

    def enter(self, connection: Closable, host: str | None) -> bool:
        """Counts a connection, from this host; whether there is room for what it asks."""
        address = self._address(host)
        own = self._by_address.setdefault(address, _Counted()) if address else None
        has_room = self._make_room(own, self._most_of_address, "address") if own else True
        has_room = has_room and self._make_room(self._all, self._most, "total")
        if not has_room and self._all.count >= self._most + _SPARE:
            metrics.CONNECTIONS_CUT.labels("total").inc()
            connection.abort()
        self._addresses[connection] = address
        for counted in self._counted(address):
            counted.count += 1
            counted.waiting[connection] = None
        return has_room

    def leave(self, connection: Closable) -> None:
        """A connection is closed."""
        address = self._addresses.pop(connection, None)
        if address is None:
            return
        for counted in self._counted(address):
            counted.count -= 1
            counted.waiting.pop(connection, None)
        if address and not self._by_address[address].count:
            del self._by_address[address]

    def begin(self, connection: Closable) -> None:
        """A request of it is under way."""
        for counted in self._counted(self._addresses.get(connection, "")):
            counted.waiting.pop(connection, None)

    def end(self, connection: Closable) -> None:
        """It waits again, less long than all others."""
        address = self._addresses.get(connection)
        if address is not None:
            for counted in self._counted(address):
                counted.waiting[connection] = None

    def _counted(self, address: str) -> "list[_Counted]":
        return [self._all, self._by_address[address]] if address else [self._all]

    def _make_room(self, counted: "_Counted", most: int, reason: str) -> bool:
        """Closes the one that waits longest, where there are as many as there may be; whether there is room then."""
        if counted.count < most:
            return True
        if not counted.waiting:
            return False
        metrics.CONNECTIONS_CUT.labels(reason).inc()
        longest = next(iter(counted.waiting))
        self.leave(longest)
        longest.abort()
        return True

    def _address(self, host: str | None) -> str:
        """The address that it counts for; empty where it has none, or is a proxy's, which speaks for many."""
        try:
            given = ip_address((host or "").partition("%")[0])
        except ValueError:
            return ""
        return "" if any(given in each for each in self._proxies) else site_of(str(given))


class _Counted:
    """How many there are, and those of them that wait, the longest first."""

    def __init__(self) -> None:
        self.count = 0
        self.waiting: dict[Closable, None] = {}
