"""The rules of openapi/ruleset.yaml: a document that breaks one is reported for that one and no other."""

import copy
import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
RULESET = ROOT / "openapi" / "ruleset.yaml"
GOOD = json.loads((ROOT / "openapi" / "ruleset-tests" / "good.json").read_text())
CASES: list[dict[str, Any]] = json.loads((ROOT / "openapi" / "ruleset-tests" / "cases.json").read_text())


def patched(document: dict[str, Any], patch: list[dict[str, Any]]) -> dict[str, Any]:
    """A copy of the document with a JSON Patch (RFC 6902: add, replace, remove) applied to it."""
    changed = copy.deepcopy(document)
    for step in patch:
        *parents, last = [part.replace("~1", "/").replace("~0", "~") for part in step["path"].split("/")[1:]]
        target: Any = changed
        for part in parents:
            target = target[int(part)] if isinstance(target, list) else target[part]
        if step["op"] != "add":
            assert last in target, f"{step['path']} is not in the document"
        if step["op"] == "remove":
            del target[last]
        else:
            target[last] = step["value"]
    return changed


def lint(folder: Path, documents: dict[str, dict[str, Any]]) -> dict[str, set[str]]:
    """The codes that Spectral reports for each document, by its name; one process for all, for speed."""
    names = {f"{index:03}.json": name for index, name in enumerate(documents)}
    for file, name in names.items():
        (folder / file).write_text(json.dumps(documents[name]))
    spectral = ROOT / "openapi" / "node_modules" / ".bin" / "spectral"
    files = sorted(folder.glob("*.json"))
    run = subprocess.run(  # noqa: S603 -- our own linter, on files that this test wrote
        [spectral, "lint", "--ruleset", RULESET, "--format", "json", "--quiet", *files],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode in {0, 1}, run.stderr
    found: dict[str, set[str]] = {name: set() for name in documents}
    for result in json.loads(run.stdout):
        found[names[Path(result["source"]).name]].add(result["code"])
    return found


@pytest.fixture(scope="module")
def _linter() -> None:
    install = subprocess.run(  # noqa: S603 -- our own script
        [ROOT / "scripts" / "openapi-lint", "--install-only"], capture_output=True, text=True, check=False
    )
    assert install.returncode == 0, install.stderr


# One test for all cases: Spectral takes seconds to start, and each worker of a parallel run would pay that.
@pytest.mark.usefixtures("_linter")
def test_each_mistake_is_reported_by_its_own_rule_only(tmp_path: Path) -> None:
    documents = {f"{case['rule']}: {case['name']}": patched(GOOD, case["patch"]) for case in CASES}
    expected = {f"{case['rule']}: {case['name']}": {case["rule"], *case.get("also", [])} for case in CASES}

    found = lint(tmp_path, {"good": GOOD, **documents})

    assert len(documents) == len(CASES), "two cases have the same name"
    assert found == {"good": set(), **expected}


def test_every_rule_of_our_own_has_a_case() -> None:
    rules = set(re.findall(r"^  ((?:adr|project)-[a-z-]+):", RULESET.read_text(), re.MULTILINE))

    assert rules
    assert rules - {case["rule"] for case in CASES} == set()
