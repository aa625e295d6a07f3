"""The image of the Dockerfile: what it copies is there, and is let through to whoever builds it."""

import tomllib
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]


def _copied() -> list[str]:
    """What the Dockerfile takes out of the repository, by path."""
    lines = [line.split() for line in (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()]
    return [
        each.rstrip("/") for line in lines if line[:1] == ["COPY"] and "--from" not in line[1] for each in line[1:-1]
    ]


def _let_through() -> set[str]:
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    return {line.removeprefix("!") for line in lines if line.startswith("!")}


@pytest.mark.parametrize("path", _copied())
def test_what_it_copies_is_let_through(path: str) -> None:
    assert (ROOT / path).exists()
    assert path in _let_through()


def test_nothing_is_let_through_for_nothing() -> None:
    assert _let_through() == set(_copied())


def test_what_builds_the_package_is_copied() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    [hook] = project["tool"]["hatch"]["build"]["targets"]["wheel"]["hooks"].values()
    assert hook["path"] in _copied()
