"""Thousands of random histories of children: who waits, norms and choices are what plain Python makes of the same."""

import argparse
import os
from typing import Final

import pytest

_COUNT: Final = 2_000


def main(arguments: list[str]) -> int:
    """The exit status of the tests (tests/insight/history/many_histories.py); the words after `--count N` are pytest's.

    A thousand histories take about a minute of a processor.
    """
    parser = argparse.ArgumentParser(prog="scripts/drill histories", description=__doc__)
    parser.add_argument(
        "--count", type=int, default=_COUNT, help=f"how many histories, in batches; {_COUNT} unless said"
    )
    options, rest = parser.parse_known_args(arguments)
    if options.count < 1:
        parser.error("--count is 1 or more")
    os.environ["HISTORIES"] = str(options.count)
    return int(pytest.main(["-n", "0", "tests/insight/history/many_histories.py", *rest]))
