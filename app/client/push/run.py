"""The command behind `wijzer push`: what it is given, what it says, and its exit status."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import httpx
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from app.client.push.api_client import TIMEOUT, Service
from app.client.push.destinations import REPORTS, Destination
from app.client.push.errors import (
    FileError,
    PushError,
    RefusedError,
    UnavailableError,
)
from app.client.push.file_errors import Fault
from app.client.push.file_parts import open_file
from app.client.push.state import State, content_of
from app.client.push.transfer import Summary, push_catalogue, push_lines
from app.domain.language import Language, Text, same

_SHOWN: Final = 50
"""Faults on the screen; a report file has them all."""
_LOCAL: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_LINE: Final = Text(nl="regel", en="line")
_NAMES: Final = {
    "accepted": Text(nl="verwerkt", en="accepted"),
    "created": Text(nl="aangemaakt", en="created"),
    "replaced": Text(nl="vervangen", en="replaced"),
    "unchanged": Text(nl="ongewijzigd", en="unchanged"),
    "ended": Text(nl="beëindigd", en="ended"),
    "closed": Text(nl="gesloten", en="closed"),
    "rejected": Text(nl="afgewezen", en="rejected"),
}


class Exit(IntEnum):
    """Of the command."""

    DONE = 0
    SOME_REJECTED = 1
    NOT_SENT = 2
    UNAVAILABLE = 3
    INTERRUPTED = 130


@dataclass(frozen=True, slots=True)
class Options:
    """What the command is given. `lines` are those of one call; `state` is beside the file unless said.

    `of_day` and `reason` go with waiting children alone.
    """

    file: Path
    url: str
    client: str
    language: Language
    lines: int
    provider: str | None = None
    report: Path | None = None
    state: Path | None = None
    dry_run: bool = False
    end_missing: bool = False
    to: Destination = REPORTS
    of_day: date | None = None
    reason: str | None = None


def push(options: Options, secret: str, out: Console, err: Console, wait: Callable[[float], None] = time.sleep) -> Exit:
    """Sends the file and tells what came of it: the outcome on `out`, all else on `err`. Ctrl-C stops it."""

    def tell(text: Text) -> None:
        _say(err, text.in_(options.language))

    try:
        with _http(options.url) as http:
            service = Service(http, options.client, secret, options.language, tell, wait)
            summary = _send(options, service, err)
    except UnavailableError as error:
        tell(error.text)
        return Exit.UNAVAILABLE
    except PushError as error:
        tell(error.text)
        _tell_faults(options, error.faults if isinstance(error, RefusedError) else [], err)
        return Exit.NOT_SENT
    except OSError as error:
        tell(same(f"{error.filename}: {error.strerror}"))
        return Exit.NOT_SENT
    except KeyboardInterrupt:
        tell(Text(nl="Gestopt. Dezelfde opdracht gaat verder.", en="Stopped. The same command goes on."))
        return Exit.INTERRUPTED
    return _conclude(options, summary, out, err)


def _http(url: str) -> httpx.Client:
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOCAL):
        raise FileError(
            Text(
                nl=f"{url}: het adres moet met https:// beginnen, want het geheim van de client gaat mee.",
                en=f"{url}: the address must start with https://, because the client's secret goes along.",
            )
        )
    base = url.rstrip("/")
    return httpx.Client(base_url=base if base.endswith("/v1") else f"{base}/v1", timeout=TIMEOUT)


def _send(options: Options, service: Service, err: Console) -> Summary:
    catalogue = open_file(options.file, options.to)
    if catalogue is not None:
        _check_of_children(options)
        mirror = {"dry_run": options.dry_run, "end_missing": options.end_missing}
        return push_catalogue(catalogue, service, options.provider, **mirror)
    to = _lines_to(options)
    state = State.resume(
        options.state or options.file.with_name(options.file.name + ".push-state"),
        content=content_of(options.file),
        url=options.url,
        client=options.client,
        to=to.address,
        lines=options.lines,
    )
    with _bar(options.file, err) as advance:
        return push_lines(options.file, to, service, state, advance)


def _lines_to(options: Options) -> Destination:
    """Where the lines go and what is asked there; `FileError` where options do not go with it."""
    if options.to is not REPORTS:
        return options.to.asking(
            of_day=options.of_day, dry_run=options.dry_run, end_missing=options.end_missing, reason=options.reason
        )
    _check_of_children(options)
    if options.dry_run or options.end_missing:
        raise FileError(
            Text(
                nl="--dry-run en --end-missing horen bij een bestand met aanbod of kinderen, niet bij meldingen.",
                en="--dry-run and --end-missing are for a file of offers or children, not of reports.",
            )
        )
    return options.to


def _check_of_children(options: Options) -> None:
    if options.of_day is not None or options.reason is not None:
        raise FileError(
            Text(
                nl="--reference-day en --reason horen bij --to waiting-children.",
                en="--reference-day and --reason go with --to waiting-children.",
            )
        )


@contextmanager
def _bar(path: Path, err: Console) -> Iterator[Callable[[int], None]]:
    """A bar on a terminal; elsewhere nothing."""
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, disable=not err.is_terminal) as progress:
        task = progress.add_task(path.name, total=path.stat().st_size)
        yield lambda read: progress.update(task, completed=read)


def _conclude(options: Options, summary: Summary, out: Console, err: Console) -> Exit:
    for each in summary.changes:
        _say(out, each)
    if summary.resumed:
        text = Text(
            nl=f"Verdergegaan na {summary.resumed} eerder verstuurde deel/delen.",
            en=f"Went on after {summary.resumed} part(s) that were sent before.",
        )
        _say(err, text.in_(options.language))
    for hint in summary.hints:
        _say(err, f"{options.file.name}: {hint.in_(options.language)}")
    _tell_faults(options, summary.faults, err)
    counted = ", ".join(
        f"{summary.counts[name]} {word.in_(options.language)}"
        for name, word in _NAMES.items()
        if name in summary.counts
    )
    _say(out, f"{options.file.name}: {counted}")
    return Exit.SOME_REJECTED if summary.counts["rejected"] else Exit.DONE


def _tell_faults(options: Options, faults: Sequence[Fault], err: Console) -> None:
    texts = [fault.text(_LINE.in_(options.language)) for fault in faults]
    for line in texts[:_SHOWN]:
        _say(err, line)
    if len(texts) > _SHOWN:
        more = len(texts) - _SHOWN
        text = Text(
            nl=f"… en nog {more}; --report BESTAND geeft alles.", en=f"… and {more} more; --report FILE has all."
        )
        _say(err, text.in_(options.language))
    if options.report is not None:
        options.report.write_text("".join(f"{line}\n" for line in texts), encoding="utf-8")


def _say(console: Console, text: str) -> None:
    """As it is: what stands in a file is no markup."""
    console.print(text, markup=False, highlight=False, soft_wrap=True)
