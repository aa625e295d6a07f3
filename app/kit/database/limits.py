"""How long the database may take over things: as PostgreSQL keeps them for each connection, and as the driver does.

Without them one process that froze with a row locked, or one statement that never ends, holds every connection of all
others.
"""

from dataclasses import dataclass
from typing import Any, Final

from app.settings import Settings

MARGIN: Final = 2.0
"""Seconds that the driver waits longer than the server should, so that the server's own error comes first."""


@dataclass(frozen=True, slots=True)
class Limits:
    """In seconds: for one statement, waiting for one lock, a transaction that does nothing, and silence on the line.

    `patience`: until a connection is there, from the pool or new.
    """

    statement: float
    lock: float
    idle: float
    silence: float
    patience: float

    @property
    def server_settings(self) -> dict[str, str]:
        """What a connection asks of the server; on a socket of the machine itself TCP's count for nothing."""
        return {
            "statement_timeout": _milliseconds(self.statement),
            "lock_timeout": _milliseconds(self.lock),
            "idle_in_transaction_session_timeout": _milliseconds(self.idle),
            "tcp_keepalives_idle": str(max(1, int(self.silence / 3))),
            "tcp_keepalives_interval": str(max(1, int(self.silence / 3))),
            "tcp_keepalives_count": "2",
            "tcp_user_timeout": _milliseconds(self.silence),
        }

    @property
    def connect_args(self) -> dict[str, Any]:
        """What the driver is told: its own time for a statement, for a server that is there and silent."""
        return {"command_timeout": self.statement + MARGIN}


def _milliseconds(seconds: float) -> str:
    return str(round(seconds * 1000))


def request_limits(settings: Settings) -> Limits:
    """Those of requests."""
    return Limits(
        statement=settings.database_statement_seconds,
        lock=settings.database_lock_seconds,
        idle=settings.database_idle_seconds,
        silence=settings.database_silence_seconds,
        patience=settings.database_wait_seconds,
    )


def job_limits(settings: Settings) -> Limits:
    """Those of background work: what it counts or prunes may take minutes, and it can wait where a request cannot."""
    return Limits(
        statement=settings.database_job_seconds,
        lock=max(settings.database_lock_seconds, 30),
        idle=settings.database_job_seconds,
        silence=settings.database_silence_seconds,
        patience=30,
    )
