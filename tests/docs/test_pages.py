"""Every command in README and docs/ is typed, page by page, and gives what the page says.

A page is a story: its commands run in one shell, against a service with the demo data set that nobody else speaks to.
"""

import asyncio
import re
import socket
from pathlib import Path

import pytest

from tests.docs.conftest import Shell
from tests.docs.pages import PAGES, blocks, examples, fits, has_varying_figures, normalised, prose, run

TYPED_ELSEWHERE = {
    "./scripts/run": "tests/local/test_run.py",
    "./scripts/test": "what runs these tests",
    "./scripts/check": "what runs these tests",
    "./scripts/bench": "tests/benchmark",
    "./scripts/drill": "tests/drills",
    "scripts/vendor-docs": "asks a package registry",
    "scripts/vendor-web": "asks a package registry",
    "scripts/backup": "tests/scripts/test_backup.py",
    "export BACKUP_URL": "tests/scripts/test_backup.py",
    "scripts/audit": "tests/scripts/test_audit.py",
    "scripts/sbom": "tests/scripts/test_sbom.py",
    "scripts/browser-tools": "scripts/check runs it",
    ".venv/bin/pytest": "what runs these tests",
    "CHROMIUM=": "what runs these tests",
    ".venv/bin/wijzer revision": "tests/kit/database/test_migrations.py",
    "wijzer serve": "tests/test_cli.py",
    "wijzer audit": "tests/test_cli.py",
    "wijzer retention": "tests/test_cli.py",
    "docker compose": "needs a container engine; CI runs it",
}
"""Commands that no page's shell can type, and what does. They stand in blocks of the kind `sh`."""
KINDS = {"console", "sh", "text", "css", "sql", "json"}
SIZES = {"README.md": 240}
"""Lines: what a newcomer reads stays as short as it is."""


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        number: int = found.getsockname()[1]
        return number


PAGES_WITH_COMMANDS = [page for page in PAGES if any(block.kind == "console" for block in blocks(page))]


@pytest.mark.parametrize("page", PAGES_WITH_COMMANDS, ids=lambda page: page.name)
async def test_what_a_page_types_goes_as_it_says(page: Path, shell: Shell) -> None:
    shown, varying = examples(page), has_varying_figures(page)
    here = {"127.0.0.1:8000": shell.address, "9080": str(_free_port())}
    commands = [each.command for each in shown]
    for word, other in here.items():
        commands = [command.replace(word, other) for command in commands]
    said = await asyncio.to_thread(run, commands, shell.cwd, shell.environment)
    wrong = [
        f"$ {each.command}\n--- shown\n{normalised(each.output)}\n--- said\n{normalised(came)}"
        for each, came in zip(shown, said, strict=True)
        if not fits(each.output, came, varying=varying)
    ]
    assert not wrong, "\n\n".join(wrong)


def test_there_are_pages_with_commands() -> None:
    assert len(PAGES_WITH_COMMANDS) >= 10
    assert sum(len(examples(page)) for page in PAGES) > 120


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_command_escapes(page: Path) -> None:
    found = blocks(page)
    assert {block.kind for block in found} <= KINDS
    assert not re.search(r"^( {4}|\t)(\./|\$|\.venv|wijzer|curl|docker)", prose(page), re.MULTILINE)
    for block in found:
        if block.kind == "sh":
            lines = [line for line in block.text.splitlines() if line]
            assert all(line.startswith(tuple(TYPED_ELSEWHERE)) for line in lines), lines
        if block.kind == "text":
            assert "$ " not in block.text


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:|mailto:)([^)]+)\)", prose(page)):
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        assert file.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.+)$", file.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in {re.sub(r"[^\w -]", "", each.lower()).replace(" ", "-") for each in headings}, target


def test_readme_leads_to_every_page_and_stays_short() -> None:
    readme = PAGES[0].read_text(encoding="utf-8")
    assert [page.name for page in PAGES[1:] if f"](docs/{page.name})" not in readme] == []
    assert len(readme.splitlines()) <= SIZES["README.md"]
