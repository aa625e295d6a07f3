"""Where the workers of one service put their metrics together."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

VARIABLE: Final = "PROMETHEUS_MULTIPROC_DIR"
_PREFIX: Final = "wijzer-metrics-"


@contextmanager
def metrics_folder() -> Iterator[None]:
    """Has metrics be kept in a folder that all workers share: the one of the environment, or one that is gone after.

    A supervisor that becomes a new one hands its folder over by the environment.
    """
    given = os.environ.get(VARIABLE)
    folder = given or tempfile.mkdtemp(prefix=_PREFIX)
    os.environ[VARIABLE] = folder
    try:
        yield
    finally:
        if Path(folder).name.startswith(_PREFIX):
            shutil.rmtree(folder, ignore_errors=True)
        if not given:
            del os.environ[VARIABLE]
