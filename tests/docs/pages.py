"""README.md and the pages of docs/: the commands that they show, what is said to come out, and how to type them."""

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
PAGES: Final = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
_FENCE: Final = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_SEPARATOR: Final = "\x1e"
_BASH: Final = shutil.which("bash") or "bash"
_PATIENCE: Final = 180
"""Seconds before a page that hangs fails; the longest takes some ten."""


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block of a page: `console` has commands with their output, `sh` commands that are typed elsewhere."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Example:
    """A command, and its output."""

    command: str
    output: str


def blocks(page: Path) -> list[Block]:
    """The fenced blocks of a page in their order."""
    return [Block(kind, text) for kind, text in _FENCE.findall(page.read_text(encoding="utf-8"))]


def prose(page: Path) -> str:
    """The page without its fenced blocks."""
    return _FENCE.sub("", page.read_text(encoding="utf-8"))


def examples(page: Path) -> list[Example]:
    """The commands of a page in their order."""
    return [example for block in blocks(page) if block.kind == "console" for example in _of_block(block.text)]


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


@cache
def _is_whole(command: str) -> bool:
    """Whether bash waits for no more lines: no open quote, here-document or backslash."""
    read = subprocess.run([_BASH, "-n"], input=command, capture_output=True, text=True, check=False)  # noqa: S603 - bash reads it only
    return not read.stderr and not command.endswith("\\")


def run(commands: Sequence[str], cwd: Path, environment: Mapping[str, str]) -> list[str]:
    """What each command says, in one shell; none may complain. What it left running is ended with it."""
    script = "".join(f"{command}\nprintf '{_SEPARATOR}'\n" for command in commands)
    shell = subprocess.Popen(  # noqa: S603 - the pages are our own
        [_BASH, "-c", script],
        cwd=cwd,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    with shell:
        try:
            said, complaints = shell.communicate(timeout=_PATIENCE)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(shell.pid, signal.SIGKILL)
    if complaints:
        raise AssertionError(complaints)
    return said.split(_SEPARATOR)[:-1]


_MONTHS: Final = "januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december"
_VOLATILE: Final = (
    (re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"), "<id>"),
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)"), "<time>"),
    (re.compile(r"\d{4}-\d\d-\d\d"), "<date>"),
    (re.compile(rf"\d{{1,2}} ({_MONTHS}) \d{{4}}"), "<date>"),
    (re.compile(r"((bijna|ruim) )?\d+ (dag|dagen|week|weken)\b"), "<span>"),
    (re.compile(r"127\.0\.0\.1:\d+"), "<address>"),
    (re.compile(r"eyJ[\w.-]+"), "<token>"),
)


def normalised(output: str) -> str:
    """What was said, without what differs from one run or day to the next: ids, moments, days, spans, the address.

    Nor with the end of its last line, which JSON does not have.
    """
    for pattern, word in _VOLATILE:
        output = pattern.sub(word, output)
    return output.removesuffix("\n")


VARYING: Final = "<!-- figures differ from day to day -->"
"""What a page says of which the numbers and lights are those of the day that it was written."""
_FIGURE: Final = re.compile(r"\b(\d+([.,]\d+)?|Q[1-4]|None|red|amber|green)\b")


def has_varying_figures(page: Path) -> bool:
    """Whether a page says so."""
    return VARYING in page.read_text(encoding="utf-8")


def fits(shown: str, said: str, *, varying: bool = False) -> bool:
    """Whether a command said what is shown; a line `…` stands for any lines, as of what each day has otherwise."""
    shown, said = normalised(shown), normalised(said)
    if varying:
        shown, said = (_FIGURE.sub("<figure>", text) for text in (shown, said))
    parts = [re.escape(part) for part in re.split(r"^…$", shown, flags=re.MULTILINE)]
    return re.fullmatch("(?s:.*)".join(parts), said) is not None
