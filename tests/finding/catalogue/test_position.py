"""Positions: what has been seen, against sets of transactions that say the same at length."""

from typing import Final

import hypothesis
import numpy as np
import pytest
from hypothesis import strategies as st

from app.finding.catalogue.position import Position

LAST: Final = 40
"""The transactions of a made-up server are numbered to here."""

Seen = frozenset[int]


@st.composite
def seen(draw: st.DrawFn) -> Position:
    """A snapshot of that server, as PostgreSQL makes one: the first that runs is xmin."""
    xmax = draw(st.integers(1, LAST))
    running = sorted(draw(st.sets(st.integers(1, xmax - 1)))) if xmax > 1 else []
    return Position(running[0] if running else xmax, xmax, tuple(running))


def at_length(position: Position) -> Seen:
    """All transactions that it has seen."""
    return frozenset(range(1, position.xmax)) - set(position.running)


@hypothesis.given(seen())
def test_is_written_as_postgresql_does_and_read_back(position: Position) -> None:
    text = ",".join(map(str, position.running))
    assert str(position) == f"{position.xmin}:{position.xmax}:{text}"
    assert Position.parse(str(position)) == position


@hypothesis.given(seen(), seen())
def test_covers(one: Position, other: Position) -> None:
    """A no too many, where the other knows of transactions that have but begun, costs a question."""
    assert one.covers(other) == (at_length(one) >= at_length(other) and one.xmax >= other.xmax)


@hypothesis.given(seen())
def test_all_before_its_first_running_one_has_been_seen(position: Position) -> None:
    assert at_length(position) >= set(range(1, position.xmin))
    assert position.covers(position)


@hypothesis.given(seen(), st.lists(st.integers(0, LAST + 5)))
def test_unseen(position: Position, transactions: list[int]) -> None:
    found = position.unseen(np.array(transactions, np.int64))
    assert found.tolist() == [each != 0 and each not in at_length(position) for each in transactions]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",
        "1:2",
        "1:2:,",
        "1:2:1,",
        "1:2:,1",
        "1:2:1 ",
        "1:2:\n",
        "-1:2:",
        "1.0:2:",
        "٣:4:",
        "1:2:1,x",
        "9223372036854775808:9223372036854775809:",  # more than a column of numbers holds
        "1:9223372036854775809:",
        "1:2:9223372036854775808",
    ],
)
def test_refuses(text: str) -> None:
    with pytest.raises(ValueError, match="snapshot"):
        Position.parse(text)
