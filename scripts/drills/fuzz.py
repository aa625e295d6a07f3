"""Requests that are made up for every operation and role, and lives of dossiers: for longer than in the tests."""

import argparse
import os
from typing import Final

import pytest

_TESTS: Final = ("tests/openapi/test_fuzz.py", "tests/dossiers/referrals/test_state_machine.py")


def main(arguments: list[str]) -> int:
    """The exit status of those tests, which go on with other seeds until the time is over."""
    parser = argparse.ArgumentParser(prog="scripts/drill fuzz", description=__doc__)
    parser.add_argument("--seconds", type=int, default=600)
    options, more = parser.parse_known_args(arguments)
    os.environ["FUZZ_SECONDS"] = str(options.seconds / len(_TESTS))
    return int(pytest.main(["-n", "0", "-s", *_TESTS, *more]))
