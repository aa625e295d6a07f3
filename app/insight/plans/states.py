"""How far an action of a plan is, and how it stands in the judgement of who keeps it."""

from typing import Final, Literal

Status = Literal["planned", "running", "done", "stopped"]
Light = Literal["green", "amber", "red"]
"""On course; needs attention; will not make it as it goes. The stoplichtmodel of the plan of Zuidwest (2021)."""

UNFINISHED: Final[frozenset[Status]] = frozenset({"planned", "running"})
"""Those for which the due day still counts."""
