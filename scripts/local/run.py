"""Starts everything in order, shows the main job, serves, and stops all that it started."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path

from rich.console import Console

import app
from app.demo.clients import SECRET, clients
from app.demo.seed import SeedReport
from app.kit.clock import system_clock
from scripts.local.database import prepare
from scripts.local.errors import StartError
from scripts.local.file_locks import sole_run
from scripts.local.postgres import embedded
from scripts.local.server import (
    Service,
    check_port,
    end_orphan,
    serving,
)
from scripts.local.stop_signals import Interrupts
from scripts.local.tour import show_main_job

_NO_TERMINAL_WIDTH = 120


def run(interrupts: Interrupts, *, port: int, once: bool, demo: bool) -> int:
    """The exit status: 0 when all went well, 1 after a message that says why not.

    `KeyboardInterrupt` when asked to stop; by then everything that was started has been stopped.
    """
    try:
        with ExitStack() as stack:
            try:
                _run(stack, interrupts, port=port, once=once, demo=demo)
            finally:
                interrupts.close()
    except StartError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _run(stack: ExitStack, interrupts: Interrupts, *, port: int, once: bool, demo: bool) -> None:
    """Starts all, shows the main job and serves; `stack` stops what was started."""
    console = _console()
    today = system_clock().date()
    var = Path(app.__file__).resolve().parent.parent / "var"
    stack.enter_context(sole_run(var))
    end_orphan(var)
    check_port(port)
    given = os.environ.get("DATABASE_URL")
    dsn = given or _start_postgres(console, stack, var)
    interrupts.check()
    early = demo and not given  # it takes as long to load its code as the database takes to be made ready
    service = _start_service(stack, var, port, dsn, demo=demo) if early else None
    _prepare(console, dsn, today, demo=demo)
    interrupts.check()
    service = service or _start_service(stack, var, port, dsn, demo=demo)
    with _timed(console, "The service is ready"):
        service.wait_until_ready(interrupts)
    if demo:
        show_main_job(service.url, console, today)
    if not once:
        _say_how_to_go_on(console, service.url, service.log, dsn, demo=demo)
        service.wait_until_ended(interrupts)


def _start_service(stack: ExitStack, var: Path, port: int, dsn: str, *, demo: bool) -> Service:
    return stack.enter_context(serving(var, port, dsn, demo=demo))


def _start_postgres(console: Console, stack: ExitStack, var: Path) -> str:
    with _timed(console, f"PostgreSQL is ready, with its data in {var / 'postgres'}"):
        return stack.enter_context(embedded(var))


def _prepare(console: Console, dsn: str, today: date, *, demo: bool) -> None:
    with _timed(console, "The database is migrated and filled"):
        report = prepare(dsn, today, demo=demo)
    if report is not None:
        console.print(_size(report), soft_wrap=True)


def _size(report: SeedReport) -> str:
    return (
        f"  Demo data set: {report.providers} providers, {report.offers} offers, {report.contracts} contracts, "
        f"{report.stops} placement stops, {report.requests} requests and {report.past_requests} of the years before; "
        f"{report.reports_added} capacity reports added"
    )


def _say_how_to_go_on(console: Console, url: str, log: Path, dsn: str, *, demo: bool) -> None:
    console.print()
    console.print(f"Open {url}/ in a browser. The API is at {url}/v1; to read it and to try it: {url}/docs.")
    console.print(f"Log: {log}", soft_wrap=True)
    if demo:
        names = ", ".join(each.id for each in clients())
        console.print(f"Clients, with the secret `{SECRET}`: {names}.")
    else:
        console.print("There are no clients yet. A token to make the first ones with:")
        database = "" if os.environ.get("DATABASE_URL") else f"DATABASE_URL='{dsn}' "
        console.print(f"  DEMO=true {database}.venv/bin/wijzer token --role admin", soft_wrap=True)
    console.print("Ctrl-C stops it.")


def _console() -> Console:
    """Plain text where it is not a terminal, and then wide enough for the table."""
    width = None if sys.stdout.isatty() else int(os.environ.get("COLUMNS") or _NO_TERMINAL_WIDTH)
    return Console(width=width, markup=False, emoji=False, highlight=False)


@contextmanager
def _timed(console: Console, done: str) -> Iterator[None]:
    start = time.monotonic()
    yield
    console.print(f"{done} ({time.monotonic() - start:.1f} s)", soft_wrap=True)
