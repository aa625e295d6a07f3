"""A whole run of the benchmark, as small as can be: everything that it measures is in its report, without an error."""

import pytest


def main(arguments: list[str]) -> int:
    """The exit status of the tests of such a run (tests/benchmark/whole_run.py); it takes some minutes."""
    return int(pytest.main(["-n", "0", "tests/benchmark/whole_run.py", *arguments]))
