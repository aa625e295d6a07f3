"""What the page on the architecture says of the code is so."""

import ast
import re
import tomllib
from itertools import chain
from pathlib import Path

import pytest

from tests.docs.pages import ROOT

PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
THINGS = re.findall(r"^\| [^|]+ \| `(app/[\w/]+\.py)` \| `(\w+)` \|$", PAGE, re.MULTILINE)


def defined(file: Path) -> set[str]:
    """The names that a module defines itself."""
    found: set[str] = set()
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        match node:
            case ast.ClassDef() | ast.FunctionDef() | ast.AsyncFunctionDef():
                found.add(node.name)
            case ast.Assign():
                found |= {target.id for target in node.targets if isinstance(target, ast.Name)}
            case ast.AnnAssign(target=ast.Name(id=name)):
                found.add(name)
            case _:
                pass
    return found


@pytest.mark.parametrize(("file", "name"), THINGS, ids=lambda value: value)
def test_a_thing_is_where_the_page_says(file: str, name: str) -> None:
    assert name in defined(ROOT / file)


def test_there_are_twenty_things() -> None:
    assert len(THINGS) >= 20


@pytest.mark.parametrize("page", ["README.md", "docs/architecture.md"])
def test_every_path_that_is_named_is_there(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    named = re.findall(r"`((?:app|openapi|scripts|migrations|tests)/[\w/.-]*)`", text)
    assert [each for each in named if not (ROOT / each).exists()] == []


def test_every_wing_of_the_contract_is_in_the_pictures() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    house = project["tool"]["importlinter"]["contracts"][0]["layers"]
    wings = set(chain.from_iterable(re.findall(r"\w+", layer) for layer in house))
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    picture = readme.split("```text\n")[1].split("```")[0]
    assert wings <= set(re.findall(r"\w+", picture))
    assert [wing for wing in wings if f"`{wing}`" not in PAGE] == []
