"""What is written of a case reads as the same case."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from app.finding.matching.case_file import Case, CaseFile, read_case
from app.finding.matching.case_outcome import write_outcome
from app.ranking.rank import rank
from tests.finding.matching.test_case_file import FULL
from tests.ranking.strategies import cases

VECTORS = sorted((Path(__file__).parents[2] / "vectors").glob("*.json"))


def write_case(case: Case) -> dict[str, Any]:
    """The case as it is kept, without its outcome."""
    return CaseFile.of(case).model_dump(mode="json", exclude={"expected"})


@given(document=cases())
def test_reads_as_the_same_case(document: dict[str, Any]) -> None:
    case = read_case(document)
    written = json.loads(json.dumps(write_case(case)))
    assert read_case(written) == case
    assert write_case(read_case(written)) == written


def test_of_a_whole_case_nothing_is_lost() -> None:
    document = copy.deepcopy(FULL)
    document["request"]["wishes"] = ["adhd", "ass"]  # written once, in order
    written = write_case(read_case(document))
    assert read_case(written) == read_case(document)
    assert written.keys() == document.keys() - {"expected"}
    assert written["request"] == document["request"]


@pytest.mark.parametrize("path", VECTORS, ids=[path.stem for path in VECTORS])
def test_the_worked_examples_keep_their_outcome(path: Path) -> None:
    document = json.loads(path.read_text(encoding="utf-8"))
    case = read_case(write_case(read_case(document)))
    outcome = rank(case.request, case.offers, today=case.today, policy=case.policy)
    assert write_outcome(outcome) == document["expected"]
