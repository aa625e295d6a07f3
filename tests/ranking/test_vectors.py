"""The worked examples: every case, exactly."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.finding.matching.case_file import read_case
from app.finding.matching.case_outcome import write_outcome
from app.ranking.rank import rank

VECTORS = sorted((Path(__file__).parents[1] / "vectors").glob("*.json"))


def load(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return document


def test_there_are_worked_examples() -> None:
    assert len(VECTORS) == 18


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
def test_worked_example(path: Path) -> None:
    document = load(path)
    case = read_case(document)

    outcome = rank(case.request, case.offers, today=case.today, policy=case.policy)

    assert json.loads(json.dumps(write_outcome(outcome))) == document["expected"]


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
def test_the_order_of_the_input_does_not_matter(path: Path) -> None:
    document = load(path)
    case = read_case(document)

    outcome = rank(case.request, reversed(case.offers), today=case.today, policy=case.policy)

    assert write_outcome(outcome) == document["expected"]
