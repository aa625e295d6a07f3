"""Arrays of numbers and records."""

from typing import Any

import numpy.typing as npt

Array = npt.NDArray[Any]
