"""How much a test that makes things up tries: a little in the suite, more in the drill `fuzz`."""

import os
import time
from collections.abc import Iterator
from itertools import count


def budget() -> Iterator[int]:
    """0 in the suite; numbers for FUZZ_SECONDS, which the drill sets."""
    until = time.monotonic() + float(os.environ.get("FUZZ_SECONDS", "0"))
    for number in count():
        yield number
        if time.monotonic() >= until:
            return
