"""Sending a file part by part, and what came of it."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from app.client.push.api_client import Service
from app.client.push.destinations import Destination
from app.client.push.errors import FileError, RefusedError
from app.client.push.file_errors import Fault, faults_of
from app.client.push.file_parts import Catalogue, Part, parts_of
from app.client.push.state import Sent, State
from app.domain.language import Language, Text

_NOTHING: Final = Text(nl="Er staat geen enkele regel in.", en="There is not a single line in it.")
_COUNTED: Final = ("accepted", "created", "replaced", "unchanged", "ended", "closed", "rejected")
_CHILD: Final = Text(nl="kind {reference}", en="child {reference}")
_CLOSED: Final = Text(nl="gesloten", en="closed")
_ONE_CALL: Final = Text(
    nl="Met --end-missing gaat het bestand in één keer, en dit heeft daarvoor te veel regels: hooguit {most}.",
    en="With --end-missing the file goes at once, and this one has too many lines for that: at most {most}.",
)
_ALL_READ: Final = Text(
    nl="Met --end-missing moet elke regel te lezen zijn, want wat niet in het bestand staat, wordt gesloten. Er is "
    "niets verstuurd.",
    en="With --end-missing every line has to be readable, because what is not in the file is closed. Nothing was sent.",
)


@dataclass(slots=True)
class Summary:
    """What came of a file: how many of each, what is wrong where, and what became of other things, or would.

    `hints` are what was taken for granted in reading it.
    """

    counts: Counter[str] = field(default_factory=Counter)
    faults: list[Fault] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)
    hints: list[Text] = field(default_factory=list)
    resumed: int = 0

    def add(self, sent: Sent) -> None:
        self.counts.update(sent.counts)
        self.faults += [Fault(*each) for each in sent.faults]


def push_lines(path: Path, to: Destination, service: Service, state: State, progress: Callable[[int], None]) -> Summary:
    """Sends lines; parts that were sent before are passed over. `progress` hears how many bytes are done."""
    summary = Summary(resumed=len(state.sent))
    for sent in state.sent:
        summary.add(sent)
    parts = 0
    for number, part in enumerate(_parts(path, to, state.lines, service.language)):
        parts += 1
        summary.hints += part.hints
        if number >= len(state.sent):
            if number == 0 and not to.is_dry:
                state.save()
            state.sent.append(_send(part, to, service, state.key(number, part.body), summary))
            if not to.is_dry:
                state.save()
            summary.add(state.sent[-1])
        progress(part.read)
    if not parts:
        raise FileError(_NOTHING)
    if not to.is_dry:
        state.forget()
    return summary


def _parts(path: Path, to: Destination, most: int, language: Language) -> Iterable[Part]:
    """The parts of a file; of one that goes at once the only one, of which every line could be read."""
    parts = parts_of(path, to, most)
    if not to.is_whole:
        return parts
    found = list(islice(parts, 2))
    if len(found) > 1:
        raise FileError(_ONE_CALL.format(most=most))
    unread = [Fault(line, "", text.in_(language)) for part in found for line, text in part.unread]
    if unread:
        raise RefusedError(_ALL_READ, unread)
    return found


def _send(part: Part, to: Destination, service: Service, key: str, summary: Summary) -> Sent:
    counts, faults = Counter(rejected=len({line for line, _ in part.unread})), []
    if part.body:
        headers = {"Content-Type": part.media_type, "Idempotency-Key": key}
        answer = service.ask("POST", to.address, body=part.body, headers=headers)
        counts.update(_counts(answer))
        _tell_closed(summary, service.language, answer.get("closedRequests", ()))
        faults = [
            fault
            for item in answer["items"]
            if item["problem"] is not None
            for fault in faults_of(item["problem"], part.numbers[item["line"] - 1])
        ]
    faults += [Fault(line, "", text.in_(service.language)) for line, text in part.unread]
    return Sent(dict(counts), [list(fault) for fault in sorted(faults, key=lambda fault: fault.line)])


def _tell_closed(summary: Summary, language: Language, closed: Iterable[Mapping[str, Any]]) -> None:
    """What became of the requests that the file does not have."""
    for each in closed:
        child = _CHILD.format(reference=each["childReference"]).in_(language)
        if each["problem"] is None:
            summary.changes.append(f"{child}: {_CLOSED.in_(language)}")
        else:
            summary.faults += [fault._replace(where=child) for fault in faults_of(each["problem"], 0)]


def _counts(answer: Mapping[str, Any]) -> dict[str, int]:
    return {name: answer[name] for name in _COUNTED if name in answer}


def push_catalogue(
    catalogue: Catalogue, service: Service, provider: str | None, *, dry_run: bool, end_missing: bool
) -> Summary:
    """Sends locations and offers in one call, which needs no state: the same again changes nothing."""
    keys = {"dryRun": dry_run, "endMissing": end_missing}
    query = urlencode({key: "true" for key, asked in keys.items() if asked})
    owner = provider or _own(service)
    path = f"providers/{owner}/offers/_batch{'?' if query else ''}{query}"
    answer = service.ask("POST", path, body=catalogue.body, headers={"Content-Type": "application/json"})
    summary = Summary(Counter(_counts(answer)))
    for kind in ("locations", "results", "endedOffers"):
        _tell(summary, kind, answer[kind])
    return summary


def _own(service: Service) -> str:
    me = service.ask("GET", "me")
    if me.get("providerId") is None:
        raise RefusedError(
            Text(
                nl="Deze client is niet van een aanbieder; zeg met --provider voor wie het is.",
                en="This client is no provider's; say whose it is with --provider.",
            )
        )
    return str(me["providerId"])


def _tell(summary: Summary, kind: str, items: Iterable[Mapping[str, Any]]) -> None:
    name = "location" if kind == "locations" else "offer"
    for number, item in enumerate(items, start=1):
        if item["problem"] is not None:
            for fault in faults_of(item["problem"], number):
                where = ", ".join(part for part in (f"{name} {item['key']}", fault.where) if part)
                summary.faults.append(fault._replace(where=where))
        elif item["status"] != "unchanged":
            differing = "; ".join(f"{each['field']} {each['old']} → {each['new']}" for each in item["changes"])
            summary.changes.append(f"{name} {item['key']}: {item['status']}{' ' if differing else ''}{differing}")
