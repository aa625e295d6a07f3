"""What the sign-in page shows."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from app.kit.security.callers import Caller, Right
from app.web.shell.words import ROLES

_OWN: Final = re.compile(r"/(?![/\\])[^\s\\]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class DemoRole:
    """A button: sign in as this demo client."""

    client_id: str
    role: str
    name: str


def own_path(path: str) -> str:
    """The path where it is one of this site; else the start. `//elsewhere` is none: browsers read it as a host."""
    return path if _OWN.fullmatch(path) else "/"


def demo_roles(callers: Iterable[tuple[Caller, str]]) -> list[DemoRole]:
    """One client for each role, and one for the expert team; of several the first by name."""
    found: dict[str, DemoRole] = {}
    for caller, name in callers:
        role = "expertteam" if Right.EXPERT_TEAM in caller.rights else ROLES[caller.role]
        found.setdefault(role, DemoRole(caller.client_id, role, name))
    return list(found.values())
