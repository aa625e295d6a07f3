"""Serving the application: in this process, or in several that share one socket."""

import gc
import os
import socket
from collections.abc import Callable
from functools import partial
from importlib import import_module
from types import ModuleType
from typing import Any, Final

import uvicorn

from app.kit.http.connection import Connection
from app.kit.http.open_connections import ConnectionLimits, OpenConnections, allow_files, backlog_for
from app.kit.http.server import MARGIN, Server
from app.kit.http.supervisor import Supervisor, listen
from app.kit.monitoring import metrics
from app.settings import Settings

_FAILED: Final = 3
"""The exit status of a service that does not come up, as of uvicorn."""


def serve(application: Callable[[], Any], module: str, settings: Settings, host: str, port: int, workers: int) -> int:
    """Serves what `application` makes, in so many processes, until it is told to stop; the exit status.

    `module` is what it loads, which several processes share.
    """

    files = allow_files()

    def work(listening: socket.socket, started_up: Callable[[], object]) -> None:
        connections = OpenConnections(_limits(settings), files)
        config = uvicorn.Config(
            application,
            factory=True,
            access_log=False,
            log_config=None,
            http=partial(Connection, connections=connections),  # type: ignore[arg-type]  # it is called, and no more
            ws="none",
            backlog=backlog_for(files),
            proxy_headers=bool(settings.trusted_proxies),
            forwarded_allow_ips=settings.trusted_proxies,
            server_header=False,
            timeout_graceful_shutdown=settings.stop_seconds,
        )
        server = Server(config, settings.drain_seconds, started_up)
        server.run(sockets=[listening])
        if not server.started:
            raise SystemExit(_FAILED)

    listening = listen(host, port)
    if workers == 1:
        work(listening, lambda: None)
        return 0
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # threads of a library do not live through a fork
    load(module)
    most = settings.drain_seconds + settings.stop_seconds + 2 * MARGIN
    supervisor = Supervisor(listening, workers, work, module=module, stop_seconds=most, ended=metrics.forget_process)
    return supervisor.run()


def load(module: str) -> ModuleType:
    """Imports the module, with the garbage collector at rest: looking through what is loaded, which stays, again and
    again would take a quarter of the time."""
    gc.disable()
    try:
        return import_module(module)
    finally:
        gc.enable()


def _limits(settings: Settings) -> ConnectionLimits:
    return ConnectionLimits(
        most=settings.max_connections,
        most_of_address=settings.max_connections_per_address,
        trusted_proxies=settings.trusted_proxies,
        seconds=settings.client_seconds,
    )
