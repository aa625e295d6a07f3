"""Every page that somebody can come to, in a real browser at both widths and unfolded: nothing is in anybody's way."""

import pytest


def main(arguments: list[str]) -> int:
    """The exit status of the walks (tests/web/browser/walk_over_every_page.py); they take some minutes."""
    return int(pytest.main(["-n", "0", "tests/web/browser/walk_over_every_page.py", *arguments]))
