"""A proposal from a file: what comes out of the worked examples, and what is said of a file that is wrong."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.allocation.propose import propose
from app.dossiers.proposals.case_file import read_case
from app.dossiers.proposals.case_outcome import write_proposal
from app.finding.matching.case_file import CaseError

VECTORS = sorted((Path(__file__).parents[2] / "allocation" / "vectors").glob("*.json"))


def document(path: Path = VECTORS[0]) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(path.read_bytes())
    return read


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
def test_a_worked_example_comes_out_as_it_says(path: Path) -> None:
    read = document(path)
    assert write_proposal(propose(read_case(read))) == read["expected"]


@pytest.mark.parametrize(
    ("steps", "value", "pointer"),
    [
        (["rules"], 2, "/rules: this release proposes by version 1"),
        (["horizon"], "2027-01-03", "/horizon: lies before today"),
        (["method"], "fair", "/method: "),
        (["seed"], 2**53, "/seed: "),
        (["seed"], True, "/seed: "),
        (["children", 1, "id"], "anker", "/children: more than one is called anker"),
        (["children", 1, "waitingSince"], "2027-01-05", "/children/1/waitingSince: has not come"),
        (["children", 1, "dueOn"], "1999-01-05", "/children/1/dueOn: lies more than 3660 days"),
        (["children", 1, "name"], "Anna", "/children/1/name: "),
        (["places", 1, "offer"], "gezinshuis-duin", "/places: more than one is called gezinshuis-duin"),
        (["places", 0, "places"], -1, "/places/0/places: "),
        (["children", 0, "candidates", 0, "choice"], 4, "/children/0/candidates/0/choice: "),
        (["children", 0, "candidates", 0, "offer"], "nergens", "/children/0/candidates/0/offer: nergens is not among"),
        (["children", 0, "candidates", 0, "offer"], "gezinshuis-kreek", "/children/0/candidates: more than one"),
        (["children", 0, "candidates", 0, "startsOn"], "2027-04-06", "/children/0/candidates/0/startsOn: lies"),
        (["children", 0, "candidates", 0, "startsOn"], "2027-01-03", "/children/0/candidates/0/startsOn: lies"),
    ],
    ids=str,
)
def test_what_is_wrong_is_said_with_where(steps: list[str | int], value: object, pointer: str) -> None:
    read = document()
    inner: Any = read
    for step in steps[:-1]:
        inner = inner[step]
    inner[steps[-1]] = value
    with pytest.raises(CaseError, match=f"(?m)^{pointer}"):
        read_case(read)


@pytest.mark.parametrize("read", [[], None, 7, {}, {"children": []}], ids=str)
def test_what_is_no_case_is_refused(read: object) -> None:
    with pytest.raises(CaseError):
        read_case(read)


def test_no_children_and_no_places_is_an_empty_proposal() -> None:
    outcome = write_proposal(propose(read_case({**document(), "children": [], "places": []})))
    assert (outcome["lines"], outcome["effects"]) == ([], [])
    assert outcome["prices"]["stable"] == {"placed": 0, "late": 0, "daysLate": 0, "firstChoices": 0, "envy": 0}
