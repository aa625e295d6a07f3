"""How many lines one call takes; `wijzer push` asks it too, and has no use for what else the service needs."""

from typing import Final

MOST: Final = 5000
"""Lines in one call."""
