"""The moment of the tests."""

from datetime import UTC, datetime
from typing import Final

NOW: Final = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
"""The moment at which tests ask, unless they say otherwise."""
