"""How soon a change that one process takes in shows in another, over the same database."""

import http.client
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from typing import Final, Self
from urllib.parse import urlsplit

from app.demo.rows import dice
from scripts.benchmark.errors import BenchmarkError
from scripts.benchmark.figures import Delays
from scripts.benchmark.providers import OFFERS_EACH
from scripts.benchmark.questions import Question, capacity_report
from scripts.benchmark.rows import row_id
from scripts.benchmark.tokens import Askers

_GIVE_UP_SECONDS: Final = 5.0
_MARK: Final = 10_000
"""Where the waiting counts start that tell one change from all others."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Seconds from the answer to a change until its effect was there; None where that took too long."""

    asked: float | None
    shown: float | None
    own: bool


class Watcher:
    """Makes changes through one server and looks for them in another, each over one connection."""

    def __init__(self, made_in: str, looked_for_in: str, askers: Askers) -> None:
        self._made_in = _connect(made_in)
        self._looked_for_in = _connect(looked_for_in)
        self._askers = askers

    def watch(self, offers: int, changes: int, seconds: float) -> Iterator[Seen]:
        """Makes changes one after another, at most so many and for at most so long."""
        deadline = time.monotonic() + seconds
        for number in range(changes):
            if time.monotonic() >= deadline:
                return
            yield self._change(dice("benchmark visibility", number).randrange(offers), _MARK + number)

    def _change(self, offer: int, mark: int) -> Seen:
        self._ask(self._made_in, capacity_report(offer, 1, waiting=mark))
        start = time.perf_counter()
        look = Question("GET", f"/v1/availability?provider={row_id('provider', offer // OFFERS_EACH)}", offer)
        offer_id = str(row_id("offer", offer))
        asked: float | None = 0.0
        while asked is not None and not self._shows(self._looked_for_in, look, offer_id, mark):
            asked = time.perf_counter() - start
            asked = None if asked > _GIVE_UP_SECONDS else asked
        shown = None if asked is None else time.perf_counter() - start
        return Seen(asked, shown, self._shows(self._made_in, look, offer_id, mark))

    def _shows(self, connection: http.client.HTTPConnection, look: Question, offer: str, mark: int) -> bool:
        items = json.loads(self._ask(connection, look))["items"]
        found = next((item for item in items if item["offer"]["id"] == offer), None)
        return found is not None and found["availability"]["waitingCount"] == mark

    def _ask(self, connection: http.client.HTTPConnection, question: Question) -> bytes:
        headers = {"Authorization": f"Bearer {self._askers.token(question.asker)}", "Content-Type": "application/json"}
        connection.request(question.method, question.path, question.body or None, headers)
        answer = connection.getresponse()
        content = answer.read()
        if answer.status != http.HTTPStatus.OK:
            raise BenchmarkError(f"{question.method} {question.path}: {answer.status} {content.decode()}")
        return content

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._made_in.close()
        self._looked_for_in.close()


def _connect(url: str) -> http.client.HTTPConnection:
    parts = urlsplit(url)
    return http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)


def summarise(seen: list[Seen], offers: int, *, loaded: bool) -> Delays:
    """The percentiles of what was seen, in which a change that never showed comes last."""
    shown, asked = [each.shown for each in seen], [each.asked for each in seen]
    return Delays(
        offers=offers,
        loaded=loaded,
        changes=len(seen),
        shown_p50_ms=_percentile(shown, 50),
        shown_p99_ms=_percentile(shown, 99),
        asked_p50_ms=_percentile(asked, 50),
        asked_p99_ms=_percentile(asked, 99),
        unseen=shown.count(None),
        own_unseen=sum(not each.own for each in seen),
    )


def _percentile(seconds: list[float | None], percent: int) -> float | None:
    """By the nearest rank, in milliseconds."""
    ordered: list[float | None] = [*sorted(each for each in seconds if each is not None)]
    ordered += [None] * seconds.count(None)
    found = ordered[ceil(percent / 100 * len(ordered)) - 1] if ordered else None
    return None if found is None else 1000 * found
