"""The rules come to the same compiled and as Python, and what was compiled of other source is never used."""

import json
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Iterator
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

import app.ranking
from app.finding.matching.case_file import read_case
from app.finding.matching.case_outcome import write_outcome
from app.ranking import compiled, rules
from app.ranking.rank import rank
from tests.ranking.strategies import cases
from tests.ranking.test_vectors import VECTORS, load

Answer = Callable[[dict[str, Any]], str]
PACKAGE = Path(app.ranking.__file__).parent


@pytest.fixture(scope="module")
def interpreted() -> Iterator[Answer]:
    """Ranks a case in a process in which the rules are Python."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.ranking.interpreted"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        given_, found = process.stdin, process.stdout
        assert given_ is not None
        assert found is not None

        def answer(document: dict[str, Any]) -> str:
            given_.write(json.dumps(document) + "\n")
            given_.flush()
            return found.readline().strip()

        yield answer
        given_.close()


def ours(document: dict[str, Any]) -> str:
    """What the rules come to as they are loaded here."""
    case = read_case(document)
    return json.dumps(write_outcome(rank(case.request, case.offers, today=case.today, policy=case.policy)))


def test_the_rules_are_compiled_wherever_they_can_be() -> None:
    has_headers = (Path(sysconfig.get_path("include")) / "Python.h").exists()
    assert (app.ranking.WHY_INTERPRETED is None) == has_headers, app.ranking.WHY_INTERPRETED
    assert rules.__file__.endswith(".py") == (not has_headers)


@settings(max_examples=150)
@given(document=cases())
def test_every_case_comes_to_the_same(interpreted: Answer, document: dict[str, Any]) -> None:
    assert ours(document) == interpreted(document)


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
def test_the_worked_examples_come_to_the_same(interpreted: Answer, path: Path) -> None:
    assert ours(load(path)) == interpreted(load(path))


@pytest.mark.parametrize("name", compiled.MODULES)
def test_what_was_compiled_of_other_source_is_not_used(name: str, tmp_path: Path) -> None:
    for each in compiled.MODULES:
        shutil.copy(PACKAGE / f"{each}.py", tmp_path)
    before = compiled.folder_of(tmp_path)
    assert before.name == compiled.folder_of(PACKAGE).name
    with (tmp_path / f"{name}.py").open("a") as source:
        source.write("# another rule\n")
    assert compiled.folder_of(tmp_path) != before
    assert "was not compiled" in str(compiled.use_compiled("elsewhere", [str(tmp_path)]))


def test_what_does_not_load_is_left_for_the_source(tmp_path: Path) -> None:
    for each in compiled.MODULES:
        shutil.copy(PACKAGE / f"{each}.py", tmp_path)
    folder = compiled.folder_of(tmp_path)
    folder.mkdir()
    (folder / f"{compiled.LIBRARY}{EXTENSION_SUFFIXES[0]}").write_bytes(b"of another machine")
    loaded, path = sys.modules.get(compiled.LIBRARY), [str(tmp_path)]
    try:
        assert "does not load" in str(compiled.use_compiled("elsewhere", path))
        assert path == [str(tmp_path)]
        assert not [each for each in sys.modules if each.startswith("elsewhere")]
    finally:
        if loaded is not None:
            sys.modules[compiled.LIBRARY] = loaded
