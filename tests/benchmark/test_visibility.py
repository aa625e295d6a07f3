"""Changes watched in a second server: here one that shows them after it was asked a few times."""

import json
from collections import Counter
from uuid import UUID

import pytest

from scripts.benchmark import visibility
from scripts.benchmark.questions import Question, Target
from scripts.benchmark.visibility import Seen, summary, watch

TARGETS = [Target(UUID(int=number), UUID(int=9), "key") for number in range(100)]


class Backend:
    """What two servers share: the waiting count of each offer, and after how many looks a change shows in the other."""

    def __init__(self, *, late: int) -> None:
        self.late = late
        self.waiting: dict[str, int] = {}
        self.looks = Counter[int]()

    def own(self, question: Question) -> bytes:
        """The server that takes changes in."""
        if question.method == "PUT":
            self.waiting[question.path.split("/")[3]] = json.loads(question.body)["waitingCount"]
            return b"{}"
        return self._found(shows=True)

    def other(self, _: Question) -> bytes:
        """The server that learns of them."""
        self.looks[len(self.waiting)] += 1
        return self._found(shows=self.looks[len(self.waiting)] > self.late)

    def _found(self, *, shows: bool) -> bytes:
        offer, waiting = list(self.waiting.items())[-1]
        item = {"offer": {"id": offer}, "availability": {"waitingCount": waiting if shows else 0}}
        return json.dumps({"items": [item]}).encode()


def test_looks_until_the_change_is_there() -> None:
    backend = Backend(late=3)
    seen = list(watch(backend.own, backend.other, TARGETS, 5))
    assert len(seen) == 5
    assert all(each.own and each.shown is not None and each.shown > 0 for each in seen)
    assert list(backend.looks.values()) == [4] * 5


def test_gives_up_on_a_change_that_does_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visibility, "_GIVE_UP_SECONDS", 0.0)
    backend = Backend(late=0)
    assert list(watch(backend.own, backend.other, TARGETS, 2)) == [Seen(None, own=True)] * 2


def test_percentiles_are_of_what_was_seen() -> None:
    seen = [Seen(number + 1.0, own=True) for number in range(101)]
    found = summary([*seen, Seen(None, own=False)])
    assert (found.p50_ms, found.p99_ms, found.value) == (51, 101, 101)
    assert found.errors == 2, "one that never showed, and one that did not where it was made"


def test_a_percentile_among_the_unseen_is_none() -> None:
    found = summary([Seen(2.0, own=True)] * 98 + [Seen(None, own=True)] * 2)
    assert (found.p50_ms, found.p99_ms, found.errors) == (2, None, 2)
    assert summary([]).p50_ms is None
