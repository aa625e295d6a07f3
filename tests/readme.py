"""The README's console examples: what is typed, and what is said to come out."""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

README: Final = Path(__file__).parent.parent / "README.md"
_BLOCK: Final = re.compile(r"^```console\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_SEPARATOR: Final = "\x1e"
_BASH: Final = shutil.which("bash") or "bash"
_PATIENCE: Final = 120
"""Seconds; all of it takes a few."""


@dataclass(frozen=True, slots=True)
class Example:
    """A command, and its output."""

    command: str
    output: str


def section(title: str) -> str:
    """The text under a heading, up to the next of its level."""
    return README.read_text(encoding="utf-8").split(f"\n## {title}\n")[1].split("\n## ")[0]


def examples(text: str) -> list[Example]:
    """The examples of a text in their order."""
    return [example for block in _BLOCK.findall(text) for example in _of_block(block)]


def _of_block(block: str) -> list[Example]:
    found: list[Example] = []
    for line in block.splitlines():
        last = found[-1] if found else Example("", "")
        if line.startswith("$ "):
            found.append(Example(line[2:], ""))
        elif _is_whole(last.command):
            found[-1] = Example(last.command, f"{last.output}{line}\n")
        else:
            found[-1] = Example(f"{last.command}\n{line}", "")
    return found


def _is_whole(command: str) -> bool:
    """Whether bash waits for no more lines: no open quote, here-document or backslash."""
    read = subprocess.run([_BASH, "-n"], input=command, capture_output=True, text=True, check=False)  # noqa: S603 - bash reads it only
    return not read.stderr and not command.endswith("\\")


def replaced(command: str, others: Mapping[str, str]) -> str:
    """The command with other words in place of some, each of which may occur."""
    for word, other in others.items():
        command = command.replace(word, other)
    return command


def run(commands: Sequence[str], cwd: Path, environment: Mapping[str, str]) -> list[str]:
    """What each command says, in one shell; none may complain."""
    script = "".join(f"{command}\nprintf '{_SEPARATOR}'\n" for command in commands)
    ran = subprocess.run(  # noqa: S603 - the README is our own
        [_BASH, "-c", script],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=_PATIENCE,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, ""), ran.stdout[-2000:]
    return ran.stdout.split(_SEPARATOR)[:-1]
