"""The plain rules come to what the columns come to: whole outcomes, equal to the byte when they are written."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from app.finding.matching.case_file import read_case
from app.finding.matching.case_outcome import write_outcome
from app.ranking.plain import rank as plain
from app.ranking.rank import rank
from tests.ranking.strategies import cases
from tests.ranking.test_vectors import VECTORS, load


def both(document: dict[str, Any]) -> tuple[str, str]:
    """What the plain rules and the columns make of a case, as it is written."""
    case = read_case(document)
    made = (each(case.request, case.offers, today=case.today, policy=case.policy) for each in (plain.rank, rank))
    one, other = (json.dumps(write_outcome(each)) for each in made)
    return one, other


@settings(max_examples=150)
@given(cases())
def test_the_plain_rules_come_to_the_same(document: dict[str, Any]) -> None:
    one, other = both(document)
    assert one == other


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
def test_the_worked_examples_come_to_the_same(path: Path) -> None:
    one, other = both(load(path))
    assert one == other
