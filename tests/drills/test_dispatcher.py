"""`scripts/drill` lists the drills, and knows no others."""

import subprocess
import sys

from tests.docs.pages import ROOT


def drill(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own package
        [sys.executable, "-m", "scripts.drills", *words], cwd=ROOT, capture_output=True, text=True, check=False
    )


def test_lists_every_drill_with_what_it_tries() -> None:
    listed = drill().stdout.splitlines()[1:]
    modules = (ROOT / "scripts" / "drills").glob("[!_]*.py")

    assert sorted(line.split()[0] for line in listed) == sorted(path.stem.replace("_", "-") for path in modules)
    assert all(len(line.split(maxsplit=1)) == 2 for line in listed)


def test_a_drill_that_is_not_there_is_named() -> None:
    done = drill("made-up")

    assert done.returncode == 2
    assert "no drill 'made-up'" in done.stderr
