"""What is kept of months: each that did not change is gathered once, and a full cache lets go without losing any."""

from collections.abc import Sequence
from datetime import date
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
from cachetools import LRUCache

from app.insight.answers.periods import periods_between
from app.insight.answers.questions import Cell, Question, Scope
from app.insight.supply_cells import repository

MONTHS = list(periods_between(date(2026, 1, 1), date(2026, 6, 30), "month"))


class Gathering:
    """Answers questions, and notes of which periods they were."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []

    async def __call__(self, question: Question) -> list[Cell]:
        self.asked.append([each.name for each in question.periods])
        return [Cell(each.name, "JZ03", code, {"free": 1}, {}) for each in question.periods for code in ("a", "b")]


@pytest.fixture
def states(monkeypatch: pytest.MonkeyPatch) -> dict[date, UUID]:
    """The states of the months, with a cache of its own."""
    made = {each.first: uuid4() for each in MONTHS}

    async def found(_: object) -> dict[date, UUID]:
        return dict(made)

    monkeypatch.setattr(repository, "_list_states", found)
    return made


async def _ask(gathering: Gathering, periods: Sequence[Any] = MONTHS) -> list[str]:
    question = Question(list(periods), "care-type", "now", date(2026, 6, 30), Scope())
    session: Any = SimpleNamespace(info={})
    return [cell.period for cell in await repository.shared(session, ("standing",), question, gathering)]


async def test_a_month_that_did_not_change_is_gathered_once(
    monkeypatch: pytest.MonkeyPatch, states: dict[date, UUID]
) -> None:
    monkeypatch.setattr(repository, "_kept", LRUCache(1_000, getsizeof=len))
    gathering = Gathering()
    whole = await _ask(gathering)
    states[date(2026, 3, 1)] = uuid4()
    assert await _ask(gathering) == whole == [each.name for each in MONTHS for _ in range(2)]
    assert gathering.asked == [[each.name for each in MONTHS], ["2026-03"]]


async def test_a_cache_that_is_full_loses_no_month(monkeypatch: pytest.MonkeyPatch, states: dict[date, UUID]) -> None:
    monkeypatch.setattr(repository, "_kept", LRUCache(4, getsizeof=len))
    gathering = Gathering()
    await _ask(gathering, MONTHS[4:])
    states[MONTHS[0].first] = uuid4()
    assert await _ask(gathering) == [each.name for each in MONTHS for _ in range(2)]
