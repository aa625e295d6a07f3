"""How far an action of a plan is, and how it stands in the judgement of who keeps it."""

from typing import Final, Literal

from app.domain.language import Text

Status = Literal["planned", "running", "done", "stopped"]
Light = Literal["green", "amber", "red"]
"""On course; needs attention; will not make it as it goes. The stoplichtmodel of the plan of Zuidwest (2021)."""

UNFINISHED: Final[frozenset[Status]] = frozenset({"planned", "running"})
"""Those for which the due day still counts."""

STATUS_NAMES: Final[dict[Status, Text]] = {
    "planned": Text(nl="gepland", en="planned"),
    "running": Text(nl="loopt", en="running"),
    "done": Text(nl="klaar", en="done"),
    "stopped": Text(nl="gestopt", en="stopped"),
}
LIGHT_NAMES: Final[dict[Light, Text]] = {
    "green": Text(nl="groen", en="green"),
    "amber": Text(nl="oranje", en="amber"),
    "red": Text(nl="rood", en="red"),
}
